//! Clocks and timers. Not here: skew, drift and jumps, which only a simulator has.

use std::time::Duration;

use crate::support::run;
use crate::{Case, Driver, Node};

pub(crate) const CASES: &[Case] = &[Case { name: "clock::sleep_lasts", needs: &[], run: sleep_lasts }];

fn sleep_lasts(driver: &mut dyn Driver) {
    run(driver, Node(0), |here| async move {
        let before = here.now();
        here.sleep(Duration::from_millis(5)).await;
        assert!(here.now().since(before) >= Duration::from_millis(5));
    });
}
