//! Routing policies: which of the records of one name and type is answered. Pure.

use crate::book::{Body, Entry, Rule, Set, Zone};
use crate::choose::{Answer, Code, DEEPEST, Ground, MULTIVALUE, Part, target};
use crate::places::Asker;

/// Puts the chosen records of a set into the answer, following aliases. `owner` is the name to
/// which they are attributed.
pub(crate) fn pick<'b>(
    ground: &Ground<'_, 'b>,
    zone: &'b Zone,
    set: &'b Set,
    owner: Option<&'b [u8]>,
    chance: &mut dyn FnMut() -> u64,
    out: &mut Answer<'b>,
    depth: u32,
) {
    if depth >= DEEPEST {
        out.code = Code::ServFail;
        return;
    }
    let Some(first) = set.entries.first() else { return };
    if let (Rule::Multivalue, true) = (&first.rule, set.entries.len() > 1) {
        return several(ground, zone, set, owner, chance, out, depth);
    }
    let chosen = match set.entries.len() {
        1 if !particular(&first.rule) => Some(first),
        _ => one(ground, zone, set, chance, out),
    };
    if let Some(entry) = chosen {
        put(ground, zone, set.kind, entry, owner, chance, out, depth);
    }
}

/// Whether a rule may leave an asker without an answer although it has no rival.
fn particular(rule: &Rule) -> bool {
    matches!(rule, Rule::Place { .. } | Rule::Network(_))
}

#[allow(clippy::too_many_arguments, reason = "what a recursion over aliases carries along")]
fn put<'b>(
    ground: &Ground<'_, 'b>,
    zone: &'b Zone,
    kind: u16,
    entry: &'b Entry,
    owner: Option<&'b [u8]>,
    chance: &mut dyn FnMut() -> u64,
    out: &mut Answer<'b>,
    depth: u32,
) {
    match &entry.body {
        Body::Values { values, .. } | Body::Addresses { values, .. } if values.is_empty() => {}
        Body::Values { ttl, values } => {
            let (ttl, most) = (*ttl, values.len());
            out.answer.push(Part { owner, kind, ttl, values, most });
        }
        Body::Addresses { ttl, values, .. } => {
            let (ttl, most) = (*ttl, values.len().min(MULTIVALUE));
            out.answer.push(Part { owner, kind, ttl, values, most });
        }
        Body::Alias { name, .. } => {
            if let Some((zone, set)) = target(ground.book, zone, name, kind) {
                pick(ground, zone, set, owner, chance, out, depth + 1);
            }
        }
    }
}

/// Whether a record counts as well: its check, and what it leads to where it looks at that.
fn well(ground: &Ground, zone: &Zone, kind: u16, entry: &Entry, depth: u32) -> bool {
    let checked = entry.check.is_none_or(|check| ground.wells.get(check).copied().unwrap_or(true));
    checked
        && match &entry.body {
            Body::Alias { name, look: true } => {
                depth < DEEPEST
                    && target(ground.book, zone_in(ground, zone), name, kind).is_some_and(
                        |(zone, set)| {
                            let mut entries = set.entries.iter();
                            entries.any(|entry| well(ground, zone, kind, entry, depth + 1))
                        },
                    )
            }
            Body::Addresses { well, .. } => well.unwrap_or(true),
            _ => true,
        }
}

/// The same zone, for as long as the book lives.
fn zone_in<'b>(ground: &Ground<'_, 'b>, zone: &Zone) -> &'b Zone {
    ground.book.zone_of(zone.apex.wire()).expect("a zone is in its book")
}

/// Up to eight that are well, any; if none is, up to eight of all.
fn several<'b>(
    ground: &Ground<'_, 'b>,
    zone: &'b Zone,
    set: &'b Set,
    owner: Option<&'b [u8]>,
    chance: &mut dyn FnMut() -> u64,
    out: &mut Answer<'b>,
    depth: u32,
) {
    let good = |entry: &Entry| well(ground, zone, set.kind, entry, 0);
    let any = set.entries.iter().any(good);
    let mut left = set.entries.iter().filter(|entry| !any || good(entry)).count();
    let mut wanted = left.min(MULTIVALUE);
    for entry in set.entries.iter().filter(|entry| !any || good(entry)) {
        // Each of those left has the same chance to be among those still wanted.
        if wanted > 0 && chance() % (left as u64) < wanted as u64 {
            put(ground, zone, set.kind, entry, owner, chance, out, depth);
            wanted -= 1;
        }
        left -= 1;
    }
}

