// Written by `cargo ci codegen` from schema/group-records/.

//! Records of `__consumer_offsets`.

pub mod consumer_group_current_member_assignment;
pub mod consumer_group_member_metadata;
pub mod consumer_group_metadata;
pub mod consumer_group_partition_metadata;
pub mod consumer_group_regular_expression;
pub mod consumer_group_target_assignment_member;
pub mod consumer_group_target_assignment_metadata;
pub mod group_metadata;
pub mod legacy_offset_commit;
pub mod offset_commit;
pub mod share_group_current_member_assignment;
pub mod share_group_member_metadata;
pub mod share_group_metadata;
pub mod share_group_state_partition_metadata;
pub mod share_group_target_assignment_member;
pub mod share_group_target_assignment_metadata;
pub mod streams_group_current_member_assignment;
pub mod streams_group_member_metadata;
pub mod streams_group_metadata;
pub mod streams_group_target_assignment_member;
pub mod streams_group_target_assignment_metadata;
pub mod streams_group_topology;

use crate::Message as _;
pub use consumer_group_current_member_assignment::{
    ConsumerGroupCurrentMemberAssignmentKey, ConsumerGroupCurrentMemberAssignmentValue,
};
pub use consumer_group_member_metadata::{ConsumerGroupMemberMetadataKey, ConsumerGroupMemberMetadataValue};
pub use consumer_group_metadata::{ConsumerGroupMetadataKey, ConsumerGroupMetadataValue};
pub use consumer_group_partition_metadata::{
    ConsumerGroupPartitionMetadataKey, ConsumerGroupPartitionMetadataValue,
};
pub use consumer_group_regular_expression::{
    ConsumerGroupRegularExpressionKey, ConsumerGroupRegularExpressionValue,
};
pub use consumer_group_target_assignment_member::{
    ConsumerGroupTargetAssignmentMemberKey, ConsumerGroupTargetAssignmentMemberValue,
};
pub use consumer_group_target_assignment_metadata::{
    ConsumerGroupTargetAssignmentMetadataKey, ConsumerGroupTargetAssignmentMetadataValue,
};
pub use group_metadata::{GroupMetadataKey, GroupMetadataValue};
pub use legacy_offset_commit::{LegacyOffsetCommitKey, LegacyOffsetCommitValue};
pub use offset_commit::{OffsetCommitKey, OffsetCommitValue};
pub use share_group_current_member_assignment::{
    ShareGroupCurrentMemberAssignmentKey, ShareGroupCurrentMemberAssignmentValue,
};
pub use share_group_member_metadata::{ShareGroupMemberMetadataKey, ShareGroupMemberMetadataValue};
pub use share_group_metadata::{ShareGroupMetadataKey, ShareGroupMetadataValue};
pub use share_group_state_partition_metadata::{
    ShareGroupStatePartitionMetadataKey, ShareGroupStatePartitionMetadataValue,
};
pub use share_group_target_assignment_member::{
    ShareGroupTargetAssignmentMemberKey, ShareGroupTargetAssignmentMemberValue,
};
pub use share_group_target_assignment_metadata::{
    ShareGroupTargetAssignmentMetadataKey, ShareGroupTargetAssignmentMetadataValue,
};
pub use streams_group_current_member_assignment::{
    StreamsGroupCurrentMemberAssignmentKey, StreamsGroupCurrentMemberAssignmentValue,
};
pub use streams_group_member_metadata::{StreamsGroupMemberMetadataKey, StreamsGroupMemberMetadataValue};
pub use streams_group_metadata::{StreamsGroupMetadataKey, StreamsGroupMetadataValue};
pub use streams_group_target_assignment_member::{
    StreamsGroupTargetAssignmentMemberKey, StreamsGroupTargetAssignmentMemberValue,
};
pub use streams_group_target_assignment_metadata::{
    StreamsGroupTargetAssignmentMetadataKey, StreamsGroupTargetAssignmentMetadataValue,
};
pub use streams_group_topology::{StreamsGroupTopologyKey, StreamsGroupTopologyValue};

