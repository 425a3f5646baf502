//! The controller's shell, on lane 0: one decision after the other, committed, replayed, told to all lanes, answered.
//!
//! Not here: the decisions (klamm-metadata).

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use klamm_env::{Env, Instant, Lane};
use klamm_log::{DirectoryState, LogError};
use klamm_metadata::controller::Outcome;
use klamm_metadata::{Changes, MetadataDelta, MetadataImage};
use klamm_protocol::ErrorCode;
use klamm_protocol::metadata_records::MetadataRecord;
use tokio::sync::{mpsc, oneshot};

use crate::lane::{NodeContext, Update};
use crate::lanes::Lanes;
use crate::metadata_log::{MetadataLog, MetadataLogError};
use crate::setting_warnings;

/// What decisions may read.
pub(crate) struct DecisionContext<'a> {
    pub(crate) image: &'a MetadataImage,
    pub(crate) node: &'a NodeContext,
    /// The epoch of this broker's registration.
    pub(crate) broker_epoch: i64,
    /// Gives another random id at each call.
    pub(crate) new_id: &'a mut dyn FnMut() -> klamm_protocol::Uuid,
}

type Answer = Box<dyn FnOnce(Result<(), ErrorCode>) + Send>;
type Decision = Box<dyn FnOnce(&mut DecisionContext<'_>) -> (Vec<MetadataRecord>, Answer) + Send>;

enum Command {
    Decide { decision: Decision, asked_at: Instant, deadline: Instant },
    Stop(oneshot::Sender<Result<(), LogError>>),
}

/// The door to the controller, from any lane.
#[derive(Clone)]
pub(crate) struct ControllerHandle {
    door: mpsc::Sender<Command>,
    env: Env,
}

/// What waits at the controller's door.
pub(crate) struct ControllerMailbox(mpsc::Receiver<Command>);

/// How long a decision is waited for where the request names no time.
const DECISION_WAIT_MS: i32 = 30_000;
/// Most decisions that wait at once; who comes after them waits before the door.
const WAITING_MAX: usize = 256;

/// The door, and what is to be served behind it.
pub(crate) fn channel(env: &Env) -> (ControllerHandle, ControllerMailbox) {
    let (sender, receiver) = mpsc::channel(WAITING_MAX);
    (ControllerHandle { door: sender, env: env.clone() }, ControllerMailbox(receiver))
}

impl ControllerHandle {
    /// Has something decided. The answer comes when its records are committed and every lane has taken them over, or
    /// when the request's `timeout_ms` have passed; 0 and less stand for a default. What was begun by then may still be
    /// done; what was not is not.
    ///
    /// # Errors
    /// It took too long, the metadata could not be written, or the node is going down.
    pub(crate) fn decide<R, D>(
        &self,
        timeout_ms: i32,
        decision: D,
    ) -> impl Future<Output = Result<R, ErrorCode>> + use<R, D>
    where
        R: Send + 'static,
        D: FnOnce(&mut DecisionContext<'_>) -> Outcome<R> + Send + 'static,
    {
        let (answer, asked) = oneshot::channel();
        let decision: Decision = Box::new(move |context| {
            let outcome = decision(context);
            let answer: Answer = Box::new(move |committed| {
                // Whoever asked may be gone.
                let _ = answer.send(committed.map(|()| outcome.response));
            });
            (outcome.records, answer)
        });
        let (door, env, asked_at) = (self.door.clone(), self.env.clone(), self.env.now());
        let wait_ms = if timeout_ms > 0 { timeout_ms } else { DECISION_WAIT_MS };
        let wait = Duration::from_millis(u64::from(wait_ms.unsigned_abs()));
        let command = Command::Decide { decision, asked_at, deadline: asked_at + wait };
        async move {
            let decided = async {
                door.send(command).await.map_err(|_| ErrorCode::BROKER_NOT_AVAILABLE)?;
                asked.await.unwrap_or(Err(ErrorCode::BROKER_NOT_AVAILABLE))
            };
            env.timeout(wait, decided).await.unwrap_or(Err(ErrorCode::REQUEST_TIMED_OUT))
        }
    }

    /// Closes the metadata log cleanly, after the decisions that wait. None is taken afterwards.
    ///
    /// # Errors
    /// The log was not closed.
    pub(crate) async fn stop(&self) -> Result<(), LogError> {
        let (done, stopped) = oneshot::channel();
        self.door.send(Command::Stop(done)).await.map_err(|_| LogError::Offline)?;
        stopped.await.unwrap_or(Err(LogError::Offline))
    }
}

/// When a snapshot of the metadata is due.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SnapshotRules {
    /// Bytes written since the last one (`metadata.log.max.record.bytes.between.snapshots`).
    pub(crate) bytes: usize,
    /// How long at most what was written waits for one (`metadata.log.max.snapshot.interval.ms`); none if for ever.
    pub(crate) interval: Option<Duration>,
}

/// The controller.
pub(crate) struct Controller {
    pub(crate) env: Env,
    pub(crate) lanes: Lanes,
    pub(crate) node: Arc<NodeContext>,
    pub(crate) log: MetadataLog,
    pub(crate) image: Arc<MetadataImage>,
    pub(crate) broker_epoch: i64,
    pub(crate) snapshot_rules: SnapshotRules,
}

impl Controller {
    /// Serves the door until the node stops.
    pub(crate) async fn serve(mut self, mut mailbox: ControllerMailbox) {
        let mut ids = crate::ids::RandomIds::new(&self.env, "topic-ids");
        let mut unsaved = Unsaved::default();
        loop {
            self.snapshot_if_due(&mut unsaved).await;
            match self.next_command(&mut mailbox, unsaved.since).await {
                None => {}
                // Who asked has been told that it took too long.
                Some(Command::Decide { deadline, .. }) if deadline <= self.env.now() => {
                    self.node.metrics.decisions_expired.fetch_add(1, Ordering::Relaxed);
                }
                Some(Command::Decide { decision, asked_at, .. }) => {
                    let begun = self.env.now();
                    self.node.metrics.decisions_queued.record(begun, begun - asked_at);
                    let mut context = DecisionContext {
                        image: &self.image,
                        node: &self.node,
                        broker_epoch: self.broker_epoch,
                        new_id: &mut || ids.next(),
                    };
                    let (records, answer) = decision(&mut context);
                    answer(self.commit(&records).await);
                    let now = self.env.now();
                    self.node.metrics.decisions.record(now, now - begun);
                }
                Some(Command::Stop(done)) => {
                    // No decision is taken from here on, and none was taken that lanes do not know.
                    mailbox.0.close();
                    // Whoever asked may be gone.
                    let _ = done.send(self.log.close().await);
                    return;
                }
            }
        }
    }

    /// The next command; none when it is time for a snapshot of what was written since `unsaved_since`.
    async fn next_command(
        &self,
        mailbox: &mut ControllerMailbox,
        unsaved_since: Option<Instant>,
    ) -> Option<Command> {
        let due = unsaved_since.zip(self.snapshot_rules.interval).map(|(since, interval)| since + interval);
        let time_is_up = async {
            match due {
                Some(due) => self.env.sleep_until(due).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            // The node holds a door for as long as it lives.
            Some(command) = mailbox.0.recv() => Some(command),
            () = time_is_up => None,
        }
    }

    /// Commits records, replays them, and tells every lane. A node whose disk fails under its metadata cannot go on:
    /// what it would answer might be forgotten. Refused are records that cannot be written at all, and any while the
    /// disk is full.
    async fn commit(&mut self, records: &[MetadataRecord]) -> Result<(), ErrorCode> {
        if records.is_empty() {
            return Ok(());
        }
        let batch = match self.log.batch(records) {
            Ok(batch) => batch,
            Err(error) => {
                tracing::warn!(%error, records = records.len(), "a change is refused: it cannot be written");
                return Err(ErrorCode::INVALID_REQUEST);
            }
        };
        if self.log.disk() == DirectoryState::Full {
            return Err(ErrorCode::KAFKA_STORAGE_ERROR);
        }
        let begun = self.env.now();
        if let Err(error) = self.log.append(batch).await {
            if self.log.disk() == DirectoryState::Full {
                // Nothing is appended behind it before the next start, which tells whether it is on the disk.
                return Err(ErrorCode::KAFKA_STORAGE_ERROR);
            }
            self.env.die(&format!("the metadata log cannot be written: {error}"));
        }
        let committed = self.env.now();
        self.node.metrics.commits.record(committed, committed - begun);
        let mut delta = MetadataDelta::new(&self.image);
        for record in records {
            if let Err(error) = delta.replay(record) {
                self.env.die(&format!("a decision of this controller contradicts the metadata: {error}"));
            }
        }
        let (image, changes) = delta.finish();
        records.iter().for_each(|record| tell(&self.image, record));
        for warning in setting_warnings::of_changes(&self.node.config, &self.image, &image, &changes) {
            tracing::warn!("{warning}");
        }
        self.image = Arc::clone(&image);
        let offset = self.log.end_offset();
        self.publish(Update { image, offset, changes: Arc::new(changes) }).await;
        let (now, metrics) = (self.env.now(), &self.node.metrics);
        metrics.batch_records.record_count(now, records.len());
        metrics.batches.record(now, now - committed);
        Ok(())
    }

    /// Commits the records of this node's registration, a chunk at a time, since there is one for each partition, and
    /// then tells the lanes everything at once: they open their logs in the epochs that begin here. A crash in between
    /// leaves some partitions in an epoch that nobody used.
    ///
    /// # Errors
    /// A record that cannot be written, or does not fit the metadata; the disk failed.
    pub(crate) async fn register(&mut self, records: &[MetadataRecord]) -> Result<(), MetadataLogError> {
        const RECORDS_AT_ONCE: usize = 1000;
        let mut delta = MetadataDelta::new(&self.image);
        for chunk in records.chunks(RECORDS_AT_ONCE) {
            let batch = self.log.batch(chunk)?;
            self.log.append(batch).await?;
            for record in chunk {
                delta.replay(record).map_err(|error| MetadataLogError::Malformed(error.to_string()))?;
            }
        }
        let image = delta.finish().0;
        self.image = Arc::clone(&image);
        let changes = Changes { topics: image.topics.keys().copied().collect(), ..Changes::default() };
        self.publish(Update { image, offset: self.log.end_offset(), changes: Arc::new(changes) }).await;
        Ok(())
    }

    /// Has every lane take over an update.
    async fn publish(&self, update: Update) {
        let told: Vec<_> = self
            .lanes
            .all()
            .map(|lane: Lane| {
                self.lanes.ask(lane, {
                    let update = update.clone();
                    move |state| state.apply(update)
                })
            })
            .collect();
        for lane in told {
            lane.await;
        }
    }

    async fn snapshot_if_due(&mut self, unsaved: &mut Unsaved) {
        let is_due = unsaved.is_due(self.env.now(), self.log.bytes_since_snapshot(), &self.snapshot_rules);
        if !is_due || self.log.disk() != DirectoryState::Online {
            return;
        }
        match self.log.write_snapshot(&self.image).await {
            Ok(()) => *unsaved = Unsaved::default(),
            Err(error) => {
                tracing::error!(%error, "the metadata snapshot was not written; the log keeps everything");
            }
        }
    }
}

/// Tells of a change that an operator may look for; `before` is what it changes.
fn tell(before: &MetadataImage, record: &MetadataRecord) {
    let name = |id| before.topics.get(id).map_or("", |topic| &*topic.name);
    match record {
        MetadataRecord::Topic(topic) => {
            tracing::info!(topic = topic.name, id = %topic.topic_id, "topic created");
        }
        MetadataRecord::RemoveTopic(topic) => {
            tracing::info!(topic = name(&topic.topic_id), id = %topic.topic_id, "topic deleted");
        }
        MetadataRecord::Config(config) => {
            // Not the value, which may be secret.
            let (resource, key, deleted) = (&config.resource_name, &config.name, config.value.is_none());
            tracing::info!(resource, key, deleted, "configuration changed");
        }
        MetadataRecord::PartitionChange(change) if change.leader >= -1 => {
            let (topic, partition, leader) = (name(&change.topic_id), change.partition_id, change.leader);
            tracing::info!(topic, partition, leader, "leader changed");
        }
        _ => {}
    }
}

/// What no snapshot holds.
#[derive(Default)]
struct Unsaved {
    /// Since when there is something, or the last attempt was made.
    since: Option<Instant>,
    /// How much there was at the last attempt.
    bytes_before: usize,
}

impl Unsaved {
    /// Whether an attempt is due, which counts as made: should it fail, the next is due when as much more was written,
    /// or the next interval has passed.
    fn is_due(&mut self, now: Instant, bytes: usize, rules: &SnapshotRules) -> bool {
        if bytes == 0 {
            *self = Self::default();
            return false;
        }
        let since = *self.since.get_or_insert(now);
        let waited_long = rules.interval.is_some_and(|interval| now >= since + interval);
        let is_due = waited_long || bytes.saturating_sub(self.bytes_before) >= rules.bytes;
        if is_due {
            *self = Self { since: Some(now), bytes_before: bytes };
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asks at each of these seconds with so many bytes; tells when a snapshot is due, and each of them fails.
    fn check(asked: &[(u64, usize)], expected: &[u64]) {
        let rules = SnapshotRules { bytes: 100, interval: Some(Duration::from_secs(60)) };
        let mut unsaved = Unsaved::default();
        let mut is_due = |at: &u64, bytes| {
            unsaved.is_due(Instant::from_nanos(0) + Duration::from_secs(*at), bytes, &rules)
        };
        let due: Vec<u64> =
            asked.iter().filter(|(at, bytes)| is_due(at, *bytes)).map(|(at, _)| *at).collect();
        assert_eq!(due, expected, "{asked:?}");
    }

    #[test]
    fn a_snapshot_that_failed_waits_for_as_much_again() {
        check(&[(0, 0), (1, 99), (2, 100), (3, 101), (4, 199), (5, 200), (6, 250)], &[2, 5]);
        check(&[(1, 100), (2, 101), (61, 102), (62, 103), (121, 104)], &[1, 61, 121]);
        check(&[(1, 10), (60, 20), (61, 20), (100, 0), (161, 10), (221, 10)], &[61, 221]);
    }
}
