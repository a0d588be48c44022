//! Which target: among those that are well (or all, when too few are), by the pool's way.

use crate::place::Place;
use crate::plan::Pool;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use world::Choice;

/// What one choice depends on, beside the pool.
#[derive(Debug, Default)]
pub(crate) struct Wish<'a> {
    /// A target to come back to.
    pub tag: Option<[u8; 8]>,
    /// Targets that did not work out just now.
    pub tried: &'a [u64],
    /// Stands for a flow's ends, or its source alone.
    pub flow: u64,
    /// By chance.
    pub chance: u64,
}

/// A target, and whether it is the one that was wished for.
pub(crate) fn choose<'a>(pool: &'a Pool, wish: &Wish<'_>) -> Option<(&'a Arc<Place>, bool)> {
    let well = pool.places.iter().filter(|place| place.is_well()).count();
    let open = (well as u64) < u64::from(pool.config.fewest_well.max(1));
    let usable = |place: &&Arc<Place>| {
        (open || place.is_well()) && (wish.tried.is_empty() || !wish.tried.contains(&place.id))
    };
    if let Some(tag) = wish.tag {
        let mut all = pool.places.iter().filter(usable);
        if let Some(place) = all.find(|place| place.tag == tag && !place.is_suspect()) {
            return Some((place, true));
        }
    }
    let sure = |place: &&Arc<Place>| usable(place) && !place.is_suspect();
    let count = pool.places.iter().filter(sure).count();
    let place = match count {
        0 => {
            let count = pool.places.iter().filter(usable).count();
            pick(pool, usable, count, wish)
        }
        _ => pick(pool, sure, count, wish),
    };
    place.map(|place| (place, false))
}

fn pick<'a>(
    pool: &'a Pool,
    usable: impl Fn(&&'a Arc<Place>) -> bool,
    count: usize,
    wish: &Wish<'_>,
) -> Option<&'a Arc<Place>> {
    if count == 0 {
        return None;
    }
    let nth = |n: usize| pool.places.iter().filter(|p| usable(p)).nth(n % count);
    if count == 1 {
        return nth(0);
    }
    let place = match pool.config.choice {
        Choice::LeastOutstanding => {
            let start = pool.stock.turn.fetch_add(1, Relaxed) % count;
            let all = || pool.places.iter().filter(|p| usable(p));
            // Among equals in turn.
            let in_turn = all().skip(start).chain(all().take(start));
            return in_turn.min_by_key(|place| place.load());
        }
        Choice::Random => nth((wish.chance % count as u64) as usize),
        Choice::FlowHash => {
            let all = pool.places.iter().filter(|p| usable(p));
            // The greatest of hashes: a change moves only the flows of what changed.
            return all.max_by_key(|place| mix(wish.flow ^ mix(place.id)));
        }
        Choice::RoundRobin => nth(pool.stock.turn.fetch_add(1, Relaxed)),
    };
    let place = place?;
    let share = place.share(pool.slow);
    let skipped = share < 1.0 && {
        let chance = (mix(wish.chance) % 1_000) as f64 / 1_000.0;
        chance >= share
    };
    if skipped {
        let ready = |p: &&'a Arc<Place>| usable(p) && p.share(pool.slow) >= 1.0;
        let many = pool.places.iter().filter(ready).count();
        if many > 0 {
            let n = pool.stock.turn.load(Relaxed) % many;
            return pool.places.iter().filter(ready).nth(n);
        }
    }
    Some(place)
}

/// Spreads bits.
pub(crate) fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
