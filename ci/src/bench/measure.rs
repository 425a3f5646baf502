//! What is measured, of whom, and what it has to be.
//!
//! **Not here**: measuring it (`stages`).

use std::collections::BTreeMap;

use super::subject::Subject;

/// A line of the table. The order is that of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub(super) enum Measure {
    Start,
    RssIdle,
    ProduceOneRate,
    ProduceOneCpu,
    ProduceManyRate,
    ProduceManyCpu,
    RssLoaded,
    ConsumeRate,
    ConsumeCpu,
    EndToEndMedian,
    EndToEndTail,
    SeamProduce,
    SeamConsume,
    SeamRoundTrip,
    LoadProduce,
    LoadConsume,
    PingPong,
}

/// A part of the run that is chosen by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Stage {
    /// From the start of the process to its first answer, and its memory while idle.
    Start,
    /// Records of 1 KiB in batches of 64 KiB, acks=all, five requests in flight a connection.
    Produce,
    /// One reader from the page cache.
    Consume,
    /// End to end, one record of 1 KiB at a time.
    Latency,
    /// The null broker through the seam against the same on plain tokio.
    Seam,
    /// Six simulated nodes as three pairs in ping-pong, on our own simulator and on those of others.
    Simulator,
}

/// What a figure has to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Wanted {
    /// The ratio, at least.
    RatioMin(f64),
    /// The ratio, at most.
    RatioMax(f64),
    /// The figure itself, at least.
    Min(f64),
    /// The figure itself, at most.
    Max(f64),
}

impl Measure {
    /// Name and unit.
    pub(super) fn words(self) -> (&'static str, &'static str) {
        match self {
            Measure::Start => ("start to first answer", "ms"),
            Measure::RssIdle => ("memory, idle", "MiB RSS"),
            Measure::ProduceOneRate => ("produce, 1 connection", "MB/s"),
            Measure::ProduceOneCpu => ("produce, 1 connection", "MB/CPU s"),
            Measure::ProduceManyRate => ("produce, 8 connections", "MB/s"),
            Measure::ProduceManyCpu => ("produce, 8 connections", "MB/CPU s"),
            Measure::RssLoaded => ("memory, after the load", "MiB RSS"),
            Measure::ConsumeRate => ("consume, 1 reader, cached", "MB/s"),
            Measure::ConsumeCpu => ("consume, 1 reader, cached", "MB/CPU s"),
            Measure::EndToEndMedian => ("end to end, 1 KiB, p50", "us"),
            Measure::EndToEndTail => ("end to end, 1 KiB, p99", "us"),
            Measure::SeamProduce => ("seam: produce", "CPU ms/GB"),
            Measure::SeamConsume => ("seam: consume", "CPU ms/GB"),
            Measure::SeamRoundTrip => ("seam: 1 KiB at a time", "CPU us each"),
            Measure::LoadProduce => ("load: 8 producers", "of the broker's CPU"),
            Measure::LoadConsume => ("load: 1 reader", "of the broker's CPU"),
            Measure::PingPong => ("6 nodes in ping-pong", "round trips/s"),
        }
    }

    /// Where it is measured.
    pub(super) fn stage(self) -> Stage {
        match self {
            Measure::Start | Measure::RssIdle => Stage::Start,
            Measure::ProduceOneRate
            | Measure::ProduceOneCpu
            | Measure::ProduceManyRate
            | Measure::ProduceManyCpu
            | Measure::LoadProduce
            | Measure::RssLoaded => Stage::Produce,
            Measure::ConsumeRate | Measure::ConsumeCpu | Measure::LoadConsume => Stage::Consume,
            Measure::EndToEndMedian | Measure::EndToEndTail => Stage::Latency,
            Measure::SeamProduce | Measure::SeamConsume | Measure::SeamRoundTrip => Stage::Seam,
            Measure::PingPong => Stage::Simulator,
        }
    }

    /// Whom the others are compared with.
    pub(super) fn yardstick(self) -> Subject {
        match self.stage() {
            Stage::Seam => Subject::NullPlain,
            Stage::Simulator => Subject::Simulator,
            _ => Subject::Kafka,
        }
    }

