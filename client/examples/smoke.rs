//! Runs producer, consumer and admin against the broker that KLAMM_TEST_BOOTSTRAP names.

use std::error::Error;
use std::time::Duration;

use klamm_client::{
    Admin, AdminConfig, Consumer, ConsumerConfig, NewTopic, Producer, ProducerConfig, ProducerRecord,
    TopicPartition,
};
use klamm_env::Env;
use klamm_env_tokio::Options;

fn main() -> Result<(), Box<dyn Error>> {
    let bootstrap = std::env::var("KLAMM_TEST_BOOTSTRAP")
        .map_err(|_| "KLAMM_TEST_BOOTSTRAP must name a running broker, host:port")?;
    let options = Options { lanes: 1, ..Options::default() };
    klamm_env_tokio::run(options, |env| async move { smoke(env, &bootstrap).await })?;
    Ok(())
}

async fn smoke(env: Env, bootstrap: &str) -> Result<(), klamm_client::Error> {
    let topic = format!("smoke-{}", env.wall().0);
    let admin = Admin::new(&env, AdminConfig::new(bootstrap)?);
    println!("{:?}", admin.create_topic(NewTopic::new(&topic, 2, 1)).await?);
    let producer = Producer::new(&env, ProducerConfig::new(bootstrap)?);
    let mut deliveries = Vec::new();
    for number in 0..1000 {
        let record = ProducerRecord::to(&*topic).value(format!("record {number}"));
        deliveries.push(producer.send(record).await?);
    }
    for delivery in deliveries {
        delivery.await?;
    }
    println!("{:?}", producer.send(ProducerRecord::to(&*topic).value("last").partition(0)).await?.await?);
    let properties = [("bootstrap.servers", bootstrap), ("auto.offset.reset", "earliest")];
    let properties = properties.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
    let mut consumer = Consumer::new(&env, ConsumerConfig::from_properties(&properties)?);
    consumer.assign([0, 1].map(|partition| TopicPartition::new(&*topic, partition)))?;
    let mut count = 0;
    while count < 1001 {
        count += consumer.poll(Duration::from_secs(1)).await?.len();
        println!("{count}");
    }
    println!("{:?}", admin.delete_topics(vec![topic]).await?);
    Ok(())
}
