"""An idempotent producer that outlives its broker: writes numbered records until it is told to stop, and says which were
acknowledged.

usage: kill_producer.py BOOTSTRAP TOPIC ACKNOWLEDGED_FILE
Standard input: a line `stop` (or its end) stops the writing; then everything in flight is waited for. Standard output: a
line for each 100 acknowledged records, so that whoever kills the broker knows that it is back.
"""

import random
import sys
import threading

from confluent_kafka import Producer

bootstrap, topic, path = sys.argv[1:]
settings = {
    "bootstrap.servers": bootstrap,
    "acks": "all",
    "enable.idempotence": True,
    "linger.ms": 2,
    "batch.num.messages": 200,
    "message.timeout.ms": 300_000,
    "reconnect.backoff.ms": 20,
    "reconnect.backoff.max.ms": 200,
    "queue.buffering.max.messages": 5_000,
    "log_level": 0,
}
stopped = threading.Event()


def wait_for_the_end():
    sys.stdin.readline()
    stopped.set()


def main():
    acknowledged, failures, dice = [], [], random.Random(7)
    producer, number = Producer(settings), 0

    def delivered(error, record):
        if error:
            failures.append(str(error))
            return
        acknowledged.append((int(record.key()), record.offset()))
        if len(acknowledged) % 100 == 0:
            print(len(acknowledged), flush=True)

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    while not stopped.is_set():
        value = dice.randbytes(dice.choice([0, 20, 400, 6_000]))
        try:
            producer.produce(topic, value, key=b"%d" % number, partition=0, on_delivery=delivered)
            number += 1
        except BufferError:
            producer.poll(0.05)
        # Some 20,000 records a second at most: the disk's speed is not what is tried.
        producer.poll(0 if number % 20 else 0.001)
    left = producer.flush(120)
    with open(path, "w") as out:
        out.writelines(f"{number} {offset}\n" for number, offset in acknowledged)
    assert left == 0, f"{left} records are still in flight"
    assert not failures, failures[:3]


main()
