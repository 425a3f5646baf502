// Written by `cargo ci codegen` from schema/metadata-records/.

//! Records of `__cluster_metadata`.

pub mod abort_transaction_record;
pub mod access_control_entry_record;
pub mod begin_transaction_record;
pub mod broker_registration_change_record;
pub mod clear_elr_record;
pub mod client_quota_record;
pub mod config_record;
pub mod delegation_token_record;
pub mod end_transaction_record;
pub mod feature_level_record;
pub mod fence_broker_record;
pub mod no_op_record;
pub mod partition_change_record;
pub mod partition_record;
pub mod producer_ids_record;
pub mod register_broker_record;
pub mod register_controller_record;
pub mod remove_access_control_entry_record;
pub mod remove_delegation_token_record;
pub mod remove_topic_record;
pub mod remove_user_scram_credential_record;
pub mod topic_record;
pub mod unfence_broker_record;
pub mod unregister_broker_record;
pub mod unregister_controller_record;
pub mod user_scram_credential_record;
pub mod zk_migration_state_record;

use crate::Message as _;
pub use abort_transaction_record::AbortTransactionRecord;
pub use access_control_entry_record::AccessControlEntryRecord;
pub use begin_transaction_record::BeginTransactionRecord;
pub use broker_registration_change_record::BrokerRegistrationChangeRecord;
pub use clear_elr_record::ClearElrRecord;
pub use client_quota_record::ClientQuotaRecord;
pub use config_record::ConfigRecord;
pub use delegation_token_record::DelegationTokenRecord;
pub use end_transaction_record::EndTransactionRecord;
pub use feature_level_record::FeatureLevelRecord;
pub use fence_broker_record::FenceBrokerRecord;
pub use no_op_record::NoOpRecord;
pub use partition_change_record::PartitionChangeRecord;
pub use partition_record::PartitionRecord;
pub use producer_ids_record::ProducerIdsRecord;
pub use register_broker_record::RegisterBrokerRecord;
pub use register_controller_record::RegisterControllerRecord;
pub use remove_access_control_entry_record::RemoveAccessControlEntryRecord;
pub use remove_delegation_token_record::RemoveDelegationTokenRecord;
pub use remove_topic_record::RemoveTopicRecord;
pub use remove_user_scram_credential_record::RemoveUserScramCredentialRecord;
pub use topic_record::TopicRecord;
pub use unfence_broker_record::UnfenceBrokerRecord;
pub use unregister_broker_record::UnregisterBrokerRecord;
pub use unregister_controller_record::UnregisterControllerRecord;
pub use user_scram_credential_record::UserScramCredentialRecord;
pub use zk_migration_state_record::ZkMigrationStateRecord;

/// Any of them, by type.
#[derive(Clone, Debug, PartialEq)]
pub enum MetadataRecord {
    /// Type 0, versions 0-4.
    RegisterBroker(RegisterBrokerRecord),
    /// Type 1, versions 0.
    UnregisterBroker(UnregisterBrokerRecord),
    /// Type 2, versions 0.
    Topic(TopicRecord),
    /// Type 3, versions 0-2.
    Partition(PartitionRecord),
    /// Type 4, versions 0.
    Config(ConfigRecord),
    /// Type 5, versions 0-2.
    PartitionChange(PartitionChangeRecord),
    /// Type 7, versions 0.
    FenceBroker(FenceBrokerRecord),
    /// Type 8, versions 0.
    UnfenceBroker(UnfenceBrokerRecord),
    /// Type 9, versions 0.
    RemoveTopic(RemoveTopicRecord),
    /// Type 10, versions 0.
    DelegationToken(DelegationTokenRecord),
    /// Type 11, versions 0.
    UserScramCredential(UserScramCredentialRecord),
    /// Type 12, versions 0.
    FeatureLevel(FeatureLevelRecord),
    /// Type 14, versions 0.
    ClientQuota(ClientQuotaRecord),
    /// Type 15, versions 0.
    ProducerIds(ProducerIdsRecord),
    /// Type 17, versions 0-3.
    BrokerRegistrationChange(BrokerRegistrationChangeRecord),
    /// Type 18, versions 0.
    AccessControlEntry(AccessControlEntryRecord),
    /// Type 19, versions 0.
    RemoveAccessControlEntry(RemoveAccessControlEntryRecord),
    /// Type 20, versions 0.
    NoOp(NoOpRecord),
    /// Type 21, versions 0.
    ZkMigrationState(ZkMigrationStateRecord),
    /// Type 22, versions 0.
    RemoveUserScramCredential(RemoveUserScramCredentialRecord),
    /// Type 23, versions 0.
    BeginTransaction(BeginTransactionRecord),
    /// Type 24, versions 0.
    EndTransaction(EndTransactionRecord),
    /// Type 25, versions 0.
    AbortTransaction(AbortTransactionRecord),
    /// Type 26, versions 0.
    RemoveDelegationToken(RemoveDelegationTokenRecord),
    /// Type 27, versions 0.
    RegisterController(RegisterControllerRecord),
    /// Type 28, versions 0.
    ClearElr(ClearElrRecord),
    /// Type 29, versions 0.
    UnregisterController(UnregisterControllerRecord),
}

