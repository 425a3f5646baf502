//! Positions of assigned partitions, what is fetched for them, and resets. Not here: groups; which partitions.

mod answers;
mod drain;
mod requests;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use klamm_protocol::{ErrorCode, FetchRequest, ListOffsetsRequest};

pub use drain::{Drain, DrainError};
pub use requests::list_offsets_request;

use crate::{Backoff, Moment, TopicPartition};

/// Answers of a partition that wait to be read; beyond this nothing more is fetched.
const BUFFERED_MAX: usize = 2;

/// Where to begin where there is no position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetTo {
    /// The first offset there is.
    Earliest,
    /// The end.
    Latest,
    /// The first record that is not older, or the end if all are.
    NotOlderThan(Duration),
}

impl ResetTo {
    /// The time by which ListOffsets knows it, at this wall-clock time.
    fn timestamp(self, wall_ms: i64) -> i64 {
        match self {
            ResetTo::Earliest => -2,
            ResetTo::Latest => -1,
            ResetTo::NotOlderThan(age) => {
                wall_ms.saturating_sub(i64::try_from(age.as_millis()).unwrap_or(i64::MAX)).max(0)
            }
        }
    }
}

/// How records are fetched.
#[derive(Clone, Debug)]
pub struct FetcherConfig {
    /// `fetch.min.bytes`.
    pub min_bytes: i32,
    /// `fetch.max.bytes`.
    pub max_bytes: i32,
    /// `max.partition.fetch.bytes`.
    pub partition_max_bytes: i32,
    /// `fetch.max.wait.ms`.
    pub max_wait: Duration,
    /// Whether records of open and aborted transactions stay out of sight.
    pub read_committed: bool,
    /// `auto.offset.reset`; `None` makes a missing position an error.
    pub reset: Option<ResetTo>,
    /// `check.crcs`.
    pub check_crcs: bool,
    /// `client.rack`.
    pub rack: String,
    /// After errors.
    pub backoff: Backoff,
}

/// What the caller has to do.
#[derive(Clone, Debug, PartialEq)]
pub enum FetcherEffect {
    /// Send; the answer goes to [`Fetcher::fetched`].
    Fetch {
        /// To this node.
        node: i32,
        /// By this number.
        request: u64,
        /// What.
        body: FetchRequest,
    },
    /// Send; the answer goes to [`Fetcher::listed`].
    ListOffsets {
        /// To this node.
        node: i32,
        /// By this number.
        request: u64,
        /// What.
        body: ListOffsetsRequest,
    },
    /// Somebody else may lead a partition now.
    RefreshMetadata,
}

/// Why a partition cannot be read on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchError {
    /// There is no position, and none is to be made up.
    NoPosition,
    /// The position is not there (any more), and none is to be made up.
    OutOfRange(i64),
    /// The broker does not have the records at the position as they were written. A seek behind them leads on.
    Damaged(i64),
    /// The broker refuses.
    Refused(ErrorCode),
    /// The broker's batches make no sense.
    Malformed(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// To be found out; `None` if nobody has said where to begin.
    Reset(Option<ResetTo>),
    /// What is fetched next.
    At(i64),
}

#[derive(Debug)]
struct Assigned {
    place: Place,
    /// What the application reads next, once there is a place.
    position: i64,
    paused: bool,
    /// Changes with every seek: what was fetched before counts no more.
    generation: u64,
    /// Whether a request about it is out.
    asked: bool,
    buffered: VecDeque<Drain>,
    not_before: Moment,
    failures: u32,
    high_watermark: Option<i64>,
    last_stable_offset: Option<i64>,
    error: Option<FetchError>,
}

impl Assigned {
    fn new(generation: u64, reset: Option<ResetTo>) -> Self {
        Assigned {
            place: Place::Reset(reset),
            position: 0,
            paused: false,
            generation,
            asked: false,
            buffered: VecDeque::new(),
            not_before: Moment::default(),
            failures: 0,
            high_watermark: None,
            last_stable_offset: None,
            error: None,
        }
    }

