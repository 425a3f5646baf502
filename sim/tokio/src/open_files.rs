//! How many files and connections the process may have open. Not here: what is closed when they are too many.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Raises the process's limit on open files as far as it may without privileges; gives the limit then, `None` without
/// one. Called once, at the start.
pub fn raise_open_files_limit() -> Option<u64> {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    match setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(_) => limit.current,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_the_most_that_is_allowed() {
        let raised = raise_open_files_limit();
        let limit = getrlimit(Resource::Nofile);
        assert_eq!((limit.current, limit.current), (limit.maximum, raised));
    }
}
