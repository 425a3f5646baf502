//! Marks on paths that a batch of seeds must take at least once. Not here: invariants, which must hold always.
//!
//! A world lives on one thread, and so do its marks: [`take`] them before the next world begins.

use std::cell::RefCell;
use std::collections::BTreeMap;

/// How often each mark fired.
pub type Marks = BTreeMap<&'static str, u64>;

/// Fewest seeds after which a mark that never fired counts as a failure: a short batch only names it.
pub const SEEDS_TO_JUDGE: u64 = 100;

thread_local! {
    static FIRED: RefCell<Marks> = const { RefCell::new(Marks::new()) };
}

/// Marks that this line was reached, or that it was reached with a condition true.
///
/// ```
/// # use klamm_scenarios::{marks, sometimes};
/// # marks::take();
/// let retries = 2;
/// sometimes!("a send was retried", retries > 0);
/// sometimes!("a send was given up", retries > 5);
/// assert_eq!(marks::take().keys().copied().collect::<Vec<_>>(), ["a send was retried"]);
/// ```
#[macro_export]
macro_rules! sometimes {
    ($name:literal) => {
        $crate::marks::fire($name)
    };
    ($name:literal, $condition:expr) => {
        if $condition {
            $crate::marks::fire($name);
        }
    };
}

/// What [`sometimes!`](crate::sometimes) does.
pub fn fire(name: &'static str) {
    FIRED.with_borrow_mut(|fired| *fired.entry(name).or_default() += 1);
}

/// What fired on this thread since the last call.
pub fn take() -> Marks {
    FIRED.take()
}

/// Adds the marks of one more world to a batch's.
pub fn merge(batch: &mut Marks, world: &Marks) {
    for (name, times) in world {
        *batch.entry(name).or_default() += times;
    }
}

/// Those of `listed` that never fired.
pub fn unfired(listed: &[&'static str], batch: &Marks) -> Vec<&'static str> {
    listed.iter().copied().filter(|name| !batch.contains_key(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_names_what_never_fired() {
        take();
        let mut batch = Marks::new();
        for world in 0..3 {
            sometimes!("always");
            sometimes!("once", world == 1);
            sometimes!("never", world == 7);
            merge(&mut batch, &take());
        }
        assert_eq!(batch, Marks::from([("always", 3), ("once", 1)]));
        assert_eq!(unfired(&["always", "once", "never"], &batch), ["never"]);
        assert_eq!(take(), Marks::new());
    }
}
