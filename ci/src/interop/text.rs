//! Real text, in by each client and out by each other, byte-equal: one topic of one partition a producer.
//!
//! The text is the documentation in a Debian package, in the order of the paths. Lines end in LF; lines that a client
//! cannot carry are left out when the text is made: kcat sends nothing for an empty one, and Java's console tools read
//! CR as a line's end and text as UTF-8.
//!
//! **Not here**: keys, headers and codecs (`clients`).

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::clients::{java, kcat, python};
use super::{Setting, say};
use crate::brokers::command::{run_into, run_with};
use crate::brokers::{Broker, install};

/// Documentation of a quarter of a gigabyte of lines, none longer than 50 kB.
const PACKAGE: &str = "openjdk-17-doc";

/// For one client and all of the text.
const DEADLINE: Duration = Duration::from_secs(900);

/// The four that meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Client {
    Kcat,
    Java,
    KafkaPython,
    ConfluentKafka,
}

const CLIENTS: [Client; 4] = [Client::Kcat, Client::Java, Client::KafkaPython, Client::ConfluentKafka];

impl Client {
    fn name(self) -> &'static str {
        match self {
            Client::Kcat => "kcat",
            Client::Java => "java",
            Client::KafkaPython => "kafka-python",
            Client::ConfluentKafka => "confluent-kafka",
        }
    }

    fn producing(self, broker: &Broker, topic: &str, text: &Path) -> Result<Command> {
        let mut command = match self {
            Client::Kcat => kcat::produce_text(broker, topic, text)?,
            Client::Java => java::produce_text(broker, topic)?,
            Client::KafkaPython => python::KAFKA_PYTHON.produce_text(broker, topic, text)?,
            Client::ConfluentKafka => python::CONFLUENT_KAFKA.produce_text(broker, topic, text)?,
        };
        command.stdin(File::open(text)?);
        Ok(command)
    }

    fn consuming(self, broker: &Broker, topic: &str, count: u64) -> Result<Command> {
        let mut command = match self {
            Client::Kcat => kcat::consume_text(broker, topic, count)?,
            Client::Java => java::consume_text(broker, topic, count)?,
            Client::KafkaPython => python::KAFKA_PYTHON.consume_text(broker, topic, count)?,
            Client::ConfluentKafka => python::CONFLUENT_KAFKA.consume_text(broker, topic, count)?,
        };
        command.stdin(Stdio::null());
        Ok(command)
    }
}

/// Fetches the package whose text is used.
pub(super) fn install() -> Result<()> {
    install::unpacked_debian(PACKAGE).map(drop)
}

/// Each client writes the text to a topic of its own, and each other client reads it.
pub(super) fn each_to_each(setting: &Setting) -> Result<()> {
    let (text, lines) = prepared(setting.text_bytes)?;
    let broker = setting.broker("text", &[("num.partitions", "1")])?;
    let out = setting.scratch.join("text.out");
    for producer in CLIENTS {
        let topic = format!("text-{}", producer.name());
        let begun = Instant::now();
        run_with(&mut producer.producing(&broker, &topic, &text)?, DEADLINE)
            .with_context(|| format!("{} in", producer.name()))?;
        let mut report =
            format!("  in by {} {:.1} s; out by", producer.name(), begun.elapsed().as_secs_f32());
        for consumer in CLIENTS.into_iter().filter(|consumer| *consumer != producer) {
            let begun = Instant::now();
            let what = || format!("in by {}, out by {}", producer.name(), consumer.name());
            let mut command = consumer.consuming(&broker, &topic, lines)?;
            run_into(&mut command, &File::create(&out)?, DEADLINE).with_context(what)?;
            same(&text, &out).with_context(what)?;
            report += &format!(" {} {:.1} s", consumer.name(), begun.elapsed().as_secs_f32());
        }
        say(&report);
    }
    Ok(())
}

/// At least `bytes` of text from the package, and how many lines it has; made once and kept.
fn prepared(bytes: u64) -> Result<(PathBuf, u64)> {
    let path = install::cache()?.join(format!("{PACKAGE}-{bytes}"));
    if !path.exists() {
        let unfinished = path.with_extension("unfinished");
        let mut out = BufWriter::new(File::create(&unfinished)?);
        let mut left = bytes;
        for file in files_below(&install::unpacked_debian(PACKAGE)?)? {
            left = append(&fs::read(file)?, left, &mut out)?;
        }
        out.flush()?;
        ensure!(left == 0, "{PACKAGE} has {left} bytes of text too few");
        fs::rename(&unfinished, &path)?;
    }
    let text = fs::read(&path)?;
    Ok((path, text.split_inclusive(|byte| *byte == b'\n').count() as u64))
}