/// Any of them, by type.
#[derive(Clone, Debug, PartialEq)]
pub enum GroupRecordKey {
    /// Type 0, versions 0.
    LegacyOffsetCommit(LegacyOffsetCommitKey),
    /// Type 1, versions 0.
    OffsetCommit(OffsetCommitKey),
    /// Type 2, versions 0.
    GroupMetadata(GroupMetadataKey),
    /// Type 3, versions 0.
    ConsumerGroupMetadata(ConsumerGroupMetadataKey),
    /// Type 4, versions 0.
    ConsumerGroupPartitionMetadata(ConsumerGroupPartitionMetadataKey),
    /// Type 5, versions 0.
    ConsumerGroupMemberMetadata(ConsumerGroupMemberMetadataKey),
    /// Type 6, versions 0.
    ConsumerGroupTargetAssignmentMetadata(ConsumerGroupTargetAssignmentMetadataKey),
    /// Type 7, versions 0.
    ConsumerGroupTargetAssignmentMember(ConsumerGroupTargetAssignmentMemberKey),
    /// Type 8, versions 0.
    ConsumerGroupCurrentMemberAssignment(ConsumerGroupCurrentMemberAssignmentKey),
    /// Type 10, versions 0.
    ShareGroupMemberMetadata(ShareGroupMemberMetadataKey),
    /// Type 11, versions 0.
    ShareGroupMetadata(ShareGroupMetadataKey),
    /// Type 12, versions 0.
    ShareGroupTargetAssignmentMetadata(ShareGroupTargetAssignmentMetadataKey),
    /// Type 13, versions 0.
    ShareGroupTargetAssignmentMember(ShareGroupTargetAssignmentMemberKey),
    /// Type 14, versions 0.
    ShareGroupCurrentMemberAssignment(ShareGroupCurrentMemberAssignmentKey),
    /// Type 15, versions 0.
    ShareGroupStatePartitionMetadata(ShareGroupStatePartitionMetadataKey),
    /// Type 16, versions 0.
    ConsumerGroupRegularExpression(ConsumerGroupRegularExpressionKey),
    /// Type 17, versions 0.
    StreamsGroupMetadata(StreamsGroupMetadataKey),
    /// Type 19, versions 0.
    StreamsGroupMemberMetadata(StreamsGroupMemberMetadataKey),
    /// Type 20, versions 0.
    StreamsGroupTargetAssignmentMetadata(StreamsGroupTargetAssignmentMetadataKey),
    /// Type 21, versions 0.
    StreamsGroupTargetAssignmentMember(StreamsGroupTargetAssignmentMemberKey),
    /// Type 22, versions 0.
    StreamsGroupCurrentMemberAssignment(StreamsGroupCurrentMemberAssignmentKey),
    /// Type 23, versions 0.
    StreamsGroupTopology(StreamsGroupTopologyKey),
}

impl crate::AnyRecord for GroupRecordKey {
    fn record_type(&self) -> i16 {
        match self {
            Self::LegacyOffsetCommit(_) => 0,
            Self::OffsetCommit(_) => 1,
            Self::GroupMetadata(_) => 2,
            Self::ConsumerGroupMetadata(_) => 3,
            Self::ConsumerGroupPartitionMetadata(_) => 4,
            Self::ConsumerGroupMemberMetadata(_) => 5,
            Self::ConsumerGroupTargetAssignmentMetadata(_) => 6,
            Self::ConsumerGroupTargetAssignmentMember(_) => 7,
            Self::ConsumerGroupCurrentMemberAssignment(_) => 8,
            Self::ShareGroupMemberMetadata(_) => 10,
            Self::ShareGroupMetadata(_) => 11,
            Self::ShareGroupTargetAssignmentMetadata(_) => 12,
            Self::ShareGroupTargetAssignmentMember(_) => 13,
            Self::ShareGroupCurrentMemberAssignment(_) => 14,
            Self::ShareGroupStatePartitionMetadata(_) => 15,
            Self::ConsumerGroupRegularExpression(_) => 16,
            Self::StreamsGroupMetadata(_) => 17,
            Self::StreamsGroupMemberMetadata(_) => 19,
            Self::StreamsGroupTargetAssignmentMetadata(_) => 20,
            Self::StreamsGroupTargetAssignmentMember(_) => 21,
            Self::StreamsGroupCurrentMemberAssignment(_) => 22,
            Self::StreamsGroupTopology(_) => 23,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::LegacyOffsetCommit(_) => LegacyOffsetCommitKey::NAME,
            Self::OffsetCommit(_) => OffsetCommitKey::NAME,
            Self::GroupMetadata(_) => GroupMetadataKey::NAME,
            Self::ConsumerGroupMetadata(_) => ConsumerGroupMetadataKey::NAME,
            Self::ConsumerGroupPartitionMetadata(_) => ConsumerGroupPartitionMetadataKey::NAME,
            Self::ConsumerGroupMemberMetadata(_) => ConsumerGroupMemberMetadataKey::NAME,
            Self::ConsumerGroupTargetAssignmentMetadata(_) => ConsumerGroupTargetAssignmentMetadataKey::NAME,
            Self::ConsumerGroupTargetAssignmentMember(_) => ConsumerGroupTargetAssignmentMemberKey::NAME,
            Self::ConsumerGroupCurrentMemberAssignment(_) => ConsumerGroupCurrentMemberAssignmentKey::NAME,
            Self::ShareGroupMemberMetadata(_) => ShareGroupMemberMetadataKey::NAME,
            Self::ShareGroupMetadata(_) => ShareGroupMetadataKey::NAME,
            Self::ShareGroupTargetAssignmentMetadata(_) => ShareGroupTargetAssignmentMetadataKey::NAME,
            Self::ShareGroupTargetAssignmentMember(_) => ShareGroupTargetAssignmentMemberKey::NAME,
            Self::ShareGroupCurrentMemberAssignment(_) => ShareGroupCurrentMemberAssignmentKey::NAME,
            Self::ShareGroupStatePartitionMetadata(_) => ShareGroupStatePartitionMetadataKey::NAME,
            Self::ConsumerGroupRegularExpression(_) => ConsumerGroupRegularExpressionKey::NAME,
            Self::StreamsGroupMetadata(_) => StreamsGroupMetadataKey::NAME,
            Self::StreamsGroupMemberMetadata(_) => StreamsGroupMemberMetadataKey::NAME,
            Self::StreamsGroupTargetAssignmentMetadata(_) => StreamsGroupTargetAssignmentMetadataKey::NAME,
            Self::StreamsGroupTargetAssignmentMember(_) => StreamsGroupTargetAssignmentMemberKey::NAME,
            Self::StreamsGroupCurrentMemberAssignment(_) => StreamsGroupCurrentMemberAssignmentKey::NAME,
            Self::StreamsGroupTopology(_) => StreamsGroupTopologyKey::NAME,
        }
    }

