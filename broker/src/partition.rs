//! One partition that this node leads: appends in order, one flush for many, answers when the high watermark passes.
//!
//! ```text
//!   append ─▶ queue ─▶ log ─▶ flush ─▶ high watermark ─▶ acks, then waiting fetches
//! ```
//!
//! Not here: checking batches (the connection's lane did), followers.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use bytes::Bytes;
use klamm_env::Env;
use klamm_log::{AppendError, AppendInfo, Log, LogError};
use klamm_protocol::ErrorCode;
use tokio::sync::oneshot;

use crate::lanes::WorkWhileAny;
use crate::metrics::TopicCount;
use crate::purgatory::Purgatory;
use crate::request_memory::Share;
use crate::topic_settings::TopicSettings;

/// Appends of a queue after which a flush begins though more of them wait.
const APPENDS_BEFORE_FLUSH: u64 = 64;

/// When an append is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Acks {
    /// As soon as it is in the log (acks=0: nobody waits).
    Appended,
    /// When the high watermark has passed it.
    Committed,
}

/// What became of an append.
pub(crate) type Appended = Result<AppendInfo, AppendError>;

struct QueuedAppend {
    batch: Bytes,
    /// Given back once the batch is in the log.
    _memory: Share,
    acks: Acks,
    answer: oneshot::Sender<Appended>,
}

struct PendingAck {
    info: AppendInfo,
    answer: oneshot::Sender<Appended>,
}

/// One partition, on the lane that owns it.
pub(crate) struct Partition {
    pub(crate) index: i32,
    pub(crate) log: Log,
    pub(crate) purgatory: RefCell<Purgatory>,
    leader_epoch: Cell<i32>,
    settings: RefCell<Rc<TopicSettings>>,
    high_watermark: Cell<i64>,
    queue: RefCell<VecDeque<QueuedAppend>>,
    acks: RefCell<VecDeque<PendingAck>>,
    appender: Rc<WorkWhileAny>,
    flusher: Rc<WorkWhileAny>,
    /// Of a flush that begins by its time.
    timer: Rc<WorkWhileAny>,
}

impl Partition {
    /// Leads `log` in `leader_epoch`.
    pub(crate) fn new(index: i32, log: Log, leader_epoch: i32, settings: Rc<TopicSettings>) -> Rc<Self> {
        Rc::new(Self {
            index,
            high_watermark: Cell::new(log.visible_end_offset()),
            log,
            purgatory: RefCell::default(),
            leader_epoch: Cell::new(leader_epoch),
            settings: RefCell::new(settings),
            queue: RefCell::default(),
            acks: RefCell::default(),
            appender: Rc::default(),
            flusher: Rc::default(),
            timer: Rc::default(),
        })
    }

    /// No reader goes beyond.
    pub(crate) fn high_watermark(&self) -> i64 {
        self.high_watermark.get()
    }

    /// The epoch in which this node leads.
    pub(crate) fn leader_epoch(&self) -> i32 {
        self.leader_epoch.get()
    }

    /// The topic's settings in force.
    pub(crate) fn settings(&self) -> Rc<TopicSettings> {
        Rc::clone(&self.settings.borrow())
    }

    /// Takes other settings, for what comes next.
    pub(crate) fn update_settings(&self, settings: Rc<TopicSettings>) {
        self.log.update_config(settings.log.clone());
        *self.settings.borrow_mut() = settings;
    }

    /// Leads in a later epoch.
    pub(crate) fn lead_in(&self, leader_epoch: i32) {
        debug_assert!(leader_epoch >= self.leader_epoch.get(), "leader epochs only rise");
        self.leader_epoch.set(leader_epoch);
    }

    /// Appends that wait until the high watermark passes them.
    pub(crate) fn waiting_acks(&self) -> usize {
        self.acks.borrow().len()
    }

    /// Kafka's answer to a request that names a leader epoch; -1 and lower name none (KIP-320).
    pub(crate) fn check_leader_epoch(&self, named: i32) -> Result<(), ErrorCode> {
        match named {
            named if named < 0 || named == self.leader_epoch.get() => Ok(()),
            named if named > self.leader_epoch.get() => Err(ErrorCode::UNKNOWN_LEADER_EPOCH),
            _ => Err(ErrorCode::FENCED_LEADER_EPOCH),
        }
    }

