//! Time, waiting and chance.

use crate::Site;
use std::collections::BTreeSet;
use world::{Event, Fault, Span, Time};

/// With nothing to say the world returns at `until`, not before.
pub(super) fn time_comes_when_nothing_else_does(site: &mut Site<'_>) {
    site.listen();
    let until = site.ground.world().now() + Span::millis(20);
    while site.ground.world().next(until) != Event::Time {}
    assert!(site.ground.world().now() >= until, "Time came early");
}

/// `next` with a moment that has passed never sleeps.
pub(super) fn the_past_is_not_waited_for(site: &mut Site<'_>) {
    site.listen();
    let before = site.ground.world().now();
    for until in [Time::PAST, before - Span::seconds(5), before] {
        assert_eq!(site.ground.world().next(until), Event::Time);
    }
    let took = site.ground.world().now().since(before);
    assert!(took < Span::millis(500), "slept {took:?}");
}

pub(super) fn time_only_rises(site: &mut Site<'_>) {
    let mut last = site.ground.world().now();
    for step in 0..50 {
        site.ground.world().next(last + Span::micros(step));
        let now = site.ground.world().now();
        assert!(now >= last, "from {last:?} to {now:?}");
        last = now;
    }
}

/// The clock jumps by the whole skew, and does not come back.
pub(super) fn skew_jumps_ahead(site: &mut Site<'_>) {
    let skew = Fault::Skew(Span::seconds(60));
    let before = site.ground.world().now();
    site.inject(skew.clone());
    let after = site.ground.world().now();
    assert!(after >= before + Span::seconds(60), "from {before:?} to {after:?}");
    site.heal(&skew);
    assert!(site.ground.world().now() >= after, "time fell");
}

pub(super) fn chance_varies(site: &mut Site<'_>) {
    let drawn: BTreeSet<u64> = (0..64).map(|_| site.ground.world().chance()).collect();
    assert_eq!(drawn.len(), 64, "64 random numbers of 64 bits hold an equal pair");
}