    fn encode_body(&self, out: &mut crate::Encoder, version: i16) -> Result<(), crate::EncodeError> {
        match self {
            Self::LegacyOffsetCommit(record) => record.encode(out, version),
            Self::OffsetCommit(record) => record.encode(out, version),
            Self::GroupMetadata(record) => record.encode(out, version),
            Self::ConsumerGroupMetadata(record) => record.encode(out, version),
            Self::ConsumerGroupPartitionMetadata(record) => record.encode(out, version),
            Self::ConsumerGroupMemberMetadata(record) => record.encode(out, version),
            Self::ConsumerGroupTargetAssignmentMetadata(record) => record.encode(out, version),
            Self::ConsumerGroupTargetAssignmentMember(record) => record.encode(out, version),
            Self::ConsumerGroupCurrentMemberAssignment(record) => record.encode(out, version),
            Self::ShareGroupMemberMetadata(record) => record.encode(out, version),
            Self::ShareGroupMetadata(record) => record.encode(out, version),
            Self::ShareGroupTargetAssignmentMetadata(record) => record.encode(out, version),
            Self::ShareGroupTargetAssignmentMember(record) => record.encode(out, version),
            Self::ShareGroupCurrentMemberAssignment(record) => record.encode(out, version),
            Self::ShareGroupStatePartitionMetadata(record) => record.encode(out, version),
            Self::ConsumerGroupRegularExpression(record) => record.encode(out, version),
            Self::StreamsGroupMetadata(record) => record.encode(out, version),
            Self::StreamsGroupMemberMetadata(record) => record.encode(out, version),
            Self::StreamsGroupTargetAssignmentMetadata(record) => record.encode(out, version),
            Self::StreamsGroupTargetAssignmentMember(record) => record.encode(out, version),
            Self::StreamsGroupCurrentMemberAssignment(record) => record.encode(out, version),
            Self::StreamsGroupTopology(record) => record.encode(out, version),
        }
    }

