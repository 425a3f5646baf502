//! Producer, consumer and admin against the broker that KLAMM_TEST_BOOTSTRAP names: every call once, and what it must
//! have done looked at through another. Not here: timing.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that says what it found")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;
use std::time::Duration;

use klamm_client::{
    Admin, AdminConfig, AlterConfigOp, ConfigResource, ConfigResourceType, Consumer, ConsumerConfig, Error,
    NewPartitions, NewTopic, OffsetSpec, Producer, ProducerConfig, ProducerRecord, TopicPartition,
};
use klamm_env::Env;
use klamm_env_tokio::Options;
use klamm_protocol::{ApiKey, ErrorCode};

/// Records of each round; enough for several batches and requests.
const RECORDS: usize = 3_000;

const CODECS: [&str; 5] = ["none", "gzip", "snappy", "lz4", "zstd"];

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let Ok(bootstrap) = std::env::var("KLAMM_TEST_BOOTSTRAP") else {
        eprintln!("KLAMM_TEST_BOOTSTRAP must name a running broker, host:port");
        return ExitCode::FAILURE;
    };
    let options = Options { lanes: 1, ..Options::default() };
    let outcome = klamm_env_tokio::run(options, |env| async move {
        let smoke = Smoke { topic: format!("smoke-{}", env.wall().0), env, bootstrap };
        smoke.run().await
    });
    match outcome {
        Ok(()) => {
            println!("every call did what it should");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// What all parts need.
struct Smoke {
    env: Env,
    bootstrap: String,
    topic: String,
}

fn expect(held: bool, what: &str) -> Outcome {
    println!("{} {what}", if held { "ok  " } else { "FAIL" });
    if held { Ok(()) } else { Err(format!("not so: {what}").into()) }
}

impl Smoke {
    fn properties(&self, more: &[(&str, &str)]) -> BTreeMap<String, String> {
        let all = [("bootstrap.servers", self.bootstrap.as_str())].into_iter().chain(more.iter().copied());
        all.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
    }

    fn partition(&self, number: i32) -> TopicPartition {
        TopicPartition::new(&*self.topic, number)
    }

    async fn run(&self) -> Outcome {
        let admin = Admin::new(&self.env, AdminConfig::new(&self.bootstrap)?);
        self.topics(&admin).await?;
        for (round, codec) in CODECS.into_iter().enumerate() {
            self.produce(codec, round).await?;
        }
        self.produce_with_acks("0").await?;
        self.produce_with_acks("1").await?;
        self.consume().await?;
        self.offsets(&admin).await?;
        self.configs(&admin).await?;
        self.cluster(&admin).await?;
        admin.delete_topics(vec![self.topic.clone()]).await?.remove(&self.topic).ok_or("not deleted")??;
        let gone = async || Ok(!self.names(&admin).await?.contains(&self.topic));
        self.eventually("a deleted topic is gone", gone).await
    }

    /// What the controller has decided reaches a broker a moment later.
    async fn eventually(&self, what: &str, held: impl AsyncFn() -> Result<bool, Error>) -> Outcome {
        for _ in 0..100 {
            if held().await? {
                return expect(true, what);
            }
            self.env.sleep(Duration::from_millis(100)).await;
        }
        expect(false, what)
    }

    async fn names(&self, admin: &Admin) -> Result<Vec<String>, Error> {
        Ok(admin.list_topics(false).await?.into_iter().map(|topic| topic.name).collect())
    }

    async fn topics(&self, admin: &Admin) -> Outcome {
        let topic = || NewTopic::new(&self.topic, 2, 1).config("retention.ms", "86400000");
        let checked = admin.create_topics(vec![topic()], true).await?;
        expect(checked.values().all(Result::is_ok), "a topic can be validated")?;
        expect(!self.names(admin).await?.contains(&self.topic), "validating creates nothing")?;
        let created = admin.create_topic(topic()).await?;
        expect(created.num_partitions == 2, "a topic is created")?;
        let again = admin.create_topic(topic()).await.err().and_then(|error| error.code());
        expect(again == Some(ErrorCode::TOPIC_ALREADY_EXISTS), "but once")?;
        let more = NewPartitions { total_count: 3, assignments: None };
        let grown = admin.create_partitions([(self.topic.clone(), more)].into(), false).await?;
        expect(grown.values().all(Result::is_ok), "partitions are added")?;
        let describe = async || {
            let described = admin.describe_topics(vec![self.topic.clone()]).await?;
            described.get(&self.topic).cloned().unwrap_or(Err(ErrorCode::UNKNOWN_TOPIC_ID.into()))
        };
        self.eventually("all three are there", async || Ok(describe().await?.partitions.len() == 3)).await?;
        let described = describe().await?;
        expect(described.partitions.iter().all(|partition| partition.leader.is_some()), "each has a leader")?;
        expect(described.topic_id == created.topic_id, "the topic has its id")
    }

    async fn produce(&self, codec: &str, round: usize) -> Outcome {
        let config = self.properties(&[("compression.type", codec), ("linger.ms", "2")]);
        let producer = Producer::new(&self.env, ProducerConfig::from_properties(&config)?);
        let mut deliveries = Vec::new();
        for number in 0..RECORDS {
            let record = ProducerRecord::to(&*self.topic)
                .key(format!("key {}", number % 7))
                .value(format!("{round} {number} {codec}"))
                .header("codec", codec.to_owned());
            deliveries.push(producer.send(record).await?);
        }
        producer.flush().await?;
        let mut places = BTreeSet::new();
        for delivery in deliveries {
            let metadata = delivery.await?;
            places.insert((metadata.partition, metadata.offset));
        }
        producer.close(Duration::from_secs(10)).await?;
        expect(places.len() == RECORDS, &format!("every record has a place of its own, with {codec}"))
    }

    async fn produce_with_acks(&self, acks: &str) -> Outcome {
        let config = self.properties(&[("acks", acks)]);
        let producer = Producer::new(&self.env, ProducerConfig::from_properties(&config)?);
        let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
        let record = ProducerRecord::to(&*self.topic).partition(2).value(format!("acks {acks}"));
        let callback = move |outcome: Result<_, Error>| drop(sender.send(outcome));
        producer.send_with(record, callback).await?;
        let metadata = receiver.recv().await.ok_or("the callback was dropped")??;
        producer.close(Duration::from_secs(10)).await?;
        expect(metadata.offset.is_some() == (acks != "0"), &format!("a callback is called with acks={acks}"))
    }

    fn consumer(&self, more: &[(&str, &str)]) -> Result<Consumer, Error> {
        Ok(Consumer::new(&self.env, ConsumerConfig::from_properties(&self.properties(more))?))
    }

    async fn consume(&self) -> Outcome {
        let mut consumer = self.consumer(&[("auto.offset.reset", "earliest")])?;
        let all: Vec<TopicPartition> = (0..3).map(|number| self.partition(number)).collect();
        consumer.assign(all.clone())?;
        let mut last: BTreeMap<(i32, Option<bytes::Bytes>), (usize, usize)> = BTreeMap::new();
        let (mut count, mut ordered) = (0, true);
        while count < RECORDS * CODECS.len() + 2 {
            let records = consumer.poll(Duration::from_secs(20)).await?;
            if records.is_empty() {
                return Err(format!("only {count} records within 20 s").into());
            }
            for record in records {
                count += 1;
                let text = String::from_utf8(record.value.unwrap_or_default().to_vec())?;
                let mut words = text.split(' ').map(str::parse::<usize>);
                if let (Some(Ok(round)), Some(Ok(number))) = (words.next(), words.next()) {
                    let before = last.insert((record.partition, record.key), (round, number));
                    ordered &= before.is_none_or(|before| before < (round, number));
                }
            }
        }
        expect(ordered, "all records come back, those of a key in order")?;
        let ends = consumer.end_offsets(&all).await?;
        expect(ends.values().sum::<i64>() == i64::try_from(count)?, "the ends are where they should be")?;
        let first = self.partition(0);
        expect(consumer.position(&first).await? == ends[&first], "the position is the end")?;
        consumer.seek(&first, 5)?;
        let again = consumer.poll(Duration::from_secs(20)).await?;
        expect(again.iter().next().map(|record| record.offset) == Some(5), "seek goes back")?;
        consumer.seek_to_beginning(&all)?;
        consumer.pause(&all)?;
        let none = consumer.poll(Duration::from_millis(300)).await?;
        expect(none.is_empty(), "nothing comes while all is paused")?;
        consumer.resume(std::slice::from_ref(&first))?;
        let some = consumer.poll(Duration::from_secs(20)).await?;
        expect(some.iter().all(|record| record.partition == 0) && !some.is_empty(), "one is resumed")?;
        let mut strict =
            self.consumer(&[("auto.offset.reset", "none"), ("isolation.level", "read_committed")])?;
        strict.assign([first.clone()])?;
        expect(strict.poll(Duration::from_secs(5)).await.is_err(), "without a position there is an error")?;
        strict.seek(&first, 1 << 40)?;
        expect(strict.poll(Duration::from_secs(20)).await.is_err(), "and beyond the end too")
    }

    async fn offsets(&self, admin: &Admin) -> Outcome {
        let (first, second) = (self.partition(0), self.partition(1));
        let before = admin.delete_records([(first.clone(), 10)].into()).await?;
        expect(before.get(&first).ok_or("no answer")?.clone()? == 10, "records are deleted")?;
        let specs = [(first.clone(), OffsetSpec::Earliest), (second.clone(), OffsetSpec::MaxTimestamp)];
        let listed = admin.list_offsets(specs.into()).await?;
        expect(listed[&first].clone()?.offset == 10, "the first offset is behind them")?;
        let newest = listed[&second].clone()?;
        expect(newest.offset >= 0 && newest.timestamp > 0, "the largest timestamp is found")?;
        let consumer = self.consumer(&[])?;
        let found = consumer.offsets_for_times([(second.clone(), newest.timestamp)].into()).await?;
        expect(found[&second].is_some_and(|found| found.offset <= newest.offset), "and found by time")?;
        let never = consumer.offsets_for_times([(second.clone(), i64::MAX)].into()).await?;
        expect(never[&second].is_none(), "nothing is found in the future")?;
        let quick = AdminConfig::from_properties(&self.properties(&[("default.api.timeout.ms", "500")]))?;
        let quick = Admin::new(&self.env, quick);
        let missing = quick.list_offsets([(self.partition(99), OffsetSpec::Latest)].into()).await?;
        expect(missing.values().all(Result::is_err), "a partition that is not there is an error")
    }

    async fn configs(&self, admin: &Admin) -> Outcome {
        let resource = ConfigResource::topic(&self.topic);
        let value = async |key: &str| {
            let described = admin.describe_configs([resource.clone()].into(), true, false).await?;
            let entries = described.get(&resource).cloned().unwrap_or_else(|| Ok(Vec::new()))?;
            Ok::<_, Error>(entries.into_iter().find(|entry| entry.name == key))
        };
        let retention = value("retention.ms").await?.ok_or("no retention.ms")?;
        expect(retention.value.as_deref() == Some("86400000"), "the topic has its configuration")?;
        expect(!retention.is_default() && !retention.synonyms.is_empty(), "and it says where from")?;
        let set = AlterConfigOp::Set("segment.ms".into(), "600000".into());
        let delete = AlterConfigOp::Delete("retention.ms".into());
        let altered =
            admin.incremental_alter_configs([(resource.clone(), vec![set, delete])].into(), false).await?;
        expect(altered.values().all(Result::is_ok), "single keys are altered")?;
        let is = async |key: &str, wanted: &str| {
            Ok(value(key).await?.and_then(|entry| entry.value).as_deref() == Some(wanted))
        };
        self.eventually("which shows", async || is("segment.ms", "600000").await).await?;
        let whole = BTreeMap::from([("max.message.bytes".to_owned(), "2000000".to_owned())]);
        let replaced = admin.alter_configs([(resource.clone(), whole)].into(), false).await?;
        expect(replaced.values().all(Result::is_ok), "a whole configuration is replaced")?;
        let reset = async || is("segment.ms", "604800000").await;
        self.eventually("and what it leaves out is at its default", reset).await?;
        let bad = AlterConfigOp::Set("segment.ms".into(), "soon".into());
        let refused = admin.incremental_alter_configs([(resource.clone(), vec![bad])].into(), false).await?;
        expect(refused.values().all(Result::is_err), "a bad value is refused")?;
        let versions = admin.api_versions().await?.into_values().next().ok_or("no broker")??;
        let listing = versions.apis.get(&(ApiKey::ListConfigResources as i16));
        let topics = admin.list_config_resources(vec![ConfigResourceType::Topic]).await;
        match listing.map_or(-1, |range| *range.end()) {
            1.. => expect(topics?.contains(&resource), "the topic is among the resources"),
            _ => expect(topics.is_err(), "an old broker cannot list resources, and the client says so"),
        }
    }

    async fn cluster(&self, admin: &Admin) -> Outcome {
        let cluster = admin.describe_cluster(false).await?;
        expect(
            !cluster.nodes.is_empty() && !cluster.cluster_id.is_empty(),
            "the cluster has id and brokers",
        )?;
        let broker = cluster.nodes[0].id;
        let resource = ConfigResource::broker(broker);
        let described = admin.describe_configs([resource.clone()].into(), false, true).await?;
        expect(described.get(&resource).is_some_and(Result::is_ok), "a broker has a configuration")?;
        let directories = admin.describe_log_dirs(vec![broker]).await?;
        let directories = directories.get(&broker).ok_or("no log directories")?.clone()?;
        let replicas = directories.into_iter().flatten().flat_map(|directory| directory.replicas);
        expect(
            replicas.filter(|replica| replica.topic == self.topic).count() == 3,
            "replicas are somewhere",
        )?;
        let versions = admin.api_versions().await?;
        let versions = versions.get(&broker).ok_or("no versions")?.clone()?;
        expect(versions.usable(ApiKey::Produce).is_some(), "the broker serves Produce")
    }
}
