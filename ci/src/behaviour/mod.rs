//! What a broker does with odd and bad requests, row by row as Apache Kafka does it: `cargo ci behaviour`.
//!
//! ```text
//!   corpus/behaviour/SECTION.txt      request | input | answer of Apache Kafka     ┐
//!   corpus/behaviour/differences.txt  rows on which Klamm differs, and why         ├─▶ table ─▶ summary
//!   SECTION.rs   request and input ─▶ bytes ─▶ connection ─▶ answer, in few words  ┘
//! ```
//!
//! A row passes when the answer is Kafka's, or exactly the one that `differences.txt` gives with its reason. A row that
//! is listed there and answered as Kafka does fails too: the list is stale. So does a row that no probe reaches.
//!
//! **Not here**: requests that are right and what clients make of their answers (`interop`).

mod answer;
mod batch;
mod configs;
mod connection;
mod fetch;
mod framing;
mod idempotent_producer;
mod metadata;
mod offsets;
mod probes;
mod produce;
mod table;
mod target;
mod topics;

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use self::probes::Probes;
use self::table::{Differences, Table, Verdict};
use self::target::Target;
use crate::brokers::{Broker, Kind};

/// Of a hundred rows, so many are answered as Apache Kafka answers them.
const AS_KAFKA_PERCENT_MIN: usize = 95;

/// What a broker needs so that the rows hold; its id is 1.
pub(crate) const PROPERTIES: [(&str, &str); 1] = [("num.partitions", "4")];

/// Sends odd and bad requests to a broker, and holds what it does against what Apache Kafka did.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The listener of a broker that runs already, alone in its cluster, with id 1 and num.partitions=4. Its topics
    /// t1, f1 and others with such names are deleted. Without it, a fresh broker is started.
    #[arg(long, value_name = "HOST:PORT")]
    bootstrap: Option<String>,
    /// The listener of its controller, for the rows that go there.
    #[arg(long, value_name = "HOST:PORT", requires = "bootstrap")]
    controller: Option<String>,
    /// Only the sections whose names contain this word.
    #[arg(long, default_value = "", value_name = "NAME")]
    section: String,
    /// Which broker answers; Apache Kafka has to answer without differences.
    #[arg(long, value_enum, default_value_t = Kind::Klamm)]
    broker: Kind,
}

/// The probes of one file of rows.
struct Section {
    name: &'static str,
    probe: fn(&mut Probes<'_>) -> Result<()>,
}

/// In the order in which they run: the first two hold only before internal topics and producer ids are there.
const SECTIONS: [Section; 8] = [
    Section { name: "framing", probe: framing::probe },
    Section { name: "produce", probe: produce::probe },
    Section { name: "idempotent_producer", probe: idempotent_producer::probe },
    Section { name: "fetch", probe: fetch::probe },
    Section { name: "offsets", probe: offsets::probe },
    Section { name: "metadata", probe: metadata::probe },
    Section { name: "topics", probe: topics::probe },
    Section { name: "configs", probe: configs::probe },
];

/// The command. Fails when the rows do not pass.
pub(crate) fn run(args: &Args) -> Result<()> {
    let summary = if let Some(bootstrap) = &args.bootstrap {
        held_against_kafka(args.broker, bootstrap, args.controller.as_deref(), &args.section)?
    } else {
        let directory = tempfile::tempdir()?;
        let broker = Broker::started(args.broker, directory.path(), &PROPERTIES)?;
        held_against_kafka(args.broker, &broker.bootstrap(), Some(&broker.controller()), &args.section)?
    };
    println!("{summary}");
    summary.verdict()
}

/// Sends every row of the sections whose names contain `section`, those for the controller if its address is known.
pub(crate) fn held_against_kafka(
    kind: Kind,
    bootstrap: &str,
    controller: Option<&str>,
    section: &str,
) -> Result<Summary> {
    let target = Target::new(bootstrap, controller)?;
    let differences = match kind {
        Kind::Klamm => Differences::read(&corpus("differences"))?,
        Kind::Kafka => Differences::default(),
    };
    let chosen = SECTIONS.iter().filter(|known| known.name.contains(section)).collect::<Vec<_>>();
    ensure!(!chosen.is_empty(), "no section has a name with {section}; sections are {}", names().join(", "));
    differences.check_sections(&names())?;
    let mut summary = Summary::default();
    for section in chosen {
        let mut table = Table::read(section.name, &corpus(section.name), &differences)?;
        if let Err(error) = (section.probe)(&mut Probes::new(&target, &mut table)) {
            summary.wrong.push(format!("{}: broke off: {error:#}", section.name));
        }
        summary.add(&table);
    }
    Ok(summary)
}

fn names() -> Vec<&'static str> {
    SECTIONS.iter().map(|section| section.name).collect()
}

