//! Whether a part of a file is in memory, so that to send it waits for no disk, and what was loaded since. Not here: reading
//! it in.

use std::fs::File;
use std::io::IoSliceMut;
use std::mem::MaybeUninit;
use std::os::fd::AsRawFd;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::io::{Errno, ReadWriteFlags, preadv2};
use rustix::param::page_size;

/// The number of `cachestat(2)`, the same on every architecture; in Linux since 6.5.
const CACHESTAT: libc::c_long = 451;

/// How far apart a kernel without `cachestat` is asked: it reads so much ahead, or more.
const PROBE_BYTES: usize = 64 * 1024;

/// As the kernel lays it out.
#[repr(C)]
struct Range {
    at: u64,
    len: u64,
}

/// As the kernel lays it out: pages.
#[repr(C)]
#[derive(Default)]
struct Counts {
    cached: u64,
    dirty: u64,
    under_writeback: u64,
    evicted: u64,
    recently_evicted: u64,
}

/// Whether all of a range is in the page cache. What lies beyond the file's end is not.
pub(crate) fn holds(file: &File, at: u64, len: usize) -> bool {
    if len == 0 {
        return true;
    }
    match cached_pages(file, at, len) {
        Some(cached) => cached >= pages(at, len),
        None => probed(file, at, len),
    }
}

/// The same, but no where the kernel does not tell.
pub(crate) fn holds_for_sure(file: &File, at: u64, len: usize) -> bool {
    len == 0 || cached_pages(file, at, len).is_some_and(|cached| cached >= pages(at, len))
}

/// Blocks that this process has had read from disks so far, ahead of its reads too; another number each time where the
/// kernel does not count them.
#[allow(unsafe_code)]
pub(crate) fn loads() -> u64 {
    static COUNTS: OnceLock<bool> = OnceLock::new();
    static UNKNOWN: AtomicU64 = AtomicU64::new(0);
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: rustix and std have no such call. The pointer is to a value of the type that the kernel writes whole.
    let result = unsafe { libc::getrusage(libc::RUSAGE_SELF, usage.as_mut_ptr()) };
    // The kernel counts them if it has the file.
    let counts = result == 0 && *COUNTS.get_or_init(|| Path::new("/proc/self/io").exists());
    if !counts {
        return UNKNOWN.fetch_add(1, Ordering::Relaxed);
    }
    // SAFETY: the call has written it, and zeros are a value of it too.
    u64::try_from(unsafe { usage.assume_init() }.ru_inblock).unwrap_or(0)
}

/// Pages that a range touches.
fn pages(at: u64, len: usize) -> u64 {
    let page = page_size() as u64;
    (at + len as u64 - 1) / page - at / page + 1
}

/// Pages of a range that are in the page cache; `None` where the kernel does not tell.
#[allow(unsafe_code)]
fn cached_pages(file: &File, at: u64, len: usize) -> Option<u64> {
    let range = Range { at, len: len as u64 };
    let mut counts = Counts::default();
    // SAFETY: neither rustix nor std has this call. Both pointers are to live values of the kernel's layout, of which
    // it reads the first and writes the second before it returns; the descriptor is open as long as `file` lives.
    let result =
        unsafe { libc::syscall(CACHESTAT, file.as_raw_fd(), &raw const range, &raw mut counts, 0_u32) };
    (result == 0).then_some(counts.cached)
}

/// Whether none of the places that are asked for would have to be read from the disk.
fn probed(file: &File, at: u64, len: usize) -> bool {
    let last = at + len as u64 - 1;
    (at..=last).step_by(PROBE_BYTES).chain([last]).all(|at| {
        let mut byte = [0];
        preadv2(file, &mut [IoSliceMut::new(&mut byte)], at, ReadWriteFlags::NOWAIT) != Err(Errno::AGAIN)
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::unix::fs::FileExt;

    use rustix::fs::{Advice, fadvise, fstatfs};

    use super::*;

    const TMPFS: i64 = 0x0102_1994;
    const LEN: usize = 4 * 1024 * 1024;

    /// A file none of which is in the page cache, read without reading ahead; `None` where files live in memory.
    fn cold_file() -> Option<File> {
        let mut file = tempfile::tempfile().expect("a file");
        if fstatfs(&file).expect("it is on a file system").f_type == TMPFS {
            eprintln!("files for tests live in memory here: nothing is cold");
            return None;
        }
        file.write_all(&vec![7; LEN]).expect("there is room");
        file.sync_all().expect("the disk is sound");
        fadvise(&file, 0, None, Advice::DontNeed).expect("it is advice");
        fadvise(&file, 0, None, Advice::Random).expect("it is advice");
        Some(file)
    }

    #[test]
    fn a_range_with_a_cold_middle_is_not_held() {
        let Some(file) = cold_file() else { return };
        assert!(!holds(&file, 0, LEN));
        let mut byte = [0];
        for at in [0, LEN as u64 - 1] {
            file.read_exact_at(&mut byte, at).expect("it is there");
        }
        assert!(holds(&file, 0, 1) && holds(&file, LEN as u64 - 1, 1));
        let before = loads();
        assert!(!holds(&file, 0, LEN) && !probed(&file, 0, LEN), "both ends are warm, the middle is not");
        file.read_exact_at(&mut vec![0; LEN], 0).expect("it is there");
        assert!(holds(&file, 0, LEN) && probed(&file, 0, LEN));
        assert!(loads() > before, "the middle was loaded");
    }

    #[test]
    fn nothing_is_held_beyond_the_end() {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(&[7; 10]).expect("there is room");
        assert!(holds(&file, 0, 10) && holds(&file, 1 << 30, 0));
        assert!(cached_pages(&file, 0, 10).is_none_or(|pages| pages == 1));
        assert!(cached_pages(&file, 1 << 30, 10).is_none_or(|pages| pages == 0));
    }

    #[test]
    fn a_range_touches_whole_pages() {
        let page = page_size();
        let check = |at: usize, len, expected| assert_eq!(pages(at as u64, len), expected);
        check(0, 1, 1);
        check(0, page, 1);
        check(page - 1, 2, 2);
        check(page, 3 * page, 3);
    }
}
