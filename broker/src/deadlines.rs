//! One heap of deadlines a lane, served by one task and one timer. Not here: what is to be done when one has passed.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;

use klamm_env::{Env, Instant};
use tokio::sync::Notify;

type Entry = (Reverse<Instant>, u64);

/// Withdrawn deadlines that may be in the heap besides as many as are still to come.
const WITHDRAWN_MAX: usize = 1024;

/// Deadlines of one lane.
#[derive(Default)]
pub(crate) struct Deadlines {
    heap: RefCell<BinaryHeap<Entry>>,
    /// Who is told, by the number of the entry.
    told: RefCell<std::collections::BTreeMap<u64, Arc<Notify>>>,
    next: std::cell::Cell<u64>,
    /// A deadline came that is earlier than the one the timer is set to.
    earlier: Notify,
}

/// A deadline that is still to come; dropping it withdraws it.
pub(crate) struct Deadline {
    id: u64,
    deadlines: Rc<Deadlines>,
}

impl Drop for Deadline {
    fn drop(&mut self) {
        self.deadlines.told.borrow_mut().remove(&self.id);
    }
}

impl Deadlines {
    /// Tells `news` at `deadline`, unless the value returned is dropped before.
    pub(crate) fn add(self: &Rc<Self>, deadline: Instant, news: &Arc<Notify>) -> Deadline {
        let id = self.next.replace(self.next.get() + 1);
        self.told.borrow_mut().insert(id, Arc::clone(news));
        let mut heap = self.heap.borrow_mut();
        if heap.peek().is_none_or(|(Reverse(first), _)| deadline < *first) {
            self.earlier.notify_one();
        }
        heap.push((Reverse(deadline), id));
        let told = self.told.borrow();
        if heap.len() > 2 * told.len() + WITHDRAWN_MAX {
            heap.retain(|(_, id)| told.contains_key(id));
        }
        Deadline { id, deadlines: Rc::clone(self) }
    }

    /// Serves the heap for as long as the node lives.
    pub(crate) async fn serve(self: Rc<Self>, env: Env) {
        let mut sleep = env.sleep_until(env.now());
        loop {
            let next = self.tell_passed(env.now());
            let earlier = self.earlier.notified();
            tokio::pin!(earlier);
            if let Some(next) = next {
                sleep.reset(next);
            }
            poll_fn(|cx| {
                if earlier.as_mut().poll(cx).is_ready() {
                    return Poll::Ready(());
                }
                match next {
                    Some(_) => std::pin::Pin::new(&mut sleep).poll(cx),
                    None => Poll::Pending,
                }
            })
            .await;
        }
    }

    /// Tells those whose time has come; gives the next deadline. Withdrawn ones at the top are thrown away.
    fn tell_passed(&self, now: Instant) -> Option<Instant> {
        let mut heap = self.heap.borrow_mut();
        let mut told = self.told.borrow_mut();
        while let Some((Reverse(deadline), id)) = heap.peek().copied() {
            if told.contains_key(&id) && deadline > now {
                return Some(deadline);
            }
            heap.pop();
            if let Some(news) = told.remove(&id) {
                news.notify_one();
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn withdrawn_deadlines_do_not_pile_up() {
        let deadlines = Rc::new(Deadlines::default());
        let news = Arc::new(Notify::new());
        let kept = deadlines.add(Instant::from_nanos(7), &news);
        for nanos in 0..100_000 {
            drop(deadlines.add(Instant::from_nanos(1_000_000 + nanos), &news));
        }
        assert!(deadlines.heap.borrow().len() <= WITHDRAWN_MAX + 3);
        assert_eq!(deadlines.tell_passed(Instant::from_nanos(0)), Some(Instant::from_nanos(7)));
        drop(kept);
        assert_eq!(deadlines.tell_passed(Instant::from_nanos(0)), None);
    }
}
