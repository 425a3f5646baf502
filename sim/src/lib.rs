//! The simulator: a seeded world of nodes, network and disks in virtual time.
