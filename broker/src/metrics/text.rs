//! Prometheus' text format, version 0.0.4. Not here: what is written in it.

use std::fmt::{Display, Write};

use super::histogram::Histogram;

/// The type that a response with such text has.
pub(crate) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What a family's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Counter,
    Gauge,
    /// Quantiles in milliseconds of times in microseconds, and a count beside them.
    Times,
    /// Quantiles in bytes, and a count beside them.
    Sizes,
}

/// A label's name and value.
pub(crate) type Label<'a> = (&'a str, &'a dyn Display);

/// Quantiles that Kafka tells, and as what.
const QUANTILES: [f64; 6] = [0.5, 0.75, 0.95, 0.98, 0.99, 0.999];
const QUANTILE_LABELS: [&str; 6] = ["0.50", "0.75", "0.95", "0.98", "0.99", "0.999"];

/// Where one family's series are written to.
pub(crate) struct Series<'a> {
    page: &'a mut String,
    name: &'static str,
    kind: Kind,
    counting: bool,
}

/// Appends a family; `write` tells its series. A family with quantiles is asked twice: the counts are one of their own.
pub(crate) fn write_family(
    page: &mut String,
    (name, help, kind): (&'static str, &str, Kind),
    write: impl Fn(&mut Series<'_>),
) {
    let has_quantiles = matches!(kind, Kind::Times | Kind::Sizes);
    let typed = if kind == Kind::Counter { "counter" } else { "gauge" };
    put(page, format_args!("# HELP {name} {help}\n# TYPE {name} {typed}\n"));
    write(&mut Series { page, name, kind, counting: false });
    if has_quantiles {
        put(page, format_args!("# HELP {name}_count {help}, how many\n# TYPE {name}_count counter\n"));
        write(&mut Series { page, name, kind, counting: true });
    }
}

fn put(page: &mut String, text: impl Display) {
    write!(page, "{text}").expect("a string takes everything");
}

impl Series<'_> {
    /// The family's only value.
    pub(crate) fn value(&mut self, value: impl Display) {
        self.labelled(&[], value);
    }

    /// The value with these labels.
    pub(crate) fn labelled(&mut self, labels: &[Label<'_>], value: impl Display) {
        self.page.push_str(self.name);
        if self.counting {
            self.page.push_str("_count");
        }
        for (place, (name, text)) in labels.iter().enumerate() {
            put(self.page, format_args!("{}{name}=\"", if place == 0 { '{' } else { ',' }));
            write!(Escaped(self.page), "{text}").expect("a string takes everything");
            self.page.push('"');
        }
        put(self.page, format_args!("{} {value}\n", if labels.is_empty() { "" } else { "}" }));
    }

    /// The quantiles of a histogram, or how many values it counted.
    pub(crate) fn histogram(&mut self, labels: &[Label<'_>], histogram: &Histogram) {
        if self.counting {
            return self.labelled(labels, histogram.count());
        }
        let unit = if self.kind == Kind::Times { 1_000.0 } else { 1.0 };
        for (label, value) in QUANTILE_LABELS.iter().zip(histogram.quantiles(QUANTILES)) {
            let mut labels = labels.to_vec();
            labels.push(("quantile", label));
            self.labelled(&labels, value / unit);
        }
    }
}

/// A label's text as it stands between quotes.
struct Escaped<'a>(&'a mut String);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        for character in text.chars() {
            match character {
                '\\' => self.0.push_str("\\\\"),
                '"' => self.0.push_str("\\\""),
                '\n' => self.0.push_str("\\n"),
                other => self.0.push(other),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use klamm_env::Instant;

    use super::*;

    #[test]
    fn families_are_written_as_prometheus_reads_them() {
        let mut page = String::new();
        write_family(&mut page, ("a_total", "What a is", Kind::Counter), |out| {
            out.value(7);
            out.labelled(&[("directory", &"C:\\x\"\n"), ("partition", &3)], 0.5);
        });
        let mut histogram = Histogram::default();
        histogram.record(Instant::default(), 30);
        write_family(&mut page, ("b", "What b is", Kind::Times), |out| {
            out.histogram(&[("request", &"Fetch")], &histogram);
        });
        insta::assert_snapshot!(page, @r##"
        # HELP a_total What a is
        # TYPE a_total counter
        a_total 7
        a_total{directory="C:\\x\"\n",partition="3"} 0.5
        # HELP b What b is
        # TYPE b gauge
        b{request="Fetch",quantile="0.50"} 0.03
        b{request="Fetch",quantile="0.75"} 0.03
        b{request="Fetch",quantile="0.95"} 0.03
        b{request="Fetch",quantile="0.98"} 0.03
        b{request="Fetch",quantile="0.99"} 0.03
        b{request="Fetch",quantile="0.999"} 0.03
        # HELP b_count What b is, how many
        # TYPE b_count counter
        b_count{request="Fetch"} 1
        "##);
    }
}
