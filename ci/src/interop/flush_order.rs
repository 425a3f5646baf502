//! No answer to acks=all leaves before the flush that covers it has returned: `strace` watches the broker while a dozen
//! connections write requests without waiting for answers.
//!
//! **Not here**: reading the trace (`strace`). Apache Kafka answers without a flush, so the case is Klamm's alone.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::clients::kcat;
use super::strace::{MARK_PREFIX, MARKS, verdict};
use super::{Setting, say};
use crate::brokers::Broker;
use crate::brokers::command::{on_behalf_of, run_fed};
use crate::brokers::install;

const CONNECTIONS: u32 = 12;
const REQUESTS_PER_CONNECTION: u32 = 150;
const PARTITIONS: u32 = 4;
const TOPIC: &str = "flushed";

/// Everything that writes to a file or socket, and everything that flushes.
const CALLS: &str =
    "trace=pwrite64,pwritev,pwritev2,write,writev,sendto,sendmsg,sendmmsg,fsync,fdatasync,syncfs,sync";

/// strace is a Debian package.
pub(super) fn install() -> Result<()> {
    install::debian(&[("strace", "strace")])
}

/// The case.
pub(super) fn no_answer_before_its_flush(setting: &Setting) -> Result<()> {
    install()?;
    kcat::install()?;
    let mut broker =
        setting.broker("flush-order", &[("num.partitions", "4"), ("log.segment.bytes", "1048576")])?;
    for partition in 0..PARTITIONS {
        create_by_writing(&broker, partition)?;
    }
    let trace = setting.scratch.join("flush-order.strace");
    let mut tracer = attach(broker.pid().context("the broker runs")?, &trace)?;
    let result = load(&broker);
    broker.stop()?;
    tracer.wait()?;
    result?;
    let verdict = verdict(&String::from_utf8_lossy(&fs::read(&trace)?));
    let sent = (CONNECTIONS * REQUESTS_PER_CONNECTION) as usize;
    ensure!(
        verdict.answers == sent,
        "{} answers in the trace for {sent} requests: {}",
        verdict.answers,
        trace.display()
    );
    let shown = verdict.violations.iter().take(10).cloned().collect::<Vec<_>>().join("\n");
    ensure!(verdict.violations.is_empty(), "{} of {sent} answers:\n{shown}", verdict.violations.len());
    say(&format!("  {sent} answers over {CONNECTIONS} connections, {} flushes", verdict.flushes));
    Ok(())
}

fn create_by_writing(broker: &Broker, partition: u32) -> Result<()> {
    let line = tempfile::NamedTempFile::new()?;
    fs::write(line.path(), "first\n")?;
    let mut command = kcat::command(broker, "-P");
    run_fed(command.args(["-t", TOPIC, "-p", &partition.to_string()]), line.path(), Duration::from_secs(60))?;
    Ok(())
}

/// strace on every thread of the process, once it has said so.
fn attach(pid: u32, trace: &std::path::Path) -> Result<Child> {
    let attached = trace.with_extension("attached");
    let mut command = Command::new("strace");
    command
        .args(["-f", "-y", "-xx", "-s", "1000000", "-e", CALLS, "-o"])
        .arg(trace)
        .args(["-p", &pid.to_string()]);
    let tracer = on_behalf_of(command.stdin(Stdio::null()).stderr(File::create(&attached)?))?;
    let begun = Instant::now();
    while !fs::read_to_string(&attached)?.contains("attached") {
        ensure!(
            begun.elapsed() < Duration::from_secs(20),
            "strace does not attach: {}",
            fs::read_to_string(&attached)?
        );
        std::thread::sleep(Duration::from_millis(10));
    }
    // Threads beyond the first are attached right after that message.
    std::thread::sleep(Duration::from_millis(200));
    Ok(tracer)
}

fn load(broker: &Broker) -> Result<()> {
    let threads: Vec<_> = (0..CONNECTIONS)
        .map(|connection| {
            let address = broker.bootstrap();
            std::thread::spawn(move || pipelined(&address, connection))
        })
        .collect();
    threads.into_iter().try_for_each(|thread| match thread.join() {
        Ok(result) => result,
        Err(_) => bail!("a connection's thread panicked"),
    })
}