    fn decode_body(
        record_type: i16,
        input: &mut crate::Decoder,
        version: i16,
    ) -> Result<Self, crate::DecodeError> {
        match record_type {
            0 => LegacyOffsetCommitKey::decode(input, version).map(Self::LegacyOffsetCommit),
            1 => OffsetCommitKey::decode(input, version).map(Self::OffsetCommit),
            2 => GroupMetadataKey::decode(input, version).map(Self::GroupMetadata),
            3 => ConsumerGroupMetadataKey::decode(input, version).map(Self::ConsumerGroupMetadata),
            4 => ConsumerGroupPartitionMetadataKey::decode(input, version)
                .map(Self::ConsumerGroupPartitionMetadata),
            5 => {
                ConsumerGroupMemberMetadataKey::decode(input, version).map(Self::ConsumerGroupMemberMetadata)
            }
            6 => ConsumerGroupTargetAssignmentMetadataKey::decode(input, version)
                .map(Self::ConsumerGroupTargetAssignmentMetadata),
            7 => ConsumerGroupTargetAssignmentMemberKey::decode(input, version)
                .map(Self::ConsumerGroupTargetAssignmentMember),
            8 => ConsumerGroupCurrentMemberAssignmentKey::decode(input, version)
                .map(Self::ConsumerGroupCurrentMemberAssignment),
            10 => ShareGroupMemberMetadataKey::decode(input, version).map(Self::ShareGroupMemberMetadata),
            11 => ShareGroupMetadataKey::decode(input, version).map(Self::ShareGroupMetadata),
            12 => ShareGroupTargetAssignmentMetadataKey::decode(input, version)
                .map(Self::ShareGroupTargetAssignmentMetadata),
            13 => ShareGroupTargetAssignmentMemberKey::decode(input, version)
                .map(Self::ShareGroupTargetAssignmentMember),
            14 => ShareGroupCurrentMemberAssignmentKey::decode(input, version)
                .map(Self::ShareGroupCurrentMemberAssignment),
            15 => ShareGroupStatePartitionMetadataKey::decode(input, version)
                .map(Self::ShareGroupStatePartitionMetadata),
            16 => ConsumerGroupRegularExpressionKey::decode(input, version)
                .map(Self::ConsumerGroupRegularExpression),
            17 => StreamsGroupMetadataKey::decode(input, version).map(Self::StreamsGroupMetadata),
            19 => StreamsGroupMemberMetadataKey::decode(input, version).map(Self::StreamsGroupMemberMetadata),
            20 => StreamsGroupTargetAssignmentMetadataKey::decode(input, version)
                .map(Self::StreamsGroupTargetAssignmentMetadata),
            21 => StreamsGroupTargetAssignmentMemberKey::decode(input, version)
                .map(Self::StreamsGroupTargetAssignmentMember),
            22 => StreamsGroupCurrentMemberAssignmentKey::decode(input, version)
                .map(Self::StreamsGroupCurrentMemberAssignment),
            23 => StreamsGroupTopologyKey::decode(input, version).map(Self::StreamsGroupTopology),

            _ => Err(input.unknown_record_type("GroupRecordKey", record_type)),
        }
    }
}

impl From<LegacyOffsetCommitKey> for GroupRecordKey {
    fn from(record: LegacyOffsetCommitKey) -> Self {
        Self::LegacyOffsetCommit(record)
    }
}

impl From<OffsetCommitKey> for GroupRecordKey {
    fn from(record: OffsetCommitKey) -> Self {
        Self::OffsetCommit(record)
    }
}

impl From<GroupMetadataKey> for GroupRecordKey {
    fn from(record: GroupMetadataKey) -> Self {
        Self::GroupMetadata(record)
    }
}

impl From<ConsumerGroupMetadataKey> for GroupRecordKey {
    fn from(record: ConsumerGroupMetadataKey) -> Self {
        Self::ConsumerGroupMetadata(record)
    }
}

impl From<ConsumerGroupPartitionMetadataKey> for GroupRecordKey {
    fn from(record: ConsumerGroupPartitionMetadataKey) -> Self {
        Self::ConsumerGroupPartitionMetadata(record)
    }
}

impl From<ConsumerGroupMemberMetadataKey> for GroupRecordKey {
    fn from(record: ConsumerGroupMemberMetadataKey) -> Self {
        Self::ConsumerGroupMemberMetadata(record)
    }
}

impl From<ConsumerGroupTargetAssignmentMetadataKey> for GroupRecordKey {
    fn from(record: ConsumerGroupTargetAssignmentMetadataKey) -> Self {
        Self::ConsumerGroupTargetAssignmentMetadata(record)
    }
}

impl From<ConsumerGroupTargetAssignmentMemberKey> for GroupRecordKey {
    fn from(record: ConsumerGroupTargetAssignmentMemberKey) -> Self {
        Self::ConsumerGroupTargetAssignmentMember(record)
    }
}

impl From<ConsumerGroupCurrentMemberAssignmentKey> for GroupRecordKey {
    fn from(record: ConsumerGroupCurrentMemberAssignmentKey) -> Self {
        Self::ConsumerGroupCurrentMemberAssignment(record)
    }
}

impl From<ShareGroupMemberMetadataKey> for GroupRecordKey {
    fn from(record: ShareGroupMemberMetadataKey) -> Self {
        Self::ShareGroupMemberMetadata(record)
    }
}

impl From<ShareGroupMetadataKey> for GroupRecordKey {
    fn from(record: ShareGroupMetadataKey) -> Self {
        Self::ShareGroupMetadata(record)
    }
}

impl From<ShareGroupTargetAssignmentMetadataKey> for GroupRecordKey {
    fn from(record: ShareGroupTargetAssignmentMetadataKey) -> Self {
        Self::ShareGroupTargetAssignmentMetadata(record)
    }
}

impl From<ShareGroupTargetAssignmentMemberKey> for GroupRecordKey {
    fn from(record: ShareGroupTargetAssignmentMemberKey) -> Self {
        Self::ShareGroupTargetAssignmentMember(record)
    }
}

