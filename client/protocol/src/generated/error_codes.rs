// Written by `cargo ci codegen` from schema/error_codes.schema.

//! Error codes and what is known of each.

use crate::ErrorCode;

/// What is known of an error code.
pub(crate) struct Description {
    pub(crate) name: &'static str,
    pub(crate) retriable: bool,
    pub(crate) refreshes_metadata: bool,
}

impl ErrorCode {
    /// `UNKNOWN_SERVER_ERROR`, -1.
    pub const UNKNOWN_SERVER_ERROR: Self = Self(-1);
    /// `NONE`, 0.
    pub const NONE: Self = Self(0);
    /// `OFFSET_OUT_OF_RANGE`, 1.
    pub const OFFSET_OUT_OF_RANGE: Self = Self(1);
    /// `CORRUPT_MESSAGE`, 2.
    pub const CORRUPT_MESSAGE: Self = Self(2);
    /// `UNKNOWN_TOPIC_OR_PARTITION`, 3.
    pub const UNKNOWN_TOPIC_OR_PARTITION: Self = Self(3);
    /// `INVALID_FETCH_SIZE`, 4.
    pub const INVALID_FETCH_SIZE: Self = Self(4);
    /// `LEADER_NOT_AVAILABLE`, 5.
    pub const LEADER_NOT_AVAILABLE: Self = Self(5);
    /// `NOT_LEADER_OR_FOLLOWER`, 6.
    pub const NOT_LEADER_OR_FOLLOWER: Self = Self(6);
    /// `REQUEST_TIMED_OUT`, 7.
    pub const REQUEST_TIMED_OUT: Self = Self(7);
    /// `BROKER_NOT_AVAILABLE`, 8.
    pub const BROKER_NOT_AVAILABLE: Self = Self(8);
    /// `REPLICA_NOT_AVAILABLE`, 9.
    pub const REPLICA_NOT_AVAILABLE: Self = Self(9);
    /// `MESSAGE_TOO_LARGE`, 10.
    pub const MESSAGE_TOO_LARGE: Self = Self(10);
    /// `STALE_CONTROLLER_EPOCH`, 11.
    pub const STALE_CONTROLLER_EPOCH: Self = Self(11);
    /// `OFFSET_METADATA_TOO_LARGE`, 12.
    pub const OFFSET_METADATA_TOO_LARGE: Self = Self(12);
    /// `NETWORK_EXCEPTION`, 13.
    pub const NETWORK_EXCEPTION: Self = Self(13);
    /// `COORDINATOR_LOAD_IN_PROGRESS`, 14.
    pub const COORDINATOR_LOAD_IN_PROGRESS: Self = Self(14);
    /// `COORDINATOR_NOT_AVAILABLE`, 15.
    pub const COORDINATOR_NOT_AVAILABLE: Self = Self(15);
    /// `NOT_COORDINATOR`, 16.
    pub const NOT_COORDINATOR: Self = Self(16);
    /// `INVALID_TOPIC_EXCEPTION`, 17.
    pub const INVALID_TOPIC_EXCEPTION: Self = Self(17);
    /// `RECORD_LIST_TOO_LARGE`, 18.
    pub const RECORD_LIST_TOO_LARGE: Self = Self(18);
    /// `NOT_ENOUGH_REPLICAS`, 19.
    pub const NOT_ENOUGH_REPLICAS: Self = Self(19);
    /// `NOT_ENOUGH_REPLICAS_AFTER_APPEND`, 20.
    pub const NOT_ENOUGH_REPLICAS_AFTER_APPEND: Self = Self(20);
    /// `INVALID_REQUIRED_ACKS`, 21.
    pub const INVALID_REQUIRED_ACKS: Self = Self(21);
    /// `ILLEGAL_GENERATION`, 22.
    pub const ILLEGAL_GENERATION: Self = Self(22);
    /// `INCONSISTENT_GROUP_PROTOCOL`, 23.
    pub const INCONSISTENT_GROUP_PROTOCOL: Self = Self(23);
    /// `INVALID_GROUP_ID`, 24.
    pub const INVALID_GROUP_ID: Self = Self(24);
    /// `UNKNOWN_MEMBER_ID`, 25.
    pub const UNKNOWN_MEMBER_ID: Self = Self(25);
    /// `INVALID_SESSION_TIMEOUT`, 26.
    pub const INVALID_SESSION_TIMEOUT: Self = Self(26);
    /// `REBALANCE_IN_PROGRESS`, 27.
    pub const REBALANCE_IN_PROGRESS: Self = Self(27);
    /// `INVALID_COMMIT_OFFSET_SIZE`, 28.
    pub const INVALID_COMMIT_OFFSET_SIZE: Self = Self(28);
    /// `TOPIC_AUTHORIZATION_FAILED`, 29.
    pub const TOPIC_AUTHORIZATION_FAILED: Self = Self(29);
    /// `GROUP_AUTHORIZATION_FAILED`, 30.
    pub const GROUP_AUTHORIZATION_FAILED: Self = Self(30);
    /// `CLUSTER_AUTHORIZATION_FAILED`, 31.
    pub const CLUSTER_AUTHORIZATION_FAILED: Self = Self(31);
    /// `INVALID_TIMESTAMP`, 32.
    pub const INVALID_TIMESTAMP: Self = Self(32);
    /// `UNSUPPORTED_SASL_MECHANISM`, 33.
    pub const UNSUPPORTED_SASL_MECHANISM: Self = Self(33);
    /// `ILLEGAL_SASL_STATE`, 34.
    pub const ILLEGAL_SASL_STATE: Self = Self(34);
    /// `UNSUPPORTED_VERSION`, 35.
    pub const UNSUPPORTED_VERSION: Self = Self(35);
    /// `TOPIC_ALREADY_EXISTS`, 36.
    pub const TOPIC_ALREADY_EXISTS: Self = Self(36);
    /// `INVALID_PARTITIONS`, 37.
    pub const INVALID_PARTITIONS: Self = Self(37);
    /// `INVALID_REPLICATION_FACTOR`, 38.
    pub const INVALID_REPLICATION_FACTOR: Self = Self(38);
    /// `INVALID_REPLICA_ASSIGNMENT`, 39.
    pub const INVALID_REPLICA_ASSIGNMENT: Self = Self(39);
    /// `INVALID_CONFIG`, 40.
    pub const INVALID_CONFIG: Self = Self(40);
    /// `NOT_CONTROLLER`, 41.
    pub const NOT_CONTROLLER: Self = Self(41);
    /// `INVALID_REQUEST`, 42.
    pub const INVALID_REQUEST: Self = Self(42);
    /// `UNSUPPORTED_FOR_MESSAGE_FORMAT`, 43.
    pub const UNSUPPORTED_FOR_MESSAGE_FORMAT: Self = Self(43);
    /// `POLICY_VIOLATION`, 44.
    pub const POLICY_VIOLATION: Self = Self(44);
    /// `OUT_OF_ORDER_SEQUENCE_NUMBER`, 45.
    pub const OUT_OF_ORDER_SEQUENCE_NUMBER: Self = Self(45);
    /// `DUPLICATE_SEQUENCE_NUMBER`, 46.
    pub const DUPLICATE_SEQUENCE_NUMBER: Self = Self(46);
    /// `INVALID_PRODUCER_EPOCH`, 47.
    pub const INVALID_PRODUCER_EPOCH: Self = Self(47);
    /// `INVALID_TXN_STATE`, 48.
    pub const INVALID_TXN_STATE: Self = Self(48);
    /// `INVALID_PRODUCER_ID_MAPPING`, 49.
    pub const INVALID_PRODUCER_ID_MAPPING: Self = Self(49);
    /// `INVALID_TRANSACTION_TIMEOUT`, 50.
    pub const INVALID_TRANSACTION_TIMEOUT: Self = Self(50);
    /// `CONCURRENT_TRANSACTIONS`, 51.
    pub const CONCURRENT_TRANSACTIONS: Self = Self(51);
    /// `TRANSACTION_COORDINATOR_FENCED`, 52.
    pub const TRANSACTION_COORDINATOR_FENCED: Self = Self(52);
    /// `TRANSACTIONAL_ID_AUTHORIZATION_FAILED`, 53.
    pub const TRANSACTIONAL_ID_AUTHORIZATION_FAILED: Self = Self(53);
    /// `SECURITY_DISABLED`, 54.
    pub const SECURITY_DISABLED: Self = Self(54);
    /// `OPERATION_NOT_ATTEMPTED`, 55.
    pub const OPERATION_NOT_ATTEMPTED: Self = Self(55);
    /// `KAFKA_STORAGE_ERROR`, 56.
    pub const KAFKA_STORAGE_ERROR: Self = Self(56);
    /// `LOG_DIR_NOT_FOUND`, 57.
    pub const LOG_DIR_NOT_FOUND: Self = Self(57);
    /// `SASL_AUTHENTICATION_FAILED`, 58.
    pub const SASL_AUTHENTICATION_FAILED: Self = Self(58);
    /// `UNKNOWN_PRODUCER_ID`, 59.
    pub const UNKNOWN_PRODUCER_ID: Self = Self(59);
    /// `REASSIGNMENT_IN_PROGRESS`, 60.
    pub const REASSIGNMENT_IN_PROGRESS: Self = Self(60);
    /// `DELEGATION_TOKEN_AUTH_DISABLED`, 61.
    pub const DELEGATION_TOKEN_AUTH_DISABLED: Self = Self(61);
    /// `DELEGATION_TOKEN_NOT_FOUND`, 62.
    pub const DELEGATION_TOKEN_NOT_FOUND: Self = Self(62);
    /// `DELEGATION_TOKEN_OWNER_MISMATCH`, 63.
    pub const DELEGATION_TOKEN_OWNER_MISMATCH: Self = Self(63);
    /// `DELEGATION_TOKEN_REQUEST_NOT_ALLOWED`, 64.
    pub const DELEGATION_TOKEN_REQUEST_NOT_ALLOWED: Self = Self(64);
    /// `DELEGATION_TOKEN_AUTHORIZATION_FAILED`, 65.
    pub const DELEGATION_TOKEN_AUTHORIZATION_FAILED: Self = Self(65);
    /// `DELEGATION_TOKEN_EXPIRED`, 66.
    pub const DELEGATION_TOKEN_EXPIRED: Self = Self(66);
    /// `INVALID_PRINCIPAL_TYPE`, 67.
    pub const INVALID_PRINCIPAL_TYPE: Self = Self(67);
    /// `NON_EMPTY_GROUP`, 68.
    pub const NON_EMPTY_GROUP: Self = Self(68);
    /// `GROUP_ID_NOT_FOUND`, 69.
    pub const GROUP_ID_NOT_FOUND: Self = Self(69);
    /// `FETCH_SESSION_ID_NOT_FOUND`, 70.
    pub const FETCH_SESSION_ID_NOT_FOUND: Self = Self(70);
    /// `INVALID_FETCH_SESSION_EPOCH`, 71.
    pub const INVALID_FETCH_SESSION_EPOCH: Self = Self(71);
    /// `LISTENER_NOT_FOUND`, 72.
    pub const LISTENER_NOT_FOUND: Self = Self(72);
    /// `TOPIC_DELETION_DISABLED`, 73.
    pub const TOPIC_DELETION_DISABLED: Self = Self(73);
    /// `FENCED_LEADER_EPOCH`, 74.
    pub const FENCED_LEADER_EPOCH: Self = Self(74);
    /// `UNKNOWN_LEADER_EPOCH`, 75.
    pub const UNKNOWN_LEADER_EPOCH: Self = Self(75);
    /// `UNSUPPORTED_COMPRESSION_TYPE`, 76.
    pub const UNSUPPORTED_COMPRESSION_TYPE: Self = Self(76);
    /// `STALE_BROKER_EPOCH`, 77.
    pub const STALE_BROKER_EPOCH: Self = Self(77);
    /// `OFFSET_NOT_AVAILABLE`, 78.
    pub const OFFSET_NOT_AVAILABLE: Self = Self(78);
    /// `MEMBER_ID_REQUIRED`, 79.
    pub const MEMBER_ID_REQUIRED: Self = Self(79);
    /// `PREFERRED_LEADER_NOT_AVAILABLE`, 80.
    pub const PREFERRED_LEADER_NOT_AVAILABLE: Self = Self(80);
    /// `GROUP_MAX_SIZE_REACHED`, 81.
    pub const GROUP_MAX_SIZE_REACHED: Self = Self(81);
    /// `FENCED_INSTANCE_ID`, 82.
    pub const FENCED_INSTANCE_ID: Self = Self(82);
    /// `ELIGIBLE_LEADERS_NOT_AVAILABLE`, 83.
    pub const ELIGIBLE_LEADERS_NOT_AVAILABLE: Self = Self(83);
    /// `ELECTION_NOT_NEEDED`, 84.
    pub const ELECTION_NOT_NEEDED: Self = Self(84);
    /// `NO_REASSIGNMENT_IN_PROGRESS`, 85.
    pub const NO_REASSIGNMENT_IN_PROGRESS: Self = Self(85);
    /// `GROUP_SUBSCRIBED_TO_TOPIC`, 86.
    pub const GROUP_SUBSCRIBED_TO_TOPIC: Self = Self(86);
    /// `INVALID_RECORD`, 87.
    pub const INVALID_RECORD: Self = Self(87);
    /// `UNSTABLE_OFFSET_COMMIT`, 88.
    pub const UNSTABLE_OFFSET_COMMIT: Self = Self(88);
    /// `THROTTLING_QUOTA_EXCEEDED`, 89.
    pub const THROTTLING_QUOTA_EXCEEDED: Self = Self(89);
    /// `PRODUCER_FENCED`, 90.
    pub const PRODUCER_FENCED: Self = Self(90);
    /// `RESOURCE_NOT_FOUND`, 91.
    pub const RESOURCE_NOT_FOUND: Self = Self(91);
    /// `DUPLICATE_RESOURCE`, 92.
    pub const DUPLICATE_RESOURCE: Self = Self(92);
    /// `UNACCEPTABLE_CREDENTIAL`, 93.
    pub const UNACCEPTABLE_CREDENTIAL: Self = Self(93);
    /// `INCONSISTENT_VOTER_SET`, 94.
    pub const INCONSISTENT_VOTER_SET: Self = Self(94);
    /// `INVALID_UPDATE_VERSION`, 95.
    pub const INVALID_UPDATE_VERSION: Self = Self(95);
    /// `FEATURE_UPDATE_FAILED`, 96.
    pub const FEATURE_UPDATE_FAILED: Self = Self(96);
    /// `PRINCIPAL_DESERIALIZATION_FAILURE`, 97.
    pub const PRINCIPAL_DESERIALIZATION_FAILURE: Self = Self(97);
    /// `SNAPSHOT_NOT_FOUND`, 98.
    pub const SNAPSHOT_NOT_FOUND: Self = Self(98);
    /// `POSITION_OUT_OF_RANGE`, 99.
    pub const POSITION_OUT_OF_RANGE: Self = Self(99);
    /// `UNKNOWN_TOPIC_ID`, 100.
    pub const UNKNOWN_TOPIC_ID: Self = Self(100);
    /// `DUPLICATE_BROKER_REGISTRATION`, 101.
    pub const DUPLICATE_BROKER_REGISTRATION: Self = Self(101);
    /// `BROKER_ID_NOT_REGISTERED`, 102.
    pub const BROKER_ID_NOT_REGISTERED: Self = Self(102);
    /// `INCONSISTENT_TOPIC_ID`, 103.
    pub const INCONSISTENT_TOPIC_ID: Self = Self(103);
    /// `INCONSISTENT_CLUSTER_ID`, 104.
    pub const INCONSISTENT_CLUSTER_ID: Self = Self(104);
    /// `TRANSACTIONAL_ID_NOT_FOUND`, 105.
    pub const TRANSACTIONAL_ID_NOT_FOUND: Self = Self(105);
    /// `FETCH_SESSION_TOPIC_ID_ERROR`, 106.
    pub const FETCH_SESSION_TOPIC_ID_ERROR: Self = Self(106);
    /// `INELIGIBLE_REPLICA`, 107.
    pub const INELIGIBLE_REPLICA: Self = Self(107);
    /// `NEW_LEADER_ELECTED`, 108.
    pub const NEW_LEADER_ELECTED: Self = Self(108);
    /// `OFFSET_MOVED_TO_TIERED_STORAGE`, 109.
    pub const OFFSET_MOVED_TO_TIERED_STORAGE: Self = Self(109);
    /// `FENCED_MEMBER_EPOCH`, 110.
    pub const FENCED_MEMBER_EPOCH: Self = Self(110);
    /// `UNRELEASED_INSTANCE_ID`, 111.
    pub const UNRELEASED_INSTANCE_ID: Self = Self(111);
    /// `UNSUPPORTED_ASSIGNOR`, 112.
    pub const UNSUPPORTED_ASSIGNOR: Self = Self(112);
    /// `STALE_MEMBER_EPOCH`, 113.
    pub const STALE_MEMBER_EPOCH: Self = Self(113);
    /// `MISMATCHED_ENDPOINT_TYPE`, 114.
    pub const MISMATCHED_ENDPOINT_TYPE: Self = Self(114);
    /// `UNSUPPORTED_ENDPOINT_TYPE`, 115.
    pub const UNSUPPORTED_ENDPOINT_TYPE: Self = Self(115);
    /// `UNKNOWN_CONTROLLER_ID`, 116.
    pub const UNKNOWN_CONTROLLER_ID: Self = Self(116);
    /// `UNKNOWN_SUBSCRIPTION_ID`, 117.
    pub const UNKNOWN_SUBSCRIPTION_ID: Self = Self(117);
    /// `TELEMETRY_TOO_LARGE`, 118.
    pub const TELEMETRY_TOO_LARGE: Self = Self(118);
    /// `INVALID_REGISTRATION`, 119.
    pub const INVALID_REGISTRATION: Self = Self(119);
    /// `TRANSACTION_ABORTABLE`, 120.
    pub const TRANSACTION_ABORTABLE: Self = Self(120);
    /// `INVALID_RECORD_STATE`, 121.
    pub const INVALID_RECORD_STATE: Self = Self(121);
    /// `SHARE_SESSION_NOT_FOUND`, 122.
    pub const SHARE_SESSION_NOT_FOUND: Self = Self(122);
    /// `INVALID_SHARE_SESSION_EPOCH`, 123.
    pub const INVALID_SHARE_SESSION_EPOCH: Self = Self(123);
    /// `FENCED_STATE_EPOCH`, 124.
    pub const FENCED_STATE_EPOCH: Self = Self(124);
    /// `INVALID_VOTER_KEY`, 125.
    pub const INVALID_VOTER_KEY: Self = Self(125);
    /// `DUPLICATE_VOTER`, 126.
    pub const DUPLICATE_VOTER: Self = Self(126);
    /// `VOTER_NOT_FOUND`, 127.
    pub const VOTER_NOT_FOUND: Self = Self(127);
    /// `INVALID_REGULAR_EXPRESSION`, 128.
    pub const INVALID_REGULAR_EXPRESSION: Self = Self(128);
    /// `REBOOTSTRAP_REQUIRED`, 129.
    pub const REBOOTSTRAP_REQUIRED: Self = Self(129);
    /// `STREAMS_INVALID_TOPOLOGY`, 130.
    pub const STREAMS_INVALID_TOPOLOGY: Self = Self(130);
    /// `STREAMS_INVALID_TOPOLOGY_EPOCH`, 131.
    pub const STREAMS_INVALID_TOPOLOGY_EPOCH: Self = Self(131);
    /// `STREAMS_TOPOLOGY_FENCED`, 132.
    pub const STREAMS_TOPOLOGY_FENCED: Self = Self(132);
    /// `SHARE_SESSION_LIMIT_REACHED`, 133.
    pub const SHARE_SESSION_LIMIT_REACHED: Self = Self(133);
    /// `GROUP_DELETION_FAILED`, 134.
    pub const GROUP_DELETION_FAILED: Self = Self(134);
    /// `STREAMS_TOPOLOGY_DESCRIPTION_UPDATE_FAILED`, 135.
    pub const STREAMS_TOPOLOGY_DESCRIPTION_UPDATE_FAILED: Self = Self(135);
    /// `CONTROLLER_ID_NOT_REGISTERED`, 136.
    pub const CONTROLLER_ID_NOT_REGISTERED: Self = Self(136);
}

