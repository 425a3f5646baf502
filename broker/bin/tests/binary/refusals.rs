//! What cannot be is told in one sentence, with an exit code.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::process::Command;

use tempfile::TempDir;

use crate::served::{Served, klamm, said};

fn broker_in(directory: &TempDir, overrides: &[&str]) -> Command {
    let mut command = klamm(&["broker"]);
    for one in overrides {
        command.args(["--override", one]);
    }
    command.current_dir(directory.path());
    command
}

const FREE_PORTS: &str = "listeners=PLAINTEXT://127.0.0.1:0,CONTROLLER://127.0.0.1:0";

#[test]
fn a_port_in_use() {
    let directory = TempDir::new().expect("a directory");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("it is bound").port();
    let listeners = format!("listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:0");
    said(&mut broker_in(&directory, &[&listeners])).refused(&[&port.to_string(), "in use"]);
}

#[test]
fn a_directory_that_another_broker_has() {
    let first = Served::start();
    let directory = TempDir::new().expect("a directory");
    let log_dirs = format!("log.dirs={}", first.data().display());
    said(&mut broker_in(&directory, &[FREE_PORTS, &log_dirs])).refused(&[
        "klamm-data",
        "locked by another process; stop that process or choose another directory (log.dirs)",
    ]);
    let mut first = first;
    first.terminate();
    said(&mut broker_in(&directory, &[FREE_PORTS, &log_dirs, "node.id=7"])).refused(&[
        "klamm-data",
        "node 1",
        "7",
        "allowed is a directory of this node, or an empty one",
    ]);
}

#[test]
fn a_bad_value_and_an_unknown_key() {
    let directory = TempDir::new().expect("a directory");
    said(&mut broker_in(&directory, &["num.partitions=none"])).refused(&["num.partitions", "none"]);
    said(&mut broker_in(&directory, &["klamm.lanes=0"])).refused(&["klamm.lanes", "from 1 to 1024"]);
    let mut by_environment = broker_in(&directory, &[]);
    said(by_environment.env("KAFKA_LOG_RETENTION_MS", "x")).refused(&["log.retention.ms"]);
    let unknown = said(&mut broker_in(&directory, &["no.such.key=1", "klamm.lanes=0"]));
    assert!(unknown.out.contains("no.such.key"), "{}", unknown.out);
    said(&mut klamm(&["broker", "/nowhere/server.properties"])).refused(&["/nowhere/server.properties"]);
}

#[test]
fn what_is_not_obeyed_is_told_and_what_would_leave_the_door_open_is_refused() {
    let directory = TempDir::new().expect("a directory");
    let warned = said(&mut broker_in(&directory, &["super.users=User:admin", "klamm.lanes=0"]));
    assert!(warned.out.contains("super.users has no effect"), "{}", warned.out);
    let authorizer = "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer";
    said(&mut broker_in(&directory, &[authorizer])).refused(&["authorizer.class.name", "leave the key out"]);
    said(&mut broker_in(&directory, &["ssl.client.auth=required"])).refused(&["ssl.client.auth", "none"]);
}

#[test]
fn nobody_at_the_bootstrap_server() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("it is bound");
    let said_to = |server: &str| said(&mut klamm(&["topics", "--list", "--bootstrap-server", server]));
    said_to(&free.to_string()).refused(&["no broker of --bootstrap-server", &free.to_string(), "refused"]);
    said_to("localhost").refused(&["HOST:PORT"]);
}

#[test]
fn directories_are_formatted_once() {
    let directory = TempDir::new().expect("a directory");
    // A bare name is a file of the working directory.
    let file = "server.properties";
    fs::write(
        directory.path().join(file),
        "process.roles=broker,controller\nnode.id=1\ncontroller.listener.names=CONTROLLER\n\
         listeners=PLAINTEXT://127.0.0.1:0,CONTROLLER://127.0.0.1:0\nlog.dirs=data\n",
    )
    .expect("written");
    let storage =
        |arguments: &[&str]| said(klamm(&[&["storage"], arguments].concat()).current_dir(directory.path()));
    let format = |id: &str, flags: &[&str]| storage(&[&["format", "-t", id, "-c", file], flags].concat());
    let info = storage(&["info", "-c", file]);
    assert!(info.out.contains("Found problem:\n  "), "{}", info.out);
    info.refused(&["is not formatted."]);
    let id = storage(&["random-uuid"]).answer();
    assert_eq!(id.trim().len(), 22, "{id}");
    let done = format(id.trim(), &["--standalone"]).answer();
    assert!(done.starts_with("Formatting dynamic metadata voter directory "), "{done}");
    format(id.trim(), &["--standalone"]).refused(&["is already formatted"]);
    let ignored = format(id.trim(), &["--standalone", "--ignore-formatted"]).answer();
    assert_eq!(ignored, "All of the log directories are already formatted.\n");
    format("AAAAAAAAAAAAAAAAAAAAAg", &["--ignore-formatted"]).refused(&[id.trim()]);
    format("short", &[]).refused(&["short", "22 characters"]);
    // It is a broker that has no authorizer, not a directory.
    let mut strict = klamm(&["storage", "info", "-c", file]);
    strict.current_dir(directory.path()).env("KAFKA_AUTHORIZER_CLASS_NAME", "org.example.Authorizer");
    assert!(said(&mut strict).answer().starts_with("Found log directory:"));
    let mut elsewhere = klamm(&["storage", "info", "-c", file]);
    elsewhere.current_dir(directory.path()).env("KAFKA_LOG_DIRS", "elsewhere");
    said(&mut elsewhere).refused(&["elsewhere is not formatted."]);
    let info = storage(&["info", "-c", file]).answer();
    assert!(info.contains(&format!("Found metadata: {{cluster.id={}, directory.id=", id.trim())), "{info}");
}

#[test]
fn command_lines_that_cannot_be() {
    let check = |arguments: &[&str], part: &str| {
        let refused = said(&mut klamm(arguments));
        assert_eq!(refused.code, Some(1), "{arguments:?}");
        assert!(refused.error.contains(part), "{}", refused.error);
    };
    check(&["topics", "--list"], "--bootstrap-server");
    check(&["topics", "--bootstrap-server", "h:1"], "--list|--describe|--create|--alter|--delete");
    check(&["topics"], "--bootstrap-server");
    check(&["topics", "--bootstrap-server", "h:1", "--lost"], "--lost");
    check(&["storage"], "format");
    check(&["frobnicate"], "frobnicate");
    assert_eq!(said(&mut klamm(&["topics", "--help"])).code, Some(0));
    assert_eq!(said(&mut klamm(&["topics", "--version"])).code, Some(0));
}

#[test]
fn kafkas_names_are_commands() {
    let directory = TempDir::new().expect("a directory");
    for name in ["kafka-storage", "kafka-storage.sh"] {
        let link = directory.path().join(name);
        symlink(env!("CARGO_BIN_EXE_klamm"), &link).expect("a link");
        assert_eq!(said(Command::new(&link).arg("random-uuid")).answer().trim().len(), 22);
    }
    let script = said(&mut klamm(&["completion", "bash"])).answer();
    assert!(script.contains("console-producer"), "{}", script.len());
}
