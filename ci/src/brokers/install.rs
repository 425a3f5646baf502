//! What others wrote, installed by package name: Debian packages, Maven artifacts with their class path, a Python
//! environment, and the release binary itself. Every step is a no-op once it was done; versions are pinned.
//!
//! **Not here**: running any of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::{Context, Result};

use super::command::run;

/// Registries may be slow.
const DEADLINE: Duration = Duration::from_secs(900);

/// Goes before the resolver of Maven's class paths.
const MAVEN_RESOLVER: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath";

/// Python packages of the foreign clients; crc32c keeps kafka-python from summing in Python.
const PYTHON_PACKAGES: [&str; 3] = ["kafka-python==3.0.12", "confluent-kafka==2.16.1", "crc32c==2.9.post0"];

/// Maven artifacts that are resolved together.
pub(crate) struct MavenBundle {
    name: &'static str,
    artifacts: &'static [&'static str],
}

/// Apache Kafka 4.4.0's broker.
pub(crate) const KAFKA_SERVER: MavenBundle = MavenBundle {
    name: "kafka-server-4.4.0",
    artifacts: &["org.apache.kafka:kafka_2.13:4.4.0", "org.slf4j:slf4j-simple:1.7.36"],
};

/// Every generated message class: the server's, and those of Kafka Streams, whose newest release is 4.3.1.
pub(crate) const KAFKA_MESSAGES: MavenBundle = MavenBundle {
    name: "kafka-messages-4.4.0",
    artifacts: &[
        "org.apache.kafka:kafka_2.13:4.4.0",
        "org.apache.kafka:kafka-streams:4.3.1",
        "org.slf4j:slf4j-nop:1.7.36",
    ],
};

/// The console tools; 4.3.1 are the newest that were published whole.
pub(crate) const KAFKA_TOOLS: MavenBundle = MavenBundle {
    name: "kafka-tools-4.3.1",
    artifacts: &[
        "org.apache.kafka:kafka-tools:4.3.1",
        "org.apache.kafka:kafka_2.13:4.3.1",
        "org.slf4j:slf4j-nop:1.7.36",
    ],
};

/// Where installed things are kept: `interop/` in Cargo's target directory.
pub(crate) fn cache() -> Result<&'static Path> {
    static CACHE: OnceLock<PathBuf> = OnceLock::new();
    if CACHE.get().is_none() {
        let metadata = cargo_metadata::MetadataCommand::new().no_deps().exec().context("cargo metadata")?;
        let path = metadata.target_directory.join("interop").into_std_path_buf();
        fs::create_dir_all(&path)?;
        CACHE.get_or_init(|| path);
    }
    Ok(CACHE.get().expect("set above"))
}

/// Builds the release binary and gives its path.
pub(crate) fn klamm() -> Result<PathBuf> {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    built(&BINARY, &["--release", "--package", "klamm"], "release/klamm")
}

/// Builds the client's example that makes every call once, as `cargo test` does, and gives its path.
pub(crate) fn own_client() -> Result<PathBuf> {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    built(&BINARY, &["--workspace", "--profile", "test", "--example", "smoke"], "debug/examples/smoke")
}

