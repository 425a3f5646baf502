//! Sockets that a node listens on, bound before it does anything else. Not here: who is let in.

use klamm_env::{Buffers, Env, ListenOptions, Listener};
use klamm_metadata::Endpoint;

use crate::config::{BrokerConfig, ListenerConfig, is_everywhere};
use crate::listener::{Audience, ListenerContext};

/// A listener that is bound.
pub(crate) struct Bound {
    pub(crate) context: ListenerContext,
    pub(crate) listener: Box<dyn Listener>,
    pub(crate) advertised: Endpoint,
}

/// All of them.
pub(crate) struct Doors {
    pub(crate) listeners: Vec<Bound>,
    /// For the metrics page, if there is one.
    pub(crate) metrics: Option<Box<dyn Listener>>,
}

/// Binds everything that the configuration names.
///
/// # Errors
/// One sentence that says what is allowed.
pub(crate) async fn bind_all(env: &Env, config: &BrokerConfig) -> Result<Doors, String> {
    let clients = config.listeners.iter().map(|listener| (listener, Audience::Clients));
    let quorum = config.controller_listeners.iter().map(|listener| (listener, Audience::Quorum));
    let mut doors = Doors { listeners: Vec::new(), metrics: None };
    for (listener, audience) in clients.chain(quorum) {
        doors.listeners.push(bind(env, config, listener, audience).await?);
    }
    if let Some((host, port)) = &config.metrics_listener {
        let options = ListenOptions::default();
        doors.metrics = Some(listen(env, "klamm.metrics.listener", host, *port, options).await?);
    }
    Ok(doors)
}

async fn bind(
    env: &Env,
    config: &BrokerConfig,
    wanted: &ListenerConfig,
    audience: Audience,
) -> Result<Bound, String> {
    let listener = listen(env, &wanted.name, &wanted.host, wanted.port, options(config)).await?;
    let port = listener.local_addr().port();
    let named = |host: &str| if is_everywhere(host) { "localhost".to_owned() } else { host.to_owned() };
    let (host, port) = match config.advertised.get(&wanted.name) {
        Some((host, 0)) => (named(host), port),
        Some((host, port)) => (named(host), *port),
        None => (named(&wanted.host), port),
    };
    let advertised = Endpoint { name: wanted.name.clone(), host, port, security_protocol: 0 };
    Ok(Bound { context: ListenerContext { name: wanted.name.clone(), audience }, listener, advertised })
}

/// As configured; what is not positive, as Kafka's -1, is left to the system. So is a backlog that nobody set: Kafka's
/// default turns away whoever comes with fifty others.
fn options(config: &BrokerConfig) -> ListenOptions {
    const BACKLOG: &str = "socket.listen.backlog.size";
    let number = |key| usize::try_from(config.static_number(key)).ok().filter(|number| *number > 0);
    let backlog = number(BACKLOG).filter(|_| config.properties.contains_key(BACKLOG));
    ListenOptions {
        backlog: backlog.and_then(|peers| u32::try_from(peers).ok()),
        buffers: Buffers {
            send: number("socket.send.buffer.bytes"),
            receive: number("socket.receive.buffer.bytes"),
        },
    }
}

async fn listen(
    env: &Env,
    name: &str,
    host: &str,
    port: u16,
    options: ListenOptions,
) -> Result<Box<dyn Listener>, String> {
    let host = if host.is_empty() { "0.0.0.0" } else { host };
    let addresses = env
        .resolve(host, port)
        .await
        .map_err(|error| format!("listener {name}: {host} is not an address of this host: {error}"))?;
    // A name such as localhost stands for several addresses; clients with IPv4 must get through.
    let address = addresses.iter().find(|address| address.is_ipv4()).or(addresses.first());
    let address = *address.ok_or_else(|| format!("listener {name}: {host} has no address"))?;
    env.listen(address, options).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            format!("port {port} of listener {name} is in use by another process; choose another one (listeners) or stop that process")
        }
        _ => format!("listener {name} cannot listen on {address}: {error}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_those_of_the_configuration() {
        let check = |extra: &str, backlog, send, receive| {
            let file = format!(
                "process.roles=broker,controller\nnode.id=1\ncontroller.listener.names=CONTROLLER\n\
                 listeners=PLAINTEXT://:9092,CONTROLLER://:9093\n{extra}"
            );
            let config = BrokerConfig::parse(&file, &[]).expect("good");
            assert_eq!(
                options(&config),
                ListenOptions { backlog, buffers: Buffers { send, receive } },
                "{extra}"
            );
        };
        check("", None, Some(102_400), Some(102_400));
        check("socket.send.buffer.bytes=4096", None, Some(4096), Some(102_400));
        check("socket.receive.buffer.bytes=-1", None, Some(102_400), None);
        check("socket.listen.backlog.size=9", Some(9), Some(102_400), Some(102_400));
    }
}