impl crate::AnyRecord for MetadataRecord {
    fn record_type(&self) -> i16 {
        match self {
            Self::RegisterBroker(_) => 0,
            Self::UnregisterBroker(_) => 1,
            Self::Topic(_) => 2,
            Self::Partition(_) => 3,
            Self::Config(_) => 4,
            Self::PartitionChange(_) => 5,
            Self::FenceBroker(_) => 7,
            Self::UnfenceBroker(_) => 8,
            Self::RemoveTopic(_) => 9,
            Self::DelegationToken(_) => 10,
            Self::UserScramCredential(_) => 11,
            Self::FeatureLevel(_) => 12,
            Self::ClientQuota(_) => 14,
            Self::ProducerIds(_) => 15,
            Self::BrokerRegistrationChange(_) => 17,
            Self::AccessControlEntry(_) => 18,
            Self::RemoveAccessControlEntry(_) => 19,
            Self::NoOp(_) => 20,
            Self::ZkMigrationState(_) => 21,
            Self::RemoveUserScramCredential(_) => 22,
            Self::BeginTransaction(_) => 23,
            Self::EndTransaction(_) => 24,
            Self::AbortTransaction(_) => 25,
            Self::RemoveDelegationToken(_) => 26,
            Self::RegisterController(_) => 27,
            Self::ClearElr(_) => 28,
            Self::UnregisterController(_) => 29,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::RegisterBroker(_) => RegisterBrokerRecord::NAME,
            Self::UnregisterBroker(_) => UnregisterBrokerRecord::NAME,
            Self::Topic(_) => TopicRecord::NAME,
            Self::Partition(_) => PartitionRecord::NAME,
            Self::Config(_) => ConfigRecord::NAME,
            Self::PartitionChange(_) => PartitionChangeRecord::NAME,
            Self::FenceBroker(_) => FenceBrokerRecord::NAME,
            Self::UnfenceBroker(_) => UnfenceBrokerRecord::NAME,
            Self::RemoveTopic(_) => RemoveTopicRecord::NAME,
            Self::DelegationToken(_) => DelegationTokenRecord::NAME,
            Self::UserScramCredential(_) => UserScramCredentialRecord::NAME,
            Self::FeatureLevel(_) => FeatureLevelRecord::NAME,
            Self::ClientQuota(_) => ClientQuotaRecord::NAME,
            Self::ProducerIds(_) => ProducerIdsRecord::NAME,
            Self::BrokerRegistrationChange(_) => BrokerRegistrationChangeRecord::NAME,
            Self::AccessControlEntry(_) => AccessControlEntryRecord::NAME,
            Self::RemoveAccessControlEntry(_) => RemoveAccessControlEntryRecord::NAME,
            Self::NoOp(_) => NoOpRecord::NAME,
            Self::ZkMigrationState(_) => ZkMigrationStateRecord::NAME,
            Self::RemoveUserScramCredential(_) => RemoveUserScramCredentialRecord::NAME,
            Self::BeginTransaction(_) => BeginTransactionRecord::NAME,
            Self::EndTransaction(_) => EndTransactionRecord::NAME,
            Self::AbortTransaction(_) => AbortTransactionRecord::NAME,
            Self::RemoveDelegationToken(_) => RemoveDelegationTokenRecord::NAME,
            Self::RegisterController(_) => RegisterControllerRecord::NAME,
            Self::ClearElr(_) => ClearElrRecord::NAME,
            Self::UnregisterController(_) => UnregisterControllerRecord::NAME,
        }
    }