/// By code, from -1 on.
pub(crate) static TABLE: [Description; 138] = [
    Description { name: "UNKNOWN_SERVER_ERROR", retriable: false, refreshes_metadata: false },
    Description { name: "NONE", retriable: false, refreshes_metadata: false },
    Description { name: "OFFSET_OUT_OF_RANGE", retriable: false, refreshes_metadata: false },
    Description { name: "CORRUPT_MESSAGE", retriable: true, refreshes_metadata: false },
    Description { name: "UNKNOWN_TOPIC_OR_PARTITION", retriable: true, refreshes_metadata: true },
    Description { name: "INVALID_FETCH_SIZE", retriable: false, refreshes_metadata: false },
    Description { name: "LEADER_NOT_AVAILABLE", retriable: true, refreshes_metadata: true },
    Description { name: "NOT_LEADER_OR_FOLLOWER", retriable: true, refreshes_metadata: true },
    Description { name: "REQUEST_TIMED_OUT", retriable: true, refreshes_metadata: false },
    Description { name: "BROKER_NOT_AVAILABLE", retriable: false, refreshes_metadata: false },
    Description { name: "REPLICA_NOT_AVAILABLE", retriable: true, refreshes_metadata: true },
    Description { name: "MESSAGE_TOO_LARGE", retriable: false, refreshes_metadata: false },
    Description { name: "STALE_CONTROLLER_EPOCH", retriable: false, refreshes_metadata: false },
    Description { name: "OFFSET_METADATA_TOO_LARGE", retriable: false, refreshes_metadata: false },
    Description { name: "NETWORK_EXCEPTION", retriable: true, refreshes_metadata: true },
    Description { name: "COORDINATOR_LOAD_IN_PROGRESS", retriable: true, refreshes_metadata: false },
    Description { name: "COORDINATOR_NOT_AVAILABLE", retriable: true, refreshes_metadata: true },
    Description { name: "NOT_COORDINATOR", retriable: true, refreshes_metadata: true },
    Description { name: "INVALID_TOPIC_EXCEPTION", retriable: false, refreshes_metadata: false },
    Description { name: "RECORD_LIST_TOO_LARGE", retriable: false, refreshes_metadata: false },
    Description { name: "NOT_ENOUGH_REPLICAS", retriable: true, refreshes_metadata: false },
    Description { name: "NOT_ENOUGH_REPLICAS_AFTER_APPEND", retriable: true, refreshes_metadata: false },
    Description { name: "INVALID_REQUIRED_ACKS", retriable: false, refreshes_metadata: false },
    Description { name: "ILLEGAL_GENERATION", retriable: false, refreshes_metadata: false },
    Description { name: "INCONSISTENT_GROUP_PROTOCOL", retriable: false, refreshes_metadata: false },
    Description { name: "INVALID_GROUP_ID", retriable: false, refreshes_metadata: false },
    Description { name: "UNKNOWN_MEMBER_ID", retriable: false, refreshes_metadata: false },
    Description { name: "INVALID_SESSION_TIMEOUT", retriable: false, refreshes_metadata: false },
    Description { name: "REBALANCE_IN_PROGRESS", retriable: false, refreshes_metadata: false },
    Description { name: "INVALID_COMMIT_OFFSET_SIZE", retriable: false, refreshes_metadata: false },
    Description { name: "TOPIC_AUTHORIZATION_FAILED", retriable: false, refreshes_metadata: false },
    Description { name: "GROUP_AUTHORIZATION_FAILED", retriable: false, refreshes_metadata: false },
    Description { name: "CLUSTER_AUTHORIZATION_FAILED", retriable: false, refreshes_metadata: false },
    Description { name: "INVALID_TIMESTAMP", retriable: false, refreshes_metadata: false },
    Description { name: "UNSUPPORTED_SASL_MECHANISM", retriable: false, refreshes_metadata: false },
    Description { name: "ILLEGAL_SASL_STATE", retriable: false, refreshes_metadata: false },
    Description { name: "UNSUPPORTED_VERSION", retriable: false, refreshes_metadata: false },
    Description { name: "TOPIC_ALREADY_EXISTS", retriable: false, refreshes_metadata: false },
    Description { name: "INVALID_PARTITIONS", retriable: false, refreshes_metadata: false },
    Description { name: "INVALID_REPLICATION_FACTOR", retriable: false, refreshes_metadata: false },
    Description { name: "INVALID_REPLICA_ASSIGNMENT", retriable: false, refreshes_metadata: false },
    Description { name: "INVALID_CONFIG", retriable: false, refreshes_metadata: false },
    Description { name: "NOT_CONTROLLER", retriable: true, refreshes_metadata: false },
    Description { name: "INVALID_REQUEST", retriable: false, refreshes_metadata: false },
    Description { name: "UNSUPPORTED_FOR_MESSAGE_FORMAT", retriable: false, refreshes_metadata: false },
    Description { name: "POLICY_VIOLATION", retriable: false, refreshes_metadata: false },
    Description { name: "OUT_OF_ORDER_SEQUENCE_NUMBER", retriable: false, refreshes_metadata: false },
    Description { name: "DUPLICATE_SEQUENCE_NUMBER", retriable: false, refreshes_metadata: false },
    Description { name: "INVALID_PRODUCER_EPOCH", retriable: false, refreshes_metadata: false },
    Description { name: "INVALID_TXN_STATE", retriable: false, refreshes_metadata: false },
    Description { name: "INVALID_PRODUCER_ID_MAPPING", retriable: false, refreshes_metadata: false },
    Description { name: "INVALID_TRANSACTION_TIMEOUT", retriable: false, refreshes_metadata: false },
    Description { name: "CONCURRENT_TRANSACTIONS", retriable: true, refreshes_metadata: false },
    Description { name: "TRANSACTION_COORDINATOR_FENCED", retriable: false, refreshes_metadata: false },
    Description {
        name: "TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
        retriable: false,
        refreshes_metadata: false,
    },
    Description { name: "SECURITY_DISABLED", retriable: false, refreshes_metadata: false },
    Description { name: "OPERATION_NOT_ATTEMPTED", retriable: false, refreshes_metadata: false },
    Description { name: "KAFKA_STORAGE_ERROR", retriable: true, refreshes_metadata: true },
    Description { name: "LOG_DIR_NOT_FOUND", retriable: false, refreshes_metadata: false },
    Description { name: "SASL_AUTHENTICATION_FAILED", retriable: false, refreshes_metadata: false },
    Description { name: "UNKNOWN_PRODUCER_ID", retriable: false, refreshes_metadata: false },
    Description { name: "REASSIGNMENT_IN_PROGRESS", retriable: false, refreshes_metadata: false },
    Description { name: "DELEGATION_TOKEN_AUTH_DISABLED", retriable: false, refreshes_metadata: false },
    Description { name: "DELEGATION_TOKEN_NOT_FOUND", retriable: false, refreshes_metadata: false },
    Description { name: "DELEGATION_TOKEN_OWNER_MISMATCH", retriable: false, refreshes_metadata: false },
    Description { name: "DELEGATION_TOKEN_REQUEST_NOT_ALLOWED", retriable: false, refreshes_metadata: false },
    Description {
        name: "DELEGATION_TOKEN_AUTHORIZATION_FAILED",
        retriable: false,
        refreshes_metadata: false,
    },
    Description { name: "DELEGATION_TOKEN_EXPIRED", retriable: false, refreshes_metadata: false },
    Description { name: "INVALID_PRINCIPAL_TYPE", retriable: false, refreshes_metadata: false },
    Description { name: "NON_EMPTY_GROUP", retriable: false, refreshes_metadata: false },
    Description { name: "GROUP_ID_NOT_FOUND", retriable: false, refreshes_metadata: false },
    Description { name: "FETCH_SESSION_ID_NOT_FOUND", retriable: true, refreshes_metadata: false },
    Description { name: "INVALID_FETCH_SESSION_EPOCH", retriable: true, refreshes_metadata: false },
    Description { name: "LISTENER_NOT_FOUND", retriable: true, refreshes_metadata: true },
    Description { name: "TOPIC_DELETION_DISABLED", retriable: false, refreshes_metadata: false },
    Description { name: "FENCED_LEADER_EPOCH", retriable: true, refreshes_metadata: true },
    Description { name: "UNKNOWN_LEADER_EPOCH", retriable: true, refreshes_metadata: false },
    Description { name: "UNSUPPORTED_COMPRESSION_TYPE", retriable: false, refreshes_metadata: false },
    Description { name: "STALE_BROKER_EPOCH", retriable: false, refreshes_metadata: false },
    Description { name: "OFFSET_NOT_AVAILABLE", retriable: true, refreshes_metadata: false },
    Description { name: "MEMBER_ID_REQUIRED", retriable: false, refreshes_metadata: false },
    Description { name: "PREFERRED_LEADER_NOT_AVAILABLE", retriable: true, refreshes_metadata: true },
    Description { name: "GROUP_MAX_SIZE_REACHED", retriable: false, refreshes_metadata: false },
    Description { name: "FENCED_INSTANCE_ID", retriable: false, refreshes_metadata: false },
    Description { name: "ELIGIBLE_LEADERS_NOT_AVAILABLE", retriable: true, refreshes_metadata: true },
    Description { name: "ELECTION_NOT_NEEDED", retriable: true, refreshes_metadata: true },
    Description { name: "NO_REASSIGNMENT_IN_PROGRESS", retriable: false, refreshes_metadata: false },
    Description { name: "GROUP_SUBSCRIBED_TO_TOPIC", retriable: false, refreshes_metadata: false },
    Description { name: "INVALID_RECORD", retriable: false, refreshes_metadata: false },
    Description { name: "UNSTABLE_OFFSET_COMMIT", retriable: true, refreshes_metadata: false },
    Description { name: "THROTTLING_QUOTA_EXCEEDED", retriable: true, refreshes_metadata: false },
    Description { name: "PRODUCER_FENCED", retriable: false, refreshes_metadata: false },
    Description { name: "RESOURCE_NOT_FOUND", retriable: false, refreshes_metadata: false },
    Description { name: "DUPLICATE_RESOURCE", retriable: false, refreshes_metadata: false },
    Description { name: "UNACCEPTABLE_CREDENTIAL", retriable: false, refreshes_metadata: false },
    Description { name: "INCONSISTENT_VOTER_SET", retriable: false, refreshes_metadata: false },
    Description { name: "INVALID_UPDATE_VERSION", retriable: false, refreshes_metadata: false },
    Description { name: "FEATURE_UPDATE_FAILED", retriable: false, refreshes_metadata: false },
    Description { name: "PRINCIPAL_DESERIALIZATION_FAILURE", retriable: false, refreshes_metadata: false },
    Description { name: "SNAPSHOT_NOT_FOUND", retriable: false, refreshes_metadata: false },
    Description { name: "POSITION_OUT_OF_RANGE", retriable: false, refreshes_metadata: false },
    Description { name: "UNKNOWN_TOPIC_ID", retriable: true, refreshes_metadata: true },
    Description { name: "DUPLICATE_BROKER_REGISTRATION", retriable: false, refreshes_metadata: false },
    Description { name: "BROKER_ID_NOT_REGISTERED", retriable: false, refreshes_metadata: false },
    Description { name: "INCONSISTENT_TOPIC_ID", retriable: true, refreshes_metadata: true },
    Description { name: "INCONSISTENT_CLUSTER_ID", retriable: false, refreshes_metadata: false },
    Description { name: "TRANSACTIONAL_ID_NOT_FOUND", retriable: false, refreshes_metadata: false },
    Description { name: "FETCH_SESSION_TOPIC_ID_ERROR", retriable: true, refreshes_metadata: false },
    Description { name: "INELIGIBLE_REPLICA", retriable: false, refreshes_metadata: false },
    Description { name: "NEW_LEADER_ELECTED", retriable: false, refreshes_metadata: false },
    Description { name: "OFFSET_MOVED_TO_TIERED_STORAGE", retriable: false, refreshes_metadata: false },
    Description { name: "FENCED_MEMBER_EPOCH", retriable: false, refreshes_metadata: false },
    Description { name: "UNRELEASED_INSTANCE_ID", retriable: false, refreshes_metadata: false },
    Description { name: "UNSUPPORTED_ASSIGNOR", retriable: false, refreshes_metadata: false },
    Description { name: "STALE_MEMBER_EPOCH", retriable: false, refreshes_metadata: false },
    Description { name: "MISMATCHED_ENDPOINT_TYPE", retriable: false, refreshes_metadata: false },
    Description { name: "UNSUPPORTED_ENDPOINT_TYPE", retriable: false, refreshes_metadata: false },
    Description { name: "UNKNOWN_CONTROLLER_ID", retriable: false, refreshes_metadata: false },
    Description { name: "UNKNOWN_SUBSCRIPTION_ID", retriable: false, refreshes_metadata: false },
    Description { name: "TELEMETRY_TOO_LARGE", retriable: false, refreshes_metadata: false },
    Description { name: "INVALID_REGISTRATION", retriable: false, refreshes_metadata: false },
    Description { name: "TRANSACTION_ABORTABLE", retriable: false, refreshes_metadata: false },
    Description { name: "INVALID_RECORD_STATE", retriable: false, refreshes_metadata: false },
    Description { name: "SHARE_SESSION_NOT_FOUND", retriable: true, refreshes_metadata: false },
    Description { name: "INVALID_SHARE_SESSION_EPOCH", retriable: true, refreshes_metadata: false },
    Description { name: "FENCED_STATE_EPOCH", retriable: false, refreshes_metadata: false },
    Description { name: "INVALID_VOTER_KEY", retriable: false, refreshes_metadata: false },
    Description { name: "DUPLICATE_VOTER", retriable: false, refreshes_metadata: false },
    Description { name: "VOTER_NOT_FOUND", retriable: false, refreshes_metadata: false },
    Description { name: "INVALID_REGULAR_EXPRESSION", retriable: false, refreshes_metadata: false },
    Description { name: "REBOOTSTRAP_REQUIRED", retriable: false, refreshes_metadata: false },
    Description { name: "STREAMS_INVALID_TOPOLOGY", retriable: false, refreshes_metadata: false },
    Description { name: "STREAMS_INVALID_TOPOLOGY_EPOCH", retriable: false, refreshes_metadata: false },
    Description { name: "STREAMS_TOPOLOGY_FENCED", retriable: false, refreshes_metadata: false },
    Description { name: "SHARE_SESSION_LIMIT_REACHED", retriable: true, refreshes_metadata: false },
    Description { name: "GROUP_DELETION_FAILED", retriable: false, refreshes_metadata: false },
    Description {
        name: "STREAMS_TOPOLOGY_DESCRIPTION_UPDATE_FAILED",
        retriable: false,
        refreshes_metadata: false,
    },
    Description { name: "CONTROLLER_ID_NOT_REGISTERED", retriable: false, refreshes_metadata: false },
];
