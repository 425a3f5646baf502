//! One metric for each set of labels, in the order of the labels. Not here: names of metrics, text.
//!
//! The family of `prometheus-client` hashes with keys of its own choice: where the page's order comes from would be
//! outside the seed.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use prometheus_client::encoding::{EncodeLabelSet, EncodeMetric, MetricEncoder};
use prometheus_client::metrics::{MetricType, TypedMetric};

/// Metrics by labels. Clones share them, as clones of a metric share its value.
#[derive(Debug)]
pub(crate) struct Family<S, M>(Arc<Mutex<BTreeMap<S, M>>>);

impl<S, M> Default for Family<S, M> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<S, M> Clone for Family<S, M> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: Ord + Clone, M: Default + Clone> Family<S, M> {
    fn metrics(&self) -> MutexGuard<'_, BTreeMap<S, M>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The metric with these labels, made if need be.
    pub(crate) fn get_or_create(&self, labels: &S) -> M {
        let mut metrics = self.metrics();
        if let Some(metric) = metrics.get(labels) {
            return metric.clone();
        }
        metrics.entry(labels.clone()).or_default().clone()
    }

    /// The metric with these labels, if there is one.
    pub(crate) fn get(&self, labels: &S) -> Option<M> {
        self.metrics().get(labels).cloned()
    }

    /// Forgets all of them.
    pub(crate) fn clear(&self) {
        self.metrics().clear();
    }
}

impl<S, M> EncodeMetric for Family<S, M>
where
    S: EncodeLabelSet + Ord + Clone,
    M: EncodeMetric + TypedMetric + Default + Clone,
{
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> Result<(), fmt::Error> {
        for (labels, metric) in &*self.metrics() {
            metric.encode(encoder.encode_family(labels)?)?;
        }
        Ok(())
    }

    fn metric_type(&self) -> MetricType {
        M::TYPE
    }

    fn is_empty(&self) -> bool {
        self.metrics().is_empty()
    }
}
