//! The cluster's metadata: what it is (image), how it changes (records, delta) and who decides (controller).
//!
//! ```text
//!   request ──▶ controller decision ──▶ records ──▶ __cluster_metadata-0 (shell)
//!                     ▲ reads                              │ appended and flushed
//!               MetadataImage ◀── MetadataDelta::replay ◀──┘
//! ```
//!
//! **Invariants**
//! 1. `MetadataDelta::replay` is the only door through which an image changes: a node that replays the same records
//!    has the same image.
//! 2. A decision reads an image and returns records and an answer; it changes nothing, and the answer must not leave
//!    before its records are committed.
//! 3. `MetadataImage::to_records` replayed onto an empty image gives an equal image: that is what a snapshot holds.
//!
//! **Not here**: files, the quorum, time and randomness of its own (topic ids come from the caller).

pub mod config;
pub mod controller;
mod delta;
mod image;
mod record_version;

pub use delta::{Changes, MetadataDelta};
pub use image::{
    BrokerImage, CarriedRecords, ConfigResource, ConfigsImage, ControllerImage, Endpoint, FeatureRange,
    METADATA_TOPIC, MetadataImage, PartitionImage, ResourceType, TopicImage, topic_name_error,
};
pub use record_version::record_version;