    /// Queues a checked batch. Appends happen in the order of these calls.
    pub(crate) fn append(
        self: &Rc<Self>,
        env: &Env,
        batch: Bytes,
        memory: Share,
        acks: Acks,
    ) -> oneshot::Receiver<Appended> {
        let (answer, asked) = oneshot::channel();
        self.queue.borrow_mut().push_back(QueuedAppend { batch, _memory: memory, acks, answer });
        self.appender.start(env, "append", || {
            let (partition, env) = (Rc::clone(self), env.clone());
            async move { partition.append_queued(&env).await }
        });
        asked
    }

    async fn append_queued(self: &Rc<Self>, env: &Env) {
        for appended in 1_u64.. {
            let Some(next) = self.queue.borrow_mut().pop_front() else {
                self.begin_flush(env);
                return;
            };
            // A queue that never runs dry must not put the flush off.
            if appended % APPENDS_BEFORE_FLUSH == 0 {
                self.begin_flush(env);
            }
            match self.log.append_as_leader(next.batch, self.leader_epoch.get(), env.wall()).await {
                Ok(info) => {
                    self.count(&info);
                    self.appended(info, next.acks, next.answer);
                }
                Err(error) => {
                    // Whoever asked may be gone.
                    let _ = next.answer.send(Err(error));
                }
            }
        }
    }

    fn count(&self, info: &AppendInfo) {
        let settings = self.settings.borrow();
        settings.counters.add(TopicCount::MessagesIn, info.record_count.unsigned_abs());
        settings.counters.add(TopicCount::BytesIn, info.size as u64);
    }

    fn appended(&self, info: AppendInfo, acks: Acks, answer: oneshot::Sender<Appended>) {
        if acks == Acks::Appended || info.last_offset < self.high_watermark.get() {
            let _ = answer.send(Ok(info));
        } else {
            self.acks.borrow_mut().push_back(PendingAck { info, answer });
        }
        self.advance();
    }

    fn unflushed(&self) -> i64 {
        self.log.log_end_offset() - self.log.flushed_end_offset()
    }

    fn has_to_flush(&self) -> bool {
        let settings = self.settings.borrow();
        let least = if settings.log.durability_fsync { 1 } else { settings.flush.messages };
        self.unflushed() >= least
    }

    /// Begins a flush in good time, if it is not begun at once.
    fn flush_in_time(self: &Rc<Self>, env: &Env) {
        let settings = self.settings();
        let after = settings.flush.after.filter(|_| !settings.log.durability_fsync);
        let Some(after) = after.filter(|_| self.unflushed() > 0) else { return };
        self.timer.start(env, "flush-timer", || {
            let (partition, env) = (Rc::clone(self), env.clone());
            async move {
                let mut works = true;
                while works && partition.unflushed() > 0 {
                    env.sleep(after).await;
                    works = partition.flush_appended(partition.log.flush()).await;
                }
            }
        });
    }

    /// Begins to flush what was appended, unless a flush is running: what comes meanwhile is covered by the next one.
    fn begin_flush(self: &Rc<Self>, env: &Env) {
        if self.has_to_flush() {
            self.flusher.start(env, "flush", || {
                let (partition, first) = (Rc::clone(self), self.log.flush());
                async move {
                    partition.flush_appended(first).await;
                }
            });
        } else {
            self.flush_in_time(env);
        }
    }

    /// Flushes until nothing is left that has to be; tells whether that went well.
    async fn flush_appended(&self, first: impl Future<Output = Result<i64, LogError>>) -> bool {
        let mut flushed = first.await;
        loop {
            if let Err(error) = flushed {
                tracing::error!(partition = %self.log.partition(), %error, "flush failed: nothing that waited for it is acknowledged");
                self.fail();
                return false;
            }
            let next = self.has_to_flush().then(|| self.log.flush());
            self.advance();
            match next {
                Some(next) => flushed = next.await,
                None => return true,
            }
        }
    }

    /// Moves the high watermark to what may be seen, and tells who waited for that.
    fn advance(&self) {
        let visible = self.log.visible_end_offset();
        if visible <= self.high_watermark.get() {
            return;
        }
        self.high_watermark.set(visible);
        let mut acks = self.acks.borrow_mut();
        while acks.front().is_some_and(|ack| ack.info.last_offset < visible) {
            if let Some(ack) = acks.pop_front() {
                let _ = ack.answer.send(Ok(ack.info));
            }
        }
        self.purgatory.borrow_mut().wake_below(visible);
    }

    /// Answers everybody who waits with an error: the log's directory failed or the partition goes away.
    pub(crate) fn fail(&self) {
        for ack in self.acks.borrow_mut().drain(..) {
            let _ = ack.answer.send(Err(AppendError::Log(LogError::Offline)));
        }
        self.purgatory.borrow_mut().wake_all();
    }
}
