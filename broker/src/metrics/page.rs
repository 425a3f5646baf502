//! The page for Prometheus over HTTP: `GET /metrics`, one answer to a connection.
//!
//! It speaks that little of HTTP/1.1 itself: libraries for it look at the world's clock, beside the seam.
//!
//! Not here: what is on the page.

use std::future::poll_fn;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use klamm_env::{Listener, Stream};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::families::FAMILIES;
use super::gather::Seen;
use super::text::{CONTENT_TYPE, write_family};
use crate::lane::LaneState;
use crate::metadata_view::MetadataView;

/// Connections served at once.
const CONNECTIONS_MAX: usize = 32;
/// Longest request.
const REQUEST_BYTES_MAX: usize = 8 << 10;
/// How long a reader may take to ask and to take the answer.
const CONNECTION_TIME_MAX: Duration = Duration::from_secs(30);

/// What the page is made of, on one lane.
#[derive(Clone)]
pub(crate) struct Page {
    pub(crate) state: Rc<LaneState>,
    pub(crate) metadata: MetadataView,
    pub(crate) stopping: CancellationToken,
}

/// Serves the page until the node stops.
pub(crate) async fn serve(page: Page, mut listener: Box<dyn Listener>) {
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let accepted = tokio::select! {
            biased;
            () = page.stopping.cancelled() => return,
            accepted = poll_fn(|cx| listener.poll_accept(cx)) => accepted,
        };
        let (Ok(incoming), Ok(permit)) = (accepted, Arc::clone(&room).acquire_owned().await) else {
            page.state.env.sleep(Duration::from_millis(10)).await;
            continue;
        };
        let Ok(mut stream) = incoming.open() else { continue };
        let served = page.clone();
        page.state.env.spawn_local("metrics-page", async move {
            // A reader that goes away in between is no news.
            let _ = served.state.env.timeout(CONNECTION_TIME_MAX, served.answer(&mut stream)).await;
            drop(permit);
        });
    }
}

impl Page {
    async fn answer(&self, stream: &mut Box<dyn Stream>) -> io::Result<()> {
        let request = read_request(stream).await?;
        let (status, body) = match target(&request) {
            Some("/metrics" | "/") => ("200 OK", self.text().await),
            Some(_) => ("404 Not Found", "there is GET /metrics, and nothing else\n".to_owned()),
            None => ("400 Bad Request", "GET /metrics is understood, and nothing else\n".to_owned()),
        };
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {CONTENT_TYPE}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(body.as_bytes()).await?;
        stream.shutdown().await
    }

    async fn text(&self) -> String {
        let seen = Seen::gather(self).await;
        let mut text = String::new();
        for family in FAMILIES {
            write_family(&mut text, family.heading(), |series| (family.write)(&seen, series));
        }
        text
    }
}

/// Reads up to the empty line, or as far as a request may be long.
async fn read_request(stream: &mut Box<dyn Stream>) -> io::Result<BytesMut> {
    let mut request = BytesMut::with_capacity(REQUEST_BYTES_MAX);
    while !request.windows(4).any(|bytes| bytes == b"\r\n\r\n") && request.len() < REQUEST_BYTES_MAX {
        if stream.read_buf(&mut request).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(request)
}

/// What a GET asks for, without a query; none of any other request.
fn target(request: &[u8]) -> Option<&str> {
    let line = request.split(|byte| *byte == b'\r').next()?;
    let (target, version) = std::str::from_utf8(line).ok()?.strip_prefix("GET ")?.split_once(' ')?;
    version.starts_with("HTTP/1.").then_some(())?;
    target.split('?').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_get_has_a_target() {
        for (request, expected) in [
            ("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n", Some("/metrics")),
            ("GET /metrics?name[]=a HTTP/1.0\r\n\r\n", Some("/metrics")),
            ("POST /metrics HTTP/1.1\r\n\r\n", None),
            ("GET /metrics\r\n\r\n", None),
            ("", None),
        ] {
            assert_eq!(target(request.as_bytes()), expected, "{request}");
        }
    }
}
