//! How much a request may have decompressed on its lane, where others wait meanwhile. Not here: decompressing.

/// Bytes for all batches of a request together; a single one may use all that its topic allows.
const REQUEST_BYTES_MAX: usize = 256 << 20;
/// What a batch is taken to have cost that turned out to be bad somewhere, by its size.
const RATIO_OF_BAD_BATCHES: usize = 1024;

/// What is left for the batches of one request.
#[derive(Debug)]
pub(crate) struct DecompressionBudget {
    spent: usize,
}

impl DecompressionBudget {
    /// For a request of which nothing is decompressed yet.
    pub(crate) fn new() -> Self {
        Self { spent: 0 }
    }

    /// How large the next batch may become, whose topic allows `topic_max`.
    pub(crate) fn limit(&self, topic_max: usize) -> usize {
        if self.spent == 0 { topic_max } else { topic_max.min(REQUEST_BYTES_MAX.saturating_sub(self.spent)) }
    }

    /// A batch of `size` bytes became `decompressed` bytes, or was bad somewhere before `limit`.
    pub(crate) fn spend(&mut self, size: usize, decompressed: Option<usize>, limit: usize) {
        let bytes = decompressed.unwrap_or_else(|| limit.min(size.saturating_mul(RATIO_OF_BAD_BATCHES)));
        self.spent = self.spent.saturating_add(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: usize = 1 << 20;

    /// Batches as size and decompressed size, and the limit of the next one, whose topic allows 64 MiB.
    fn check(batches: &[(usize, Option<usize>)], expected: usize) {
        let mut budget = DecompressionBudget::new();
        for (size, decompressed) in batches {
            let limit = budget.limit(64 * MIB);
            budget.spend(*size, *decompressed, limit);
        }
        assert_eq!(budget.limit(64 * MIB), expected, "{batches:?}");
    }

    #[test]
    fn a_request_decompresses_so_much_and_no_more() {
        check(&[], 64 * MIB);
        check(&[(MIB, Some(64 * MIB)); 3], 64 * MIB);
        check(&[(MIB, Some(50 * MIB)); 5], 6 * MIB);
        check(&[(MIB, Some(64 * MIB)); 2000], 0);
        check(&[(MIB, None); 4], 0);
        check(&[(100, None); 100], 64 * MIB);
        assert_eq!(DecompressionBudget::new().limit(1000 * MIB), 1000 * MIB);
    }
}
