"""confluent-kafka against a broker.

usage: confluent_kafka_client.py BOOTSTRAP produce TOPIC FILE | consume TOPIC COUNT | check
"""

import sys

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import (AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, NewPartitions, NewTopic,
                                   ResourceType)

bootstrap = sys.argv[1]


def producer(**more):
    return Producer({"bootstrap.servers": bootstrap, "acks": "all", "enable.idempotence": True, "linger.ms": 20, **more})


def assigned(topic, offset):
    # The library asks for a group's name even when no group is joined; nothing is committed to it.
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "assigned", "enable.auto.commit": False})
    consumer.assign([TopicPartition(topic, 0, offset)])
    return consumer


def read(consumer, count):
    records = []
    while len(records) < count:
        polled = consumer.consume(count - len(records), 10)
        assert polled, f"nothing more after {len(records)} of {count} records"
        assert all(record.error() is None for record in polled), [record.error() for record in polled]
        records += polled
    return records


def produce(topic, path):
    sender, failures = producer(**{"queue.buffering.max.messages": 500_000}), []

    def delivered(error, _):
        if error:
            failures.append(error)

    with open(path, "rb") as lines:
        for line in lines:
            while True:
                try:
                    sender.produce(topic, line.removesuffix(b"\n"), partition=0, on_delivery=delivered)
                    break
                except BufferError:
                    sender.poll(0.1)
            sender.poll(0)
    assert sender.flush(120) == 0 and not failures, failures[:3]


def consume(topic, count):
    consumer, left, out = assigned(topic, 0), count, sys.stdout.buffer
    while left:
        records = consumer.consume(min(left, 20_000), 20)
        assert records, f"nothing more, {left} records before the end"
        assert all(record.error() is None for record in records), [record.error() for record in records]
        out.write(b"".join(record.value() + b"\n" for record in records))
        left -= len(records)
    out.flush()
    consumer.close()


def refuses(code, action):
    try:
        action()
    except KafkaException as error:
        assert error.args[0].code() == code, error
        return
    raise AssertionError(f"error {code} did not come")


def check_records():
    headers = [("color", b"blue"), ("empty", b""), ("null", None), ("bytes", bytes(range(256)))]
    values = [b"first", b"", None, b"x" * 500_000]
    offsets, sender = [], producer()
    for n, value in enumerate(values):
        sender.produce("records", value, key=b"key %d" % n, headers=headers, partition=0, timestamp=1_000 * (n + 1),
                       on_delivery=lambda error, record: offsets.append((error, record.offset())))
    assert sender.flush(30) == 0
    for n, codec in enumerate(["gzip", "snappy", "lz4", "zstd"]):
        packer = producer(**{"compression.type": codec})
        packer.produce("records", codec.encode() * 100, partition=0, timestamp=10_000 + n,
                       on_delivery=lambda error, record: offsets.append((error, record.offset())))
        assert packer.flush(30) == 0
    assert offsets == [(None, n) for n in range(8)], offsets
    consumer = assigned("records", 0)
    assert consumer.get_watermark_offsets(TopicPartition("records", 0)) == (0, 8)
    records = read(consumer, 8)
    assert [record.value() for record in records[:4]] == values
    assert [record.value() for record in records[4:]] == [b"gzip" * 100, b"snappy" * 100, b"lz4" * 100, b"zstd" * 100]
    assert [record.key() for record in records[:4]] == [b"key 0", b"key 1", b"key 2", b"key 3"]
    assert [record.timestamp()[1] for record in records[:4]] == [1_000, 2_000, 3_000, 4_000]
    assert all(record.headers() == headers for record in records[:4]), records[0].headers()
    [found] = consumer.offsets_for_times([TopicPartition("records", 0, 2_500)], 30)
    assert found.offset == 2, found
    consumer.seek(TopicPartition("records", 0, 2))
    assert read(consumer, 1)[0].offset() == 2
    consumer.close()


def configs_of(admin, kind, name):
    resource = ConfigResource(kind, name)
    described = admin.describe_configs([resource])[resource].result(30)
    return {key: entry.value for key, entry in described.items()}


def check_admin():
    admin = AdminClient({"bootstrap.servers": bootstrap})
    topic = NewTopic("orders", num_partitions=3, replication_factor=1, config={"retention.ms": "60000"})
    create = lambda: admin.create_topics([topic])["orders"].result(30)
    create()
    refuses(KafkaError.TOPIC_ALREADY_EXISTS, create)
    assert len(admin.list_topics("orders", 30).topics["orders"].partitions) == 3
    admin.create_partitions([NewPartitions("orders", 4)])["orders"].result(30)
    assert len(admin.list_topics("orders", 30).topics["orders"].partitions) == 4
    assert configs_of(admin, ResourceType.TOPIC, "orders")["retention.ms"] == "60000"
    assert configs_of(admin, ResourceType.BROKER, "1")["node.id"] == "1"
    entry = ConfigEntry("retention.ms", "70000", incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ResourceType.TOPIC, "orders", incremental_configs=[entry])
    admin.incremental_alter_configs([resource])[resource].result(30)
    assert configs_of(admin, ResourceType.TOPIC, "orders")["retention.ms"] == "70000"
    resource = ConfigResource(ResourceType.TOPIC, "orders", set_config={"retention.ms": "80000"})
    admin.alter_configs([resource])[resource].result(30)
    assert configs_of(admin, ResourceType.TOPIC, "orders")["retention.ms"] == "80000"
    cluster = admin.describe_cluster().result(30)
    assert [node.id for node in cluster.nodes] == [1] and cluster.cluster_id, cluster
    [deleted] = admin.delete_records([TopicPartition("records", 0, 2)]).values()
    assert deleted.result(30).low_watermark == 2
    delete = lambda: admin.delete_topics(["orders"])["orders"].result(30)
    delete()
    refuses(KafkaError.UNKNOWN_TOPIC_OR_PART, delete)


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