    fn go_to(&mut self, generation: u64, place: Place) {
        self.place = place;
        if let Place::At(offset) = place {
            self.position = offset;
        }
        self.generation = generation;
        self.asked = false;
        self.buffered.clear();
        self.not_before = Moment::default();
        self.failures = 0;
        self.error = None;
    }

    /// Whether what is read next is damaged: nothing behind it is of use.
    fn is_damaged(&self) -> bool {
        self.buffered.front().is_some_and(Drain::is_damaged)
    }

    fn failed(&mut self, now: Moment, backoff: &Backoff, draw: f64) {
        self.failures = self.failures.saturating_add(1);
        self.not_before = now + backoff.delay(self.failures, draw);
    }
}

/// A request that is out: its node, and whose places it asks about.
#[derive(Debug)]
struct Sent {
    node: i32,
    partitions: Vec<Asked>,
}

#[derive(Clone, Debug)]
struct Asked {
    partition: TopicPartition,
    topic_id: klamm_protocol::Uuid,
    generation: u64,
    offset: i64,
}

/// The partitions a consumer reads, by decisions of its own.
#[derive(Debug)]
pub struct Fetcher {
    config: FetcherConfig,
    partitions: BTreeMap<TopicPartition, Assigned>,
    next_generation: u64,
    fetches: BTreeMap<u64, Sent>,
    lists: BTreeMap<u64, Sent>,
    next_request: u64,
    /// The partition whose turn it was last.
    last_taken: Option<TopicPartition>,
}

impl Fetcher {
    /// Reads nothing yet.
    pub fn new(config: FetcherConfig) -> Self {
        Fetcher {
            config,
            partitions: BTreeMap::new(),
            next_generation: 0,
            fetches: BTreeMap::new(),
            lists: BTreeMap::new(),
            next_request: 0,
            last_taken: None,
        }
    }

    fn generation(&mut self) -> u64 {
        self.next_generation += 1;
        self.next_generation
    }

    /// Reads exactly these from now on. Those that stay keep position and pause.
    pub fn assign(&mut self, partitions: impl IntoIterator<Item = TopicPartition>) {
        let mut before = std::mem::take(&mut self.partitions);
        for partition in partitions {
            let kept = before.remove(&partition);
            let generation = self.generation();
            let reset = self.config.reset;
            self.partitions.insert(partition, kept.unwrap_or_else(|| Assigned::new(generation, reset)));
        }
    }

    /// The partitions it reads.
    pub fn assignment(&self) -> impl Iterator<Item = &TopicPartition> {
        self.partitions.keys()
    }

    /// Goes on at an offset. False if the partition is not assigned.
    pub fn seek(&mut self, partition: &TopicPartition, offset: i64) -> bool {
        self.go_to(partition, Place::At(offset))
    }

    /// Goes on at one end. False if the partition is not assigned.
    pub fn seek_to(&mut self, partition: &TopicPartition, end: ResetTo) -> bool {
        self.go_to(partition, Place::Reset(Some(end)))
    }

    fn go_to(&mut self, partition: &TopicPartition, place: Place) -> bool {
        let generation = self.generation();
        let assigned = self.partitions.get_mut(partition);
        assigned.map(|assigned| assigned.go_to(generation, place)).is_some()
    }

    /// Stops or goes on reading. What was fetched stays. False if the partition is not assigned.
    pub fn set_paused(&mut self, partition: &TopicPartition, paused: bool) -> bool {
        self.partitions.get_mut(partition).map(|assigned| assigned.paused = paused).is_some()
    }

    /// Those that are paused.
    pub fn paused(&self) -> impl Iterator<Item = &TopicPartition> {
        self.partitions.iter().filter(|(_, assigned)| assigned.paused).map(|(partition, _)| partition)
    }

