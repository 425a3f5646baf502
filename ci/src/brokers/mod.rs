//! A broker under test, as a process: Klamm's release binary or Apache Kafka, on a data directory of its own.
//!
//! Both take the same generated `server.properties`, so whoever drives one drives the other. Foreign clients, the
//! benchmark and our own client against Apache Kafka start their brokers here.
//!
//! **Not here**: what the clients do (`interop`, `bench`); null brokers.

pub(crate) mod command;
pub(crate) mod install;
mod ready;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use self::command::{on_behalf_of, run};

/// How long a broker may take from its start to its first answer; Kafka on a busy machine needs some of it.
const START_DEADLINE: Duration = Duration::from_secs(60);

/// How long a broker may take to stop in order.
const STOP_DEADLINE: Duration = Duration::from_secs(60);

/// What Kafka's own start script passes to the JVM, with the heap that it gives a broker.
const KAFKA_JVM_FLAGS: [&str; 8] = [
    "-server",
    "-Xms1G",
    "-Xmx1G",
    "-XX:+UseG1GC",
    "-XX:MaxGCPauseMillis=20",
    "-XX:InitiatingHeapOccupancyPercent=35",
    "-XX:+ExplicitGCInvokesConcurrent",
    "-Djava.awt.headless=true",
];

/// Which broker answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Kind {
    /// The release binary of this workspace.
    Klamm,
    /// Apache Kafka from Maven Central, broker and controller in one process.
    Kafka,
}

impl Kind {
    /// The value of `--broker` that selects it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Klamm => "klamm",
            Kind::Kafka => "kafka",
        }
    }

    /// Everything that has to be there before a broker of this kind starts.
    pub(crate) fn install(self) -> Result<()> {
        self.program().map(drop)
    }

    /// Program and leading arguments of the broker (`true`) or of its storage tool.
    fn program(self) -> Result<(PathBuf, Vec<String>)> {
        match self {
            Kind::Klamm => Ok((install::klamm()?, Vec::new())),
            Kind::Kafka => {
                let class_path = install::class_path(&install::KAFKA_SERVER)?;
                let arguments = ["-cp", &class_path, "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"];
                Ok((PathBuf::from("java"), arguments.map(String::from).to_vec()))
            }
        }
    }

    fn storage_command(self) -> Result<Command> {
        let (program, arguments) = self.program()?;
        let mut command = Command::new(program);
        command.args(arguments).arg(match self {
            Kind::Klamm => "storage",
            Kind::Kafka => "kafka.tools.StorageTool",
        });
        Ok(command)
    }

    fn broker_command(self, properties: &Path) -> Result<Command> {
        let (program, arguments) = self.program()?;
        let mut command = Command::new(program);
        match self {
            Kind::Klamm => command.args(arguments).arg("broker"),
            Kind::Kafka => command.args(KAFKA_JVM_FLAGS).args(arguments).arg("kafka.Kafka"),
        };
        command.arg(properties);
        Ok(command)
    }
}

/// One formatted data directory and, while it is started, the broker process on it. Dropped, the process is killed.
pub(crate) struct Broker {
    kind: Kind,
    directory: PathBuf,
    port: u16,
    process: Option<Child>,
}

impl Broker {
    /// Writes `server.properties` under `directory` (emptied first), formats the log directory, and starts nothing yet.
    /// `properties` are added after the generated ones and win over them.
    pub(crate) fn create(kind: Kind, directory: &Path, properties: &[(&str, &str)]) -> Result<Self> {
        if directory.exists() {
            fs::remove_dir_all(directory).with_context(|| format!("cannot empty {}", directory.display()))?;
        }
        fs::create_dir_all(directory).with_context(|| format!("cannot create {}", directory.display()))?;
        let port = ready::free_port_pair()?;
        let broker = Self { kind, directory: directory.to_path_buf(), port, process: None };
        fs::write(broker.properties_file(), broker.properties(properties)?)?;
        let identifier = run(kind.storage_command()?.arg("random-uuid"), Duration::from_secs(60))?;
        let identifier = String::from_utf8(identifier).context("a cluster id is text")?;
        let mut format = kind.storage_command()?;
        format.args(["format", "-t", identifier.trim(), "-c"]).arg(broker.properties_file());
        run(&mut format, Duration::from_secs(60))?;
        Ok(broker)
    }

    /// Creates and starts.
    pub(crate) fn started(kind: Kind, directory: &Path, properties: &[(&str, &str)]) -> Result<Self> {
        let mut broker = Self::create(kind, directory, properties)?;
        broker.start()?;
        Ok(broker)
    }

