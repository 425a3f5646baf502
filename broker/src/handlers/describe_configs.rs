//! DescribeConfigs: each resource that is listed is described, however often it is, as far as one answer reaches.
//! Not here: how values are found (klamm-metadata).

use std::rc::Rc;

use klamm_metadata::controller::describe_config_resource;
use klamm_protocol::ErrorCode;
use klamm_protocol::describe_configs_request::{DescribeConfigsRequest, DescribeConfigsResource};
use klamm_protocol::describe_configs_response::{DescribeConfigsResponse, DescribeConfigsResult};

use crate::dispatch::RequestContext;
use crate::lane::LaneState;

/// Bytes of an answer after which no further resource is described: a request of a few bytes each asks for thousands.
const ANSWER_BYTES_MAX: usize = 32 << 20;
/// What a resource counts at least, since looking for its keys costs something though none is found.
const RESOURCE_BYTES_MIN: usize = 256;

/// Answers the request.
pub(crate) async fn handle(
    state: Rc<LaneState>,
    _context: RequestContext,
    request: DescribeConfigsRequest,
) -> DescribeConfigsResponse {
    let image = state.image();
    let configs = state.node.config.configs(&image.configs);
    let results = described(request.resources, |asked| {
        let mut result = describe_config_resource(&image, &configs, asked, request.include_synonyms);
        state.node.loggers.describe(asked, &mut result);
        result
    });
    DescribeConfigsResponse { results, ..DescribeConfigsResponse::default() }
}

/// Describes resources until the answer is as large as it may be, and refuses the rest.
fn described(
    resources: Vec<DescribeConfigsResource>,
    describe: impl Fn(&DescribeConfigsResource) -> DescribeConfigsResult,
) -> Vec<DescribeConfigsResult> {
    let mut bytes = 0;
    let results = resources.into_iter().map(|asked| {
        if bytes >= ANSWER_BYTES_MAX {
            return refused(asked);
        }
        let result = describe(&asked);
        bytes += size(&result).max(RESOURCE_BYTES_MIN);
        result
    });
    results.collect()
}

fn refused(asked: DescribeConfigsResource) -> DescribeConfigsResult {
    DescribeConfigsResult {
        error_code: ErrorCode::POLICY_VIOLATION,
        error_message: Some("Too much for one answer: ask for the rest in another request.".to_owned()),
        resource_type: asked.resource_type,
        resource_name: asked.resource_name,
        ..DescribeConfigsResult::default()
    }
}

/// Bytes of a description, about.
fn size(result: &DescribeConfigsResult) -> usize {
    const FIXED: usize = 8;
    let text =
        |name: &str, value: &Option<String>| FIXED + name.len() + value.as_ref().map_or(0, String::len);
    let configs = result.configs.iter().map(|config| {
        let synonyms = config.synonyms.iter().map(|synonym| text(&synonym.name, &synonym.value));
        text(&config.name, &config.value) + synonyms.sum::<usize>()
    });
    text(&result.resource_name, &result.error_message) + configs.sum::<usize>()
}

#[cfg(test)]
mod tests {
    use klamm_protocol::describe_configs_response::DescribeConfigsResourceResult;

    use super::*;

    /// Asks `count` times for a resource whose only value has `bytes`; how many of them are described.
    fn check(count: usize, bytes: usize, expected: usize) {
        let asked = DescribeConfigsResource { resource_name: "1".into(), ..Default::default() };
        let config = DescribeConfigsResourceResult { value: Some("v".repeat(bytes)), ..Default::default() };
        let results = described(vec![asked; count], |asked| DescribeConfigsResult {
            resource_name: asked.resource_name.clone(),
            configs: vec![config.clone()],
            ..Default::default()
        });
        assert_eq!(results.len(), count);
        let described = results.iter().take_while(|result| result.error_code == ErrorCode::NONE).count();
        assert_eq!(described, expected, "{count} resources of {bytes} bytes");
        let mut rest = results.iter().skip(expected);
        assert!(
            rest.all(|result| result.error_code == ErrorCode::POLICY_VIOLATION && result.configs.is_empty())
        );
    }

    #[test]
    fn an_answer_is_bounded() {
        check(2, 1 << 20, 2);
        check(100, (1 << 20) - 17, 32);
        check(200_000, 0, ANSWER_BYTES_MAX / RESOURCE_BYTES_MIN);
    }
}
