//! Foreign commands under a deadline: what they print is taken, what goes wrong names the command line.
//!
//! **Not here**: which commands (the callers know).

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// What a command printed.
pub(crate) struct Output {
    /// Standard output, whole.
    pub(crate) out: Vec<u8>,
    /// Standard error, whole.
    pub(crate) error: Vec<u8>,
}

/// Starts it; the error names the command line.
pub(crate) fn on_behalf_of(command: &mut Command) -> Result<Child> {
    command.spawn().with_context(|| format!("cannot start {}", line(command)))
}

/// Runs it to its end with empty standard input; its standard output. Fails when its exit code is not 0 or the deadline
/// passes (then it is killed).
pub(crate) fn run(command: &mut Command, deadline: Duration) -> Result<Vec<u8>> {
    Ok(run_with(command.stdin(Stdio::null()), deadline)?.out)
}

/// As [`run`], with both outputs and whatever standard input the caller has set.
pub(crate) fn run_with(command: &mut Command, deadline: Duration) -> Result<Output> {
    let mut out = tempfile::tempfile()?;
    let error = run_into(command, &out, deadline)?;
    Ok(Output { out: whole(&mut out)?, error })
}

/// As [`run_with`], with standard input from one file.
pub(crate) fn run_fed(command: &mut Command, input: &Path, deadline: Duration) -> Result<Output> {
    let input = File::open(input).with_context(|| format!("cannot read {}", input.display()))?;
    run_with(command.stdin(input), deadline)
}

/// Runs it with standard output into `out`; what it wrote to standard error.
pub(crate) fn run_into(command: &mut Command, out: &File, deadline: Duration) -> Result<Vec<u8>> {
    let mut error = tempfile::tempfile()?;
    command.stdout(out.try_clone()?).stderr(error.try_clone()?);
    let mut child = on_behalf_of(command)?;
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if begun.elapsed() > deadline {
            child.kill()?;
            child.wait()?;
            bail!("not done after {deadline:?}: {}\n{}", line(command), tail(&whole(&mut error)?));
        }
        std::thread::sleep(Duration::from_millis(if begun.elapsed().as_secs() < 1 { 2 } else { 20 }));
    };
    let error = whole(&mut error)?;
    if !status.success() {
        let mut out = out.try_clone()?;
        bail!("{status}: {}\n{}{}", line(command), tail(&whole(&mut out)?), tail(&error));
    }
    Ok(error)
}

/// The command as one types it into a shell; long class paths are cut.
pub(crate) fn line(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| {
            let word = word.to_string_lossy();
            match word.char_indices().nth(300) {
                Some((end, _)) => format!("'{}…'", &word[..end]),
                None if word.is_empty() || word.contains([' ', '*', '\'', '"', '\n', '%', '\\', ';']) => {
                    format!("'{}'", word.replace('\'', r"'\''"))
                }
                None => word.into_owned(),
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

fn whole(file: &mut File) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The last 3,000 bytes as text.
fn tail(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[bytes.len().saturating_sub(3000)..]).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(script: &str, deadline_ms: u64, expected: std::result::Result<&str, &str>) {
        let result = run(Command::new("sh").args(["-c", script]), Duration::from_millis(deadline_ms));
        match (result, expected) {
            (Ok(out), Ok(expected)) => assert_eq!(String::from_utf8_lossy(&out), expected),
            (Err(error), Err(expected)) => assert!(error.to_string().contains(expected), "{error}"),
            (result, expected) => panic!("{result:?} is not {expected:?}"),
        }
    }

    #[test]
    fn output_exit_code_and_deadline_are_seen() {
        check("printf hello", 5_000, Ok("hello"));
        check("printf said >&2; exit 3", 5_000, Err("said"));
        check("exit 3", 5_000, Err("sh -c 'exit 3'"));
        check("exec sleep 10", 50, Err("not done after 50ms"));
    }
}
