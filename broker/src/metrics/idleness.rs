//! How much of its time a lane rests: lately, and since it began. Not here: who tells how long it worked (its engine).

use std::collections::VecDeque;
use std::time::Duration;

use klamm_env::Instant;

/// How far back lately goes; further, if nobody looked in between.
const LATELY: Duration = Duration::from_secs(30);
/// Looks that follow one another faster are not remembered.
const APART: Duration = Duration::from_secs(1);

/// When somebody looked, and how long the lane had worked by then.
#[derive(Clone, Copy, Debug)]
struct Look {
    at: Instant,
    busy: Duration,
}

impl Look {
    /// The part of the time from here to `later` in which the lane did not work, from 0 to 1.
    fn idle_until(self, later: Look) -> f64 {
        let passed = (later.at - self.at).as_secs_f64();
        let busy = later.busy.saturating_sub(self.busy).as_secs_f64();
        if passed > 0.0 { (1.0 - busy / passed).clamp(0.0, 1.0) } else { 1.0 }
    }
}

/// The rest of one lane.
#[derive(Debug)]
pub(crate) struct Idleness {
    began: Look,
    /// The oldest is the last that is not late, or the first of all.
    looks: VecDeque<Look>,
}

/// What somebody saw, from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Idle {
    pub(crate) lately: f64,
    pub(crate) since_the_start: f64,
}

impl Idleness {
    /// Of a lane that begins at `now` and has worked so long already.
    pub(crate) fn new(now: Instant, busy: Duration) -> Self {
        let began = Look { at: now, busy };
        Self { began, looks: VecDeque::from([began]) }
    }

    /// Looks at a lane that has worked so long by `now`.
    pub(crate) fn look(&mut self, now: Instant, busy: Duration) -> Idle {
        let look = Look { at: now, busy };
        while self.looks.get(1).is_some_and(|second| now - second.at >= LATELY) {
            self.looks.pop_front();
        }
        let from = self.looks.front().copied().unwrap_or(self.began);
        if self.looks.back().is_none_or(|last| now - last.at >= APART) {
            self.looks.push_back(look);
        }
        Idle { lately: from.idle_until(look), since_the_start: self.began.idle_until(look) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks at these seconds, when the lane has worked for so many; the percents in which it rested.
    fn check(looks: &[(u64, u64)], expected: &[[i64; 2]]) {
        let at = |seconds| Instant::from_nanos(0) + Duration::from_secs(seconds);
        let mut idleness = Idleness::new(at(0), Duration::ZERO);
        let percent = |part: f64| (part * 100.0).round() as i64;
        let seen = looks.iter().map(|(now, busy)| {
            let idle = idleness.look(at(*now), Duration::from_secs(*busy));
            [percent(idle.lately), percent(idle.since_the_start)]
        });
        assert_eq!(seen.collect::<Vec<_>>(), expected, "{looks:?}");
    }

    #[test]
    fn lately_is_half_a_minute() {
        check(&[(0, 0)], &[[100, 100]]);
        check(&[(10, 10), (20, 10), (40, 10), (50, 10)], &[[0, 0], [50, 50], [100, 75], [100, 80]]);
        check(&[(100, 25), (200, 125)], &[[75, 75], [0, 38]]);
        let mut idleness = Idleness::new(Instant::from_nanos(0), Duration::ZERO);
        for step in 0..100_000 {
            idleness.look(Instant::from_nanos(step * 100_000_000), Duration::ZERO);
        }
        assert!(idleness.looks.len() < 40, "{}", idleness.looks.len());
    }
}
