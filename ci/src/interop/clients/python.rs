//! The two Python clients: kafka-python, which is Python throughout, and confluent-kafka, which wraps librdkafka. Each
//! has a script of its own; an assertion in it fails the case.
//!
//! **Not here**: the scripts (`python/`), text in bulk (`text`).

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::PATIENCE;
use crate::brokers::command::run;
use crate::brokers::{Broker, install};
use crate::interop::Setting;

/// A client's script, carried in this binary.
#[derive(Clone, Copy)]
pub(in crate::interop) struct Script {
    name: &'static str,
    text: &'static str,
}

/// The script of kafka-python.
pub(in crate::interop) const KAFKA_PYTHON: Script =
    Script { name: "kafka_python_client.py", text: include_str!("../python/kafka_python_client.py") };

/// The script of confluent-kafka.
pub(in crate::interop) const CONFLUENT_KAFKA: Script =
    Script { name: "confluent_kafka_client.py", text: include_str!("../python/confluent_kafka_client.py") };

impl Script {
    /// A script under `name` in the cache.
    pub(in crate::interop) const fn new(name: &'static str, text: &'static str) -> Self {
        Self { name, text }
    }

    /// `python SCRIPT`; arguments are up to the caller.
    pub(in crate::interop) fn command(self) -> Result<Command> {
        let python = install::python()?;
        let path = install::cache()?.join(self.name);
        fs::write(&path, self.text)?;
        let mut command = Command::new(python);
        command.arg(path);
        Ok(command)
    }

    /// A file's lines, one record each, to partition 0.
    pub(in crate::interop) fn produce_text(
        self,
        broker: &Broker,
        topic: &str,
        text: &Path,
    ) -> Result<Command> {
        let mut command = self.command()?;
        command.args([&broker.bootstrap(), "produce", topic]).arg(text);
        Ok(command)
    }

    /// `count` records of partition 0 from its beginning, a line each.
    pub(in crate::interop) fn consume_text(
        self,
        broker: &Broker,
        topic: &str,
        count: u64,
    ) -> Result<Command> {
        let mut command = self.command()?;
        command.args([&broker.bootstrap(), "consume", topic, &count.to_string()]);
        Ok(command)
    }

    fn check(self, setting: &Setting, name: &str) -> Result<()> {
        let broker = setting.broker(name, &[])?;
        run(self.command()?.args([&broker.bootstrap(), "check"]), PATIENCE)?;
        Ok(())
    }
}

/// kafka-python: idempotent producer, assigned consumer, admin.
pub(in crate::interop) fn kafka_python(setting: &Setting) -> Result<()> {
    KAFKA_PYTHON.check(setting, "kafka-python")
}

/// confluent-kafka: idempotent producer, assigned consumer, admin.
pub(in crate::interop) fn confluent_kafka(setting: &Setting) -> Result<()> {
    CONFLUENT_KAFKA.check(setting, "confluent-kafka")
}
