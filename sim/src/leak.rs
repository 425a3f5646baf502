//! The trap for time and randomness from outside the world. Not here: the world's own clock and dice.
//!
//! The C library's doors to both are defined here once more, in front of its own. They pass every call on, and
//! while a task of a world runs on the thread they also keep a backtrace; the run fails at the end of that poll.
//! A hash map with a random seed asks once per thread, so a thread that made one before its world hides the next.
//! Where madsim is linked, it stands there itself.

use std::backtrace::Backtrace;
use std::cell::{Cell, RefCell};

use crate::state::State;

thread_local! {
    static ARMED: Cell<bool> = const { Cell::new(false) };
    static CAUGHT: RefCell<Option<(&'static str, Backtrace)>> = const { RefCell::new(None) };
}

/// The trap, set while a task runs.
pub(crate) struct Watch;

impl Watch {
    pub(crate) fn begin() -> Self {
        ARMED.set(true);
        Self
    }

    /// Ends the watch; a call that was caught fails the run.
    pub(crate) fn end(self, state: &State, node: u32, task: &str) {
        drop(self);
        if CAUGHT.with_borrow(Option::is_none) {
            return;
        }
        let Some((door, backtrace)) = CAUGHT.take() else { return };
        let node = state.name(node).expect("a task belongs to a node");
        let text = format!("{node}: task `{task}` called {door}, which is outside the world:\n{backtrace}");
        state.failure.borrow_mut().get_or_insert(text);
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        ARMED.set(false);
    }
}

/// Notes a call through `door`, if a task runs on this thread.
#[cfg(all(feature = "leak-trap", target_os = "linux", not(madsim)))]
fn spring(door: &'static str) {
    if ARMED.replace(false) {
        if !std::thread::panicking() && CAUGHT.with_borrow(Option::is_none) {
            CAUGHT.set(Some((door, Backtrace::force_capture())));
        }
        ARMED.set(true);
    }
}

/// The doors themselves. `unsafe` for two reasons: symbols of the C library are defined anew, and its own are
/// found by name and called. Each has the C library's signature and passes its arguments on untouched.
#[cfg(all(feature = "leak-trap", target_os = "linux", not(madsim)))]
#[allow(unsafe_code)]
mod doors {
    use std::ffi::{CStr, c_int, c_long, c_uint, c_void};
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::spring;

    /// Where the C library's own function is.
    fn own(name: &CStr, cache: &AtomicUsize) -> usize {
        let known = cache.load(Ordering::Relaxed);
        if known != 0 {
            return known;
        }
        // SAFETY: the name ends in a zero; the call reads nothing else.
        let found = unsafe { libc::dlsym(libc::RTLD_NEXT, name.as_ptr()) } as usize;
        if found == 0 {
            std::process::abort();
        }
        cache.store(found, Ordering::Relaxed);
        found
    }

    #[unsafe(no_mangle)]
    extern "C" fn clock_gettime(clock: libc::clockid_t, into: *mut libc::timespec) -> c_int {
        static OWN: AtomicUsize = AtomicUsize::new(0);
        spring("clock_gettime");
        let own = own(c"clock_gettime", &OWN);
        // SAFETY: the address is that of the C library's function of this name and signature.
        unsafe {
            let own: extern "C" fn(libc::clockid_t, *mut libc::timespec) -> c_int = std::mem::transmute(own);
            own(clock, into)
        }
    }

    #[unsafe(no_mangle)]
    extern "C" fn getrandom(into: *mut c_void, len: usize, flags: c_uint) -> isize {
        static OWN: AtomicUsize = AtomicUsize::new(0);
        spring("getrandom");
        let own = own(c"getrandom", &OWN);
        // SAFETY: the address is that of the C library's function of this name and signature.
        unsafe {
            let own: extern "C" fn(*mut c_void, usize, c_uint) -> isize = std::mem::transmute(own);
            own(into, len, flags)
        }
    }

    /// Callers pass as many arguments as the system call has; the rest is passed on unread.
    #[unsafe(no_mangle)]
    extern "C" fn syscall(
        number: c_long,
        a: c_long,
        b: c_long,
        c: c_long,
        d: c_long,
        e: c_long,
        f: c_long,
    ) -> c_long {
        static OWN: AtomicUsize = AtomicUsize::new(0);
        match number {
            libc::SYS_getrandom => spring("the system call getrandom"),
            libc::SYS_clock_gettime => spring("the system call clock_gettime"),
            _ => {}
        }
        let own = own(c"syscall", &OWN);
        // SAFETY: the address is that of the C library's function; on Linux it takes its arguments as this type does.
        unsafe {
            let own: extern "C" fn(c_long, c_long, c_long, c_long, c_long, c_long, c_long) -> c_long =
                std::mem::transmute(own);
            own(number, a, b, c, d, e, f)
        }
    }
}
