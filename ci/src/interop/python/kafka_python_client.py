"""kafka-python against a broker.

usage: kafka_python_client.py BOOTSTRAP produce TOPIC FILE | consume TOPIC COUNT | check
"""

import sys

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, KafkaAdminClient
from kafka.errors import TopicAlreadyExistsError, UnknownTopicOrPartitionError

bootstrap = sys.argv[1]


def producer(**more):
    return KafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True, linger_ms=20, **more)


def assigned(topic, **more):
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, group_id=None, enable_auto_commit=False, **more)
    consumer.assign([TopicPartition(topic, 0)])
    return consumer


def read(consumer, count):
    records = []
    while len(records) < count:
        polled = consumer.poll(timeout_ms=10_000)
        assert polled, f"nothing more after {len(records)} of {count} records"
        records += [record for batch in polled.values() for record in batch]
    return records


def produce(topic, path):
    sender, failures = producer(batch_size=1 << 18), []
    with open(path, "rb") as lines:
        for line in lines:
            sender.send(topic, line.removesuffix(b"\n"), partition=0).add_errback(failures.append)
    sender.flush()
    sender.close()
    assert not failures, failures[:3]


def consume(topic, count):
    consumer, left, out = assigned(topic, max_poll_records=20_000), count, sys.stdout.buffer
    consumer.seek_to_beginning()
    while left:
        polled = consumer.poll(timeout_ms=20_000)
        assert polled, f"nothing more, {left} records before the end"
        for batch in polled.values():
            out.write(b"".join(record.value + b"\n" for record in batch[:left]))
            left -= min(left, len(batch))
    out.flush()


def refuses(expected, action):
    try:
        action()
    except expected:
        return
    raise AssertionError(f"{expected.__name__} did not come")


def check_records():
    sender = producer()
    headers = [("color", b"blue"), ("empty", b""), ("bytes", bytes(range(256)))]
    values = [b"first", b"", None, b"x" * 500_000]
    sent = [sender.send("records", value, key=b"key %d" % n, headers=headers, partition=0, timestamp_ms=1_000 * (n + 1))
            for n, value in enumerate(values)]
    offsets = [future.get(timeout=30).offset for future in sent]
    assert offsets == [0, 1, 2, 3], offsets
    for codec in ["gzip"]:
        producer(compression_type=codec).send("records", b"packed", partition=0, timestamp_ms=9_000).get(timeout=30)
    consumer, partition = assigned("records"), TopicPartition("records", 0)
    assert consumer.beginning_offsets([partition]) == {partition: 0}
    assert consumer.end_offsets([partition]) == {partition: 5}
    consumer.seek_to_beginning()
    records = read(consumer, 5)
    assert [record.value for record in records] == values + [b"packed"]
    assert [record.key for record in records] == [b"key 0", b"key 1", b"key 2", b"key 3", None]
    assert [record.timestamp for record in records] == [1_000, 2_000, 3_000, 4_000, 9_000]
    assert all(list(record.headers) == headers for record in records[:4]), records[0].headers
    found = consumer.offsets_for_times({partition: 2_500})[partition]
    assert (found.offset, found.timestamp) == (2, 3_000), found
    consumer.seek(partition, found.offset)
    assert read(consumer, 3)[0].offset == 2
    consumer.seek_to_end()
    assert consumer.position(partition) == 5


def configs_of(admin, name):
    described = admin.describe_configs([ConfigResource("TOPIC", name)], config_filter="all")
    return {key: data["value"] for key, data in described["topic"][name].items()}


def check_admin():
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    topic = {"num_partitions": 3, "replication_factor": 1, "configs": {"retention.ms": "60000"}}
    admin.create_topics({"orders": topic})
    refuses(TopicAlreadyExistsError, lambda: admin.create_topics({"orders": topic}))
    assert "orders" in admin.list_topics()
    [described] = admin.describe_topics(["orders"])
    assert len(described["partitions"]) == 3, described
    admin.create_partitions({"orders": 4})
    [described] = admin.describe_topics(["orders"])
    assert len(described["partitions"]) == 4, described
    assert configs_of(admin, "orders")["retention.ms"] == "60000"
    for incremental in [True, False]:
        value = "70000" if incremental else "80000"
        admin.alter_configs([ConfigResource("TOPIC", "orders", {"retention.ms": value})], incremental=incremental)
        configs = configs_of(admin, "orders")
        assert configs["retention.ms"] == value, configs
    assert admin.describe_cluster()["brokers"][0]["broker_id"] == 1
    deleted = admin.delete_records({TopicPartition("records", 0): 2})
    assert deleted[TopicPartition("records", 0)]["low_watermark"] == 2, deleted
    admin.delete_topics(["orders"])
    refuses(UnknownTopicOrPartitionError, lambda: admin.delete_topics(["orders"]))
    assert "orders" not in admin.list_topics()


def main():
    match sys.argv[2:]:
        case ["produce", topic, path]:
            produce(topic, path)
        case ["consume", topic, count]:
            consume(topic, int(count))
        case ["check"]:
            check_records()
            check_admin()
        case other:
            raise SystemExit(f"unknown: {other}\n{__doc__}")


main()
