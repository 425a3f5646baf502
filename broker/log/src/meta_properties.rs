//! `meta.properties`: which cluster, node and directory this is. Not here: what to do about a foreign one.

use std::path::Path;

use klamm_env::Env;

use crate::error::LogError;
use crate::name::Uuid;

/// The contents of a directory's `meta.properties`, version 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetaProperties {
    /// `cluster.id`.
    pub cluster_id: String,
    /// `node.id`.
    pub node_id: i32,
    /// `directory.id`.
    pub directory_id: Uuid,
}

impl MetaProperties {
    /// Reads a directory's file; `None` if there is none. Needs no lock.
    ///
    /// # Errors
    /// [`LogError::Malformed`] names key and allowed value; [`LogError::Storage`].
    pub async fn read(env: &Env, directory: &Path) -> Result<Option<Self>, LogError> {
        todo!()
    }

    /// Writes a directory's file, durably; makes the directory if need be.
    ///
    /// # Errors
    /// [`LogError::Storage`].
    pub async fn write(&self, env: &Env, directory: &Path) -> Result<(), LogError> {
        todo!()
    }
}