fn built(binary: &OnceLock<PathBuf>, what: &[&str], place: &str) -> Result<PathBuf> {
    if let Some(path) = binary.get() {
        return Ok(path.clone());
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    run(Command::new(cargo).args(["build", "--quiet"]).args(what), DEADLINE)?;
    let metadata = cargo_metadata::MetadataCommand::new().no_deps().exec().context("cargo metadata")?;
    let path = metadata.target_directory.join(place).into_std_path_buf();
    Ok(binary.get_or_init(|| path).clone())
}

/// Debian packages, each with a program that is there once it is installed.
pub(crate) fn debian(packages: &[(&str, &str)]) -> Result<()> {
    let absent: Vec<&str> =
        packages.iter().filter(|(_, program)| !on_path(program)).map(|(package, _)| *package).collect();
    if absent.is_empty() {
        return Ok(());
    }
    let install = || run(as_root(&["apt-get", "install", "-y", "-q"]).args(&absent), DEADLINE);
    if install().is_err() {
        run(&mut as_root(&["apt-get", "update", "-q"]), DEADLINE)?;
        install()?;
    }
    Ok(())
}

/// Downloads a Debian package without installing it and unpacks it; the directory of its files.
pub(crate) fn unpacked_debian(package: &str) -> Result<PathBuf> {
    let directory = cache()?.join("debian").join(package);
    if directory.exists() {
        return Ok(directory);
    }
    let download = cache()?.join("debian").join(format!("{package}.download"));
    let fresh = || -> Result<()> {
        if download.exists() {
            fs::remove_dir_all(&download)?;
        }
        Ok(fs::create_dir_all(&download)?)
    };
    let fetch =
        || run(Command::new("apt-get").args(["download", "-q", package]).current_dir(&download), DEADLINE);
    fresh()?;
    if fetch().is_err() {
        run(&mut as_root(&["apt-get", "update", "-q"]), DEADLINE)?;
        fresh()?;
        fetch()?;
    }
    let archive =
        fs::read_dir(&download)?.next().with_context(|| format!("apt-get left nothing of {package}"))??;
    let files = download.join("files");
    run(Command::new("dpkg-deb").arg("-x").arg(archive.path()).arg(&files), DEADLINE)?;
    fs::rename(&files, &directory)?;
    fs::remove_dir_all(&download)?;
    Ok(directory)
}

/// A JDK: the tools run in it, and `java File.java` compiles on the way.
pub(crate) fn java() -> Result<()> {
    debian(&[("openjdk-17-jdk-headless", "javac"), ("maven", "mvn")])
}

/// The class path of a bundle with everything it depends on, resolved by Maven.
pub(crate) fn class_path(bundle: &MavenBundle) -> Result<String> {
    java()?;
    let directory = cache()?.join("maven").join(bundle.name);
    let known = directory.join("class-path");
    let model = project_model(bundle)?;
    let pom = directory.join("pom.xml");
    if fs::read_to_string(&pom).is_ok_and(|known| known == model)
        && let Ok(path) = fs::read_to_string(&known)
        && path.split(':').all(|jar| Path::new(jar).exists())
    {
        return Ok(path);
    }
    fs::create_dir_all(&directory)?;
    fs::write(&pom, model)?;
    let mut maven = Command::new("mvn");
    maven.args(["-q", "-B", "-f"]).arg(&pom).arg(MAVEN_RESOLVER);
    run(maven.arg(format!("-Dmdep.outputFile={}", known.display())), DEADLINE)?;
    let path = fs::read_to_string(&known)?;
    anyhow::ensure!(path.contains(".jar"), "Maven resolved {} to nothing", bundle.name);
    Ok(path)
}

/// The Python of an environment that holds both Python clients.
pub(crate) fn python() -> Result<PathBuf> {
    let environment = cache()?.join("python");
    let python = environment.join("bin/python");
    let mark = environment.join("installed");
    let wanted = PYTHON_PACKAGES.join("\n");
    if python.exists() && fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    debian(&[("python3", "python3")])?;
    let create = || run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment), DEADLINE);
    if create().is_err() {
        run(as_root(&["apt-get", "install", "-y", "-q"]).arg("python3-venv"), DEADLINE)?;
        create()?;
    }
    run(Command::new(&python).args(["-m", "pip", "install", "-q"]).args(PYTHON_PACKAGES), DEADLINE)?;
    fs::write(&mark, wanted)?;
    Ok(python)
}

fn as_root(words: &[&str]) -> Command {
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    let mut command = Command::new(if root { words[0] } else { "sudo" });
    command.args(&words[usize::from(root)..]).env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn on_path(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).is_file()))
}

fn project_model(bundle: &MavenBundle) -> Result<String> {
    let mut dependencies = String::new();
    for artifact in bundle.artifacts {
        let mut parts = artifact.split(':');
        let mut part = || parts.next().with_context(|| format!("{artifact} is not group:artifact:version"));
        dependencies += &format!(
            "<dependency><groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version></dependency>\n",
            part()?,
            part()?,
            part()?
        );
    }
    Ok(format!(
        "<project xmlns=\"http://maven.apache.org/POM/4.0.0\"><modelVersion>4.0.0</modelVersion>\n\
         <groupId>klamm</groupId><artifactId>{}</artifactId><version>1</version><packaging>pom</packaging>\n\
         <dependencies>\n{dependencies}</dependencies></project>\n",
        bundle.name
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_on_the_path_or_not() {
        assert!(on_path("sh"));
        assert!(!on_path("a-program-that-nobody-has"));
    }

    #[test]
    fn the_project_model_names_every_artifact() {
        let model = project_model(&KAFKA_TOOLS).expect("artifacts are well formed");
        assert!(model.contains("<artifactId>kafka-tools</artifactId><version>4.3.1</version>"));
        let broken = MavenBundle { name: "broken", artifacts: &["group:artifact"] };
        assert!(project_model(&broken).is_err());
    }
}
