//! Where a consumer's connection is served best: on the lane that has its partitions, since a fetch through another one
//! costs two messages, each of which wakes a thread.
//!
//! A producer's stays where it is: to check its batches is work that two lanes share.
//!
//! Not here: how a connection moves (`arrival`), whether the lane takes it (`connection`).

use std::cell::Cell;

use klamm_env::Lane;

/// Fetches from one lane alone, one after the other, before the connection asks to move there.
const FETCHES_BEFORE_A_MOVE: u32 = 16;
/// So many more, after the lane had no room for it.
const FETCHES_AFTER_A_REFUSAL: u32 = 1024;

/// The lanes that a connection's fetches went to.
#[derive(Debug, Default)]
pub(crate) struct LaneAffinity {
    lane: Cell<Option<Lane>>,
    fetches: Cell<u32>,
    /// Fetches that count for nothing still.
    deaf_for: Cell<u32>,
}

impl LaneAffinity {
    /// One more fetch went to `lane`.
    pub(crate) fn note(&self, lane: Lane) {
        match self.deaf_for.get().checked_sub(1) {
            Some(left) => self.deaf_for.set(left),
            None if self.lane.replace(Some(lane)) == Some(lane) => {
                self.fetches.set(self.fetches.get().saturating_add(1));
            }
            None => self.fetches.set(1),
        }
    }

    /// Where the connection, served on `here`, had better be.
    pub(crate) fn better_than(&self, here: Lane) -> Option<Lane> {
        let lane = self.lane.get()?;
        (lane != here && self.fetches.get() >= FETCHES_BEFORE_A_MOVE).then_some(lane)
    }

    /// That lane had no room.
    pub(crate) fn refused(&self) {
        self.fetches.set(0);
        self.deaf_for.set(FETCHES_AFTER_A_REFUSAL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Notes fetches of (lane, how many), and tells where a connection of lane 0 had better be.
    fn check(fetches: &[(u16, u32)], expected: Option<u16>) {
        let affinity = LaneAffinity::default();
        for (lane, count) in fetches {
            (0..*count).for_each(|_| affinity.note(Lane(*lane)));
        }
        assert_eq!(affinity.better_than(Lane(0)), expected.map(Lane), "{fetches:?}");
    }

    #[test]
    fn a_run_of_fetches_from_one_other_lane_calls_for_a_move() {
        check(&[], None);
        check(&[(0, 1000)], None);
        check(&[(1, 15)], None);
        check(&[(1, 16)], Some(1));
        check(&[(1, 15), (2, 1), (1, 15)], None);
        check(&[(1, 15), (2, 16)], Some(2));
        check(&[(1, 16), (0, 1)], None);
    }

    #[test]
    fn after_a_refusal_it_is_quiet_for_long() {
        let affinity = LaneAffinity::default();
        (0..16).for_each(|_| affinity.note(Lane(1)));
        affinity.refused();
        for _ in 0..1024 + 15 {
            affinity.note(Lane(1));
            assert_eq!(affinity.better_than(Lane(0)), None);
        }
        affinity.note(Lane(1));
        assert_eq!(affinity.better_than(Lane(0)), Some(Lane(1)));
    }
}