impl From<ShareGroupCurrentMemberAssignmentKey> for GroupRecordKey {
    fn from(record: ShareGroupCurrentMemberAssignmentKey) -> Self {
        Self::ShareGroupCurrentMemberAssignment(record)
    }
}

impl From<ShareGroupStatePartitionMetadataKey> for GroupRecordKey {
    fn from(record: ShareGroupStatePartitionMetadataKey) -> Self {
        Self::ShareGroupStatePartitionMetadata(record)
    }
}

impl From<ConsumerGroupRegularExpressionKey> for GroupRecordKey {
    fn from(record: ConsumerGroupRegularExpressionKey) -> Self {
        Self::ConsumerGroupRegularExpression(record)
    }
}

impl From<StreamsGroupMetadataKey> for GroupRecordKey {
    fn from(record: StreamsGroupMetadataKey) -> Self {
        Self::StreamsGroupMetadata(record)
    }
}

impl From<StreamsGroupMemberMetadataKey> for GroupRecordKey {
    fn from(record: StreamsGroupMemberMetadataKey) -> Self {
        Self::StreamsGroupMemberMetadata(record)
    }
}

impl From<StreamsGroupTargetAssignmentMetadataKey> for GroupRecordKey {
    fn from(record: StreamsGroupTargetAssignmentMetadataKey) -> Self {
        Self::StreamsGroupTargetAssignmentMetadata(record)
    }
}

impl From<StreamsGroupTargetAssignmentMemberKey> for GroupRecordKey {
    fn from(record: StreamsGroupTargetAssignmentMemberKey) -> Self {
        Self::StreamsGroupTargetAssignmentMember(record)
    }
}

impl From<StreamsGroupCurrentMemberAssignmentKey> for GroupRecordKey {
    fn from(record: StreamsGroupCurrentMemberAssignmentKey) -> Self {
        Self::StreamsGroupCurrentMemberAssignment(record)
    }
}

impl From<StreamsGroupTopologyKey> for GroupRecordKey {
    fn from(record: StreamsGroupTopologyKey) -> Self {
        Self::StreamsGroupTopology(record)
    }
}

/// Any of them, by type.
#[derive(Clone, Debug, PartialEq)]
pub enum GroupRecordValue {
    /// Type 0, versions 0.
    LegacyOffsetCommit(LegacyOffsetCommitValue),
    /// Type 1, versions 0-4.
    OffsetCommit(OffsetCommitValue),
    /// Type 2, versions 0-4.
    GroupMetadata(GroupMetadataValue),
    /// Type 3, versions 0.
    ConsumerGroupMetadata(ConsumerGroupMetadataValue),
    /// Type 4, versions 0.
    ConsumerGroupPartitionMetadata(ConsumerGroupPartitionMetadataValue),
    /// Type 5, versions 0.
    ConsumerGroupMemberMetadata(ConsumerGroupMemberMetadataValue),
    /// Type 6, versions 0.
    ConsumerGroupTargetAssignmentMetadata(ConsumerGroupTargetAssignmentMetadataValue),
    /// Type 7, versions 0.
    ConsumerGroupTargetAssignmentMember(ConsumerGroupTargetAssignmentMemberValue),
    /// Type 8, versions 0.
    ConsumerGroupCurrentMemberAssignment(ConsumerGroupCurrentMemberAssignmentValue),
    /// Type 10, versions 0.
    ShareGroupMemberMetadata(ShareGroupMemberMetadataValue),
    /// Type 11, versions 0.
    ShareGroupMetadata(ShareGroupMetadataValue),
    /// Type 12, versions 0.
    ShareGroupTargetAssignmentMetadata(ShareGroupTargetAssignmentMetadataValue),
    /// Type 13, versions 0.
    ShareGroupTargetAssignmentMember(ShareGroupTargetAssignmentMemberValue),
    /// Type 14, versions 0.
    ShareGroupCurrentMemberAssignment(ShareGroupCurrentMemberAssignmentValue),
    /// Type 15, versions 0.
    ShareGroupStatePartitionMetadata(ShareGroupStatePartitionMetadataValue),
    /// Type 16, versions 0.
    ConsumerGroupRegularExpression(ConsumerGroupRegularExpressionValue),
    /// Type 17, versions 0.
    StreamsGroupMetadata(StreamsGroupMetadataValue),
    /// Type 19, versions 0.
    StreamsGroupMemberMetadata(StreamsGroupMemberMetadataValue),
    /// Type 20, versions 0.
    StreamsGroupTargetAssignmentMetadata(StreamsGroupTargetAssignmentMetadataValue),
    /// Type 21, versions 0.
    StreamsGroupTargetAssignmentMember(StreamsGroupTargetAssignmentMemberValue),
    /// Type 22, versions 0.
    StreamsGroupCurrentMemberAssignment(StreamsGroupCurrentMemberAssignmentValue),
    /// Type 23, versions 0.
    StreamsGroupTopology(StreamsGroupTopologyValue),
}

