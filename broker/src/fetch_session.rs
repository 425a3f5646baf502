//! Fetch sessions (KIP-227): what a client fetches is remembered, so that it sends and gets only what changed.
//!
//! A session belongs to the lane that made it, and its id tells which. Not here: reading.

use std::collections::{BTreeMap, VecDeque};

use klamm_env::rand_core::Rng;
use klamm_env::{ChaCha12Rng, Env, Lane};
use klamm_protocol::fetch_request::{FetchPartition, FetchRequest};
use klamm_protocol::{ErrorCode, Uuid};

/// The epoch that makes a session.
const INITIAL_EPOCH: i32 = 0;
/// The epoch that ends one, or goes without.
const FINAL_EPOCH: i32 = -1;

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

#[derive(Debug)]
struct Session {
    epoch: i32,
    uses_ids: bool,
    /// In the order to be fetched: those that had data go to the end.
    order: VecDeque<(TopicKey, i32)>,
    wanted: BTreeMap<(TopicKey, i32), (FetchPartition, Option<Told>)>,
    last_used: u64,
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

/// The sessions of one lane.
pub(crate) struct FetchSessions {
    sessions: BTreeMap<i32, Session>,
    slots: usize,
    lane: Lane,
    lanes: u16,
    random: ChaCha12Rng,
    clock: u64,
    evictions: u64,
}

impl FetchSessions {
    /// Room for this lane's share of `slots` sessions.
    pub(crate) fn new(env: &Env, lane: Lane, lanes: u16, slots: i64) -> Self {
        let slots = usize::try_from(slots).unwrap_or(0).div_ceil(usize::from(lanes));
        let random = env.stream("fetch-sessions");
        Self { sessions: BTreeMap::new(), slots, lane, lanes, random, clock: 0, evictions: 0 }
    }

    /// The lane that has the session of that id.
    pub(crate) fn lane_of(session_id: i32, lanes: u16) -> Lane {
        Lane(
            u16::try_from(session_id.unsigned_abs() % u32::from(lanes))
                .expect("less than the lanes there are"),
        )
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.sessions.len()
    }

    /// Partitions that they remember.
    pub(crate) fn partition_count(&self) -> usize {
        self.sessions.values().map(|session| session.wanted.len()).sum()
    }

    /// Sessions that made room for another.
    pub(crate) fn evictions(&self) -> u64 {
        self.evictions
    }

    /// Finds or makes the session of a request.
    ///
    /// # Errors
    /// Kafka's codes for a session or epoch that is not there.
    pub(crate) fn begin(
        &mut self,
        request: &FetchRequest,
        version: i16,
    ) -> Result<SessionContext, ErrorCode> {
        self.clock += 1;
        let uses_ids = version >= 13;
        if matches!(request.session_epoch, INITIAL_EPOCH | FINAL_EPOCH) {
            self.sessions.remove(&request.session_id);
            let wanted = listed(request, uses_ids);
            if request.session_epoch == FINAL_EPOCH {
                return Ok(SessionContext::Sessionless { wanted });
            }
            let session_id = if wanted.is_empty() { 0 } else { self.create(&wanted, uses_ids) };
            return Ok(SessionContext::Full { session_id, wanted });
        }
        let session =
            self.sessions.get_mut(&request.session_id).ok_or(ErrorCode::FETCH_SESSION_ID_NOT_FOUND)?;
        if session.epoch != request.session_epoch {
            return Err(ErrorCode::INVALID_FETCH_SESSION_EPOCH);
        }
        if session.uses_ids != uses_ids {
            return Err(ErrorCode::FETCH_SESSION_TOPIC_ID_ERROR);
        }
        session.epoch = if session.epoch == i32::MAX { 1 } else { session.epoch + 1 };
        session.last_used = self.clock;
        session.update(request, uses_ids);
        let wanted = session.in_order();
        Ok(SessionContext::Incremental { session_id: request.session_id, wanted })
    }

    /// Notes what is answered of a partition; gives whether it must be told in an incremental answer. Errors are not
    /// remembered, so they are told each time.
    pub(crate) fn told(
        &mut self,
        session_id: i32,
        wanted: &Wanted,
        high_watermark: i64,
        log_start_offset: i64,
        has_records: bool,
        is_error: bool,
    ) -> bool {
        let Some(session) = self.sessions.get_mut(&session_id) else { return true };
        let key = (wanted.topic.clone(), wanted.partition.partition);
        let Some((_, told)) = session.wanted.get_mut(&key) else { return true };
        let now = (!is_error).then_some(Told { high_watermark, log_start_offset });
        let changed = *told != now || is_error || has_records;
        *told = now;
        if has_records && let Some(at) = session.order.iter().position(|other| *other == key) {
            session.order.remove(at);
            session.order.push_back(key);
        }
        changed
    }

    /// Makes a session; when there is no room, the one unused for longest goes.
    fn create(&mut self, wanted: &[Wanted], uses_ids: bool) -> i32 {
        if self.slots == 0 {
            return 0;
        }
        while self.sessions.len() >= self.slots {
            let oldest = self.sessions.iter().min_by_key(|(_, session)| session.last_used).map(|(id, _)| *id);
            oldest.and_then(|id| self.sessions.remove(&id));
            self.evictions += 1;
        }
        let mut session = Session {
            epoch: 1,
            uses_ids,
            order: VecDeque::new(),
            wanted: BTreeMap::new(),
            last_used: self.clock,
        };
        for wanted in wanted {
            session.want(wanted.clone());
        }
        let id = self.free_id();
        self.sessions.insert(id, session);
        id
    }

    fn free_id(&mut self) -> i32 {
        loop {
            let id = i32::try_from(self.random.next_u32() >> 1).expect("31 bits");
            if id != 0 && Self::lane_of(id, self.lanes) == self.lane && !self.sessions.contains_key(&id) {
                return id;
            }
        }
    }
}

impl Session {
    fn want(&mut self, wanted: Wanted) {
        let key = (wanted.topic, wanted.partition.partition);
        let told = self.wanted.get(&key).and_then(|(_, told)| *told);
        if self.wanted.insert(key.clone(), (wanted.partition, told)).is_none() {
            self.order.push_back(key);
        }
    }

    fn update(&mut self, request: &FetchRequest, uses_ids: bool) {
        for wanted in listed(request, uses_ids) {
            self.want(wanted);
        }
        for forgotten in &request.forgotten_topics_data {
            let topic = key(&forgotten.topic, forgotten.topic_id, uses_ids);
            for partition in &forgotten.partitions {
                let key = (topic.clone(), *partition);
                self.wanted.remove(&key);
                self.order.retain(|other| *other != key);
            }
        }
    }

    fn in_order(&self) -> Vec<Wanted> {
        let wanted = |key: &(TopicKey, i32)| {
            let (partition, _) = self.wanted.get(key)?;
            Some(Wanted { topic: key.0.clone(), partition: partition.clone() })
        };
        self.order.iter().filter_map(wanted).collect()
    }
}

fn key(name: &str, id: Uuid, uses_ids: bool) -> TopicKey {
    if uses_ids { TopicKey::Id(id) } else { TopicKey::Name(name.to_owned()) }
}

/// What a request lists; a partition that stands twice is fetched once, as it stands last.
fn listed(request: &FetchRequest, uses_ids: bool) -> Vec<Wanted> {
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