    fn encode_body(&self, out: &mut crate::Encoder, version: i16) -> Result<(), crate::EncodeError> {
        match self {
            Self::RegisterBroker(record) => record.encode(out, version),
            Self::UnregisterBroker(record) => record.encode(out, version),
            Self::Topic(record) => record.encode(out, version),
            Self::Partition(record) => record.encode(out, version),
            Self::Config(record) => record.encode(out, version),
            Self::PartitionChange(record) => record.encode(out, version),
            Self::FenceBroker(record) => record.encode(out, version),
            Self::UnfenceBroker(record) => record.encode(out, version),
            Self::RemoveTopic(record) => record.encode(out, version),
            Self::DelegationToken(record) => record.encode(out, version),
            Self::UserScramCredential(record) => record.encode(out, version),
            Self::FeatureLevel(record) => record.encode(out, version),
            Self::ClientQuota(record) => record.encode(out, version),
            Self::ProducerIds(record) => record.encode(out, version),
            Self::BrokerRegistrationChange(record) => record.encode(out, version),
            Self::AccessControlEntry(record) => record.encode(out, version),
            Self::RemoveAccessControlEntry(record) => record.encode(out, version),
            Self::NoOp(record) => record.encode(out, version),
            Self::ZkMigrationState(record) => record.encode(out, version),
            Self::RemoveUserScramCredential(record) => record.encode(out, version),
            Self::BeginTransaction(record) => record.encode(out, version),
            Self::EndTransaction(record) => record.encode(out, version),
            Self::AbortTransaction(record) => record.encode(out, version),
            Self::RemoveDelegationToken(record) => record.encode(out, version),
            Self::RegisterController(record) => record.encode(out, version),
            Self::ClearElr(record) => record.encode(out, version),
            Self::UnregisterController(record) => record.encode(out, version),
        }
    }

    fn decode_body(
        record_type: i16,
        input: &mut crate::Decoder,
        version: i16,
    ) -> Result<Self, crate::DecodeError> {
        match record_type {
            0 => RegisterBrokerRecord::decode(input, version).map(Self::RegisterBroker),
            1 => UnregisterBrokerRecord::decode(input, version).map(Self::UnregisterBroker),
            2 => TopicRecord::decode(input, version).map(Self::Topic),
            3 => PartitionRecord::decode(input, version).map(Self::Partition),
            4 => ConfigRecord::decode(input, version).map(Self::Config),
            5 => PartitionChangeRecord::decode(input, version).map(Self::PartitionChange),
            7 => FenceBrokerRecord::decode(input, version).map(Self::FenceBroker),
            8 => UnfenceBrokerRecord::decode(input, version).map(Self::UnfenceBroker),
            9 => RemoveTopicRecord::decode(input, version).map(Self::RemoveTopic),
            10 => DelegationTokenRecord::decode(input, version).map(Self::DelegationToken),
            11 => UserScramCredentialRecord::decode(input, version).map(Self::UserScramCredential),
            12 => FeatureLevelRecord::decode(input, version).map(Self::FeatureLevel),
            14 => ClientQuotaRecord::decode(input, version).map(Self::ClientQuota),
            15 => ProducerIdsRecord::decode(input, version).map(Self::ProducerIds),
            17 => BrokerRegistrationChangeRecord::decode(input, version).map(Self::BrokerRegistrationChange),
            18 => AccessControlEntryRecord::decode(input, version).map(Self::AccessControlEntry),
            19 => RemoveAccessControlEntryRecord::decode(input, version).map(Self::RemoveAccessControlEntry),
            20 => NoOpRecord::decode(input, version).map(Self::NoOp),
            21 => ZkMigrationStateRecord::decode(input, version).map(Self::ZkMigrationState),
            22 => {
                RemoveUserScramCredentialRecord::decode(input, version).map(Self::RemoveUserScramCredential)
            }
            23 => BeginTransactionRecord::decode(input, version).map(Self::BeginTransaction),
            24 => EndTransactionRecord::decode(input, version).map(Self::EndTransaction),
            25 => AbortTransactionRecord::decode(input, version).map(Self::AbortTransaction),
            26 => RemoveDelegationTokenRecord::decode(input, version).map(Self::RemoveDelegationToken),
            27 => RegisterControllerRecord::decode(input, version).map(Self::RegisterController),
            28 => ClearElrRecord::decode(input, version).map(Self::ClearElr),
            29 => UnregisterControllerRecord::decode(input, version).map(Self::UnregisterController),

            _ => Err(input.unknown_record_type("MetadataRecord", record_type)),
        }
    }
}

impl From<RegisterBrokerRecord> for MetadataRecord {
    fn from(record: RegisterBrokerRecord) -> Self {
        Self::RegisterBroker(record)
    }
}

