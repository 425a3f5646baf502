//! The consumer on its lane: does what the fetcher decides. Not here: the decisions.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;

use futures_util::future::select;
use klamm_client_core::{FetcherEffect, Moment, Outgoing, with_ids_if_known};
use klamm_env::{Env, Instant};
use klamm_protocol::{FetchRequest, FetchResponse, ListOffsetsRequest, ListOffsetsResponse, Uuid};

use super::{Shared, fetch_error, not_assigned};
use crate::admin::{Each, ListedOffset, OffsetSpec, PartitionDescription};
use crate::config::{ConsumerConfig, IsolationLevel};
use crate::error::Error;
use crate::link::{Link, Waiter, decoded};
use crate::offsets;
use crate::record::TopicPartition;

pub(super) struct Fetching {
    link: Rc<Link>,
    shared: Arc<Shared>,
    closed: Cell<bool>,
}

impl Fetching {
    pub(super) fn start(env: &Env, config: &ConsumerConfig, shared: Arc<Shared>) -> Rc<Fetching> {
        let link = Link::start(env, &config.client, config.allow_auto_create_topics, u32::MAX);
        let fetching = Rc::new(Fetching { link, shared, closed: Cell::new(false) });
        env.spawn_local("consumer fetcher", fetching.clone().run());
        fetching
    }

    pub(super) fn stop(&self) {
        self.closed.set(true);
        self.shared.wake.notify_one();
    }

    async fn run(self: Rc<Self>) {
        while !self.closed.get() {
            let mut fresh = pin!(self.link.metadata_changed.notified());
            fresh.as_mut().enable();
            self.ask();
            let woken = pin!(self.shared.wake.notified());
            let news = select(woken, fresh);
            let now = self.link.now();
            let available = self.link.with_network(|network| network.next_available(now));
            let next = self.shared.fetcher().next_deadline(now).min(available);
            match next {
                Moment::NEVER => {
                    news.await;
                }
                next => {
                    select(news, self.link.env.sleep_until(Instant::from_nanos(next.0))).await;
                }
            }
        }
        self.link.close();
    }

    /// Sends what the fetcher wants to ask now.
    fn ask(self: &Rc<Self>) {
        let now = self.link.now();
        let topics: Vec<Arc<str>> = {
            let fetcher = self.shared.fetcher();
            let mut topics: Vec<_> = fetcher.assignment().map(|partition| partition.topic.clone()).collect();
            topics.dedup();
            topics
        };
        topics.iter().for_each(|topic| self.link.want_topic(topic));
        let (cluster, wall_ms) = (self.link.cluster(), self.link.env.wall().0);
        let effects = self.link.with_network(|network| {
            self.shared
                .fetcher()
                .poll(now, wall_ms, &cluster, |node| network.backing_off(node, now).is_none())
        });
        self.do_effects(effects);
        if self.shared.fetcher().error().is_some() {
            self.shared.news.notify_waiters();
        }
    }

    fn do_effects(self: &Rc<Self>, effects: Vec<FetcherEffect>) {
        for effect in effects {
            match effect {
                FetcherEffect::RefreshMetadata => self.link.request_refresh(),
                FetcherEffect::Fetch { node, request, body } => self.fetch(node, request, body),
                FetcherEffect::ListOffsets { node, request, body } => self.list_offsets(node, request, body),
            }
        }
    }

    fn fetch(self: &Rc<Self>, node: i32, request: u64, body: FetchRequest) {
        let ids: Vec<Uuid> = body.topics.iter().map(|topic| topic.topic_id).collect();
        let body = with_ids_if_known(body, ids.into_iter());
        let fetching = self.clone();
        let waiter: Waiter = Box::new(move |answer| {
            let (now, draw) = (fetching.link.now(), fetching.link.draw());
            let answer = answer.and_then(decoded::<FetchResponse>);
            let effects = fetching.shared.fetcher().fetched(now, request, answer, draw);
            fetching.answered(effects);
        });
        let timeout = self.link.config.request_timeout;
        self.link.send(node, Outgoing { body, timeout, answered: true }, waiter);
    }

    fn list_offsets(self: &Rc<Self>, node: i32, request: u64, body: ListOffsetsRequest) {
        let body = offsets::list_body(body);
        let fetching = self.clone();
        let waiter: Waiter = Box::new(move |answer| {
            let (now, draw) = (fetching.link.now(), fetching.link.draw());
            let answer = answer.and_then(decoded::<ListOffsetsResponse>);
            let effects = fetching.shared.fetcher().listed(now, request, answer, draw);
            fetching.answered(effects);
        });
        let timeout = self.link.config.request_timeout;
        self.link.send(node, Outgoing { body, timeout, answered: true }, waiter);
    }

    fn answered(self: &Rc<Self>, effects: Vec<FetcherEffect>) {
        self.do_effects(effects);
        self.shared.news.notify_waiters();
        self.shared.wake.notify_one();
    }

    /// Waits until there may be something new to read, or time is up.
    pub(super) async fn news(self: Rc<Self>, deadline: Moment) -> Result<(), Error> {
        let mut news = pin!(self.shared.news.notified());
        news.as_mut().enable();
        // What came since the caller looked has told nobody who waits.
        if !self.shared.fetcher().has_news() {
            // Whoever waits looks for himself.
            let _ = self.link.env.timeout(deadline - self.link.now(), news).await;
        }
        Ok(())
    }

    pub(super) async fn position(self: Rc<Self>, partition: TopicPartition) -> Result<i64, Error> {
        let allowed = self.link.config.default_api_timeout;
        let deadline = self.link.now() + allowed;
        loop {
            let mut news = pin!(self.shared.news.notified());
            news.as_mut().enable();
            let known = self.shared.fetcher().position(&partition);
            match known {
                None => return Err(not_assigned(&partition)),
                Some(Err(error)) => return Err(fetch_error(&partition, error)),
                Some(Ok(Some(position))) => return Ok(position),
                Some(Ok(None)) if self.link.now() >= deadline => {
                    return Err(Error::timeout("finding out the position", allowed));
                }
                Some(Ok(None)) => {
                    // Time ran out: the next round says so.
                    let _ = self.link.env.timeout(deadline - self.link.now(), news).await;
                }
            }
        }
    }

    pub(super) async fn list(
        self: Rc<Self>,
        partitions: BTreeMap<TopicPartition, OffsetSpec>,
        isolation: IsolationLevel,
    ) -> Result<Each<TopicPartition, ListedOffset>, Error> {
        offsets::list(self.link.clone(), partitions, isolation).await
    }

    pub(super) async fn describe(
        self: Rc<Self>,
        topic: Arc<str>,
    ) -> Result<Vec<PartitionDescription>, Error> {
        let allowed = self.link.config.default_api_timeout;
        let deadline = self.link.now() + allowed;
        let topic = offsets::topic(&self.link, &topic, deadline, allowed).await?;
        Ok(offsets::partitions(&topic))
    }
}
