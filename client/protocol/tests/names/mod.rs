//! The names of all messages, so that tests can go through their types.
//!
//! Not here: the tests. A name that is missing or too much fails one of them.

/// Calls a macro with the messages that `kafka-protocol` has too.
macro_rules! shared_messages {
    ($callback:ident) => {
        $callback! {
            AddOffsetsToTxnRequest, AddOffsetsToTxnResponse, AddPartitionsToTxnRequest,
            AddPartitionsToTxnResponse, AddRaftVoterRequest, AddRaftVoterResponse,
            AllocateProducerIdsRequest, AllocateProducerIdsResponse, AlterClientQuotasRequest,
            AlterClientQuotasResponse, AlterConfigsRequest, AlterConfigsResponse,
            AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse, AlterPartitionRequest,
            AlterPartitionResponse, AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse,
            AlterShareGroupOffsetsRequest, AlterShareGroupOffsetsResponse, AlterUserScramCredentialsRequest,
            AlterUserScramCredentialsResponse, ApiVersionsRequest, ApiVersionsResponse,
            AssignReplicasToDirsRequest, AssignReplicasToDirsResponse, BeginQuorumEpochRequest,
            BeginQuorumEpochResponse, BrokerHeartbeatRequest, BrokerHeartbeatResponse,
            BrokerRegistrationRequest, BrokerRegistrationResponse, ConsumerGroupDescribeRequest,
            ConsumerGroupDescribeResponse, ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse,
            ConsumerProtocolAssignment, ConsumerProtocolSubscription, ControllerRegistrationRequest,
            ControllerRegistrationResponse, CreateAclsRequest, CreateAclsResponse,
            CreateDelegationTokenRequest, CreateDelegationTokenResponse, CreatePartitionsRequest,
            CreatePartitionsResponse, CreateTopicsRequest, CreateTopicsResponse, DefaultPrincipalData,
            DeleteAclsRequest, DeleteAclsResponse, DeleteGroupsRequest, DeleteGroupsResponse,
            DeleteRecordsRequest, DeleteRecordsResponse, DeleteShareGroupOffsetsRequest,
            DeleteShareGroupOffsetsResponse, DeleteShareGroupStateRequest, DeleteShareGroupStateResponse,
            DeleteTopicsRequest, DeleteTopicsResponse, DescribeAclsRequest, DescribeAclsResponse,
            DescribeClientQuotasRequest, DescribeClientQuotasResponse, DescribeClusterRequest,
            DescribeClusterResponse, DescribeConfigsRequest, DescribeConfigsResponse,
            DescribeDelegationTokenRequest, DescribeDelegationTokenResponse, DescribeGroupsRequest,
            DescribeGroupsResponse, DescribeLogDirsRequest, DescribeLogDirsResponse,
            DescribeProducersRequest, DescribeProducersResponse, DescribeQuorumRequest,
            DescribeQuorumResponse, DescribeShareGroupOffsetsRequest, DescribeShareGroupOffsetsResponse,
            DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse, DescribeTransactionsRequest,
            DescribeTransactionsResponse, DescribeUserScramCredentialsRequest,
            DescribeUserScramCredentialsResponse, ElectLeadersRequest, ElectLeadersResponse,
            EndQuorumEpochRequest, EndQuorumEpochResponse, EndTxnMarker, EndTxnRequest, EndTxnResponse,
            EnvelopeRequest, EnvelopeResponse, ExpireDelegationTokenRequest, ExpireDelegationTokenResponse,
            FetchRequest, FetchResponse, FetchSnapshotRequest, FetchSnapshotResponse,
            FindCoordinatorRequest, FindCoordinatorResponse, GetTelemetrySubscriptionsRequest,
            GetTelemetrySubscriptionsResponse, HeartbeatRequest, HeartbeatResponse,
            IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse, InitProducerIdRequest,
            InitProducerIdResponse, InitializeShareGroupStateRequest, InitializeShareGroupStateResponse,
            JoinGroupRequest, JoinGroupResponse, KRaftVersionRecord, LeaderChangeMessage, LeaveGroupRequest,
            LeaveGroupResponse, ListConfigResourcesRequest, ListConfigResourcesResponse, ListGroupsRequest,
            ListGroupsResponse, ListOffsetsRequest, ListOffsetsResponse, ListPartitionReassignmentsRequest,
            ListPartitionReassignmentsResponse, ListTransactionsRequest, ListTransactionsResponse,
            MetadataRequest, MetadataResponse, OffsetCommitRequest, OffsetCommitResponse,
            OffsetDeleteRequest, OffsetDeleteResponse, OffsetFetchRequest, OffsetFetchResponse,
            OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse, ProduceRequest, ProduceResponse,
            PushTelemetryRequest, PushTelemetryResponse, ReadShareGroupStateRequest,
            ReadShareGroupStateResponse, ReadShareGroupStateSummaryRequest,
            ReadShareGroupStateSummaryResponse, RemoveRaftVoterRequest, RemoveRaftVoterResponse,
            RenewDelegationTokenRequest, RenewDelegationTokenResponse, RequestHeader, ResponseHeader,
            SaslAuthenticateRequest, SaslAuthenticateResponse, SaslHandshakeRequest, SaslHandshakeResponse,
            ShareAcknowledgeRequest, ShareAcknowledgeResponse, ShareFetchRequest, ShareFetchResponse,
            ShareGroupDescribeRequest, ShareGroupDescribeResponse, ShareGroupHeartbeatRequest,
            ShareGroupHeartbeatResponse, SnapshotFooterRecord, SnapshotHeaderRecord, SyncGroupRequest,
            SyncGroupResponse, TxnOffsetCommitRequest, TxnOffsetCommitResponse, UnregisterBrokerRequest,
            UnregisterBrokerResponse, UpdateFeaturesRequest, UpdateFeaturesResponse, UpdateRaftVoterRequest,
            UpdateRaftVoterResponse, VoteRequest, VoteResponse, VotersRecord, WriteShareGroupStateRequest,
            WriteShareGroupStateResponse, WriteTxnMarkersRequest, WriteTxnMarkersResponse,
        }
    };
}

