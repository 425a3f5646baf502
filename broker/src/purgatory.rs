//! Fetches that wait at the end of one partition, in the order of their offsets. Not here: when they give up.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use klamm_env::Lane;
use klamm_protocol::Uuid;
use tokio::sync::Notify;

use crate::lane::LaneState;

/// One waiting fetch, wherever its connection lives.
#[derive(Clone)]
pub(crate) struct Waiter {
    /// Unique in the node.
    pub(crate) id: u64,
    /// Told when there may be more to read.
    pub(crate) news: Arc<Notify>,
}

/// The fetches that wait for one partition.
#[derive(Default)]
pub(crate) struct Purgatory(BTreeMap<(i64, u64), Arc<Notify>>);

impl Purgatory {
    /// `waiter` waits for a record at `offset`.
    pub(crate) fn wait(&mut self, offset: i64, waiter: &Waiter) {
        self.0.insert((offset, waiter.id), Arc::clone(&waiter.news));
    }

    /// `waiter` no longer waits for `offset`.
    pub(crate) fn forget(&mut self, offset: i64, waiter_id: u64) {
        self.0.remove(&(offset, waiter_id));
    }

    /// How many wait.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Tells everybody who waits for an offset below `high_watermark`.
    pub(crate) fn wake_below(&mut self, high_watermark: i64) {
        while let Some(first) = self.0.first_entry() {
            if first.key().0 >= high_watermark {
                return;
            }
            first.remove().notify_one();
        }
    }

    /// Tells everybody: the partition changed in another way.
    pub(crate) fn wake_all(&mut self) {
        self.wake_below(i64::MAX);
    }
}

/// Topic, partition and offset.
type Place = (Uuid, i32, i64);

/// A fetch in the purgatories of its partitions, wherever they live; each lane is told of all that it owns at once. Dropping it takes it out of all of them, also when
/// its connection ends meanwhile.
pub(crate) struct Waiting {
    state: Rc<LaneState>,
    waiter: Waiter,
    places: Vec<Place>,
}

impl Waiting {
    /// A fetch of `state`'s lane that waits nowhere yet.
    pub(crate) fn new(state: &Rc<LaneState>, news: &Arc<Notify>) -> Self {
        let waiter = Waiter { id: state.waiter_id(), news: Arc::clone(news) };
        Self { state: Rc::clone(state), waiter, places: Vec::new() }
    }

    /// Waits at these places and no others. Where the high watermark has passed already, or the partition is gone, there
    /// is news at once.
    pub(crate) fn at(&mut self, places: Vec<Place>) {
        self.leave();
        for (lane, places) in self.by_lane(&places) {
            let waiter = self.waiter.clone();
            self.state.lanes.send(lane, move |state| {
                for (topic_id, index, offset) in places {
                    match state.partition(topic_id, index) {
                        Ok(partition) if partition.high_watermark() <= offset => {
                            partition.purgatory.borrow_mut().wait(offset, &waiter);
                        }
                        _ => waiter.news.notify_one(),
                    }
                }
            });
        }
        self.places = places;
    }

    fn leave(&mut self) {
        let places = std::mem::take(&mut self.places);
        for (lane, places) in self.by_lane(&places) {
            let id = self.waiter.id;
            self.state.lanes.send(lane, move |state| {
                for (topic_id, index, offset) in places {
                    if let Ok(partition) = state.partition(topic_id, index) {
                        partition.purgatory.borrow_mut().forget(offset, id);
                    }
                }
            });
        }
    }

    fn by_lane(&self, places: &[Place]) -> BTreeMap<Lane, Vec<Place>> {
        let mut by_lane = BTreeMap::<Lane, Vec<Place>>::new();
        for place in places {
            by_lane.entry(self.state.owner(place.0, place.1)).or_default().push(*place);
        }
        by_lane
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.leave();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_those_below_the_high_watermark_are_woken() {
        let waiters: Vec<Waiter> = (0..3).map(|id| Waiter { id, news: Arc::default() }).collect();
        let mut purgatory = Purgatory::default();
        for (offset, waiter) in [5, 7, 9].into_iter().zip(&waiters) {
            purgatory.wait(offset, waiter);
        }
        purgatory.forget(5, 0);
        purgatory.wake_below(9);
        assert_eq!(purgatory.0.keys().copied().collect::<Vec<_>>(), [(9, 2)]);
        purgatory.wake_all();
        assert!(purgatory.0.is_empty());
    }
}
