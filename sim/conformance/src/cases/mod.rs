//! The cases, an area a file. Not here: how an engine is driven.

mod clock;

use crate::Case;

pub(crate) fn all() -> Vec<Case> {
    [clock::CASES].concat()
}
