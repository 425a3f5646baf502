//! The production engine: tokio, one current-thread runtime a lane.
