//! A call tried until it has an answer or its time is up. Not here: what is asked.

use std::future::Future;
use std::rc::Rc;

use klamm_client_core::Body;
use klamm_protocol::{MetadataRequest, MetadataResponse, Request};

use crate::error::Error;
use crate::link::Link;

/// Calls `attempt` until it succeeds, fails for good, or `default.api.timeout.ms` has passed.
pub(crate) async fn retry<T, F: Future<Output = Result<T, Error>>>(
    link: &Rc<Link>,
    attempt: impl Fn() -> F,
) -> Result<T, Error> {
    let deadline = link.now() + link.config.default_api_timeout;
    let mut failures = 0;
    loop {
        match attempt().await {
            Err(error) if error.is_retriable() && link.now() < deadline => {
                tracing::debug!(%error, "trying again");
                failures += 1;
                link.back_off(failures).await;
            }
            outcome => return outcome,
        }
    }
}

/// Asks whichever node can answer soonest.
pub(crate) async fn ask_any<R: Request + 'static>(
    link: &Rc<Link>,
    body: impl Fn() -> Box<dyn Body>,
) -> Result<R::Response, Error> {
    retry(link, async || link.ask::<R>(link.any_node()?, body()).await).await
}

/// Asks the node that takes a controller's requests; `refused` finds an answer that says it is not the one.
pub(super) async fn ask_controller<R: Request + 'static>(
    link: &Rc<Link>,
    body: impl Fn() -> Box<dyn Body>,
    refusal: impl Fn(&R::Response) -> Result<(), Error>,
) -> Result<R::Response, Error> {
    retry(link, async || {
        let controller = nodes_once(link).await?.controller_id;
        let node = if controller >= 0 { controller } else { link.any_node()? };
        let response = link.ask::<R>(node, body()).await?;
        refusal(&response)?;
        Ok(response)
    })
    .await
}

/// Learns the cluster's nodes, without topics.
pub(super) async fn nodes(link: &Rc<Link>) -> Result<MetadataResponse, Error> {
    retry(link, async || nodes_once(link).await).await
}

async fn nodes_once(link: &Rc<Link>) -> Result<MetadataResponse, Error> {
    let request = MetadataRequest { topics: Some(Vec::new()), ..MetadataRequest::default() };
    let response = link.ask::<MetadataRequest>(link.any_node()?, Box::new(request)).await?;
    link.learn_nodes(&response);
    Ok(response)
}
