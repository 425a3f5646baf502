//! Producer, Consumer and Admin.