impl From<UnregisterBrokerRecord> for MetadataRecord {
    fn from(record: UnregisterBrokerRecord) -> Self {
        Self::UnregisterBroker(record)
    }
}

impl From<TopicRecord> for MetadataRecord {
    fn from(record: TopicRecord) -> Self {
        Self::Topic(record)
    }
}

impl From<PartitionRecord> for MetadataRecord {
    fn from(record: PartitionRecord) -> Self {
        Self::Partition(record)
    }
}

impl From<ConfigRecord> for MetadataRecord {
    fn from(record: ConfigRecord) -> Self {
        Self::Config(record)
    }
}

impl From<PartitionChangeRecord> for MetadataRecord {
    fn from(record: PartitionChangeRecord) -> Self {
        Self::PartitionChange(record)
    }
}

impl From<FenceBrokerRecord> for MetadataRecord {
    fn from(record: FenceBrokerRecord) -> Self {
        Self::FenceBroker(record)
    }
}

impl From<UnfenceBrokerRecord> for MetadataRecord {
    fn from(record: UnfenceBrokerRecord) -> Self {
        Self::UnfenceBroker(record)
    }
}

impl From<RemoveTopicRecord> for MetadataRecord {
    fn from(record: RemoveTopicRecord) -> Self {
        Self::RemoveTopic(record)
    }
}

impl From<DelegationTokenRecord> for MetadataRecord {
    fn from(record: DelegationTokenRecord) -> Self {
        Self::DelegationToken(record)
    }
}

impl From<UserScramCredentialRecord> for MetadataRecord {
    fn from(record: UserScramCredentialRecord) -> Self {
        Self::UserScramCredential(record)
    }
}

impl From<FeatureLevelRecord> for MetadataRecord {
    fn from(record: FeatureLevelRecord) -> Self {
        Self::FeatureLevel(record)
    }
}

impl From<ClientQuotaRecord> for MetadataRecord {
    fn from(record: ClientQuotaRecord) -> Self {
        Self::ClientQuota(record)
    }
}

impl From<ProducerIdsRecord> for MetadataRecord {
    fn from(record: ProducerIdsRecord) -> Self {
        Self::ProducerIds(record)
    }
}

impl From<BrokerRegistrationChangeRecord> for MetadataRecord {
    fn from(record: BrokerRegistrationChangeRecord) -> Self {
        Self::BrokerRegistrationChange(record)
    }
}

impl From<AccessControlEntryRecord> for MetadataRecord {
    fn from(record: AccessControlEntryRecord) -> Self {
        Self::AccessControlEntry(record)
    }
}

impl From<RemoveAccessControlEntryRecord> for MetadataRecord {
    fn from(record: RemoveAccessControlEntryRecord) -> Self {
        Self::RemoveAccessControlEntry(record)
    }
}

impl From<NoOpRecord> for MetadataRecord {
    fn from(record: NoOpRecord) -> Self {
        Self::NoOp(record)
    }
}

impl From<ZkMigrationStateRecord> for MetadataRecord {
    fn from(record: ZkMigrationStateRecord) -> Self {
        Self::ZkMigrationState(record)
    }
}

impl From<RemoveUserScramCredentialRecord> for MetadataRecord {
    fn from(record: RemoveUserScramCredentialRecord) -> Self {
        Self::RemoveUserScramCredential(record)
    }
}

impl From<BeginTransactionRecord> for MetadataRecord {
    fn from(record: BeginTransactionRecord) -> Self {
        Self::BeginTransaction(record)
    }
}

impl From<EndTransactionRecord> for MetadataRecord {
    fn from(record: EndTransactionRecord) -> Self {
        Self::EndTransaction(record)
    }
}

impl From<AbortTransactionRecord> for MetadataRecord {
    fn from(record: AbortTransactionRecord) -> Self {
        Self::AbortTransaction(record)
    }
}

impl From<RemoveDelegationTokenRecord> for MetadataRecord {
    fn from(record: RemoveDelegationTokenRecord) -> Self {
        Self::RemoveDelegationToken(record)
    }
}

impl From<RegisterControllerRecord> for MetadataRecord {
    fn from(record: RegisterControllerRecord) -> Self {
        Self::RegisterController(record)
    }
}

impl From<ClearElrRecord> for MetadataRecord {
    fn from(record: ClearElrRecord) -> Self {
        Self::ClearElr(record)
    }
}

impl From<UnregisterControllerRecord> for MetadataRecord {
    fn from(record: UnregisterControllerRecord) -> Self {
        Self::UnregisterController(record)
    }
}
