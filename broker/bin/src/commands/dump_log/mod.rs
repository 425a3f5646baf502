//! `klamm dump-log`: what is in the files of a log directory, as Kafka's `DumpLogSegments` prints it.
//!
//! Not here: repairing anything; the files are only read.

mod batches;
mod decoder;
mod file;
mod indexes;
mod json;
mod line;
mod problems;
mod producers;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use klamm_env::Env;
use klamm_records::RecordBatch;

use self::batches::Detail;
use self::decoder::Decoder;
use self::file::{Found, SegmentFile, read_all};
use self::indexes::Look;
use self::line::Dump;
use self::problems::Problems;
use crate::output;

const EXAMPLE: &str = "\
Example:
  klamm dump-log --print-data-log --files klamm-data/orders-0/00000000000000000000.log";

/// Prints segments, indexes, producer snapshots and metadata snapshots
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(crate) struct DumpLog {
    /// The files, as far as their suffix is .log, .index, .timeindex, .txnindex, .snapshot or .checkpoint
    #[arg(long, value_name = "FILE1,FILE2,...", value_delimiter = ',', required = true)]
    files: Vec<PathBuf>,
    /// Look into every batch: a line per record
    #[arg(long)]
    deep_iteration: bool,
    /// Print keys and values of the records too
    #[arg(long)]
    print_data_log: bool,
    /// With --print-data-log, print keys and values alone
    #[arg(long)]
    skip_record_metadata: bool,
    /// Only check indexes as a broker does when it loads them
    #[arg(long)]
    index_sanity_check: bool,
    /// Hold indexes against their log without printing them
    #[arg(long)]
    verify_index_only: bool,
    /// Bytes of a log to read
    #[arg(long, value_name = "SIZE", default_value_t = i32::MAX as u64)]
    max_bytes: u64,
    /// The largest batch that an index may point to
    #[arg(long, value_name = "SIZE", default_value_t = 5_242_880)]
    max_message_size: u64,
    /// Read records as those of __cluster_metadata
    #[arg(long, group = "decoder")]
    cluster_metadata_decoder: bool,
    /// Read records as those of __consumer_offsets
    #[arg(long, group = "decoder")]
    offsets_decoder: bool,
    /// Read records as those of __transaction_state
    #[arg(long, group = "decoder")]
    transaction_log_decoder: bool,
    /// Read records as those of __share_group_state
    #[arg(long, group = "decoder")]
    share_group_state_decoder: bool,
    /// Refused: there is no tiered storage
    #[arg(long, group = "decoder", hide = true)]
    remote_log_metadata_decoder: bool,
    /// Print a JSON object a line, with the file that it is of
    #[arg(long)]
    json: bool,
    /// Taken for compatibility; allowed is StringDecoder, as without the flag
    #[arg(long, value_name = "CLASS", num_args = 0..=1, default_missing_value = "StringDecoder", hide = true,
        value_parser = string_decoder)]
    key_decoder_class: Option<String>,
    /// Taken for compatibility; allowed is StringDecoder, as without the flag
    #[arg(long, value_name = "CLASS", num_args = 0..=1, default_missing_value = "StringDecoder", hide = true,
        value_parser = string_decoder)]
    value_decoder_class: Option<String>,
}

fn string_decoder(class: &str) -> Result<String, String> {
    if class.ends_with("StringDecoder") {
        Ok(class.to_owned())
    } else {
        Err("allowed is StringDecoder".to_owned())
    }
}

impl DumpLog {
    fn decoder(&self) -> Option<Decoder> {
        if self.cluster_metadata_decoder {
            Some(Decoder::ClusterMetadata)
        } else if self.offsets_decoder {
            Some(Decoder::Offsets)
        } else if self.transaction_log_decoder {
            Some(Decoder::Transactions)
        } else if self.share_group_state_decoder {
            Some(Decoder::ShareGroupState)
        } else {
            self.print_data_log.then_some(Decoder::Text)
        }
    }

    fn detail(&self) -> Detail {
        let contents = self.decoder();
        Detail {
            records: self.deep_iteration || contents.is_some(),
            contents,
            skip_record_metadata: self.skip_record_metadata && contents.is_some(),
        }
    }

    fn look(&self) -> Look {
        Look { sanity_only: self.index_sanity_check, verify_only: self.verify_index_only }
    }

