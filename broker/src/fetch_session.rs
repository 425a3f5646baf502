//! Fetch sessions (KIP-227): what a client fetches is remembered, so that it sends and gets only what changed.
//!
//! A session belongs to the lane that made it, and its id tells which. Not here: reading, how many there may be
//! ([`crate::fetch_session_cache`]).

use std::collections::BTreeMap;

use klamm_env::Instant;
use klamm_protocol::Uuid;
use klamm_protocol::fetch_request::{FetchPartition, FetchRequest};

/// A topic as a request names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TopicKey {
    /// Fetch up to version 12.
    Name(String),
    /// From version 13 on.
    Id(Uuid),
}

/// One partition that is to be fetched.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) topic: TopicKey,
    pub(crate) partition: FetchPartition,
}

/// What was last told of a partition; only changes are told again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Told {
    high_watermark: i64,
    log_start_offset: i64,
}

type Key = (TopicKey, i32);

/// A partition that a session remembers.
#[derive(Debug)]
struct Remembered {
    partition: FetchPartition,
    told: Option<Told>,
    /// Its place in the order.
    place: u64,
}

/// What one client fetches.
#[derive(Debug)]
pub(crate) struct Session {
    /// That its next request must have.
    pub(crate) epoch: i32,
    /// Whether its topics are named by id.
    pub(crate) uses_ids: bool,
    /// In the order to be fetched: those that had data go to the end.
    order: BTreeMap<u64, Key>,
    wanted: BTreeMap<Key, Remembered>,
    next_place: u64,
    pub(crate) created: Instant,
    pub(crate) last_used: Instant,
}

/// What a request is, once its session is found.
#[derive(Debug)]
pub(crate) enum SessionContext {
    /// Everything is in the request, and everything is answered.
    Sessionless {
        /// To be fetched.
        wanted: Vec<Wanted>,
    },
    /// A new or full session: everything is answered.
    Full {
        /// Its id; 0 when there was no room for another.
        session_id: i32,
        /// To be fetched.
        wanted: Vec<Wanted>,
    },
    /// Only what changed is answered.
    Incremental {
        /// Its id.
        session_id: i32,
        /// To be fetched.
        wanted: Vec<Wanted>,
    },
}

impl SessionContext {
    /// To be fetched, in order.
    pub(crate) fn wanted(&self) -> &[Wanted] {
        match self {
            Self::Sessionless { wanted } | Self::Full { wanted, .. } | Self::Incremental { wanted, .. } => {
                wanted
            }
        }
    }

    /// The id to answer with.
    pub(crate) fn session_id(&self) -> i32 {
        match self {
            Self::Sessionless { .. } => 0,
            Self::Full { session_id, .. } | Self::Incremental { session_id, .. } => *session_id,
        }
    }
}

impl Session {
    /// A session that begins with these.
    pub(crate) fn new(wanted: &[Wanted], uses_ids: bool, now: Instant) -> Self {
        let mut session = Self {
            epoch: 1,
            uses_ids,
            order: BTreeMap::new(),
            wanted: BTreeMap::new(),
            next_place: 0,
            created: now,
            last_used: now,
        };
        for wanted in wanted {
            session.want(wanted.clone());
        }
        session
    }

    /// Partitions that it remembers.
    pub(crate) fn len(&self) -> usize {
        self.wanted.len()
    }

    /// It is used once more.
    pub(crate) fn next_epoch(&mut self, now: Instant) {
        self.epoch = if self.epoch == i32::MAX { 1 } else { self.epoch + 1 };
        self.last_used = now;
    }

    /// Notes what is answered of a partition; gives whether it must be told in an incremental answer. Errors are not
    /// remembered, so they are told each time.
    pub(crate) fn told(
        &mut self,
        wanted: &Wanted,
        high_watermark: i64,
        log_start_offset: i64,
        has_records: bool,
        is_error: bool,
    ) -> bool {
        let key = (wanted.topic.clone(), wanted.partition.partition);
        let Some(remembered) = self.wanted.get_mut(&key) else { return true };
        let now = (!is_error).then_some(Told { high_watermark, log_start_offset });
        let changed = remembered.told != now || is_error || has_records;
        remembered.told = now;
        if has_records && let Some(key) = self.order.remove(&remembered.place) {
            remembered.place = self.next_place;
            self.order.insert(self.next_place, key);
            self.next_place += 1;
        }
        changed
    }

    fn want(&mut self, wanted: Wanted) {
        let key = (wanted.topic, wanted.partition.partition);
        if let Some(remembered) = self.wanted.get_mut(&key) {
            remembered.partition = wanted.partition;
            return;
        }
        let place = self.next_place;
        self.next_place += 1;
        self.order.insert(place, key.clone());
        self.wanted.insert(key, Remembered { partition: wanted.partition, told: None, place });
    }

    /// Takes what a request adds, changes and forgets.
    pub(crate) fn update(&mut self, request: &FetchRequest, uses_ids: bool) {
        for wanted in listed(request, uses_ids) {
            self.want(wanted);
        }
        for forgotten in &request.forgotten_topics_data {
            let topic = key(&forgotten.topic, forgotten.topic_id, uses_ids);
            for partition in &forgotten.partitions {
                if let Some(remembered) = self.wanted.remove(&(topic.clone(), *partition)) {
                    self.order.remove(&remembered.place);
                }
            }
        }
    }

    /// To be fetched, in order.
    pub(crate) fn in_order(&self) -> Vec<Wanted> {
        let wanted = |key: &Key| {
            let remembered = self.wanted.get(key)?;
            Some(Wanted { topic: key.0.clone(), partition: remembered.partition.clone() })
        };
        self.order.values().filter_map(wanted).collect()
    }
}

fn key(name: &str, id: Uuid, uses_ids: bool) -> TopicKey {
    if uses_ids { TopicKey::Id(id) } else { TopicKey::Name(name.to_owned()) }
}

/// What a request lists; a partition that stands twice is fetched once, as it stands last.
pub(crate) fn listed(request: &FetchRequest, uses_ids: bool) -> Vec<Wanted> {
    let mut places = BTreeMap::new();
    let mut wanted: Vec<Wanted> = Vec::new();
    for topic in &request.topics {
        for partition in &topic.partitions {
            let topic = key(&topic.topic, topic.topic_id, uses_ids);
            let one = Wanted { topic: topic.clone(), partition: partition.clone() };
            match places.entry((topic, partition.partition)) {
                std::collections::btree_map::Entry::Vacant(entry) => {
                    entry.insert(wanted.len());
                    wanted.push(one);
                }
                std::collections::btree_map::Entry::Occupied(entry) => wanted[*entry.get()] = one,
            }
        }
    }
    wanted
}
