//! The cases, an area a file. Not here: how an engine is driven.

mod clock;
mod death;
mod disk;
mod file;
mod net;
mod power;
mod rng;
mod send_file;
mod spawn;
mod stream;

use crate::Case;

pub(crate) fn all() -> Vec<Case> {
    [
        clock::CASES,
        rng::CASES,
        spawn::CASES,
        disk::CASES,
        file::CASES,
        net::CASES,
        stream::CASES,
        send_file::CASES,
        death::CASES,
        power::CASES,
    ]
    .concat()
}