/// One connection: every request is written before the first answer is read.
fn pipelined(address: &str, connection: u32) -> Result<()> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let mut reader = stream.try_clone()?;
    let partition = connection % PARTITIONS;
    let marks: Vec<u32> = marks_of(connection).collect();
    let requests: Vec<u8> = marks.iter().flat_map(|mark| produce_request(*mark, partition)).collect();
    let writer = std::thread::spawn(move || stream.write_all(&requests));
    for mark in marks {
        let mut size = [0; 4];
        reader.read_exact(&mut size).with_context(|| format!("no answer {mark:08x}"))?;
        let mut answer = vec![0; usize::try_from(u32::from_be_bytes(size))?];
        reader.read_exact(&mut answer)?;
        // Correlation id, one topic with its name, one partition: index and error code.
        let error_at = 4 + 4 + 2 + TOPIC.len() + 4 + 4;
        ensure!(answer.get(..4) == Some(&mark.to_be_bytes()), "the answers are out of order at {mark:08x}");
        ensure!(
            answer.get(error_at..error_at + 2) == Some(&[0, 0]),
            "answer {mark:08x} has an error: {answer:?}"
        );
    }
    match writer.join() {
        Ok(result) => Ok(result?),
        Err(_) => bail!("the writer panicked"),
    }
}

/// The marks of one connection's requests, in the order in which they are sent.
fn marks_of(connection: u32) -> impl Iterator<Item = u32> {
    (0..REQUESTS_PER_CONNECTION).map(move |n| MARKS.start + connection * REQUESTS_PER_CONNECTION + n)
}

/// Produce version 3 with acks=all: one batch of one record, whose value is the mark.
fn produce_request(mark: u32, partition: u32) -> Vec<u8> {
    let batch = batch(mark);
    let mut body = Vec::new();
    body.extend([0, 0, 0, 3]);
    body.extend(mark.to_be_bytes());
    body.extend([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    body.extend(60_000_u32.to_be_bytes());
    body.extend(1_u32.to_be_bytes());
    body.extend([0, TOPIC.len() as u8]);
    body.extend(TOPIC.as_bytes());
    body.extend(1_u32.to_be_bytes());
    body.extend(partition.to_be_bytes());
    body.extend((batch.len() as u32).to_be_bytes());
    body.extend(batch);
    let mut frame = (body.len() as u32).to_be_bytes().to_vec();
    frame.extend(body);
    frame
}

/// A record batch v2, uncompressed, of no idempotent producer.
fn batch(mark: u32) -> Vec<u8> {
    let mut value = MARK_PREFIX.to_vec();
    value.extend(format!("{mark:08x}").bytes());
    // Attributes, both deltas, key length -1, value length, value, no headers; lengths are zigzag varints.
    let mut record = vec![0, 0, 0, 1, value.len() as u8 * 2];
    record.extend(value);
    record.push(0);
    let mut checked = Vec::new();
    checked.extend([0, 0]);
    checked.extend(0_u32.to_be_bytes());
    checked.extend(1_700_000_000_000_u64.to_be_bytes());
    checked.extend(1_700_000_000_000_u64.to_be_bytes());
    checked.extend([0xff; 8 + 2 + 4]);
    checked.extend(1_u32.to_be_bytes());
    checked.push(record.len() as u8 * 2);
    checked.extend(record);
    let mut batch = vec![0; 8];
    batch.extend((checked.len() as u32 + 9).to_be_bytes());
    batch.extend([0xff, 0xff, 0xff, 0xff, 2]);
    batch.extend(crc32c(&checked).to_be_bytes());
    batch.extend(checked);
    batch
}

/// CRC-32C, bit by bit: a few hundred short batches need no more.
fn crc32c(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8)
            .fold(crc ^ u32::from(*byte), |crc: u32, _| (crc >> 1) ^ (0x82f6_3b78 & (crc & 1).wrapping_neg()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_castagnolis() {
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
    }

    #[test]
    fn every_request_has_a_mark_of_its_own_in_range() {
        let marks: std::collections::BTreeSet<u32> = (0..CONNECTIONS).flat_map(marks_of).collect();
        assert_eq!(marks.len(), (CONNECTIONS * REQUESTS_PER_CONNECTION) as usize);
        assert!(marks.iter().all(|mark| MARKS.contains(mark)));
    }
}
