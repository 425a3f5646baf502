//! The fetch sessions of one lane (KIP-227), bounded in number and in all they remember. Who finds no room is served
//! without one. Not here: what one session remembers ([`crate::fetch_session`]).

use std::collections::BTreeMap;
use std::time::Duration;

use klamm_env::rand_core::Rng;
use klamm_env::{ChaCha12Rng, Env, Instant, Lane};
use klamm_protocol::ErrorCode;
use klamm_protocol::fetch_request::FetchRequest;

use crate::fetch_session::{Session, SessionContext, Wanted, listed};

/// The epoch that makes a session.
const INITIAL_EPOCH: i32 = 0;
/// The epoch that ends one, or goes without.
const FINAL_EPOCH: i32 = -1;
/// A session makes room for another when it was not used for so long, or for a larger one when it is older
/// (`min.incremental.fetch.session.eviction.ms`, which Kafka fixes).
const EVICTION_AGE: Duration = Duration::from_secs(120);
/// Partitions that all sessions of a node remember.
const PARTITIONS_MAX: usize = 256 << 10;

/// The sessions of one lane.
pub(crate) struct FetchSessions {
    sessions: BTreeMap<i32, Session>,
    slots: usize,
    /// Partitions that the sessions remember.
    partitions: usize,
    partitions_max: usize,
    lane: Lane,
    lanes: u16,
    random: ChaCha12Rng,
    evictions: u64,
}

impl FetchSessions {
    /// Room for this lane's share of `slots` sessions.
    pub(crate) fn new(env: &Env, lane: Lane, lanes: u16, slots: i64) -> Self {
        Self {
            sessions: BTreeMap::new(),
            slots: usize::try_from(slots).unwrap_or(0).div_ceil(usize::from(lanes)),
            partitions: 0,
            partitions_max: PARTITIONS_MAX / usize::from(lanes),
            lane,
            lanes,
            random: env.stream("fetch-sessions"),
            evictions: 0,
        }
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
        self.partitions
    }

    /// Sessions that made room for another.
    pub(crate) fn evictions(&self) -> u64 {
        self.evictions
    }

    /// Finds or makes the session of a request.
    ///
    /// # Errors
    /// Kafka's codes for a session or epoch that is not there. A session that wants more than may be remembered is
    /// gone: its client begins anew.
    pub(crate) fn begin(
        &mut self,
        request: &FetchRequest,
        version: i16,
        now: Instant,
    ) -> Result<SessionContext, ErrorCode> {
        let uses_ids = version >= 13;
        let id = request.session_id;
        if matches!(request.session_epoch, INITIAL_EPOCH | FINAL_EPOCH) {
            self.remove(id);
            let wanted = listed(request, uses_ids);
            if request.session_epoch == FINAL_EPOCH {
                return Ok(SessionContext::Sessionless { wanted });
            }
            let session_id = if wanted.is_empty() { 0 } else { self.create(&wanted, uses_ids, now) };
            return Ok(SessionContext::Full { session_id, wanted });
        }
        let session = self.sessions.get_mut(&id).ok_or(ErrorCode::FETCH_SESSION_ID_NOT_FOUND)?;
        if session.epoch != request.session_epoch {
            return Err(ErrorCode::INVALID_FETCH_SESSION_EPOCH);
        }
        if session.uses_ids != uses_ids {
            return Err(ErrorCode::FETCH_SESSION_TOPIC_ID_ERROR);
        }
        session.next_epoch(now);
        let before = session.len();
        session.update(request, uses_ids);
        let wanted = session.in_order();
        self.partitions = self.partitions - before + wanted.len();
        if wanted.len() > before && self.partitions > self.partitions_max {
            self.remove(id);
            return Err(ErrorCode::FETCH_SESSION_ID_NOT_FOUND);
        }
        Ok(SessionContext::Incremental { session_id: id, wanted })
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
        session.told(wanted, high_watermark, log_start_offset, has_records, is_error)
    }

    /// Makes a session; gives 0 when there is no room.
    fn create(&mut self, wanted: &[Wanted], uses_ids: bool, now: Instant) -> i32 {
        if self.slots == 0 || wanted.len() > self.partitions_max {
            return 0;
        }
        if self.sessions.len() >= self.slots || self.partitions + wanted.len() > self.partitions_max {
            let Some(id) = self.evictable(wanted.len(), now) else { return 0 };
            self.remove(id);
            self.evictions += 1;
        }
        if self.partitions + wanted.len() > self.partitions_max {
            return 0;
        }
        let session = Session::new(wanted, uses_ids, now);
        self.partitions += session.len();
        let id = self.free_id();
        self.sessions.insert(id, session);
        id
    }

    /// The session that goes for one of so many partitions: the one unused for longest, if that is long; else the
    /// smallest one, if it is smaller and not new.
    fn evictable(&self, partitions: usize, now: Instant) -> Option<i32> {
        let (id, oldest) = self.sessions.iter().min_by_key(|(_, session)| session.last_used)?;
        if now - oldest.last_used > EVICTION_AGE {
            return Some(*id);
        }
        let aged = self.sessions.iter().filter(|(_, session)| now - session.created > EVICTION_AGE);
        let (id, smallest) = aged.min_by_key(|(id, session)| (session.len(), **id))?;
        (smallest.len() < partitions).then_some(*id)
    }

