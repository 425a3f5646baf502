//! Clocks and timers. Not here: skew, drift and jumps, which only a simulator has.

use std::cell::RefCell;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use klamm_env::{Elapsed, Instant};

use crate::Case;
use crate::support::{Here, alone, poll_once};

pub(crate) const CASES: &[Case] = &[
    alone!("clock", both_clocks_go_on),
    alone!("clock", sleep_lasts),
    alone!("clock", timers_fire_in_order),
    alone!("clock", a_timer_moves_earlier_and_later),
    alone!("clock", an_elapsed_timer_stays_ready),
    alone!("clock", a_deadline_that_passed_is_ready_at_once),
    alone!("clock", a_timer_that_is_not_set_never_elapses),
    alone!("clock", a_dropped_timer_is_gone),
    alone!("clock", timeout_gives_the_output_or_elapsed),
];

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

async fn both_clocks_go_on(here: Here) {
    let (mut last, wall) = (here.now(), here.wall());
    for _ in 0..1000 {
        let now = here.now();
        assert!(now >= last);
        last = now;
    }
    here.sleep(ms(20)).await;
    assert!(here.now() >= last + ms(20));
    assert!(here.wall().0 >= wall.0 + 10);
}

async fn sleep_lasts(here: Here) {
    let before = here.now();
    here.sleep(ms(5)).await;
    assert!(here.now().since(before) >= ms(5));
}

async fn timers_fire_in_order(here: Here) {
    let fired = Rc::new(RefCell::new(Vec::new()));
    let now = here.now();
    let sleepers: Vec<_> = [40, 10, 30, 20]
        .map(|delay| {
            let (fired, env) = (fired.clone(), here.env.clone());
            here.beside(async move {
                env.sleep_until(now + ms(delay)).await;
                fired.borrow_mut().push(delay);
            })
        })
        .into();
    for sleeper in sleepers {
        sleeper.await;
    }
    assert_eq!(*fired.borrow(), [10, 20, 30, 40]);
}

async fn a_timer_moves_earlier_and_later(here: Here) {
    let before = here.now();
    let mut timer = here.timer();
    timer.as_mut().reset(before + ms(3_600_000));
    assert_eq!(poll_once(|cx| timer.as_mut().poll_elapsed(cx)).await, Poll::Pending);
    timer.as_mut().reset(before + ms(10));
    std::future::poll_fn(|cx| timer.as_mut().poll_elapsed(cx)).await;
    assert!(here.now() >= before + ms(10) && here.now() < before + ms(3_600_000));

    let before = here.now();
    timer.as_mut().reset(before + ms(10));
    assert_eq!(poll_once(|cx| timer.as_mut().poll_elapsed(cx)).await, Poll::Pending);
    timer.as_mut().reset(before + ms(40));
    std::future::poll_fn(|cx| timer.as_mut().poll_elapsed(cx)).await;
    assert!(here.now() >= before + ms(40));
}

async fn an_elapsed_timer_stays_ready(here: Here) {
    let mut timer = here.timer();
    timer.as_mut().reset(here.now() + ms(5));
    std::future::poll_fn(|cx| timer.as_mut().poll_elapsed(cx)).await;
    for _ in 0..3 {
        assert_eq!(poll_once(|cx| timer.as_mut().poll_elapsed(cx)).await, Poll::Ready(()));
    }
    timer.as_mut().reset(here.now() + ms(3_600_000));
    assert_eq!(poll_once(|cx| timer.as_mut().poll_elapsed(cx)).await, Poll::Pending);
}

async fn a_deadline_that_passed_is_ready_at_once(here: Here) {
    here.sleep(ms(5)).await;
    for deadline in [Instant::default(), here.now()] {
        let mut timer = here.timer();
        timer.as_mut().reset(deadline);
        assert_eq!(poll_once(|cx| timer.as_mut().poll_elapsed(cx)).await, Poll::Ready(()));
    }
}

async fn a_timer_that_is_not_set_never_elapses(here: Here) {
    let mut timer = here.timer();
    let elapsed = std::future::poll_fn(|cx| timer.as_mut().poll_elapsed(cx));
    assert_eq!(here.timeout(ms(20), elapsed).await, Err(Elapsed));
}

async fn a_dropped_timer_is_gone(here: Here) {
    let before = here.now();
    for delay in 1..100 {
        let mut timer = here.timer();
        timer.as_mut().reset(before + ms(delay));
        let _pending = poll_once(|cx| timer.as_mut().poll_elapsed(cx)).await;
    }
    here.sleep_until(before + ms(20)).await;
    assert!(here.now() >= before + ms(20));
}

async fn timeout_gives_the_output_or_elapsed(here: Here) {
    assert_eq!(here.timeout(ms(1000), async { 7 }).await, Ok(7));
    let sleep = here.sleep(ms(5));
    assert_eq!(here.timeout(ms(10_000), sleep).await, Ok(()));
    assert_eq!(here.timeout(ms(5), std::future::pending::<()>()).await, Err(Elapsed));
}
