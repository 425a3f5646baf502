//! Kafka's messages, their codec, error codes and API keys.
