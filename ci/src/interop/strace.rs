//! What `strace -f -qq -y -xx` writes, read as a sequence of system calls, and one question to it: did an answer leave before
//! the flush that covers its records had returned?
//!
//! A place in the sequence is the number of a line. A call whose line was cut by another thread's begins at the line that
//! says `unfinished` and ends at the one that says `resumed`. What is entered at a later line than another call's end began
//! after that end.
//!
//! **Not here**: running it (`flush_order`).

use std::collections::BTreeMap;

/// Marks of the requests lie in this range: as correlation id of the request, and in its record as `mark%08x`.
pub(super) const MARKS: std::ops::Range<u32> = 0x4b00_0000..0x4c00_0000;

/// How a record carries its mark.
pub(super) const MARK_PREFIX: &[u8] = b"mark";

/// One finished system call.
#[derive(Debug, PartialEq, Eq)]
struct Call {
    name: String,
    /// The first argument, with the descriptor's name: `7<…>`.
    descriptor: String,
    /// All strings among the arguments, joined.
    data: Vec<u8>,
    entered: usize,
    ended: usize,
    result: i64,
}

impl Call {
    /// The file, through whatever descriptor: a flush by one covers what was written by another.
    fn path(&self) -> Option<&str> {
        self.descriptor.split_once('<').map(|(_, path)| path)
    }
}

/// What a trace says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    /// Answers that left, each covered or not.
    pub(super) answers: usize,
    /// Flushes that returned without an error.
    pub(super) flushes: usize,
    /// Answers without a flush before them, a sentence each.
    pub(super) violations: Vec<String>,
}

/// Judges a whole trace.
pub(super) fn verdict(trace: &str) -> Verdict {
    let calls = calls(trace);
    let flushes: Vec<&Call> = calls.iter().filter(|call| is_flush(call) && call.result == 0).collect();
    let appends = appends(&calls);
    let mut verdict = Verdict { flushes: flushes.len(), ..Verdict::default() };
    for (mark, sent) in answers(&calls) {
        verdict.answers += 1;
        let Some(append) = appends.get(&mark) else {
            verdict
                .violations
                .push(format!("line {sent}: answer {mark:08x} leaves, and its record was never written"));
            continue;
        };
        let covered = flushes.iter().any(|flush| {
            let same = flush.name.starts_with("sync") || flush.path() == append.path();
            same && flush.entered > append.ended && flush.ended < sent
        });
        if !covered {
            let written = append.ended;
            verdict.violations.push(format!(
                "line {sent}: answer {mark:08x} leaves, written at line {written}, with no flush of {} between",
                append.descriptor
            ));
        }
    }
    verdict
}

fn is_flush(call: &Call) -> bool {
    matches!(call.name.as_str(), "fsync" | "fdatasync" | "syncfs" | "sync")
}

/// The write of each mark to a segment; the last one, should there be several.
fn appends(calls: &[Call]) -> BTreeMap<u32, &Call> {
    let mut appends = BTreeMap::new();
    for call in
        calls.iter().filter(|call| call.descriptor.ends_with(".log>") && call.result > 0 && !is_flush(call))
    {
        let mut rest = &call.data[..];
        while let Some(at) = rest.windows(MARK_PREFIX.len()).position(|window| window == MARK_PREFIX) {
            rest = &rest[at + MARK_PREFIX.len()..];
            let digits = rest.get(..8).and_then(|digits| std::str::from_utf8(digits).ok());
            if let Some(mark) = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
                appends.insert(mark, call);
            }
        }
    }
    appends
}

/// Each answer's mark and the line at which the call that carries its first byte was entered.
fn answers(calls: &[Call]) -> Vec<(u32, usize)> {
    let mut streams: BTreeMap<&str, Stream> = BTreeMap::new();
    let mut answers = Vec::new();
    let sockets = calls.iter().filter(|call| call.descriptor.contains("<socket:") && call.result > 0);
    for call in sockets {
        let sent = usize::try_from(call.result).unwrap_or(0).min(call.data.len());
        streams.entry(&call.descriptor).or_default().push(&call.data[..sent], call.entered, &mut answers);
    }
    answers
}

/// Frames being put together again from the bytes of one socket.
#[derive(Default)]
struct Stream {
    /// Size and correlation id of the frame, as far as they were sent, and the line where it began.
    head: Vec<u8>,
    begun: usize,
    /// Bytes of the frame after its correlation id, still to come.
    left: usize,
}

impl Stream {
    fn push(&mut self, mut bytes: &[u8], line: usize, answers: &mut Vec<(u32, usize)>) {
        while !bytes.is_empty() {
            if self.left > 0 {
                let skipped = self.left.min(bytes.len());
                self.left -= skipped;
                bytes = &bytes[skipped..];
                continue;
            }
            if self.head.is_empty() {
                self.begun = line;
            }
            let taken = (8 - self.head.len()).min(bytes.len());
            self.head.extend(&bytes[..taken]);
            bytes = &bytes[taken..];
            if let [a, b, c, d, e, f, g, h] = self.head[..] {
                let (size, mark) = (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]));
                self.left = (size as usize).saturating_sub(4);
                if MARKS.contains(&mark) {
                    answers.push((mark, self.begun));
                }
                self.head.clear();
            }
        }
    }
}

