//! Properties taken one by one, so that those nobody took can be named. Not here: which keys there are.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tracing::warn;

use super::other_keys::{self, Fate};
use crate::error::ConfigError;

pub(super) struct Properties<'a> {
    map: &'a BTreeMap<String, String>,
    taken: RefCell<BTreeSet<String>>,
}

impl<'a> Properties<'a> {
    pub(super) fn new(map: &'a BTreeMap<String, String>) -> Self {
        Properties { map, taken: RefCell::default() }
    }

    fn get(&self, key: &str) -> Option<&'a str> {
        self.taken.borrow_mut().insert(key.to_owned());
        self.map.get(key).map(|value| value.trim())
    }

    pub(super) fn is_set(&self, key: &str) -> bool {
        self.map.contains_key(key)
    }

    pub(super) fn wrong(&self, key: &str, allowed: &str) -> ConfigError {
        ConfigError {
            key: key.into(),
            value: self.map.get(key).cloned().unwrap_or_default(),
            allowed: allowed.into(),
        }
    }

    /// Keys whose meaning would be lost if they were only warned of.
    pub(super) fn refuse(&mut self, keys: &[&str], allowed: &str) -> Result<(), ConfigError> {
        keys.iter().try_for_each(|key| match self.get(key) {
            Some(_) => Err(self.wrong(key, allowed)),
            None => Ok(()),
        })
    }

    /// A key that has only one value so far.
    pub(super) fn expect(&mut self, key: &str, only: &str, allowed: &str) -> Result<(), ConfigError> {
        match self.get(key) {
            Some(value) if !value.eq_ignore_ascii_case(only) => Err(self.wrong(key, allowed)),
            _ => Ok(()),
        }
    }

    pub(super) fn string(&mut self, key: &str, default: &str) -> String {
        self.get(key).unwrap_or(default).to_owned()
    }

    pub(super) fn boolean(&mut self, key: &str, default: bool) -> Result<bool, ConfigError> {
        match self.get(key).map(str::to_ascii_lowercase).as_deref() {
            None => Ok(default),
            Some("true") => Ok(true),
            Some("false") => Ok(false),
            Some(_) => Err(self.wrong(key, "true or false")),
        }
    }

    pub(super) fn integer(&mut self, key: &str, allowed: &str) -> Result<Option<i64>, ConfigError> {
        self.get(key).map(|value| value.parse().map_err(|_| self.wrong(key, allowed))).transpose()
    }

    pub(super) fn count(&mut self, key: &str, default: usize, lowest: usize) -> Result<usize, ConfigError> {
        let allowed = format!("a whole number from {lowest} to {}", i32::MAX);
        match self.integer(key, &allowed)? {
            None => Ok(default),
            Some(number) => usize::try_from(number)
                .ok()
                .filter(|number| (lowest..=i32::MAX as usize).contains(number))
                .ok_or_else(|| self.wrong(key, &allowed)),
        }
    }

    /// Bytes that may be more than an int holds.
    pub(super) fn bytes(&mut self, key: &str, default: usize) -> Result<usize, ConfigError> {
        let allowed = format!("a whole number from 0 to {}", i64::MAX);
        match self.integer(key, &allowed)? {
            None => Ok(default),
            Some(number) => usize::try_from(number).map_err(|_| self.wrong(key, &allowed)),
        }
    }

    /// Bytes of a socket's buffer; none if the system decides.
    pub(super) fn socket_buffer(&mut self, key: &str) -> Result<Option<usize>, ConfigError> {
        let allowed = format!("bytes up to {}, or -1 for what the system thinks best", i32::MAX);
        match self.integer(key, &allowed)? {
            None | Some(-1) => Ok(None),
            Some(number) => {
                match i32::try_from(number).ok().and_then(|number| usize::try_from(number).ok()) {
                    Some(bytes) => Ok((bytes > 0).then_some(bytes)),
                    None => Err(self.wrong(key, &allowed)),
                }
            }
        }
    }

    /// Milliseconds that an int holds, since they go over the wire as one.
    pub(super) fn int_millis(&mut self, key: &str, default: u32) -> Result<Duration, ConfigError> {
        let millis = self.count(key, default as usize, 0)?;
        Ok(Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX)))
    }

    pub(super) fn millis(&mut self, key: &str, default: u64) -> Result<Duration, ConfigError> {
        let allowed = "milliseconds, 0 or more";
        match self.integer(key, allowed)? {
            None => Ok(Duration::from_millis(default)),
            Some(number) => {
                u64::try_from(number).map(Duration::from_millis).map_err(|_| self.wrong(key, allowed))
            }
        }
    }

    /// Milliseconds, or a negative number for never.
    pub(super) fn optional_millis(
        &mut self,
        key: &str,
        default: u64,
    ) -> Result<Option<Duration>, ConfigError> {
        let number = self.integer(key, "milliseconds, or -1 for never")?;
        Ok(number.map_or(Some(default), |number| u64::try_from(number).ok()).map(Duration::from_millis))
    }

    pub(super) fn servers(&mut self, key: &str) -> Result<Vec<String>, ConfigError> {
        let servers: Vec<String> = self
            .string(key, "")
            .split(',')
            .map(str::trim)
            .filter(|server| !server.is_empty())
            .map(str::to_owned)
            .collect();
        let sound = |server: &String| {
            server
                .rsplit_once(':')
                .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
        };
        if servers.is_empty() || !servers.iter().all(sound) {
            return Err(self.wrong(key, "host:port, separated by commas"));
        }
        Ok(servers)
    }

    /// Whether somebody took the key, set or not.
    pub(super) fn is_taken(&self, key: &str) -> bool {
        self.taken.borrow().contains(key)
    }

    /// Warns of every key that nobody took, unless nobody needs it.
    pub(super) fn finish(&self, of: &str) {
        for key in self.map.keys().filter(|key| !self.is_taken(key)) {
            match other_keys::fate(key) {
                Some(Fate::Needless(_)) => {}
                Some(Fate::Unsupported(why)) => {
                    warn!(key, "{of} configuration '{key}' has no effect in this release: {why}");
                }
                None => warn!(key, "{of} configuration '{key}' is unknown and has no effect"),
            }
        }
    }
}
