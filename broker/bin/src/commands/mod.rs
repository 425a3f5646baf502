//! The commands, a file each. Not here: the work of a broker or a client, which their libraries do.

mod broker;
mod broker_api_versions;
mod completion;
mod config_lines;
mod configs;
mod console_consumer;
mod console_producer;
mod delete_records;
mod dump_log;
mod environment;
mod get_offsets;
#[cfg(test)]
mod kafka_flags;
mod pattern;
mod storage;
mod topic_lines;
mod topics;

use anyhow::Result;
use clap::{Parser, Subcommand};
use klamm_env::Env;
use klamm_env_tokio::Options;

use crate::logging;

const EXAMPLE: &str = "\
Without a command, a broker serves on localhost:9092 and keeps its data in ./klamm-data.

Example:
  klamm &
  echo hello | klamm console-producer --bootstrap-server localhost:9092 --topic greetings
  klamm console-consumer --bootstrap-server localhost:9092 --topic greetings --from-beginning";

/// A Kafka-compatible broker and its tools
#[derive(Parser, Debug)]
#[command(name = "klamm", version, after_help = EXAMPLE, propagate_version = true, infer_long_args = true)]
pub(crate) struct Klamm {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand, Debug)]
#[allow(clippy::large_enum_variant, reason = "there is one, and it is made once")]
enum Command {
    Broker(broker::RunBroker),
    Storage(storage::Storage),
    Topics(topics::Topics),
    Configs(configs::Configs),
    ConsoleProducer(console_producer::ConsoleProducer),
    ConsoleConsumer(console_consumer::ConsoleConsumer),
    GetOffsets(get_offsets::GetOffsets),
    DeleteRecords(delete_records::DeleteRecords),
    DumpLog(dump_log::DumpLog),
    BrokerApiVersions(broker_api_versions::BrokerApiVersions),
    Completion(completion::Completion),
}

impl Klamm {
    /// Runs the command that was asked for.
    ///
    /// # Errors
    /// What stopped it, as one sentence.
    pub(crate) fn run(self) -> Result<()> {
        match self.command.unwrap_or_else(|| Command::Broker(broker::RunBroker::default())) {
            Command::Broker(command) => command.run(),
            Command::Storage(command) => tool(|env| command.run(env)),
            Command::Topics(command) => tool(|env| command.run(env)),
            Command::Configs(command) => tool(|env| command.run(env)),
            Command::ConsoleProducer(command) => tool(|env| command.run(env)),
            Command::ConsoleConsumer(command) => tool(|env| command.run(env)),
            Command::GetOffsets(command) => tool(|env| command.run(env)),
            Command::DeleteRecords(command) => tool(|env| command.run(env)),
            Command::DumpLog(command) => tool(|env| command.run(env)),
            Command::BrokerApiVersions(command) => tool(|env| command.run(env)),
            Command::Completion(command) => command.run(),
        }
    }
}

fn tool<F: Future<Output = Result<()>>>(command: impl FnOnce(Env) -> F) -> Result<()> {
    logging::start_for_tool();
    on_a_lane(|env| async {
        let code = match command(env).await {
            Ok(()) => 0,
            Err(error) => crate::report(&error),
        };
        // Not by returning: whoever reads stdin beside the lane might wait for ever.
        std::process::exit(code)
    })
}

/// Runs a node of one lane.
fn on_a_lane<T, F: Future<Output = Result<T>>>(command: impl FnOnce(Env) -> F) -> Result<T> {
    klamm_env_tokio::run(Options { lanes: 1, disk_threads: 2, blocking_threads: 2 }, command)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound_and_every_command_has_an_example() {
        let mut command = Klamm::command();
        command.clone().debug_assert();
        for sub in command.get_subcommands_mut() {
            for sub in std::iter::once(sub.clone()).chain(sub.get_subcommands().cloned()) {
                let help = sub.clone().render_long_help().to_string();
                assert!(help.contains("Example:"), "{}", sub.get_name());
            }
        }
    }

    fn check(line: &str, refused: Option<&str>) {
        let parsed = Klamm::try_parse_from(line.split(' '));
        match (parsed, refused) {
            (Ok(_), None) => {}
            (Err(error), Some(part)) => assert!(error.to_string().contains(part), "{error}"),
            (parsed, _) => panic!("{line}: {parsed:?}"),
        }
    }

    #[test]
    fn kafkas_flags_are_understood() {
        let topics = |rest: &str| format!("klamm topics --bootstrap-server h:1 {rest}");
        check("klamm", None);
        check("klamm broker a.properties --override a=b --override c=d", None);
        check("klamm storage format -t ID -c a --standalone --ignore-formatted", None);
        check("klamm storage format -t ID -c a --feature kraft.version=1 -r 4.4", None);
        check(
            &topics("--create --topic a --partitions 3 --replication-factor 1 --config a=b --config c=d"),
            None,
        );
        check(&topics("--describe --under-replicated-partitions"), None);
        check(&topics("--alter --topic a --partitions 4"), None);
        check("klamm configs --bootstrap-server h:1 --entity-type brokers --entity-default --describe", None);
        check(
            "klamm configs --bootstrap-server h:1 --topic t --alter --add-config a=[b,c] --delete-config d",
            None,
        );
        check(
            "klamm console-producer --bootstrap-server h:1 --topic a --property parse.key=true --sync",
            None,
        );
        check("klamm console-producer --bootstrap-server h:1 --topic a --compression-codec --sync", None);
        check("klamm console-producer --bootstrap-server h:1 --topic a --request-required-acks -1", None);
        check(
            "klamm console-consumer --bootstrap-server h:1 --topic a --partition 0 --offset 7 --max-messages 3",
            None,
        );
        check(
            "klamm console-consumer --bootstrap-server h:1 --topic a --from-beginning --property print.key=true",
            None,
        );
        check("klamm console-consumer --bootstrap-server h:1 --topic a --max-messages -1 --json", None);
        check("klamm configs --bootstrap-server h:1 --entity-type users --entity-name sue --describe", None);
        check("klamm get-offsets --bootstrap-server h:1 --topic-partitions a:0-2 --time -3", None);
        check("klamm dump-log --files a.log,b.index --deep-iteration --print-data-log", None);
        check("klamm delete-records --bootstrap-server h:1 --offset-json-file f", None);
        check("klamm broker-api-versions --bootstrap-server=h:1", None);
        check("klamm completion zsh", None);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        check("klamm topics --list", Some("--bootstrap-server"));
        check("klamm topics --bootstrap-server h:1", Some("--list|--describe|--create|--alter|--delete"));
        check("klamm topics --bootstrap-server h:1 --list --delete --topic a", Some("cannot be used with"));
        check(
            "klamm topics --bootstrap-server h:1 --create --topic a --config b",
            Some("KEY=VALUE is expected"),
        );
        check("klamm console-consumer --bootstrap-server h:1 --topic a --offset 5", Some("--partition"));
        check("klamm configs --bootstrap-server h:1 --entity-type hosts --describe", Some("topics, brokers"));
        check("klamm storage format -c a", Some("--cluster-id"));
        check("klamm frobnicate", Some("unrecognized subcommand"));
    }
}
