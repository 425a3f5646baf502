//! Our own client, every call of it once: against Klamm and against Apache Kafka alike.
//!
//! **Not here**: what it calls and what must come of it (the client's example).

use std::process::Command;

use anyhow::{Context as _, Result};

use super::PATIENCE;
use crate::brokers::command::run;
use crate::brokers::{Broker, Kind, install};
use crate::interop::Setting;

/// The broker of the setting, then Kafka if it was another.
pub(in crate::interop) fn every_call(setting: &Setting) -> Result<()> {
    against(setting, setting.kind)?;
    if setting.kind != Kind::Kafka {
        Kind::Kafka.install()?;
        against(setting, Kind::Kafka)?;
    }
    Ok(())
}

fn against(setting: &Setting, kind: Kind) -> Result<()> {
    let broker = Broker::started(kind, &setting.scratch.join(format!("own-client-{}", kind.name())), &[])?;
    let mut client = Command::new(install::own_client()?);
    run(client.env("KLAMM_TEST_BOOTSTRAP", broker.bootstrap()), PATIENCE)
        .map(drop)
        .with_context(|| format!("against {}", kind.name()))
}