    /// Prints each file, then what does not fit together.
    pub(crate) async fn run(self, env: Env) -> Result<()> {
        if self.remote_log_metadata_decoder {
            bail!(
                "--remote-log-metadata-decoder: this release has no tiered storage, and cannot read its records"
            );
        }
        let mut problems = Problems::default();
        for path in &self.files {
            self.title(&format!("Dumping {}\n", path.display()))?;
            self.dump(&env, path, &mut problems).await?;
        }
        output::complain(&problems.report());
        Ok(())
    }

    /// What Kafka's tool says above and below the lines.
    fn title(&self, text: &str) -> Result<()> {
        if self.json { Ok(()) } else { output::print(text) }
    }

    fn print(&self, path: &Path, dump: &Dump) -> Result<()> {
        output::print(&if self.json { dump.json(path) } else { dump.text() })
    }

    async fn dump(&self, env: &Env, path: &Path, problems: &mut Problems) -> Result<()> {
        let dump = match path.extension().and_then(OsStr::to_str) {
            Some("log") => {
                self.title(&format!("Log starting offset: {}\n", base_offset(path)?))?;
                return self.dump_batches(env, path, problems).await;
            }
            Some("checkpoint") => {
                self.title(&snapshot_title(path))?;
                return self.dump_batches(env, path, problems).await;
            }
            Some("index") => {
                indexes::offset_index(env, path, self.look(), self.max_message_size, problems).await?
            }
            Some("timeindex") => indexes::time_index(env, path, self.look(), problems).await?,
            Some("txnindex") => indexes::transactions(&read_all(env, path).await?),
            Some("snapshot") => match producers::snapshot(&read_all(env, path).await?) {
                Ok(dump) => dump,
                Err(reason) => bail!("{}: {reason}", path.display()),
            },
            _ => {
                output::complain(&format!("Ignoring unknown file {}\n", path.display()));
                return Ok(());
            }
        };
        self.print(path, &dump)
    }

    async fn dump_batches(&self, env: &Env, path: &Path, problems: &mut Problems) -> Result<()> {
        let mut segment = SegmentFile::open(env, path).await?;
        let mut position = 0;
        let mut offset_before = None;
        loop {
            let batch = match segment.batch_at(position, self.max_bytes).await? {
                Found::Batch(batch) => batch,
                Found::Rest(rest) => {
                    if rest > 0 && self.max_bytes == i32::MAX as u64 {
                        let name = path.file_name().unwrap_or_default().display();
                        let text = format!("Found {rest} invalid bytes at the end of {name}\n");
                        if self.json { output::complain(&text) } else { output::print(&text)? }
                    }
                    return Ok(());
                }
            };
            self.print(path, &Dump::Lines(vec![batches::summary(&batch, position)]))?;
            self.dump_records(path, &batch, position, |offset| {
                if let Some(before) = offset_before.filter(|before| before + 1 != offset) {
                    problems.gap(path, before, offset);
                }
                offset_before = Some(offset);
            })?;
            position += batch.size() as u64;
        }
    }

    fn dump_records(
        &self,
        path: &Path,
        batch: &RecordBatch,
        position: u64,
        seen: impl FnMut(i64),
    ) -> Result<()> {
        let detail = self.detail();
        if !detail.records {
            return Ok(());
        }
        let malformed = match batches::records(batch, detail, seen) {
            Ok((lines, malformed)) => {
                self.print(path, &Dump::Lines(lines))?;
                malformed.map(|error| error.to_string())
            }
            Err(error) => Some(error.to_string()),
        };
        if let Some(error) = malformed {
            output::complain(&format!("Batch at position {position}: {error}\n"));
        }
        Ok(())
    }
}

/// The offset in a file's name.
fn base_offset(path: &Path) -> Result<i64> {
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    let digits = name.split('.').next().unwrap_or_default();
    let offset = digits.parse().ok();
    offset.with_context(|| {
        format!("{}: the name must begin with an offset, as in 00000000000000000000.log", path.display())
    })
}

/// The file of the same segment with another suffix.
fn sibling(path: &Path, extension: &str) -> PathBuf {
    path.with_extension(extension)
}

/// `<offset>-<epoch>.checkpoint`, or the one from which a cluster begins.
fn snapshot_title(path: &Path) -> String {
    let name = path.file_stem().and_then(OsStr::to_str).unwrap_or_default();
    let numbers = name
        .split_once('-')
        .and_then(|(offset, epoch)| Some((offset.parse::<i64>().ok()?, epoch.parse::<i32>().ok()?)));
    match numbers {
        Some((offset, epoch)) => format!("Snapshot end offset: {offset}, epoch: {epoch}\n"),
        None => "KRaft bootstrap snapshot\n".to_owned(),
    }
}
