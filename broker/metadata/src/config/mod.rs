//! Configuration keys of brokers, topics, groups and client metrics: what they are called, what they allow, what
//! they default to. Not here: where values come from (files, records), nor what the broker does with them.

mod definition;
mod effective;
mod properties;
mod value;

pub use definition::{Definition, Definitions, Importance, Synonym, UpdateMode};
pub use effective::{Configs, Origin, Source, is_sensitive};
pub use properties::{PropertiesError, parse_properties};
pub use value::{InvalidValue, Kind, Rule, Value};
