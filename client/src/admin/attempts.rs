//! A call tried until it has an answer or its time is up. Not here: what is asked.

use std::future::Future;
use std::rc::Rc;

use klamm_client_core::{Body, Moment};
use klamm_protocol::{MetadataRequest, MetadataResponse, Request};

use crate::error::Error;
use crate::link::Link;

/// Calls `attempt` until it succeeds, fails for good, has been tried again as often as `retries` allows, or
/// `default.api.timeout.ms` has passed; it is told the moment when that is.
pub(crate) async fn retry<T, F: Future<Output = Result<T, Error>>>(
    link: &Rc<Link>,
    attempt: impl Fn(Moment) -> F,
) -> Result<T, Error> {
    let deadline = link.now() + link.config.default_api_timeout;
    let mut failures = 0;
    let mut last = None;
    loop {
        match attempt(deadline).await {
            Err(error) if error.is_retriable() && failures < link.retries && link.now() < deadline => {
                tracing::debug!(%error, "trying again");
                failures += 1;
                last = Some(error);
                link.back_off(failures, deadline).await;
            }
            // An attempt that was cut short by the deadline knows less than the one before.
            Err(error) if link.now() >= deadline => return Err(last.unwrap_or(error)),
            outcome => return outcome,
        }
    }
}

/// Asks whichever node can answer soonest.
pub(crate) async fn ask_any<R: Request + 'static>(
    link: &Rc<Link>,
    body: impl Fn() -> Box<dyn Body>,
) -> Result<R::Response, Error> {
    retry(link, async |deadline| link.ask::<R>(link.any_node()?, body(), deadline).await).await
}

/// Asks the node that takes a controller's requests; `refused` finds an answer that says it is not the one.
pub(super) async fn ask_controller<R: Request + 'static>(
    link: &Rc<Link>,
    body: impl Fn() -> Box<dyn Body>,
    refusal: impl Fn(&R::Response) -> Result<(), Error>,
) -> Result<R::Response, Error> {
    retry(link, async |deadline| {
        let controller = nodes_once(link, deadline).await?.controller_id;
        let node = if controller >= 0 { controller } else { link.any_node()? };
        let response = link.ask::<R>(node, body(), deadline).await?;
        refusal(&response)?;
        Ok(response)
    })
    .await
}

/// Learns the cluster's nodes, without topics.
pub(super) async fn nodes(link: &Rc<Link>) -> Result<MetadataResponse, Error> {
    retry(link, async |deadline| nodes_once(link, deadline).await).await
}

pub(super) async fn nodes_once(link: &Rc<Link>, deadline: Moment) -> Result<MetadataResponse, Error> {
    let request = MetadataRequest { topics: Some(Vec::new()), ..MetadataRequest::default() };
    let response = link.ask::<MetadataRequest>(link.any_node()?, Box::new(request), deadline).await?;
    link.learn_nodes(&response);
    Ok(response)
}
