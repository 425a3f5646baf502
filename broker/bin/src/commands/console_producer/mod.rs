//! `klamm console-producer`: lines of stdin become records. Not here: how a line is read (`lines`).

mod json_line;
mod lines;

use std::io::{self, IsTerminal as _, Read as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use bytes::{Bytes, BytesMut};
use clap::Args;
use futures_util::future::{Either, select};
use klamm_client::{Producer, ProducerConfig, ProducerRecord};
use klamm_env::Env;
use klamm_env_tokio::termination;
use tokio::sync::mpsc;

use self::lines::{LineFormat, Lines};
use crate::connection::{Connection, Properties, file_properties, key_value};
use crate::output;

const EXAMPLE: &str = "\
Example:
  klamm console-producer --bootstrap-server localhost:9092 --topic greetings < lines.txt
  echo 'ada:hello' | klamm console-producer --bootstrap-server localhost:9092 --topic greetings \\
      --reader-property parse.key=true --reader-property key.separator=:";

/// What is read from stdin at once.
const PIECE_BYTES: usize = 256 << 10;
/// Pieces that wait to be cut into lines.
const PIECES_MAX: usize = 4;
/// How long records may still be on their way at the end; their own timeouts are shorter.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(3600);

/// Sends each line of stdin as a record
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(crate) struct ConsoleProducer {
    #[command(flatten)]
    connection: Connection,
    /// The topic
    #[arg(long)]
    topic: String,
    /// Wait for each record before the next one is sent
    #[arg(long)]
    sync: bool,
    /// none, gzip, snappy, lz4 or zstd; gzip if the flag has no value
    #[arg(long, value_name = "CODEC", num_args = 0..=1, default_missing_value = "gzip")]
    compression_codec: Option<String>,
    /// Bytes of a batch [default: 16384]
    #[arg(long, value_name = "BYTES")]
    batch_size: Option<String>,
    /// Bytes of a batch, in place of --batch-size
    #[arg(long, value_name = "BYTES")]
    max_partition_memory_bytes: Option<String>,
    /// Tries of a batch that failed [default: 3]
    #[arg(long, value_name = "N")]
    message_send_max_retries: Option<String>,
    /// Milliseconds between tries [default: 100]
    #[arg(long, value_name = "MS")]
    retry_backoff_ms: Option<String>,
    /// Milliseconds that a record may wait for others in its batch [default: 1000]
    #[arg(long, value_name = "MS")]
    timeout: Option<String>,
    /// Who must have a record: all (-1), 1 for the leader, 0 for nobody [default: -1]
    #[arg(long, value_name = "ACKS", allow_hyphen_values = true)]
    request_required_acks: Option<String>,
    /// Milliseconds to wait for an answer [default: 1500]
    #[arg(long, value_name = "MS")]
    request_timeout_ms: Option<String>,
    /// Milliseconds after which metadata is asked for again [default: 300000]
    #[arg(long, value_name = "MS")]
    metadata_expiry_ms: Option<String>,
    /// Milliseconds that sending may wait for metadata and memory [default: 60000]
    #[arg(long, value_name = "MS")]
    max_block_ms: Option<String>,
    /// Bytes that may wait to be sent [default: 33554432]
    #[arg(long, value_name = "BYTES")]
    max_memory_bytes: Option<String>,
    /// Bytes of the socket's buffer for sending; the system chooses the size without it
    #[arg(long, value_name = "BYTES")]
    socket_buffer_size: Option<String>,
    /// Property of the line reader: parse.key, key.separator, parse.headers, headers.delimiter, headers.separator,
    /// headers.key.separator, null.marker, ignore.error; can be repeated
    #[arg(long, visible_alias = "property", value_name = "KEY=VALUE", value_parser = key_value)]
    reader_property: Vec<(String, String)>,
    /// Properties file of the line reader
    #[arg(long, value_name = "FILE")]
    reader_config: Option<PathBuf>,
    /// Property of the producer; can be repeated
    #[arg(long, visible_alias = "producer-property", value_name = "KEY=VALUE", value_parser = key_value)]
    command_property: Vec<(String, String)>,
    /// Properties file of the producer
    #[arg(long, visible_alias = "producer.config", value_name = "FILE")]
    command_config: Option<PathBuf>,
    /// Read each line as JSON, as console-consumer --json writes it
    #[arg(long, conflicts_with_all = ["reader_property", "reader_config"])]
    json: bool,
    /// Taken for compatibility; lines are read as LineMessageReader does
    #[arg(long, value_name = "CLASS", hide = true)]
    line_reader: Option<String>,
}

impl ConsoleProducer {
    /// The producer's properties: a flag that was given wins over a single property, that over the file, and that over
    /// the flag's default.
    async fn properties(&self, env: &Env) -> Result<Properties> {
        let mut properties = Properties::from([("client.id".to_owned(), "console-producer".to_owned())]);
        properties.extend(file_properties(env, self.command_config.as_deref()).await?);
        properties.extend(self.command_property.iter().cloned());
        let batch_size = [&self.max_partition_memory_bytes, &self.batch_size];
        let batch_size = batch_size[usize::from(self.max_partition_memory_bytes.is_none())];
        for (key, flag, default) in [
            ("acks", &self.request_required_acks, "-1"),
            ("batch.size", batch_size, "16384"),
            ("buffer.memory", &self.max_memory_bytes, "33554432"),
            ("linger.ms", &self.timeout, "1000"),
            ("max.block.ms", &self.max_block_ms, "60000"),
            ("metadata.max.age.ms", &self.metadata_expiry_ms, "300000"),
            ("request.timeout.ms", &self.request_timeout_ms, "1500"),
            ("retries", &self.message_send_max_retries, "3"),
            ("retry.backoff.ms", &self.retry_backoff_ms, "100"),
        ] {
            match flag {
                Some(value) => drop(properties.insert(key.to_owned(), value.clone())),
                None => drop(properties.entry(key.to_owned()).or_insert_with(|| default.to_owned())),
            }
        }
        let without_default =
            [("compression.type", &self.compression_codec), ("send.buffer.bytes", &self.socket_buffer_size)];
        for (key, flag) in without_default {
            properties.extend(flag.iter().map(|value| (key.to_owned(), value.clone())));
        }
        self.connection.reach(env, &mut properties).await?;
        Ok(properties)
    }

    async fn format(&self, env: &Env) -> Result<LineFormat> {
        let mut properties = file_properties(env, self.reader_config.as_deref()).await?;
        properties.extend(self.reader_property.iter().cloned());
        LineFormat::from_properties(&properties)
    }

    /// Sends until stdin ends or a signal comes; what was read is sent either way.
    pub(crate) async fn run(self, env: Env) -> Result<()> {
        if self.line_reader.as_deref().is_some_and(|reader| !reader.ends_with("LineMessageReader")) {
            bail!("--line-reader: allowed is LineMessageReader");
        }
        let format = self.format(&env).await?;
        let config = ProducerConfig::from_properties(&self.properties(&env).await?)?;
        let sending = Sending {
            producer: Producer::new(&env, config),
            topic: Arc::from(&*self.topic),
            format: (!self.json).then_some(format),
            sync: self.sync,
            prompt: io::stdin().is_terminal(),
            failures: Arc::default(),
        };
        let sent =
            match select(Box::pin(termination()), Box::pin(sending.send_all(pieces_of_stdin(&env)))).await {
                Either::Left(_) => Ok(()),
                Either::Right((sent, _)) => sent,
            };
        // Whoever cannot wait sends another signal.
        match select(Box::pin(termination()), Box::pin(sending.producer.close(CLOSE_TIMEOUT))).await {
            Either::Left(_) => bail!("stopped before all records were acknowledged"),
            Either::Right((closed, _)) => closed?,
        }
        sent?;
        sending.check()
    }
}

/// How many records failed, and why the first of them did.
#[derive(Debug, Default)]
struct Failures {
    count: u64,
    first: Option<klamm_client::Error>,
}

struct Sending {
    producer: Producer,
    topic: Arc<str>,
    /// Of plain lines; without it they are JSON.
    format: Option<LineFormat>,
    sync: bool,
    prompt: bool,
    failures: Arc<Mutex<Failures>>,
}

impl Sending {
    async fn send_all(&self, mut pieces: mpsc::Receiver<io::Result<Bytes>>) -> Result<()> {
        let mut lines = Lines::default();
        let mut number = 0;
        self.prompt()?;
        while let Some(piece) = pieces.recv().await {
            lines.push(piece?);
            while let Some(line) = lines.next() {
                number += 1;
                self.send(self.record(line, number)?).await?;
                self.prompt()?;
            }
        }
        match lines.rest() {
            Some(line) => self.send(self.record(line, number + 1)?).await,
            None => Ok(()),
        }
    }

    fn record(&self, line: Bytes, number: u64) -> Result<ProducerRecord> {
        match &self.format {
            Some(format) => format.record(&self.topic, line, number),
            None => json_line::record(&self.topic, &line, number),
        }
    }

    async fn send(&self, record: ProducerRecord) -> Result<()> {
        let at_topic = || format!("topic {}", self.topic);
        if self.sync {
            let delivery = self.producer.send(record).await.with_context(at_topic)?;
            delivery.await.with_context(at_topic)?;
            return Ok(());
        }
        let failures = Arc::clone(&self.failures);
        self.producer
            .send_with(record, move |outcome| {
                if let Err(error) = outcome {
                    let mut failures = failures.lock().expect("nobody panics with it");
                    failures.count += 1;
                    failures.first.get_or_insert(error);
                }
            })
            .await
            .with_context(at_topic)
    }

    fn prompt(&self) -> Result<()> {
        if self.prompt { output::print(">") } else { Ok(()) }
    }

    fn check(&self) -> Result<()> {
        let failures = self.failures.lock().expect("nobody panics with it");
        match &failures.first {
            Some(error) => bail!("{} records were not sent: {error}", failures.count),
            None => Ok(()),
        }
    }
}

/// Reads stdin beside the lane, as far ahead as the channel holds.
fn pieces_of_stdin(env: &Env) -> mpsc::Receiver<io::Result<Bytes>> {
    let (sender, receiver) = mpsc::channel(PIECES_MAX);
    let read = move || {
        let mut stdin = io::stdin().lock();
        loop {
            let mut piece = BytesMut::zeroed(PIECE_BYTES);
            let outcome = match stdin.read(&mut piece) {
                Ok(0) => return,
                Ok(len) => {
                    piece.truncate(len);
                    Ok(piece.freeze())
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => Err(error),
            };
            let last = outcome.is_err();
            if sender.blocking_send(outcome).is_err() || last {
                return;
            }
        }
    };
    // Nobody waits for it: the channel tells when it has ended.
    drop(env.blocking(Box::new(read)));
    receiver
}