fn corpus(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus/behaviour").join(name).with_extension("txt")
}

/// How the rows of a run came out.
#[derive(Default)]
pub(crate) struct Summary {
    as_kafka: usize,
    listed: usize,
    skipped: usize,
    unprobed: usize,
    wrong: Vec<String>,
}

impl Summary {
    fn add(&mut self, table: &Table) {
        for row in table.rows() {
            match row.verdict() {
                Verdict::AsKafka => self.as_kafka += 1,
                Verdict::AsListed => self.listed += 1,
                Verdict::Skipped => self.skipped += 1,
                Verdict::Unprobed => self.unprobed += 1,
                Verdict::Stale | Verdict::Wrong => self.wrong.push(format!("{}: {row}", table.section())),
            }
        }
        self.wrong.extend(table.strays().iter().map(|stray| format!("{}: {stray}", table.section())));
    }

    /// Whether the rows pass.
    ///
    /// # Errors
    /// What is missing.
    pub(crate) fn verdict(&self) -> Result<()> {
        ensure!(self.wrong.is_empty(), "{} rows are answered otherwise", self.wrong.len());
        ensure!(self.unprobed == 0, "{} rows have no probe", self.unprobed);
        let rows = self.as_kafka + self.listed;
        ensure!(
            self.as_kafka * 100 >= rows * AS_KAFKA_PERCENT_MIN,
            "only {} of {rows} rows are answered as Apache Kafka answers them; {AS_KAFKA_PERCENT_MIN} % are needed",
            self.as_kafka
        );
        Ok(())
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for wrong in &self.wrong {
            writeln!(f, "{wrong}")?;
        }
        let Self { as_kafka, listed, skipped, unprobed, wrong } = self;
        let wrong = wrong.len();
        write!(
            f,
            "{as_kafka} rows as Apache Kafka, {listed} listed differences, {wrong} wrong, {skipped} skipped, {unprobed} unprobed"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_rows_reads_and_every_difference_is_one_of_a_row() {
        let differences = Differences::read(&corpus("differences")).expect("the file is right");
        differences.check_sections(&names()).expect("sections exist");
        let mut listed = 0;
        for name in names() {
            let table = Table::read(name, &corpus(name), &differences).expect("the file is right");
            assert!(table.rows().len() > 20, "{name}");
            listed += table.rows().iter().filter(|row| row.is_listed()).count();
        }
        assert_eq!(listed, differences.len());
    }

    #[test]
    fn a_summary_passes_only_without_wrong_or_unprobed_rows_and_near_kafka() {
        let check = |as_kafka, listed, unprobed, wrong: usize, expected| {
            let wrong = vec![String::new(); wrong];
            let summary = Summary { as_kafka, listed, skipped: 3, unprobed, wrong };
            assert_eq!(summary.verdict().is_ok(), expected, "{summary}");
        };
        check(95, 5, 0, 0, true);
        check(94, 6, 0, 0, false);
        check(95, 5, 1, 0, false);
        check(95, 5, 0, 1, false);
    }
}
