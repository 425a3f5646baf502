//! Durations as ISO 8601 has them, in days and below: `P2DT3H4M5.6S`. Not here: calendars.

use std::time::Duration;

const NANOS_PER_SECOND: i128 = 1_000_000_000;

/// The duration, unless it is malformed or negative. Like Java's, it may have signs, and letters of either case.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let text = text.to_ascii_uppercase();
    let (sign, text) = signed(&text);
    let text = text.strip_prefix('P')?;
    let (days, time) = match text.split_once('T') {
        Some((_, "")) => return None,
        Some((days, time)) => (days, time),
        None if text.is_empty() => return None,
        None => (text, ""),
    };
    let nanos = sum(days, &[('D', 86_400)])? + sum(time, &[('H', 3_600), ('M', 60), ('S', 1)])?;
    u64::try_from(sign * nanos).ok().map(Duration::from_nanos)
}

fn signed(text: &str) -> (i128, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// Adds up numbers, each followed by its unit, in the order of the units; in nanoseconds.
fn sum(mut text: &str, units: &[(char, i128)]) -> Option<i128> {
    let mut nanos = 0_i128;
    for (unit, seconds) in units {
        if let Some((number, rest)) = text.split_once(*unit) {
            nanos += number_of(number, *unit == 'S')?.checked_mul(*seconds)?;
            text = rest;
        }
    }
    text.is_empty().then_some(nanos)
}

/// A number in nanoseconds, as if it were seconds.
fn number_of(text: &str, fractional: bool) -> Option<i128> {
    let (sign, text) = signed(text);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let sound =
        !whole.is_empty() && whole.len() <= 18 && fraction.len() <= 9 && digits(whole) && digits(fraction);
    if !sound || !fractional && text.contains('.') {
        return None;
    }
    let whole: i128 = whole.parse().ok()?;
    let fraction: i128 = format!("{fraction:0<9}").parse().ok()?;
    Some(sign * (whole * NANOS_PER_SECOND + fraction))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, millis: Option<u64>) {
        assert_eq!(parse(text), millis.map(Duration::from_millis), "{text}");
    }

    #[test]
    fn durations_are_those_of_iso_8601_in_days_and_below() {
        check("PT1H", Some(3_600_000));
        check("P1D", Some(86_400_000));
        check("P1DT2H3M4.5S", Some(93_784_500));
        check("pt0.001s", Some(1));
        check("PT1H-30M", Some(1_800_000));
        check("-PT-6S", Some(6_000));
        for text in
            ["", "P", "PT", "P1DT", "1H", "PT1", "PT1.5H", "PT1M1H", "P1Y", "PTxS", "PT-1S", "-PT1S", "PT1S "]
        {
            check(text, None);
        }
    }
}
