//! CreatePartitions: more partitions for a topic. Not here: fewer, which Kafka does not know.

use std::collections::BTreeSet;

use klamm_protocol::ErrorCode;
use klamm_protocol::create_partitions_request::{CreatePartitionsRequest, CreatePartitionsTopic};
use klamm_protocol::create_partitions_response::{CreatePartitionsResponse, CreatePartitionsTopicResult};
use klamm_protocol::metadata_records::MetadataRecord;

use super::{Named, Outcome, PARTITIONS_PER_REQUEST_MAX, Refusal, placement, told, too_many_partitions};
use crate::image::MetadataImage;

/// Decides a CreatePartitions request.
pub fn create_partitions(
    image: &MetadataImage,
    request: &CreatePartitionsRequest,
) -> Outcome<CreatePartitionsResponse> {
    let mut outcome = Outcome { records: Vec::new(), response: CreatePartitionsResponse::default() };
    let too_many = partitions_asked(image, request) > PARTITIONS_PER_REQUEST_MAX;
    let named = Named::count(request.topics.iter().map(|topic| topic.name.as_str()));
    let mut answered = BTreeSet::new();
    let mut directories = placement::Directories::default();
    for topic in &request.topics {
        if !answered.insert(topic.name.as_str()) {
            continue;
        }
        let decided = if named.repeats(&topic.name.as_str()) {
            Err(Refusal::new(ErrorCode::INVALID_REQUEST, "Duplicate topic name."))
        } else {
            more_partitions(image, topic, too_many, &mut directories)
        };
        let (error_code, error_message) = told(&decided);
        outcome.response.results.push(CreatePartitionsTopicResult {
            name: topic.name.clone(),
            error_code,
            error_message,
            ..CreatePartitionsTopicResult::default()
        });
        if !request.validate_only {
            outcome.records.extend(decided.unwrap_or_default());
        }
    }
    outcome
}

/// How many partitions all topics of the request would gain.
fn partitions_asked(image: &MetadataImage, request: &CreatePartitionsRequest) -> usize {
    let of = |asked: &CreatePartitionsTopic| {
        let now = image.topic(&asked.name)?.partitions.len();
        Some(usize::try_from(asked.count).unwrap_or(0).saturating_sub(now))
    };
    request.topics.iter().filter_map(of).fold(0, usize::saturating_add)
}

fn more_partitions(
    image: &MetadataImage,
    asked: &CreatePartitionsTopic,
    too_many: bool,
    directories: &mut placement::Directories,
) -> Result<Vec<MetadataRecord>, Refusal> {
    let topic = image.topic(&asked.name).ok_or(Refusal::bare(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION))?;
    let now = topic.partitions.len();
    let count = usize::try_from(asked.count).unwrap_or(0);
    if count <= now {
        let message = format!(
            "The topic {} currently has {now} partition(s); {} would not be an increase.",
            topic.name, asked.count
        );
        return Err(Refusal::new(ErrorCode::INVALID_PARTITIONS, message));
    }
    let more = count - now;
    if too_many {
        return Err(too_many_partitions());
    }
    let factor = topic.partitions.first().map_or(1, |partition| partition.replicas.len());
    let replicas = match &asked.assignments {
        None => placement::place(image, now, more, factor)?,
        Some(assignments) if assignments.len() != more => {
            let message = format!(
                "Attempted to add {more} partition(s), but only {} assignment(s) were given.",
                assignments.len()
            );
            return Err(Refusal::new(ErrorCode::INVALID_REPLICA_ASSIGNMENT, message));
        }
        Some(assignments) => {
            for assignment in assignments {
                placement::check_chosen(image, &assignment.broker_ids, factor)?;
            }
            assignments.iter().map(|assignment| assignment.broker_ids.clone()).collect()
        }
    };
    let first = i32::try_from(now).expect("partitions are numbered in 32 bits");
    let records = (first..).zip(replicas).map(|(index, replicas)| {
        placement::new_partition(image, directories, replicas).to_record(topic, index)
    });
    Ok(records.collect())
}