/// Appends the content's lines until none of the `left` bytes is missing; how many still are.
fn append(content: &[u8], mut left: u64, out: &mut impl Write) -> Result<u64> {
    if std::str::from_utf8(content).is_err() || content.contains(&0) {
        return Ok(left);
    }
    for line in content.split(|byte| *byte == b'\n').filter(|line| !line.is_empty() && !line.contains(&b'\r'))
    {
        if left == 0 {
            break;
        }
        out.write_all(line)?;
        out.write_all(b"\n")?;
        left = left.saturating_sub(line.len() as u64 + 1);
    }
    Ok(left)
}

/// Regular files below a directory, in the order of their paths.
fn files_below(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![directory.to_path_buf()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory).with_context(|| directory.display().to_string())? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                open.push(entry.path());
            } else if kind.is_file() {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Fails at the first byte that differs.
fn same(expected: &Path, found: &Path) -> Result<()> {
    let (length, found_length) = (fs::metadata(expected)?.len(), fs::metadata(found)?.len());
    let (mut expected, mut found) =
        (BufReader::new(File::open(expected)?), BufReader::new(File::open(found)?));
    let mut pages = (vec![0; 1 << 16], vec![0; 1 << 16]);
    let mut at = 0;
    loop {
        let size = fill(&mut expected, &mut pages.0)?;
        let found_size = fill(&mut found, &mut pages.1)?;
        let (page, found_page) = (&pages.0[..size], &pages.1[..found_size]);
        if page != found_page {
            let equal = page.iter().zip(found_page).take_while(|(a, b)| a == b).count();
            let near = |page: &[u8]| {
                String::from_utf8_lossy(&page[equal..(equal + 60).min(page.len())]).into_owned()
            };
            let (wanted, got) = (near(page), near(found_page));
            bail!(
                "{found_length} bytes for {length}; at byte {} there is {got:?} for {wanted:?}",
                at + equal
            );
        }
        if size == 0 {
            return Ok(());
        }
        at += size;
    }
}

fn fill(file: &mut impl Read, page: &mut [u8]) -> Result<usize> {
    let mut filled = 0;
    while filled < page.len() {
        match file.read(&mut page[filled..])? {
            0 => break,
            more => filled += more,
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_append(content: &[u8], left: u64, expected: &str, expected_left: u64) {
        let mut out = Vec::new();
        assert_eq!(append(content, left, &mut out).expect("a Vec takes everything"), expected_left);
        assert_eq!(String::from_utf8_lossy(&out), expected);
    }

    #[test]
    fn only_lines_that_every_client_carries_are_taken() {
        check_append(b"one\n\ntwo\r\nthree\n", 100, "one\nthree\n", 90);
        check_append(b"a\0b\n", 100, "", 100);
        check_append(b"\xff\n", 100, "", 100);
        check_append(b"one\ntwo\nthree\n", 7, "one\ntwo\n", 0);
        check_append(b"one\ntwo\nthree\n", 8, "one\ntwo\n", 0);
    }

    #[test]
    fn a_difference_is_found_wherever_it_is() {
        let check = |expected: &[u8], found: &[u8], message: Option<&str>| {
            let directory = tempfile::tempdir().expect("a temporary directory");
            let (a, b) = (directory.path().join("a"), directory.path().join("b"));
            fs::write(&a, expected).expect("written");
            fs::write(&b, found).expect("written");
            let result = same(&a, &b).map_err(|error| error.to_string());
            match message {
                None => assert_eq!(result, Ok(())),
                Some(part) => assert!(result.expect_err("they differ").contains(part)),
            }
        };
        let long = vec![b'x'; 200_000];
        check(&long, &long, None);
        check(&long, &long[1..], Some("199999 bytes for 200000; at byte 199999"));
        check(&long[1..], &long, Some("at byte 199999"));
        let mut other = long.clone();
        other[70_000] = b'y';
        check(&long, &other, Some("at byte 70000 there is \"yxx"));
    }
}