fn one<'b>(
    ground: &Ground<'_, 'b>,
    zone: &'b Zone,
    set: &'b Set,
    chance: &mut dyn FnMut() -> u64,
    out: &mut Answer<'b>,
) -> Option<&'b Entry> {
    let good = |entry: &&'b Entry| well(ground, zone, set.kind, entry, 0);
    let entries = || set.entries.iter();
    match &set.entries.first()?.rule {
        Rule::Weighted(_) => {
            weighted(entries().filter(good), chance).or_else(|| weighted(entries(), chance))
        }
        Rule::Failover(_) => {
            let side = |first: bool| {
                entries().find(|e| matches!(e.rule, Rule::Failover(side) if side == first))
            };
            let (first, second) = (side(true), side(false));
            first.filter(good).or(second.filter(good)).or(first).or(second)
        }
        _ => {
            out.by_place = true;
            best(entries().filter(good), ground.asker).or_else(|| best(entries(), ground.asker))
        }
    }
}

/// In proportion to weights; those of 0 only if there are no others, then alike.
fn weighted<'b>(
    entries: impl Iterator<Item = &'b Entry> + Clone,
    chance: &mut dyn FnMut() -> u64,
) -> Option<&'b Entry> {
    let weight = |entry: &Entry| match entry.rule {
        Rule::Weighted(weight) => u64::from(weight),
        _ => 0,
    };
    let sum: u64 = entries.clone().map(weight).sum();
    let weight = |entry: &Entry| if sum == 0 { 1 } else { weight(entry) };
    let sum = if sum == 0 { entries.clone().count() as u64 } else { sum };
    let mut point = chance().checked_rem(sum)?;
    entries.into_iter().find(|entry| {
        let here = point < weight(entry);
        point = point.saturating_sub(weight(entry));
        here
    })
}

/// The one with the least distance, the first of equals; none: nobody is meant.
fn best<'b>(entries: impl Iterator<Item = &'b Entry>, asker: &Asker) -> Option<&'b Entry> {
    let mut best: Option<(f64, &Entry)> = None;
    for entry in entries {
        if let Some(far) = distance(&entry.rule, asker)
            && best.is_none_or(|(least, _)| far < least)
        {
            best = Some((far, entry));
        }
    }
    best.map(|(_, entry)| entry)
}

/// How far a record is from who asks, in its policy's own measure; none: it is not for them.
fn distance(rule: &Rule, asker: &Asker) -> Option<f64> {
    match rule {
        Rule::Latency(at) => {
            Some(at.and_then(|at| asker.milliseconds(at)).unwrap_or(f64::INFINITY))
        }
        Rule::Place { continent, country, subdivision } => {
            place(asker, continent, country, subdivision)
        }
        Rule::Nearest { latitude, longitude, bias } => {
            let far = asker.city.map_or(f64::MAX, |city| city.kilometres(*latitude, *longitude));
            let bias = f64::from(*bias) / 100.0;
            // Developer Guide, "Geoproximity routing", "How Route 53 uses bias".
            Some(if bias >= 0.0 { far * (1.0 - bias) } else { far / (1.0 + bias) })
        }
        Rule::Network(blocks) => {
            let holding = blocks.iter().filter(|block| block.contains(&asker.address));
            match holding.map(|block| block.prefix_len()).max() {
                Some(length) => Some(f64::from(32 - length)),
                None => blocks.is_empty().then_some(33.0),
            }
        }
        Rule::Simple | Rule::Weighted(_) | Rule::Failover(_) | Rule::Multivalue => Some(0.0),
    }
}

/// Subdivision before country before continent before everywhere.
fn place(asker: &Asker, continent: &str, country: &str, subdivision: &str) -> Option<f64> {
    let city = asker.city;
    let is = |code: &str, of: fn(&crate::places::City) -> &'static str| {
        city.is_some_and(|city| of(city) == code)
    };
    if country == "*" {
        return Some(3.0);
    }
    if !subdivision.is_empty() {
        return (is(country, |c| c.country) && is(subdivision, |c| c.subdivision)).then_some(0.0);
    }
    if !country.is_empty() {
        return is(country, |c| c.country).then_some(1.0);
    }
    is(continent, |c| c.continent).then_some(2.0)
}