/// Every call that ended, in the order of the ends.
fn calls(trace: &str) -> Vec<Call> {
    let mut open: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    let mut calls = Vec::new();
    for (number, line) in trace.lines().enumerate() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let rest = rest.trim_start();
        if let Some(begun) = rest.strip_suffix(" <unfinished ...>") {
            open.insert(thread, (number, begun));
        } else if let Some((_, end)) =
            rest.strip_prefix("<... ").and_then(|rest| rest.split_once(" resumed>"))
        {
            if let Some((entered, begun)) = open.remove(thread) {
                calls.extend(call(&format!("{begun}{end}"), entered, number));
            }
        } else {
            calls.extend(call(rest, number, number));
        }
    }
    calls
}

/// `name(descriptor, …) = result …`
fn call(text: &str, entered: usize, ended: usize) -> Option<Call> {
    let (name, rest) = text.split_once('(')?;
    let (arguments, result) = rest.rsplit_once(" = ")?;
    let result = result.split(' ').next()?.parse().ok()?;
    let descriptor = arguments.split([',', ')']).next()?.trim();
    let data = arguments.split('"').skip(1).step_by(2).flat_map(unescaped).collect();
    let descriptor = match descriptor.split_once('<') {
        Some((number, path)) => format!("{number}<{}", String::from_utf8_lossy(&unescaped(path))),
        None => descriptor.to_owned(),
    };
    Some(Call { name: name.to_owned(), descriptor, data, entered, ended, result })
}

/// `\x61b` as `ab`.
fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4);
    let mut rest = text.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let hex = more.get(1..3).and_then(|digits| std::str::from_utf8(digits).ok());
        match hex.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if *first == b'\\' && more[0] == b'x' => {
                bytes.push(byte);
                rest = &more[3..];
            }
            _ => {
                bytes.push(*first);
                rest = more;
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(trace: &str, answers: usize, flushes: usize, violations: &[&str]) {
        let verdict = verdict(trace);
        assert_eq!((verdict.answers, verdict.flushes), (answers, flushes));
        assert_eq!(verdict.violations.len(), violations.len(), "{:?}", verdict.violations);
        for (found, part) in verdict.violations.iter().zip(violations) {
            assert!(found.contains(part), "{found}");
        }
    }

    #[test]
    fn a_recorded_trace_with_answers_after_the_flush_passes() {
        check(include_str!("../../../corpus/interop/flush-order/answers-after-the-flush.strace"), 4, 4, &[]);
    }

    #[test]
    fn a_recorded_trace_with_answers_before_the_flush_is_caught() {
        let trace = include_str!("../../../corpus/interop/flush-order/answers-before-the-flush.strace");
        let violations = ["answer 4b000002 leaves", "answer 4b000000", "answer 4b000003", "answer 4b000001"];
        check(trace, 4, 4, &violations);
    }

    const WRITE: &str = "1 pwrite64(3</a/t-0/0.log>, \"mark4b000007\", 12, 0) = 12\n";
    const ANSWER: &str =
        "1 sendto(9<socket:[5]>, \"\\x00\\x00\\x00\\x06\\x4b\\x00\\x00\\x07ok\", 10, 0, NULL, 0) = 10\n";

    #[test]
    fn only_a_whole_flush_of_the_right_file_between_write_and_answer_counts() {
        let with = |flush: &str| format!("{WRITE}{flush}{ANSWER}");
        check(&with("1 fdatasync(3</a/t-0/0.log>) = 0\n"), 1, 1, &[]);
        check(&with("1 fdatasync(8</a/t-0/0.log>) = 0\n"), 1, 1, &[]);
        check(&with("1 syncfs(4</a>) = 0\n"), 1, 1, &[]);
        check(&with("1 fdatasync(4</a/t-1/0.log>) = 0\n"), 1, 1, &["no flush of 3</a/t-0/0.log>"]);
        check(&with("1 fdatasync(3</a/t-0/0.log>) = -1 EIO (Input/output error)\n"), 1, 0, &["no flush"]);
        check(&with("2 fdatasync(3</a/t-0/0.log> <unfinished ...>\n"), 1, 0, &["no flush"]);
        let begun_before = format!(
            "2 fdatasync(3</a/t-0/0.log> <unfinished ...>\n{WRITE}2 <... fdatasync resumed>) = 0\n{ANSWER}"
        );
        check(&begun_before, 1, 1, &["no flush"]);
        check(ANSWER, 1, 0, &["never written"]);
    }

    #[test]
    fn frames_are_put_together_from_pieces() {
        let pieces = "1 fsync(3</a/t-0/0.log>) = 0\n\
            1 writev(9<socket:[5]>, [{iov_base=\"\\x00\\x00\\x00\\x06\\x4b\", iov_len=5}, {iov_base=\"\\x00\\x00\", iov_len=2}], 2) = 6\n\
            1 sendto(9<socket:[5]>, \"\\x00\\x07okxx\", 6, 0, NULL, 0) = 4\n\
            1 sendto(9<socket:[5]>, \"\\x00\\x00\\x00\\x04\\x00\\x00\\x00\\x01\", 8, 0, NULL, 0) = 8\n";
        check(&format!("{WRITE}{pieces}"), 1, 1, &[]);
    }
}
