//! Workloads, fault plans, checkers and the seeded tests.
