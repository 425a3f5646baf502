//! One suite that every engine must pass.