impl crate::AnyRecord for GroupRecordValue {
    fn record_type(&self) -> i16 {
        match self {
            Self::LegacyOffsetCommit(_) => 0,
            Self::OffsetCommit(_) => 1,
            Self::GroupMetadata(_) => 2,
            Self::ConsumerGroupMetadata(_) => 3,
            Self::ConsumerGroupPartitionMetadata(_) => 4,
            Self::ConsumerGroupMemberMetadata(_) => 5,
            Self::ConsumerGroupTargetAssignmentMetadata(_) => 6,
            Self::ConsumerGroupTargetAssignmentMember(_) => 7,
            Self::ConsumerGroupCurrentMemberAssignment(_) => 8,
            Self::ShareGroupMemberMetadata(_) => 10,
            Self::ShareGroupMetadata(_) => 11,
            Self::ShareGroupTargetAssignmentMetadata(_) => 12,
            Self::ShareGroupTargetAssignmentMember(_) => 13,
            Self::ShareGroupCurrentMemberAssignment(_) => 14,
            Self::ShareGroupStatePartitionMetadata(_) => 15,
            Self::ConsumerGroupRegularExpression(_) => 16,
            Self::StreamsGroupMetadata(_) => 17,
            Self::StreamsGroupMemberMetadata(_) => 19,
            Self::StreamsGroupTargetAssignmentMetadata(_) => 20,
            Self::StreamsGroupTargetAssignmentMember(_) => 21,
            Self::StreamsGroupCurrentMemberAssignment(_) => 22,
            Self::StreamsGroupTopology(_) => 23,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::LegacyOffsetCommit(_) => LegacyOffsetCommitValue::NAME,
            Self::OffsetCommit(_) => OffsetCommitValue::NAME,
            Self::GroupMetadata(_) => GroupMetadataValue::NAME,
            Self::ConsumerGroupMetadata(_) => ConsumerGroupMetadataValue::NAME,
            Self::ConsumerGroupPartitionMetadata(_) => ConsumerGroupPartitionMetadataValue::NAME,
            Self::ConsumerGroupMemberMetadata(_) => ConsumerGroupMemberMetadataValue::NAME,
            Self::ConsumerGroupTargetAssignmentMetadata(_) => {
                ConsumerGroupTargetAssignmentMetadataValue::NAME
            }
            Self::ConsumerGroupTargetAssignmentMember(_) => ConsumerGroupTargetAssignmentMemberValue::NAME,
            Self::ConsumerGroupCurrentMemberAssignment(_) => ConsumerGroupCurrentMemberAssignmentValue::NAME,
            Self::ShareGroupMemberMetadata(_) => ShareGroupMemberMetadataValue::NAME,
            Self::ShareGroupMetadata(_) => ShareGroupMetadataValue::NAME,
            Self::ShareGroupTargetAssignmentMetadata(_) => ShareGroupTargetAssignmentMetadataValue::NAME,
            Self::ShareGroupTargetAssignmentMember(_) => ShareGroupTargetAssignmentMemberValue::NAME,
            Self::ShareGroupCurrentMemberAssignment(_) => ShareGroupCurrentMemberAssignmentValue::NAME,
            Self::ShareGroupStatePartitionMetadata(_) => ShareGroupStatePartitionMetadataValue::NAME,
            Self::ConsumerGroupRegularExpression(_) => ConsumerGroupRegularExpressionValue::NAME,
            Self::StreamsGroupMetadata(_) => StreamsGroupMetadataValue::NAME,
            Self::StreamsGroupMemberMetadata(_) => StreamsGroupMemberMetadataValue::NAME,
            Self::StreamsGroupTargetAssignmentMetadata(_) => StreamsGroupTargetAssignmentMetadataValue::NAME,
            Self::StreamsGroupTargetAssignmentMember(_) => StreamsGroupTargetAssignmentMemberValue::NAME,
            Self::StreamsGroupCurrentMemberAssignment(_) => StreamsGroupCurrentMemberAssignmentValue::NAME,
            Self::StreamsGroupTopology(_) => StreamsGroupTopologyValue::NAME,
        }
    }

