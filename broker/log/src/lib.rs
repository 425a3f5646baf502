//! The log: segments, indexes, recovery, producer state.
