//! `quorum-state`: who led the quorum last, as Kafka writes it. Not here: votes; with one voter there are none.

use std::path::Path;

use bytes::Bytes;
use klamm_env::Env;

const FILE: &str = "quorum-state";

/// Writes the file for a node that leads itself in `leader_epoch`.
///
/// # Errors
/// The disk failed.
pub(crate) async fn write(
    env: &Env,
    directory: &Path,
    node_id: i32,
    leader_epoch: i32,
    static_voters: &[i32],
) -> std::io::Result<()> {
    let text = encode(node_id, leader_epoch, static_voters);
    klamm_log::atomic_file::replace(env, &directory.join(FILE), Bytes::from(text)).await
}

fn encode(node_id: i32, leader_epoch: i32, static_voters: &[i32]) -> String {
    if static_voters.is_empty() {
        return format!(
            "{{\"leaderId\":{node_id},\"leaderEpoch\":{leader_epoch},\"votedId\":-1,\"votedDirectoryId\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"data_version\":1}}"
        );
    }
    let voters: Vec<String> = static_voters.iter().map(|id| format!("{{\"voterId\":{id}}}")).collect();
    format!(
        "{{\"clusterId\":\"\",\"leaderId\":{node_id},\"leaderEpoch\":{leader_epoch},\"votedId\":-1,\"appliedOffset\":0,\"currentVoters\":[{}],\"data_version\":0}}",
        voters.join(",")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms() {
        assert_eq!(
            encode(1, 2, &[]),
            r#"{"leaderId":1,"leaderEpoch":2,"votedId":-1,"votedDirectoryId":"AAAAAAAAAAAAAAAAAAAAAA","data_version":1}"#
        );
        assert_eq!(
            encode(1, 2, &[1]),
            r#"{"clusterId":"","leaderId":1,"leaderEpoch":2,"votedId":-1,"appliedOffset":0,"currentVoters":[{"voterId":1}],"data_version":0}"#
        );
    }
}