    fn encode_body(&self, out: &mut crate::Encoder, version: i16) -> Result<(), crate::EncodeError> {
        match self {
            Self::LegacyOffsetCommit(record) => record.encode(out, version),
            Self::OffsetCommit(record) => record.encode(out, version),
            Self::GroupMetadata(record) => record.encode(out, version),
            Self::ConsumerGroupMetadata(record) => record.encode(out, version),
            Self::ConsumerGroupPartitionMetadata(record) => record.encode(out, version),
            Self::ConsumerGroupMemberMetadata(record) => record.encode(out, version),
            Self::ConsumerGroupTargetAssignmentMetadata(record) => record.encode(out, version),
            Self::ConsumerGroupTargetAssignmentMember(record) => record.encode(out, version),
            Self::ConsumerGroupCurrentMemberAssignment(record) => record.encode(out, version),
            Self::ShareGroupMemberMetadata(record) => record.encode(out, version),
            Self::ShareGroupMetadata(record) => record.encode(out, version),
            Self::ShareGroupTargetAssignmentMetadata(record) => record.encode(out, version),
            Self::ShareGroupTargetAssignmentMember(record) => record.encode(out, version),
            Self::ShareGroupCurrentMemberAssignment(record) => record.encode(out, version),
            Self::ShareGroupStatePartitionMetadata(record) => record.encode(out, version),
            Self::ConsumerGroupRegularExpression(record) => record.encode(out, version),
            Self::StreamsGroupMetadata(record) => record.encode(out, version),
            Self::StreamsGroupMemberMetadata(record) => record.encode(out, version),
            Self::StreamsGroupTargetAssignmentMetadata(record) => record.encode(out, version),
            Self::StreamsGroupTargetAssignmentMember(record) => record.encode(out, version),
            Self::StreamsGroupCurrentMemberAssignment(record) => record.encode(out, version),
            Self::StreamsGroupTopology(record) => record.encode(out, version),
        }
    }

    fn decode_body(
        record_type: i16,
        input: &mut crate::Decoder,
        version: i16,
    ) -> Result<Self, crate::DecodeError> {
        match record_type {
            0 => LegacyOffsetCommitValue::decode(input, version).map(Self::LegacyOffsetCommit),
            1 => OffsetCommitValue::decode(input, version).map(Self::OffsetCommit),
            2 => GroupMetadataValue::decode(input, version).map(Self::GroupMetadata),
            3 => ConsumerGroupMetadataValue::decode(input, version).map(Self::ConsumerGroupMetadata),
            4 => ConsumerGroupPartitionMetadataValue::decode(input, version)
                .map(Self::ConsumerGroupPartitionMetadata),
            5 => ConsumerGroupMemberMetadataValue::decode(input, version)
                .map(Self::ConsumerGroupMemberMetadata),
            6 => ConsumerGroupTargetAssignmentMetadataValue::decode(input, version)
                .map(Self::ConsumerGroupTargetAssignmentMetadata),
            7 => ConsumerGroupTargetAssignmentMemberValue::decode(input, version)
                .map(Self::ConsumerGroupTargetAssignmentMember),
            8 => ConsumerGroupCurrentMemberAssignmentValue::decode(input, version)
                .map(Self::ConsumerGroupCurrentMemberAssignment),
            10 => ShareGroupMemberMetadataValue::decode(input, version).map(Self::ShareGroupMemberMetadata),
            11 => ShareGroupMetadataValue::decode(input, version).map(Self::ShareGroupMetadata),
            12 => ShareGroupTargetAssignmentMetadataValue::decode(input, version)
                .map(Self::ShareGroupTargetAssignmentMetadata),
            13 => ShareGroupTargetAssignmentMemberValue::decode(input, version)
                .map(Self::ShareGroupTargetAssignmentMember),
            14 => ShareGroupCurrentMemberAssignmentValue::decode(input, version)
                .map(Self::ShareGroupCurrentMemberAssignment),
            15 => ShareGroupStatePartitionMetadataValue::decode(input, version)
                .map(Self::ShareGroupStatePartitionMetadata),
            16 => ConsumerGroupRegularExpressionValue::decode(input, version)
                .map(Self::ConsumerGroupRegularExpression),
            17 => StreamsGroupMetadataValue::decode(input, version).map(Self::StreamsGroupMetadata),
            19 => {
                StreamsGroupMemberMetadataValue::decode(input, version).map(Self::StreamsGroupMemberMetadata)
            }
            20 => StreamsGroupTargetAssignmentMetadataValue::decode(input, version)
                .map(Self::StreamsGroupTargetAssignmentMetadata),
            21 => StreamsGroupTargetAssignmentMemberValue::decode(input, version)
                .map(Self::StreamsGroupTargetAssignmentMember),
            22 => StreamsGroupCurrentMemberAssignmentValue::decode(input, version)
                .map(Self::StreamsGroupCurrentMemberAssignment),
            23 => StreamsGroupTopologyValue::decode(input, version).map(Self::StreamsGroupTopology),

            _ => Err(input.unknown_record_type("GroupRecordValue", record_type)),
        }
    }
}

impl From<LegacyOffsetCommitValue> for GroupRecordValue {
    fn from(record: LegacyOffsetCommitValue) -> Self {
        Self::LegacyOffsetCommit(record)
    }
}

