//! Requests.
mod error;
pub use error::RequestError;