    /// What this broker's figure has to be, where that was promised.
    pub(super) fn wanted(self, of: Subject) -> Option<Wanted> {
        match (self, of) {
            (Measure::Start, Subject::KlammOs | Subject::KlammFsync) => Some(Wanted::Max(100.0)),
            (Measure::RssIdle, Subject::KlammOs | Subject::KlammFsync) => Some(Wanted::Max(20.0)),
            (Measure::ProduceOneCpu | Measure::ProduceManyCpu, Subject::KlammOs) => {
                Some(Wanted::RatioMin(1.5))
            }
            (Measure::ProduceOneRate | Measure::ProduceManyRate, Subject::KlammFsync) => {
                Some(Wanted::RatioMin(1.0))
            }
            (Measure::ConsumeCpu, Subject::KlammOs | Subject::KlammFsync) => Some(Wanted::RatioMin(1.0)),
            // A share of 2 % of all CPU time is what is 1/0.98 of the time without it.
            (Measure::SeamProduce | Measure::SeamConsume | Measure::SeamRoundTrip, Subject::NullSeam) => {
                Some(Wanted::RatioMax(1.0 / 0.98))
            }
            // A load that costs more than the broker would measure itself.
            (Measure::LoadProduce | Measure::LoadConsume, broker) if broker.is_broker() => {
                Some(Wanted::Max(1.0))
            }
            (Measure::PingPong, Subject::Simulator) => Some(Wanted::Min(500_000.0)),
            (Measure::PingPong, _) => Some(Wanted::RatioMax(1.0 / 3.0)),
            _ => None,
        }
    }
}

impl Stage {
    /// Whether this subject has a part in it.
    pub(super) fn takes(self, subject: Subject) -> bool {
        match self {
            Stage::Start | Stage::Latency => subject.is_broker(),
            Stage::Produce | Stage::Consume => !subject.is_simulator(),
            Stage::Seam => subject.ground().is_some(),
            Stage::Simulator => subject.is_simulator(),
        }
    }
}

/// Every figure of a run, one an alternation or more.
#[derive(Default)]
pub(super) struct Samples(BTreeMap<(Measure, Subject), Vec<f64>>);

impl Samples {
    /// Adds a figure.
    pub(super) fn add(&mut self, measure: Measure, of: Subject, value: f64) {
        self.0.entry((measure, of)).or_default().push(value);
    }

    /// The figures of one line, in the order in which they were added.
    pub(super) fn of(&self, measure: Measure, of: Subject) -> &[f64] {
        self.0.get(&(measure, of)).map_or(&[], Vec::as_slice)
    }

    /// Median of the ratios to the yardstick, sample by sample: what slows the machine for a while slows both.
    pub(super) fn ratio(&self, measure: Measure, of: Subject) -> Option<f64> {
        let yardstick = self.of(measure, measure.yardstick());
        let pairs = self.of(measure, of).iter().zip(yardstick);
        median(&pairs.map(|(value, yardstick)| value / yardstick).collect::<Vec<_>>())
    }
}

/// The middle one, or the mean of the two in the middle.
pub(super) fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        len if len % 2 == 1 => Some(sorted[middle]),
        _ => Some(f64::midpoint(sorted[middle - 1], sorted[middle])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_ignores_order_and_outliers() {
        assert_eq!(median(&[9.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 900.0, 2.0]), Some(3.0));
        assert_eq!(median(&[]), None);
    }

    #[test]
    fn ratios_pair_the_alternations() {
        let mut samples = Samples::default();
        for (ours, kafka) in [(2.0, 1.0), (20.0, 10.0), (9.0, 3.0)] {
            samples.add(Measure::ConsumeRate, Subject::KlammOs, ours);
            samples.add(Measure::ConsumeRate, Subject::Kafka, kafka);
        }
        assert_eq!(samples.ratio(Measure::ConsumeRate, Subject::KlammOs), Some(2.0));
        assert_eq!(samples.ratio(Measure::ConsumeRate, Subject::KlammFsync), None);
    }
}
