//! A request whose version is chosen when its node is known. Not here: the choice.

use std::fmt;
use std::ops::RangeInclusive;

use klamm_protocol::{ApiKey, EncodeError, Frame, Request, Uuid, encode_request};

/// What is asked, in any version of a range.
pub trait Body: fmt::Debug {
    /// The API.
    fn key(&self) -> ApiKey;

    /// The versions in which it can be asked.
    fn versions(&self) -> RangeInclusive<i16>;

    /// The request as a frame.
    ///
    /// # Errors
    /// A value that the version cannot carry.
    fn encode(&self, correlation_id: i32, client_id: &str, version: i16) -> Result<Frame, EncodeError>;
}

/// The stable versions of a request.
fn stable<R: Request>() -> RangeInclusive<i16> {
    *R::VERSIONS.start()..=R::KEY.latest_stable_version()
}

impl<R: Request + fmt::Debug> Body for R {
    fn key(&self) -> ApiKey {
        R::KEY
    }

    fn versions(&self) -> RangeInclusive<i16> {
        stable::<R>()
    }

    fn encode(&self, correlation_id: i32, client_id: &str, version: i16) -> Result<Frame, EncodeError> {
        encode_request(correlation_id, Some(client_id), self, version)
    }
}

/// A request that says the same in other fields, or cannot say it, in some versions.
pub struct ByVersion<F> {
    versions: RangeInclusive<i16>,
    make: F,
}

impl<R: Request, F: Fn(i16) -> R> ByVersion<F> {
    /// In any stable version.
    pub fn new(make: F) -> Self {
        ByVersion { versions: stable::<R>(), make }
    }

    /// In no version above this one.
    #[must_use]
    pub fn up_to(self, version: i16) -> Self {
        let highest = version.min(*self.versions.end());
        ByVersion { versions: *self.versions.start()..=highest, ..self }
    }

    /// In no version below this one.
    #[must_use]
    pub fn from(self, version: i16) -> Self {
        let lowest = version.max(*self.versions.start());
        ByVersion { versions: lowest..=*self.versions.end(), ..self }
    }
}

impl<F> fmt::Debug for ByVersion<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ByVersion({:?})", self.versions)
    }
}

/// The last version of Produce and of Fetch that names topics by name.
const LAST_VERSION_WITH_NAMES: i16 = 12;

/// A request about topics of which some may have no id: those can be named by name only.
pub fn with_ids_if_known<R: Request + Clone + fmt::Debug + 'static>(
    body: R,
    mut ids: impl Iterator<Item = Uuid>,
) -> Box<dyn Body> {
    if ids.any(|id| id == Uuid::default()) {
        return ByVersion::new(move |_| body.clone()).up_to(LAST_VERSION_WITH_NAMES).into();
    }
    Box::new(body)
}

/// Boxes a [`ByVersion`].
struct Made<R, F>(ByVersion<F>, std::marker::PhantomData<R>);

impl<R, F> fmt::Debug for Made<R, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<R: Request, F: Fn(i16) -> R> Body for Made<R, F> {
    fn key(&self) -> ApiKey {
        R::KEY
    }

    fn versions(&self) -> RangeInclusive<i16> {
        self.0.versions.clone()
    }

    fn encode(&self, correlation_id: i32, client_id: &str, version: i16) -> Result<Frame, EncodeError> {
        encode_request(correlation_id, Some(client_id), &(self.0.make)(version), version)
    }
}

impl<R: Request + 'static, F: Fn(i16) -> R + 'static> From<ByVersion<F>> for Box<dyn Body> {
    fn from(by_version: ByVersion<F>) -> Self {
        Box::new(Made(by_version, std::marker::PhantomData))
    }
}
