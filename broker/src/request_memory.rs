//! Memory for requests of one lane: counted without locks, from the first bytes until the last batch is in its log.
//!
//! One frame at a time may take more than there is, so that frames that are half read never wait for each other.
//! Not here: who waits for how long.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering::SeqCst};

use tokio::sync::Notify;

/// What may be taken, and what is left of it.
#[derive(Debug)]
pub(crate) struct RequestMemory {
    size: i64,
    /// Negative while somebody has overdrawn.
    free: AtomicI64,
    overdrawn: AtomicBool,
    waiting: AtomicUsize,
    freed: Notify,
}

/// Memory that was taken, given back when dropped, on whatever lane.
#[derive(Debug)]
pub(crate) struct Share {
    memory: Arc<RequestMemory>,
    bytes: i64,
    /// May take more than there is.
    overdraws: bool,
}

impl RequestMemory {
    /// So many bytes.
    pub(crate) fn new(size: usize) -> Arc<Self> {
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        Arc::new(Self {
            size,
            free: AtomicI64::new(size),
            overdrawn: AtomicBool::new(false),
            waiting: AtomicUsize::new(0),
            freed: Notify::new(),
        })
    }

    /// All of it, in bytes.
    pub(crate) fn size(&self) -> usize {
        usize::try_from(self.size).unwrap_or(0)
    }

    /// Bytes that nobody has taken.
    pub(crate) fn free(&self) -> usize {
        usize::try_from(self.free.load(SeqCst)).unwrap_or(0)
    }

    /// Nothing yet.
    pub(crate) fn share(self: &Arc<Self>) -> Share {
        Share { memory: Arc::clone(self), bytes: 0, overdraws: false }
    }

    fn take(&self, bytes: i64) -> bool {
        if self.free.fetch_sub(bytes, SeqCst) >= bytes {
            return true;
        }
        self.free.fetch_add(bytes, SeqCst);
        false
    }
}

impl Share {
    /// Grows to `bytes` in all; waits for others to give back where that is needed. Dropping the wait takes nothing.
    pub(crate) async fn grow(&mut self, bytes: usize) {
        if self.try_grow(bytes) {
            return;
        }
        let memory = Arc::clone(&self.memory);
        memory.waiting.fetch_add(1, SeqCst);
        let _waiting = Waiting(&memory);
        loop {
            let freed = memory.freed.notified();
            tokio::pin!(freed);
            freed.as_mut().enable();
            if self.try_grow(bytes) || self.try_overdraw(bytes) {
                return;
            }
            freed.await;
        }
    }

    fn try_grow(&mut self, bytes: usize) -> bool {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        let more = bytes - self.bytes;
        if more > 0 {
            if self.overdraws {
                self.memory.free.fetch_sub(more, SeqCst);
            } else if !self.memory.take(more) {
                return false;
            }
            self.bytes = bytes;
        }
        true
    }

    fn try_overdraw(&mut self, bytes: usize) -> bool {
        self.overdraws = !self.memory.overdrawn.swap(true, SeqCst);
        self.overdraws && self.try_grow(bytes)
    }

    /// Bytes taken.
    pub(crate) fn bytes(&self) -> usize {
        usize::try_from(self.bytes).unwrap_or(0)
    }

    /// Gives this share to another owner and leaves an empty one.
    pub(crate) fn take(&mut self) -> Self {
        let empty = self.memory.share();
        std::mem::replace(self, empty)
    }

    /// Gives all of it back.
    pub(crate) fn give_back(&mut self) {
        let (bytes, overdraws) = (std::mem::take(&mut self.bytes), std::mem::take(&mut self.overdraws));
        let memory = &self.memory;
        if bytes > 0 {
            memory.free.fetch_add(bytes, SeqCst);
        }
        if overdraws {
            memory.overdrawn.store(false, SeqCst);
        }
        if (bytes > 0 || overdraws) && memory.waiting.load(SeqCst) > 0 {
            memory.freed.notify_waiters();
        }
    }

    /// A share of up to `bytes`, taken out of this one.
    pub(crate) fn split(&mut self, bytes: usize) -> Self {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX).min(self.bytes);
        self.bytes -= bytes;
        Self { memory: Arc::clone(&self.memory), bytes, overdraws: false }
    }

    /// Takes over all of `other`, a share of the same memory.
    pub(crate) fn absorb(&mut self, other: &mut Self) {
        debug_assert!(Arc::ptr_eq(&self.memory, &other.memory), "bytes go back to where they were taken");
        self.bytes += std::mem::take(&mut other.bytes);
        self.overdraws |= std::mem::take(&mut other.overdraws);
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.give_back();
    }
}

/// Somebody waits, until this is dropped.
struct Waiting<'a>(&'a RequestMemory);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    /// Whether a share grows without a wait.
    fn grows(share: &mut Share, bytes: usize) -> bool {
        share.grow(bytes).now_or_never().is_some()
    }

    #[test]
    fn one_at_a_time_takes_more_than_there_is() {
        let memory = RequestMemory::new(100);
        let (mut first, mut second, mut third) = (memory.share(), memory.share(), memory.share());
        assert!(grows(&mut first, 60) && grows(&mut second, 40));
        assert!(grows(&mut first, 90) && grows(&mut first, 200), "it overdraws");
        assert!(!grows(&mut second, 41) && !grows(&mut third, 1), "others wait for it");
        assert_eq!(memory.free(), 0);
        drop(first);
        assert!(grows(&mut second, 100) && grows(&mut third, 1), "and may do the same after it");
        drop((second, third));
        assert_eq!(memory.free(), memory.size());
    }

    #[test]
    fn who_waits_is_told_when_a_part_comes_back() {
        let memory = RequestMemory::new(100);
        let (mut request, mut overdrawn, mut late) = (memory.share(), memory.share(), memory.share());
        assert!(grows(&mut request, 100) && grows(&mut overdrawn, 10));
        let batch = request.split(70);
        let mut waiting = Box::pin(late.grow(50));
        assert!(waiting.as_mut().now_or_never().is_none());
        drop(request);
        assert!(waiting.as_mut().now_or_never().is_none(), "the batch has its part still");
        drop(batch);
        assert!(waiting.now_or_never().is_some());
        assert_eq!(late.bytes(), 50);
    }
}