/// Calls a macro with the messages that only this crate has.
macro_rules! other_messages {
    ($callback:ident) => {
        $callback! {
            AbortTransactionRecord, AbortedTxn, AccessControlEntryRecord, BeginTransactionRecord,
            BrokerRegistrationChangeRecord, ClearElrRecord, ClientQuotaRecord, ConfigRecord,
            ConsumerGroupCurrentMemberAssignmentKey, ConsumerGroupCurrentMemberAssignmentValue,
            ConsumerGroupMemberMetadataKey, ConsumerGroupMemberMetadataValue, ConsumerGroupMetadataKey,
            ConsumerGroupMetadataValue, ConsumerGroupPartitionMetadataKey,
            ConsumerGroupPartitionMetadataValue, ConsumerGroupRegularExpressionKey,
            ConsumerGroupRegularExpressionValue, ConsumerGroupTargetAssignmentMemberKey,
            ConsumerGroupTargetAssignmentMemberValue, ConsumerGroupTargetAssignmentMetadataKey,
            ConsumerGroupTargetAssignmentMetadataValue, ControlRecordTypeSchema, DelegationTokenRecord,
            EndTransactionRecord, FeatureLevelRecord, FenceBrokerRecord, GroupMetadataKey,
            GroupMetadataValue, LegacyOffsetCommitKey, LegacyOffsetCommitValue, NoOpRecord, OffsetCommitKey,
            OffsetCommitValue, PartitionChangeRecord, PartitionRecord, ProducerIdsRecord, QuorumStateData,
            RegisterBrokerRecord, RegisterControllerRecord, RemoveAccessControlEntryRecord,
            RemoveDelegationTokenRecord, RemoveTopicRecord, RemoveUserScramCredentialRecord,
            ShareGroupCurrentMemberAssignmentKey, ShareGroupCurrentMemberAssignmentValue,
            ShareGroupMemberMetadataKey, ShareGroupMemberMetadataValue, ShareGroupMetadataKey,
            ShareGroupMetadataValue, ShareGroupStatePartitionMetadataKey,
            ShareGroupStatePartitionMetadataValue, ShareGroupTargetAssignmentMemberKey,
            ShareGroupTargetAssignmentMemberValue, ShareGroupTargetAssignmentMetadataKey,
            ShareGroupTargetAssignmentMetadataValue, ShareSnapshotKey, ShareSnapshotValue, ShareUpdateKey,
            ShareUpdateValue, StreamsGroupCurrentMemberAssignmentKey,
            StreamsGroupCurrentMemberAssignmentValue, StreamsGroupDescribeRequest,
            StreamsGroupDescribeResponse, StreamsGroupHeartbeatRequest, StreamsGroupHeartbeatResponse,
            StreamsGroupMemberMetadataKey, StreamsGroupMemberMetadataValue, StreamsGroupMetadataKey,
            StreamsGroupMetadataValue, StreamsGroupTargetAssignmentMemberKey,
            StreamsGroupTargetAssignmentMemberValue, StreamsGroupTargetAssignmentMetadataKey,
            StreamsGroupTargetAssignmentMetadataValue, StreamsGroupTopologyDescriptionUpdateRequest,
            StreamsGroupTopologyDescriptionUpdateResponse, StreamsGroupTopologyKey,
            StreamsGroupTopologyValue, SubscriptionInfoData, TopicRecord, TransactionLogKey,
            TransactionLogValue, UnfenceBrokerRecord, UnregisterBrokerRecord, UnregisterControllerRecord,
            UnregisterControllerRequest, UnregisterControllerResponse, UserScramCredentialRecord,
            ZkMigrationStateRecord,
        }
    };
}

pub(crate) use {other_messages, shared_messages};