    /// What is read next; `Ok(None)` while it is being found out.
    ///
    /// # Errors
    /// It cannot be found out.
    pub fn position(&self, partition: &TopicPartition) -> Option<Result<Option<i64>, FetchError>> {
        let assigned = self.partitions.get(partition)?;
        Some(match (&assigned.error, assigned.place) {
            (Some(error), _) => Err(error.clone()),
            (None, Place::Reset(None)) => Err(FetchError::NoPosition),
            (None, Place::Reset(Some(_))) => Ok(None),
            (None, Place::At(_)) => Ok(Some(assigned.position)),
        })
    }

    /// How far the position is behind the end, as of the last answer.
    pub fn lag(&self, partition: &TopicPartition) -> Option<i64> {
        let assigned = self.partitions.get(partition)?;
        let end =
            if self.config.read_committed { assigned.last_stable_offset } else { assigned.high_watermark };
        matches!(assigned.place, Place::At(_)).then_some(())?;
        Some((end? - assigned.position).max(0))
    }

    /// Takes what was fetched first for the partition whose turn it is, to be read and given back to
    /// [`Fetcher::advance`]. Partitions take turns.
    pub fn take(&mut self) -> Option<Drain> {
        let has = |assigned: &Assigned| !assigned.paused && !assigned.buffered.is_empty();
        let after = self.last_taken.clone();
        let later = self.partitions.iter().filter(|(partition, _)| Some(*partition) > after.as_ref());
        let earlier = self.partitions.iter().filter(|(partition, _)| Some(*partition) <= after.as_ref());
        let next = later.chain(earlier).find(|(_, assigned)| has(assigned))?.0.clone();
        self.last_taken = Some(next.clone());
        self.partitions.get_mut(&next)?.buffered.pop_front()
    }

    /// Whether what was taken still counts: its partition is assigned, has not been sought in, and is not paused.
    pub fn is_current(&self, drain: &Drain) -> Currency {
        match self.partitions.get(&drain.partition) {
            Some(assigned) if assigned.generation == drain.generation && assigned.paused => Currency::Paused,
            Some(assigned) if assigned.generation == drain.generation => Currency::Current,
            _ => Currency::Stale,
        }
    }

    /// Puts back what was taken and has records left, or is damaged: other partitions have their turn first.
    pub fn put_back(&mut self, drain: Drain) {
        if let Some(assigned) = self.partitions.get_mut(&drain.partition)
            && assigned.generation == drain.generation
        {
            assigned.buffered.push_front(drain);
        }
    }

    /// The application has read on. What is not current changes nothing.
    pub fn advance(&mut self, drain: &Drain) {
        if let Some(assigned) = self.partitions.get_mut(&drain.partition)
            && assigned.generation == drain.generation
        {
            assigned.position = assigned.position.max(drain.position);
        }
    }

    /// The first error of a partition that is not paused; it stays until a seek, unless it may pass.
    pub fn error(&self) -> Option<(TopicPartition, FetchError)> {
        let reading = self.partitions.iter().filter(|(_, assigned)| !assigned.paused);
        reading.filter(|(_, assigned)| assigned.buffered.is_empty()).find_map(|(partition, assigned)| {
            let error = match assigned.place {
                Place::Reset(None) => Some(FetchError::NoPosition),
                _ => assigned.error.clone(),
            };
            error.map(|error| (partition.clone(), error))
        })
    }

    /// Whether there is something to read, or an error to be told.
    pub fn has_news(&self) -> bool {
        let readable = |assigned: &Assigned| !assigned.paused && !assigned.buffered.is_empty();
        self.partitions.values().any(readable) || self.error().is_some()
    }

    /// A passing error was told: tries again.
    pub fn clear_error(&mut self, partition: &TopicPartition) {
        if let Some(assigned) = self.partitions.get_mut(partition) {
            assigned.error = None;
        }
    }

    /// When [`Fetcher::poll`] has something to say, beside after answers and calls.
    pub fn next_deadline(&self, now: Moment) -> Moment {
        let waiting = self.partitions.values().map(|assigned| assigned.not_before);
        waiting.filter(|not_before| *not_before > now).min().unwrap_or(Moment::NEVER)
    }
}

/// Whether what was fetched may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Currency {
    /// Yes.
    Current,
    /// Not now.
    Paused,
    /// Never.
    Stale,
}
