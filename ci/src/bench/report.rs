//! The figures as one table and as JSON, held against what was promised.
//!
//! **Not here**: measuring.

use clap::ValueEnum as _;
use serde::Serialize;

use super::measure::{Measure, Samples, Stage, Wanted, median};
use super::subject::Subject;

/// One figure of one broker.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    measure: &'static str,
    unit: &'static str,
    broker: &'static str,
    durability: &'static str,
    median: f64,
    least: f64,
    most: f64,
    /// One an alternation; of the seam, one for each pair of null brokers.
    samples: Vec<f64>,
    /// Median of the ratios to `compared_with`, sample by sample.
    ratio: Option<f64>,
    compared_with: &'static str,
    wanted: Option<String>,
    /// Whether it is as wanted; none if nothing is, or if there is nothing to compare with.
    met: Option<bool>,
}

/// Every line of a run.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// Alternations that count.
    alternations: usize,
    lines: Vec<Line>,
    /// Lines that should be there and were not measured as often as they should be.
    missing: Vec<String>,
}

impl Report {
    /// Of everything that these stages measure of these subjects.
    pub(super) fn new(
        samples: &Samples,
        stages: &[Stage],
        subjects: &[Subject],
        alternations: usize,
        seam_pairs: usize,
    ) -> Self {
        let mut report = Self { alternations, lines: Vec::new(), missing: Vec::new() };
        for measure in
            Measure::value_variants().iter().copied().filter(|measure| stages.contains(&measure.stage()))
        {
            for subject in subjects.iter().copied().filter(|subject| measure.stage().takes(*subject)) {
                let line = line(samples, measure, subject);
                let pairs = if measure.stage() == Stage::Seam { seam_pairs } else { 1 };
                match line {
                    Some(line) if line.samples.len() == alternations * pairs => report.lines.push(line),
                    _ => {
                        let (name, unit) = measure.words();
                        report.missing.push(format!("{name} ({unit}), {}", subject.name()));
                    }
                }
            }
        }
        report
    }

    /// Lines that should be there and are not.
    pub(super) fn missing(&self) -> &[String] {
        &self.missing
    }

    /// Takes the verdicts back: so little was measured that the figures say nothing.
    pub(super) fn without_verdicts(mut self) -> Self {
        self.lines.iter_mut().for_each(|line| line.met = None);
        self
    }

    /// Lines that are not as wanted.
    pub(super) fn unmet(&self) -> Vec<String> {
        let unmet = self.lines.iter().filter(|line| line.met == Some(false));
        unmet.map(|line| format!("{} ({}), {}", line.measure, line.unit, line.broker)).collect()
    }

    /// As a table for a terminal.
    pub(super) fn table(&self) -> String {
        let head = ["", "", "broker", "durability", "median", "least", "most", "ratio", "wanted", ""];
        let mut rows = vec![head.map(String::from)];
        rows.extend(self.lines.iter().map(Line::cells));
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..head.len()).map(width).collect();
        let mut text = String::new();
        for row in &rows {
            let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| {
                if (4..7).contains(&column) { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
            });
            text += cells.collect::<Vec<_>>().join("  ").trim_end();
            text.push('\n');
        }
        text
    }
}

impl Line {
    fn cells(&self) -> [String; 10] {
        let verdict = match self.met {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "",
        };
        [
            self.measure.to_owned(),
            self.unit.to_owned(),
            self.broker.to_owned(),
            self.durability.to_owned(),
            figure(self.median),
            figure(self.least),
            figure(self.most),
            self.ratio
                .map_or_else(String::new, |ratio| format!("{} x {}", figure(ratio), self.compared_with)),
            self.wanted.clone().unwrap_or_default(),
            verdict.to_owned(),
        ]
    }
}

fn line(samples: &Samples, measure: Measure, subject: Subject) -> Option<Line> {
    let values = samples.of(measure, subject);
    let (name, unit) = measure.words();
    let ratio = samples.ratio(measure, subject).filter(|_| subject != measure.yardstick());
    let middle = median(values)?;
    let wanted = measure.wanted(subject);
    let met = wanted.and_then(|wanted| match wanted {
        Wanted::RatioMin(bound) => Some(ratio? >= bound),
        Wanted::RatioMax(bound) => Some(ratio? <= bound),
        Wanted::Min(bound) => Some(middle >= bound),
        Wanted::Max(bound) => Some(middle <= bound),
    });
    let wanted = wanted.map(|wanted| match wanted {
        Wanted::RatioMin(bound) => format!("ratio >= {}", figure(bound)),
        Wanted::RatioMax(bound) => format!("ratio <= {}", figure(bound)),
        Wanted::Min(bound) => format!(">= {} {unit}", figure(bound)),
        Wanted::Max(bound) => format!("<= {} {unit}", figure(bound)),
    });
    Some(Line {
        measure: name,
        unit,
        broker: subject.name(),
        durability: subject.durability(),
        median: middle,
        least: values.iter().copied().fold(f64::INFINITY, f64::min),
        most: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        samples: values.to_vec(),
        ratio,
        compared_with: measure.yardstick().name(),
        wanted,
        met,
    })
}

/// About three digits that count; ratios near 1 get one more.
fn figure(value: f64) -> String {
    match value.abs() {
        small if small < 2.0 => format!("{value:.3}"),
        small if small < 10.0 => format!("{value:.2}"),
        middle if middle < 100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUBJECTS: [Subject; 3] = [Subject::KlammOs, Subject::KlammFsync, Subject::Kafka];

    fn report(figures: &[(Measure, Subject, f64)]) -> Report {
        let mut samples = Samples::default();
        for (measure, subject, value) in figures {
            samples.add(*measure, *subject, *value);
        }
        Report::new(&samples, &[Stage::Start, Stage::Consume], &SUBJECTS, 1, 1)
    }

    fn whole() -> Vec<(Measure, Subject, f64)> {
        let mut figures = Vec::new();
        for (measure, ours, kafka) in [
            (Measure::Start, 50.0, 4000.0),
            (Measure::RssIdle, 12.0, 400.0),
            (Measure::ConsumeRate, 800.0, 460.0),
            (Measure::ConsumeCpu, 3000.0, 833.0),
            (Measure::LoadConsume, 0.5, 0.2),
        ] {
            figures.extend([
                (measure, Subject::KlammOs, ours),
                (measure, Subject::KlammFsync, ours * 1.1),
                (measure, Subject::Kafka, kafka),
            ]);
        }
        figures
    }

    #[test]
    fn a_whole_run_has_every_line_and_its_durability() {
        let report = report(&whole());
        assert!(report.missing().is_empty() && report.unmet().is_empty(), "{report:?}");
        insta::assert_snapshot!(report.table());
    }

    #[test]
    fn a_line_that_was_not_measured_is_missed() {
        let mut figures = whole();
        figures.remove(0);
        assert_eq!(report(&figures).missing(), ["start to first answer (ms), klamm-os"]);
    }

    #[test]
    fn a_figure_that_falls_short_is_named() {
        let mut figures = whole();
        figures[0].2 = 101.0;
        figures.last_mut().expect("there are figures").2 = 1.1;
        assert_eq!(
            report(&figures).unmet(),
            ["start to first answer (ms), klamm-os", "load: 1 reader (of the broker's CPU), kafka"]
        );
    }
}