impl From<OffsetCommitValue> for GroupRecordValue {
    fn from(record: OffsetCommitValue) -> Self {
        Self::OffsetCommit(record)
    }
}

impl From<GroupMetadataValue> for GroupRecordValue {
    fn from(record: GroupMetadataValue) -> Self {
        Self::GroupMetadata(record)
    }
}

impl From<ConsumerGroupMetadataValue> for GroupRecordValue {
    fn from(record: ConsumerGroupMetadataValue) -> Self {
        Self::ConsumerGroupMetadata(record)
    }
}

impl From<ConsumerGroupPartitionMetadataValue> for GroupRecordValue {
    fn from(record: ConsumerGroupPartitionMetadataValue) -> Self {
        Self::ConsumerGroupPartitionMetadata(record)
    }
}

impl From<ConsumerGroupMemberMetadataValue> for GroupRecordValue {
    fn from(record: ConsumerGroupMemberMetadataValue) -> Self {
        Self::ConsumerGroupMemberMetadata(record)
    }
}

impl From<ConsumerGroupTargetAssignmentMetadataValue> for GroupRecordValue {
    fn from(record: ConsumerGroupTargetAssignmentMetadataValue) -> Self {
        Self::ConsumerGroupTargetAssignmentMetadata(record)
    }
}

impl From<ConsumerGroupTargetAssignmentMemberValue> for GroupRecordValue {
    fn from(record: ConsumerGroupTargetAssignmentMemberValue) -> Self {
        Self::ConsumerGroupTargetAssignmentMember(record)
    }
}

impl From<ConsumerGroupCurrentMemberAssignmentValue> for GroupRecordValue {
    fn from(record: ConsumerGroupCurrentMemberAssignmentValue) -> Self {
        Self::ConsumerGroupCurrentMemberAssignment(record)
    }
}

impl From<ShareGroupMemberMetadataValue> for GroupRecordValue {
    fn from(record: ShareGroupMemberMetadataValue) -> Self {
        Self::ShareGroupMemberMetadata(record)
    }
}

impl From<ShareGroupMetadataValue> for GroupRecordValue {
    fn from(record: ShareGroupMetadataValue) -> Self {
        Self::ShareGroupMetadata(record)
    }
}

impl From<ShareGroupTargetAssignmentMetadataValue> for GroupRecordValue {
    fn from(record: ShareGroupTargetAssignmentMetadataValue) -> Self {
        Self::ShareGroupTargetAssignmentMetadata(record)
    }
}

impl From<ShareGroupTargetAssignmentMemberValue> for GroupRecordValue {
    fn from(record: ShareGroupTargetAssignmentMemberValue) -> Self {
        Self::ShareGroupTargetAssignmentMember(record)
    }
}

impl From<ShareGroupCurrentMemberAssignmentValue> for GroupRecordValue {
    fn from(record: ShareGroupCurrentMemberAssignmentValue) -> Self {
        Self::ShareGroupCurrentMemberAssignment(record)
    }
}

impl From<ShareGroupStatePartitionMetadataValue> for GroupRecordValue {
    fn from(record: ShareGroupStatePartitionMetadataValue) -> Self {
        Self::ShareGroupStatePartitionMetadata(record)
    }
}

impl From<ConsumerGroupRegularExpressionValue> for GroupRecordValue {
    fn from(record: ConsumerGroupRegularExpressionValue) -> Self {
        Self::ConsumerGroupRegularExpression(record)
    }
}

impl From<StreamsGroupMetadataValue> for GroupRecordValue {
    fn from(record: StreamsGroupMetadataValue) -> Self {
        Self::StreamsGroupMetadata(record)
    }
}

impl From<StreamsGroupMemberMetadataValue> for GroupRecordValue {
    fn from(record: StreamsGroupMemberMetadataValue) -> Self {
        Self::StreamsGroupMemberMetadata(record)
    }
}

impl From<StreamsGroupTargetAssignmentMetadataValue> for GroupRecordValue {
    fn from(record: StreamsGroupTargetAssignmentMetadataValue) -> Self {
        Self::StreamsGroupTargetAssignmentMetadata(record)
    }
}

impl From<StreamsGroupTargetAssignmentMemberValue> for GroupRecordValue {
    fn from(record: StreamsGroupTargetAssignmentMemberValue) -> Self {
        Self::StreamsGroupTargetAssignmentMember(record)
    }
}

impl From<StreamsGroupCurrentMemberAssignmentValue> for GroupRecordValue {
    fn from(record: StreamsGroupCurrentMemberAssignmentValue) -> Self {
        Self::StreamsGroupCurrentMemberAssignment(record)
    }
}

impl From<StreamsGroupTopologyValue> for GroupRecordValue {
    fn from(record: StreamsGroupTopologyValue) -> Self {
        Self::StreamsGroupTopology(record)
    }
}