    /// Starts the process and waits until it answers ApiVersions; the time from start to that answer.
    pub(crate) fn start(&mut self) -> Result<Duration> {
        anyhow::ensure!(self.process.is_none(), "the broker on port {} runs already", self.port);
        let out = fs::File::options().create(true).append(true).open(self.output_file())?;
        let mut command = self.kind.broker_command(&self.properties_file())?;
        command.stdin(Stdio::null()).stdout(out.try_clone()?).stderr(out).current_dir(&self.directory);
        let begun = Instant::now();
        let child = on_behalf_of(&mut command)?;
        let child = self.process.insert(child);
        while !ready::answers_api_versions(self.port) {
            if let Some(status) = child.try_wait()? {
                self.process = None;
                bail!("the broker ended with {status} before it answered; it said:\n{}", self.output_tail());
            }
            if begun.elapsed() > START_DEADLINE {
                self.kill()?;
                bail!(
                    "no answer to ApiVersions in {START_DEADLINE:?}; the broker said:\n{}",
                    self.output_tail()
                );
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(begun.elapsed())
    }

    /// SIGTERM, then waits for the end, which must be in order (exit code 0, or SIGTERM's 143 of a JVM); the time it took.
    pub(crate) fn stop(&mut self) -> Result<Duration> {
        let mut child = self.process.take().context("the broker does not run")?;
        let begun = Instant::now();
        run(Command::new("kill").arg(child.id().to_string()), Duration::from_secs(5))?;
        loop {
            if let Some(status) = child.try_wait()? {
                let orderly = status.success() || self.kind == Kind::Kafka && status.code() == Some(143);
                anyhow::ensure!(orderly, "stopped with {status}; the broker said:\n{}", self.output_tail());
                return Ok(begun.elapsed());
            }
            if begun.elapsed() > STOP_DEADLINE {
                self.process = Some(child);
                self.kill()?;
                bail!(
                    "still there {STOP_DEADLINE:?} after SIGTERM; the broker said:\n{}",
                    self.output_tail()
                );
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// SIGKILL, at once.
    pub(crate) fn kill(&mut self) -> Result<()> {
        let mut child = self.process.take().context("the broker does not run")?;
        child.kill()?;
        child.wait()?;
        Ok(())
    }

    /// A broker of another kind serves this directory from the next start on.
    pub(crate) fn hand_to(&mut self, kind: Kind) -> Result<()> {
        anyhow::ensure!(self.process.is_none(), "the broker on port {} still runs", self.port);
        self.kind = kind;
        Ok(())
    }

    /// `host:port` of the broker's listener.
    pub(crate) fn bootstrap(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// `host:port` of the controller's listener.
    pub(crate) fn controller(&self) -> String {
        format!("127.0.0.1:{}", self.port + 1)
    }

    /// Process id, while it runs.
    pub(crate) fn pid(&self) -> Option<u32> {
        self.process.as_ref().map(Child::id)
    }

    /// Where the partitions' directories are.
    pub(crate) fn log_directory(&self) -> PathBuf {
        self.directory.join("log")
    }

    /// What the broker wrote to its standard output and error, in all its lives.
    pub(crate) fn output(&self) -> Result<String> {
        let text = fs::read(self.output_file())?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    /// The end of that.
    pub(crate) fn output_tail(&self) -> String {
        let text = fs::read(self.output_file()).unwrap_or_default();
        String::from_utf8_lossy(&text[text.len().saturating_sub(4000)..]).into_owned()
    }

    fn output_file(&self) -> PathBuf {
        self.directory.join("broker.out")
    }

    fn properties_file(&self) -> PathBuf {
        self.directory.join("server.properties")
    }

    fn properties(&self, more: &[(&str, &str)]) -> Result<String> {
        let (port, controller) = (self.port, self.port + 1);
        let log = self.log_directory();
        let mut text = format!(
            "process.roles=broker,controller\nnode.id=1\ncontroller.quorum.voters=1@127.0.0.1:{controller}\n\
             listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}\n\
             advertised.listeners=PLAINTEXT://127.0.0.1:{port}\ncontroller.listener.names=CONTROLLER\n\
             log.dirs={}\noffsets.topic.replication.factor=1\ntransaction.state.log.replication.factor=1\n\
             transaction.state.log.min.isr=1\nshare.coordinator.state.topic.replication.factor=1\n\
             share.coordinator.state.topic.min.isr=1\ngroup.initial.rebalance.delay.ms=0\n",
            log.display()
        );
        for (key, value) in more {
            writeln!(text, "{key}={value}")?;
        }
        Ok(text)
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        if self.process.is_some() {
            // Nobody is left to tell, and the process is gone in either case.
            let _ = self.kill();
        }
    }
}
