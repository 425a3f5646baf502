//! Records of features that this release does not act on (ACLs, SCRAM credentials, delegation tokens, client quotas):
//! kept as they are, so that a snapshot holds them for a release that does. Not here: what they mean.

use std::collections::BTreeMap;
use std::sync::Arc;

use klamm_protocol::Uuid;
use klamm_protocol::metadata_records::{ClientQuotaRecord, MetadataRecord};

/// What a record is about: a later one about the same takes its place, or takes it away.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Subject {
    AccessControlEntry(Uuid),
    UserScramCredential(String, i8),
    DelegationToken(String),
    /// The entities by type, and the quota's key.
    ClientQuota(Vec<(String, Option<String>)>, String),
}

/// What a record does with its subject.
enum Change {
    Set(Subject),
    Remove(Subject),
}

/// The records that are kept, one of each subject.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CarriedRecords(Arc<BTreeMap<Subject, MetadataRecord>>);

impl CarriedRecords {
    /// Takes over a record; of other kinds than these nothing is kept.
    pub(crate) fn replay(&mut self, record: &MetadataRecord) {
        match change(record) {
            Some(Change::Set(subject)) => {
                Arc::make_mut(&mut self.0).insert(subject, record.clone());
            }
            Some(Change::Remove(subject)) => {
                Arc::make_mut(&mut self.0).remove(&subject);
            }
            None => {}
        }
    }

    /// The records, by kind and subject.
    pub fn iter(&self) -> impl Iterator<Item = &MetadataRecord> {
        self.0.values()
    }
}

fn change(record: &MetadataRecord) -> Option<Change> {
    Some(match record {
        MetadataRecord::AccessControlEntry(record) => Change::Set(Subject::AccessControlEntry(record.id)),
        MetadataRecord::RemoveAccessControlEntry(record) => {
            Change::Remove(Subject::AccessControlEntry(record.id))
        }
        MetadataRecord::UserScramCredential(record) => {
            Change::Set(Subject::UserScramCredential(record.name.clone(), record.mechanism))
        }
        MetadataRecord::RemoveUserScramCredential(record) => {
            Change::Remove(Subject::UserScramCredential(record.name.clone(), record.mechanism))
        }
        MetadataRecord::DelegationToken(record) => {
            Change::Set(Subject::DelegationToken(record.token_id.clone()))
        }
        MetadataRecord::RemoveDelegationToken(record) => {
            Change::Remove(Subject::DelegationToken(record.token_id.clone()))
        }
        MetadataRecord::ClientQuota(record) if record.remove => Change::Remove(quota(record)),
        MetadataRecord::ClientQuota(record) => Change::Set(quota(record)),
        _ => return None,
    })
}

fn quota(record: &ClientQuotaRecord) -> Subject {
    let entities = record.entity.iter();
    let mut entities: Vec<_> =
        entities.map(|entity| (entity.entity_type.clone(), entity.entity_name.clone())).collect();
    entities.sort();
    Subject::ClientQuota(entities, record.key.clone())
}

#[cfg(test)]
mod tests {
    use klamm_protocol::metadata_records::client_quota_record::EntityData;
    use klamm_protocol::metadata_records::{
        AccessControlEntryRecord, DelegationTokenRecord, RemoveAccessControlEntryRecord,
        RemoveDelegationTokenRecord, RemoveUserScramCredentialRecord, UserScramCredentialRecord,
    };

    use super::*;
    use crate::delta::MetadataDelta;
    use crate::image::MetadataImage;

    fn acl(id: u8, principal: &str) -> MetadataRecord {
        let principal = principal.to_owned();
        let record = AccessControlEntryRecord { id: Uuid([id; 16]), principal, ..Default::default() };
        MetadataRecord::AccessControlEntry(record)
    }

    fn credential(mechanism: i8, iterations: i32) -> MetadataRecord {
        let record =
            UserScramCredentialRecord { name: "ada".into(), mechanism, iterations, ..Default::default() };
        MetadataRecord::UserScramCredential(record)
    }

    fn token(owner: &str) -> MetadataRecord {
        let record =
            DelegationTokenRecord { owner: owner.into(), token_id: "t".into(), ..Default::default() };
        MetadataRecord::DelegationToken(record)
    }

    fn quota(entities: &[(&str, Option<&str>)], value: f64, remove: bool) -> MetadataRecord {
        let entity = |(kind, name): &(&str, Option<&str>)| EntityData {
            entity_type: (*kind).into(),
            entity_name: name.map(str::to_owned),
            ..Default::default()
        };
        let entity = entities.iter().map(entity).collect();
        let key = "producer_byte_rate".to_owned();
        MetadataRecord::ClientQuota(ClientQuotaRecord { entity, key, value, remove, ..Default::default() })
    }

    /// Replays records; what a snapshot then holds, and holds once more after it was replayed.
    fn check(records: &[MetadataRecord], expected: &[MetadataRecord]) {
        let mut image = MetadataImage::default();
        for records in [records, expected] {
            let mut delta = MetadataDelta::new(&MetadataImage::default());
            for record in records {
                delta.replay(record).expect("nothing is missing");
            }
            image = (*delta.finish().0).clone();
            assert_eq!(image.to_records(), expected);
        }
        assert_eq!(image.carried.iter().count(), expected.len());
    }

    #[test]
    fn the_last_record_of_each_subject_is_kept() {
        check(&[acl(1, "a"), acl(2, "b"), acl(1, "c")], &[acl(1, "c"), acl(2, "b")]);
        check(&[credential(1, 5), credential(2, 6), credential(1, 7)], &[credential(1, 7), credential(2, 6)]);
        check(&[token("a"), token("b")], &[token("b")]);
        let (user, client) = (("user", Some("ada")), ("client-id", None));
        let whole = |value| quota(&[user, client], value, false);
        check(
            &[whole(1.0), quota(&[user], 2.0, false), quota(&[client, user], 3.0, false)],
            &[quota(&[client, user], 3.0, false), quota(&[user], 2.0, false)],
        );
    }

    #[test]
    fn what_is_removed_is_gone() {
        let remove = RemoveAccessControlEntryRecord { id: Uuid([1; 16]), ..Default::default() };
        check(&[acl(1, "a"), MetadataRecord::RemoveAccessControlEntry(remove)], &[]);
        let remove =
            RemoveUserScramCredentialRecord { name: "ada".into(), mechanism: 1, ..Default::default() };
        check(
            &[credential(1, 5), credential(2, 5), MetadataRecord::RemoveUserScramCredential(remove)],
            &[credential(2, 5)],
        );
        let remove = RemoveDelegationTokenRecord { token_id: "t".into(), ..Default::default() };
        check(&[token("a"), MetadataRecord::RemoveDelegationToken(remove)], &[]);
        let user = [("user", Some("ada"))];
        check(&[quota(&user, 1.0, false), quota(&user, 0.0, true)], &[]);
    }
}
