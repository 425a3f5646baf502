//! The binary as a process, and a broker that runs in a directory of its own.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(60);

/// The binary with these arguments, and nothing of the caller's environment that it would obey.
pub(crate) fn klamm<S: AsRef<std::ffi::OsStr>>(arguments: &[S]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_klamm"));
    command.args(arguments).env_remove("RUST_LOG").stdin(Stdio::null());
    command
}

/// What a command said, in an assertion's form.
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) error: String,
}

impl Said {
    pub(crate) fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("it says text");
        Said { code: output.status.code(), out: text(output.stdout), error: text(output.stderr) }
    }

    /// The answer of a command that must succeed.
    #[track_caller]
    pub(crate) fn answer(self) -> String {
        assert_eq!(self.code, Some(0), "{}{}", self.out, self.error);
        self.out
    }

    /// One sentence on stderr with all these parts, and exit code 1.
    #[track_caller]
    pub(crate) fn refused(&self, parts: &[&str]) {
        assert_eq!(self.code, Some(1), "{}{}", self.out, self.error);
        assert_eq!(self.error.lines().count(), 1, "{}", self.error);
        for part in parts {
            assert!(self.error.contains(part), "{part} is not in: {}", self.error);
        }
    }
}

pub(crate) fn said(command: &mut Command) -> Said {
    Said::of(command.output().expect("the binary runs"))
}

/// Runs it with `input` on stdin.
pub(crate) fn fed(command: &mut Command, input: &[u8]) -> Said {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary runs");
    let mut stdin = child.stdin.take().expect("it is piped");
    // A tool that refuses does not read.
    let _ = stdin.write_all(input);
    drop(stdin);
    Said::of(child.wait_with_output().expect("it ends"))
}

/// Sends SIGTERM.
pub(crate) fn terminate(child: &Child) {
    let sent = Command::new("kill").arg(child.id().to_string()).status().expect("kill runs");
    assert!(sent.success());
}

/// A broker on ports that were free, with its data in a temporary directory.
pub(crate) struct Served {
    directory: TempDir,
    child: Child,
    pub(crate) bootstrap: String,
}

impl Served {
    pub(crate) fn start() -> Self {
        Self::start_in(TempDir::new().expect("a directory"))
    }

    fn start_in(directory: TempDir) -> Self {
        let log = directory.path().join("broker.log");
        let out = File::create(&log).expect("it can be written");
        let child =
            klamm(&["broker", "--override", "listeners=PLAINTEXT://127.0.0.1:0,CONTROLLER://127.0.0.1:0"])
                .current_dir(directory.path())
                .stdout(out.try_clone().expect("one more handle"))
                .stderr(out)
                .spawn()
                .expect("the binary runs");
        let mut served = Served { directory, child, bootstrap: String::new() };
        served.bootstrap = served.wait_for_bootstrap(&log);
        served
    }

    fn wait_for_bootstrap(&mut self, log: &Path) -> String {
        let begun = Instant::now();
        loop {
            let text = fs::read_to_string(log).expect("it can be read");
            let after = text.split_once(" serves on ").and_then(|(_, after)| after.split_once('\n'));
            if let Some((bootstrap, _)) = after {
                return bootstrap.to_owned();
            }
            let ended = self.child.try_wait().expect("it is ours");
            assert!(ended.is_none() && begun.elapsed() < PATIENCE, "the broker does not serve: {text}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.directory.path().join("klamm-data")
    }

    pub(crate) fn log_text(&self) -> String {
        fs::read_to_string(self.directory.path().join("broker.log")).expect("it can be read")
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// A tool against this broker.
    pub(crate) fn tool(&self, tool: &str, flags: &[&str]) -> Command {
        klamm(&[&[tool, "--bootstrap-server", &self.bootstrap], flags].concat())
    }

    pub(crate) fn answer(&self, tool: &str, flags: &[&str]) -> String {
        said(&mut self.tool(tool, flags)).answer()
    }

    /// Asks it to stop, and waits for that; how long it took.
    pub(crate) fn terminate(&mut self) -> Duration {
        let begun = Instant::now();
        terminate(&self.child);
        let status = self.child.wait().expect("it is ours");
        assert_eq!(status.code(), Some(0), "{}", self.log_text());
        begun.elapsed()
    }

    /// Stops it and starts it again on the same directory.
    pub(crate) fn restarted(mut self) -> Self {
        self.terminate();
        let directory = std::mem::replace(&mut self.directory, TempDir::new().expect("a directory"));
        Self::start_in(directory)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
