//! The page for Prometheus: `GET /metrics`. Not here: what is counted.

use std::convert::Infallible;
use std::future::poll_fn;
use std::rc::Rc;

use futures_util::future::join_all;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use klamm_env::Listener;
use tokio_util::sync::CancellationToken;

use crate::lane::LaneState;
use crate::metrics::{PartitionGauges, PartitionLabels};

/// Connections served at once.
const CONNECTIONS_MAX: usize = 32;

/// Serves the page until the node stops.
pub(crate) async fn serve(
    state: Rc<LaneState>,
    mut listener: Box<dyn Listener>,
    stopping: CancellationToken,
) {
    let room = std::sync::Arc::new(tokio::sync::Semaphore::new(CONNECTIONS_MAX));
    loop {
        let accepted = tokio::select! {
            biased;
            () = stopping.cancelled() => return,
            accepted = poll_fn(|cx| listener.poll_accept(cx)) => accepted,
        };
        let (Ok(incoming), Ok(permit)) = (accepted, std::sync::Arc::clone(&room).acquire_owned().await)
        else {
            state.env.sleep(std::time::Duration::from_millis(10)).await;
            continue;
        };
        let Ok(stream) = incoming.open() else { continue };
        let state_of_page = Rc::clone(&state);
        state.env.spawn_local("metrics-page", async move {
            let page = service_fn(move |request| answer(Rc::clone(&state_of_page), request));
            // A reader that goes away in between is no news.
            let _ =
                hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), page).await;
            drop(permit);
        });
    }
}

async fn answer(
    state: Rc<LaneState>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (status, body) = match (request.method(), request.uri().path()) {
        (&Method::GET, "/metrics" | "/") => (StatusCode::OK, page(&state).await),
        _ => (StatusCode::NOT_FOUND, "there is GET /metrics, and nothing else\n".to_owned()),
    };
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    let kind =
        hyper::header::HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    response.headers_mut().insert(hyper::header::CONTENT_TYPE, kind);
    Ok(response)
}

async fn page(state: &Rc<LaneState>) -> String {
    let lanes: Vec<_> =
        state.lanes.all().map(|lane| state.on(lane, |state| async move { gauges(&state) })).collect();
    let partitions: Vec<PartitionGauges> = join_all(lanes).await.into_iter().flatten().collect();
    let led: usize = state.image().topics.values().map(|topic| topic.partitions.len()).sum();
    state.node.metrics.encode(&partitions, led.saturating_sub(partitions.len()))
}

fn gauges(state: &LaneState) -> Vec<PartitionGauges> {
    let of = |partition: Rc<crate::partition::Partition>| PartitionGauges {
        labels: PartitionLabels { topic: partition.settings().name.clone(), partition: partition.index },
        log_start_offset: partition.log.log_start_offset(),
        log_end_offset: partition.log.log_end_offset(),
        size: i64::try_from(partition.log.size()).unwrap_or(i64::MAX),
        segments: i64::try_from(partition.log.segment_count()).unwrap_or(i64::MAX),
    };
    state.partitions().into_iter().map(of).collect()
}
