//! Is it up: free ports for a broker, and the plainest question that a broker answers.
//!
//! **Not here**: starting it (`brokers`).

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result};

/// Below the ports that the kernel hands to outgoing connections: a client that reconnects while its broker is down
/// could otherwise be given the broker's own port.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

/// A port that is free together with the one after it (for the controller's listener).
pub(super) fn free_port_pair() -> Result<u16> {
    let span = PORTS.end - PORTS.start;
    let first = u16::try_from(std::process::id() * 37 % u32::from(span)).context("a remainder of u16")?;
    let free = |port: u16| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok();
    (0..span / 2)
        .map(|step| PORTS.start + (first + step * 2) % (span - 1))
        .find(|port| free(*port) && free(port + 1))
        .context("no two neighbouring ports are free")
}

/// Whether an ApiVersions request, version 0, gets an answer with its correlation id.
pub(super) fn answers_api_versions(port: u16) -> bool {
    const CORRELATION: [u8; 4] = *b"ping";
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        let mut request = vec![0, 0, 0, 10, 0, 18, 0, 0];
        request.extend(CORRELATION);
        request.extend([0xff, 0xff]);
        stream.write_all(&request)?;
        let mut head = [0; 10];
        stream.read_exact(&mut head)?;
        Ok(head[4..8] == CORRELATION && head[8..] == [0, 0])
    };
    ask().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_counts_only_with_its_correlation_id_and_no_error() {
        let check = |answer: &'static [u8], expected: bool| {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
            let port = listener.local_addr().expect("it is bound").port();
            let server = std::thread::spawn(move || {
                let (mut stream, _) = listener.accept().expect("somebody connects");
                stream.read_exact(&mut [0; 14]).expect("a request comes");
                stream.write_all(answer).expect("the asker listens");
            });
            assert_eq!(answers_api_versions(port), expected);
            server.join().expect("the server saw the request");
        };
        check(b"\0\0\0\x0aping\0\0\0\0\0\0", true);
        check(b"\0\0\0\x0apong\0\0\0\0\0\0", false);
        check(b"\0\0\0\x0aping\0\x23\0\0\0\0", false);
        check(b"\0\0\0", false);
    }

    #[test]
    fn a_pair_is_free_and_outside_the_ephemeral_range() {
        let port = free_port_pair().expect("ports are free");
        assert!(PORTS.contains(&port) && PORTS.contains(&(port + 1)));
        TcpListener::bind((Ipv4Addr::LOCALHOST, port + 1)).expect("the second is free too");
    }
}
