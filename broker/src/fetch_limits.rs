//! How much an answer to Fetch may hold, and how much it waits for. Not here: reading, waking up.

use std::time::Duration;

use klamm_log::ReadSlice;
use klamm_protocol::fetch_request::FetchRequest;

/// No fetch waits longer, whatever it asks for: who wants more asks again.
const WAIT_MAX: Duration = Duration::from_secs(300);

/// The limits of one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FetchLimits {
    /// With less than this the answer waits; never more than it may hold.
    pub(crate) bytes_min: usize,
    /// The answer holds no more, unless it is one batch.
    pub(crate) bytes_max: usize,
    /// How long it waits at most.
    pub(crate) wait_max: Duration,
}

impl FetchLimits {
    /// Those of `request`, where this broker answers with up to `broker_bytes_max`.
    pub(crate) fn of(request: &FetchRequest, broker_bytes_max: i32) -> Self {
        let size = |bytes: i32| usize::try_from(bytes).unwrap_or(0);
        let bytes_max = size(request.max_bytes.min(broker_bytes_max));
        let wait_max = Duration::from_millis(u64::try_from(request.max_wait_ms).unwrap_or(0));
        Self {
            bytes_min: size(request.min_bytes).min(bytes_max),
            bytes_max,
            wait_max: wait_max.min(WAIT_MAX),
        }
    }

    /// Cuts slices to what the answer may hold; gives how many bytes there were before. The first one stays, since no
    /// slice is longer than the whole answer may be unless it is one batch; a later one is left out where it might be
    /// cut before its first batch ends, since readers take it for an error when records come and none of them is whole.
    pub(crate) fn fit<'a>(&self, slices: impl Iterator<Item = &'a mut ReadSlice>) -> usize {
        let (mut left, mut there) = (None, 0_usize);
        for slice in slices.filter(|slice| slice.len > 0) {
            there = there.saturating_add(slice.available);
            let room = left.unwrap_or(slice.len);
            if room < slice.len {
                slice.len = if room < slice.first_batch_bytes_max { 0 } else { room };
            }
            left = Some(left.unwrap_or(self.bytes_max).saturating_sub(slice.len));
        }
        there
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Slices as length and bound of the first batch, and what is left of their lengths.
    fn check_fit(slices: &[(usize, usize)], bytes_max: usize, expected: &[usize]) {
        let slice = |(len, first_batch_bytes_max): &(usize, usize)| ReadSlice {
            base_offset: 0,
            file: None,
            at: 0,
            len: *len,
            first_batch_bytes_max: *first_batch_bytes_max,
            available: *len,
        };
        let mut cut: Vec<ReadSlice> = slices.iter().map(slice).collect();
        let there = FetchLimits { bytes_min: 0, bytes_max, wait_max: Duration::ZERO }.fit(cut.iter_mut());
        let left: Vec<usize> = cut.iter().map(|slice| slice.len).collect();
        assert_eq!(left, expected, "{slices:?} into {bytes_max}");
        assert_eq!(there, slices.iter().map(|(len, _)| len).sum::<usize>());
    }

    #[test]
    fn what_does_not_fit_is_cut_behind_a_whole_batch_or_left_out() {
        check_fit(&[(100, 40), (100, 40)], 1000, &[100, 100]);
        check_fit(&[(100, 40), (100, 40)], 150, &[100, 50]);
        check_fit(&[(100, 40), (100, 60), (30, 30)], 150, &[100, 0, 30]);
        check_fit(&[(0, 0), (500, 500), (10, 10)], 100, &[0, 500, 0]);
    }

    /// Smallest and largest answer and wait in milliseconds that are asked for, and what comes of them.
    fn check_of(asked: (i32, i32, i32), broker_bytes_max: i32, expected: (usize, usize, u64)) {
        let (min_bytes, max_bytes, max_wait_ms) = asked;
        let request = FetchRequest { min_bytes, max_bytes, max_wait_ms, ..FetchRequest::default() };
        let (bytes_min, bytes_max, wait_ms) = expected;
        let expected = FetchLimits { bytes_min, bytes_max, wait_max: Duration::from_millis(wait_ms) };
        assert_eq!(FetchLimits::of(&request, broker_bytes_max), expected);
    }

    #[test]
    fn nobody_waits_for_more_than_the_answer_may_hold_nor_for_ever() {
        check_of((1, 1000, 500), 2000, (1, 1000, 500));
        check_of((5000, 1000, 500), 2000, (1000, 1000, 500));
        check_of((5000, 4000, 500), 2000, (2000, 2000, 500));
        check_of((1, 1000, i32::MAX), 2000, (1, 1000, 300_000));
        check_of((-1, -1, -1), 2000, (0, 0, 0));
    }
}