    fn remove(&mut self, id: i32) {
        if let Some(session) = self.sessions.remove(&id) {
            self.partitions -= session.len();
        }
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

#[cfg(test)]
mod tests {
    use klamm_env::rand_core::SeedableRng as _;
    use klamm_protocol::fetch_request::{FetchPartition, FetchTopic, ForgottenTopic};

    use super::*;

    fn at(seconds: u64) -> Instant {
        Instant::from_nanos(0) + Duration::from_secs(seconds)
    }

    /// Sessions with room for two of them, and ten partitions.
    fn sessions() -> FetchSessions {
        FetchSessions {
            sessions: BTreeMap::new(),
            slots: 2,
            partitions: 0,
            partitions_max: 10,
            lane: Lane(0),
            lanes: 1,
            random: ChaCha12Rng::from_seed([7; 32]),
            evictions: 0,
        }
    }

    fn request(session: (i32, i32), partitions: std::ops::Range<i32>) -> FetchRequest {
        let partition = |partition| FetchPartition { partition, ..FetchPartition::default() };
        let partitions = partitions.map(partition).collect();
        let topic = FetchTopic { topic: "t".into(), partitions, ..FetchTopic::default() };
        let (session_id, session_epoch) = session;
        FetchRequest { session_id, session_epoch, topics: vec![topic], ..FetchRequest::default() }
    }

    /// A new session of so many partitions; gives its id.
    fn begun(sessions: &mut FetchSessions, partitions: i32, seconds: u64) -> i32 {
        let request = request((0, INITIAL_EPOCH), 0..partitions);
        sessions.begin(&request, 12, at(seconds)).expect("it needs no session").session_id()
    }

    /// Sessions of so many partitions at these seconds, and which of them are there in the end.
    fn check_eviction(begins: &[(i32, u64)], expected: &[bool]) {
        let mut sessions = sessions();
        let ids: Vec<i32> =
            begins.iter().map(|(size, seconds)| begun(&mut sessions, *size, *seconds)).collect();
        let there: Vec<bool> = ids.iter().map(|id| sessions.sessions.contains_key(id)).collect();
        assert_eq!(there, expected, "{begins:?}");
        let remembered: usize = sessions.sessions.values().map(|session| session.len()).sum();
        assert_eq!(sessions.partition_count(), remembered);
    }

    #[test]
    fn sessions_in_use_make_no_room_for_others_of_their_size() {
        check_eviction(&[(1, 0), (1, 1), (1, 119)], &[true, true, false]);
        check_eviction(&[(1, 0), (1, 1), (5, 119)], &[true, true, false]);
        check_eviction(&[(1, 0), (1, 1), (1, 121)], &[false, true, true]);
        check_eviction(&[(11, 0)], &[false]);
        check_eviction(&[(6, 0), (6, 1)], &[true, false]);
        check_eviction(&[(6, 0), (6, 121)], &[false, true]);
        let mut sessions = sessions();
        let ids = [begun(&mut sessions, 2, 0), begun(&mut sessions, 1, 0)];
        for id in ids {
            sessions.begin(&request((id, 1), 0..0), 12, at(100)).expect("it is there");
        }
        assert_eq!(begun(&mut sessions, 1, 130), 0, "both are in use, and neither is smaller");
        assert_ne!(begun(&mut sessions, 2, 130), 0);
        assert!(!sessions.sessions.contains_key(&ids[1]), "the smaller one went");
    }

    #[test]
    fn a_session_does_not_grow_beyond_what_may_be_remembered() {
        let mut sessions = sessions();
        let id = begun(&mut sessions, 2, 0);
        let grown = sessions.begin(&request((id, 1), 0..10), 12, at(1));
        assert_eq!(grown.expect("there is room").wanted().len(), 10);
        let grown = sessions.begin(&request((id, 2), 0..11), 12, at(2));
        assert_eq!(grown.expect_err("one too many"), ErrorCode::FETCH_SESSION_ID_NOT_FOUND);
        assert_eq!((sessions.len(), sessions.partition_count()), (0, 0));
    }

    #[test]
    fn who_had_records_comes_last_and_who_is_forgotten_not_at_all() {
        let mut sessions = sessions();
        let id = begun(&mut sessions, 4, 0);
        let first = sessions.begin(&request((id, 1), 0..0), 12, at(1)).expect("it is there");
        sessions.told(id, &first.wanted()[1], 5, 0, true, false);
        let forgotten =
            ForgottenTopic { topic: "t".into(), partitions: vec![2], ..ForgottenTopic::default() };
        let next = FetchRequest { forgotten_topics_data: vec![forgotten], ..request((id, 2), 0..0) };
        let next = sessions.begin(&next, 12, at(2)).expect("it is there");
        let order: Vec<i32> = next.wanted().iter().map(|wanted| wanted.partition.partition).collect();
        assert_eq!(order, [0, 3, 1]);
    }
}
