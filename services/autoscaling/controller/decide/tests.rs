//! The reference tables: whom a group terminates, where it launches, how it rebalances, and the
//! rule of ten percent. Written from the user guide's sentences, not from the code.

use super::*;

const NOW: Time = Time::from_millis(1_800_000_000_000);

/// `a1` is the instance 1 in zone a, and so on: name, minutes of age, and marks. Marks: `p`
/// protected, `s` sick, `g` gone, `n` pending, `x` extra, `w` warming; `c` and `o` with a number:
/// launched from a configuration of that age or another template's version; `v` with a number: the
/// current template's version; `k` with a number: the type's place in the priorities.
fn unit(text: &str) -> Unit {
    let mut words = text.split(' ');
    let id = words.next().unwrap();
    let minutes: u64 = words.next().unwrap().parse().unwrap();
    let mut unit = Unit {
        id: Id::from(id),
        zone: id[..1].to_owned(),
        weight: 1,
        ready: true,
        warming: false,
        extra: false,
        stale: false,
        sick: false,
        gone: false,
        protected: false,
        launched: NOW - world::Span::seconds(minutes * 60),
        priority: 0,
        age: Age::Current(1),
    };
    for mark in words {
        let number = mark[1..].parse::<u64>().unwrap_or(0);
        match &mark[..1] {
            "p" => unit.protected = true,
            "s" => unit.sick = true,
            "g" => (unit.sick, unit.gone) = (true, true),
            "n" => unit.ready = false,
            "x" => unit.extra = true,
            "w" => unit.warming = true,
            "t" => unit.stale = true,
            "c" => unit.age = Age::Configuration(Time::from_millis(number)),
            "o" => unit.age = Age::Other(number),
            "v" => unit.age = Age::Current(number),
            "k" => unit.priority = number as usize,
            "W" => unit.weight = number as u32,
            other => panic!("{other}"),
        }
    }
    unit
}

fn demand(desired: u32, max: u32, units: &str) -> Demand {
    Demand {
        desired,
        max,
        places: ["a", "b", "c"]
            .map(|name| Place { name: name.into(), open: true, weight: 1 })
            .to_vec(),
        units: units.split(',').map(str::trim).filter(|one| !one.is_empty()).map(unit).collect(),
        owed: 0,
        policies: Vec::new(),
        may: May { launch: true, terminate: true, replace: true, rebalance: true },
        maintenance: None,
        only_balanced: false,
        weight: 1,
        now: NOW,
    }
}

/// What is done, as words: `+a2 balance`, `-a1`, `!a1` (taken out).
fn words(moves: &[Move]) -> String {
    let one = |one: &Move| match one {
        Move::Launch { zone, count, why } => {
            format!("+{zone}{count} {}", format!("{why:?}").to_lowercase())
        }
        Move::TakeOut(id) => format!("!{id}"),
        Move::Shrink(id) => format!("-{id}"),
    };
    moves.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Policies, desired, instances, and who goes. Thirty scenarios.
const TERMINATIONS: &[(&str, u32, &str, &str)] = &[
    // The zone with the most comes before every policy.
    ("", 2, "a1 10, a2 20, b1 30", "-a2"),
    ("OldestInstance", 2, "a1 10, a2 20, b1 90", "-a2"),
    ("NewestInstance", 2, "a1 10, a2 20, b1 5", "-a1"),
    ("OldestInstance", 3, "a1 10, b1 20, b2 15, c1 90", "-b1"),
    // Equal zones: all of them are looked at.
    ("OldestInstance", 2, "a1 10, b1 20, c1 30", "-c1"),
    ("NewestInstance", 2, "a1 10, b1 20, c1 30", "-a1"),
    ("ClosestToNextInstanceHour", 2, "a1 10, b1 59, c1 61", "-b1"),
    ("ClosestToNextInstanceHour", 2, "a1 119, b1 58, c1 1", "-a1"),
    ("OldestLaunchTemplate", 2, "a1 10 v3, b1 20 v2, c1 30 v4", "-b1"),
    ("OldestLaunchTemplate", 2, "a1 10 v1, b1 20 o9, c1 30 v1", "-b1"),
    ("OldestLaunchConfiguration", 2, "a1 10 c5, b1 20 c3, c1 30 c4", "-b1"),
    // A policy about configurations says nothing of templates: the next one decides.
    ("OldestLaunchConfiguration OldestInstance", 2, "a1 10 v1, b1 20 v2, c1 30 v3", "-c1"),
    ("OldestLaunchConfiguration NewestInstance", 2, "a1 10 v1, b1 20 c2, c1 5 v3", "-b1"),
    ("AllocationStrategy", 2, "a1 10 k0, b1 20 k2, c1 30 k1", "-b1"),
    // The default: allocation strategy, then age of what it was launched from, then the hour.
    ("Default", 2, "a1 10 k0 v1, b1 20 k1 v2, c1 30 k0 v1", "-b1"),
    ("Default", 2, "a1 10 v2, b1 20 v1, c1 30 v2", "-b1"),
    ("Default", 2, "a1 10 v1, b1 20 o1, c1 30 v1", "-b1"),
    ("Default", 2, "a1 10 v1, b1 20 o1, c1 30 c1", "-c1"),
    ("Default", 2, "a1 10, b1 20, c1 59", "-c1"),
    ("Default", 1, "a1 10, b1 20, c1 59", "-c1, -b1"),
    // In order: a policy decides only among those that the one before left.
    ("OldestLaunchTemplate NewestInstance", 2, "a1 10 v1, b1 20 v1, c1 5 v2", "-a1"),
    ("OldestLaunchTemplate OldestInstance", 2, "a1 10 v1, b1 20 v1, c1 99 v2", "-b1"),
    // Where AWS lets chance decide, the name does.
    ("OldestInstance", 2, "a1 10, b1 10, c1 10", "-a1"),
    // Protection excludes; a zone of protected ones only is passed over.
    ("OldestInstance", 2, "a1 10, b1 20, c1 30 p", "-b1"),
    ("OldestInstance", 2, "a1 10 p, a2 20 p, b1 30", "-b1"),
    ("OldestInstance", 1, "a1 10 p, b1 20 p, c1 30 p", ""),
    ("OldestInstance", 1, "a1 10 p, b1 20 p, c1 30", "-c1"),
    // An instance in a zone that the group has left goes first.
    ("NewestInstance", 4, "a1 10, a2 20, b1 30, b2 5, d1 90", "-d1"),
    // The unhealthy and those that a refresh replaces go before others.
    ("NewestInstance", 2, "a1 10, b1 20 t, c1 30", "-b1"),
    // Pending ones count and can go.
    ("NewestInstance", 2, "a1 10, b1 20, c1 0 n", "-c1"),
    // Weights: never below what is desired.
    ("OldestInstance", 6, "a1 10 W2, b1 90 W4, c1 20 W2", "-c1"),
];

#[test]
fn thirty_terminations() {
    assert!(TERMINATIONS.len() >= 30);
    for (policies, desired, units, expected) in TERMINATIONS {
        let mut demand = demand(*desired, 9, units);
        demand.policies = policies.split_whitespace().map(str::to_owned).collect();
        demand.may.rebalance = false;
        assert_eq!(words(&decide(&demand)), *expected, "{policies} {desired} of {units}");
    }
}

#[test]
fn launches_go_where_the_fewest_are() {
    let table = [
        (3, "", "+a1 difference, +b1 difference, +c1 difference"),
        (7, "", "+a3 difference, +b2 difference, +c2 difference"),
        (3, "a1 5, a2 5", "+b1 difference"),
        (4, "a1 5, a2 5, c1 5", "+b1 difference"),
        (2, "a1 5 n", "+b1 difference"),
        (2, "a1 5, b1 5", ""),
        // One that is more than desired for a while does not count.
        (3, "a1 5, b1 5, c1 0 n x", "+a1 difference"),
    ];
    for (desired, units, expected) in table {
        assert_eq!(words(&decide(&demand(desired, 9, units))), expected, "{desired} of {units}");
    }
    // A closed zone gets none; `balanced-only` rather goes without.
    let mut closed = demand(6, 9, "");
    closed.places[1].open = false;
    assert_eq!(words(&decide(&closed)), "+a3 difference, +c3 difference");
    closed.only_balanced = true;
    assert_eq!(words(&decide(&closed)), "+a2 difference, +c2 difference");
    closed.places.iter_mut().for_each(|place| place.open = false);
    assert_eq!(words(&decide(&closed)), "");
    let mut weighted = demand(10, 20, "a1 5 W4");
    weighted.weight = 4;
    weighted.places.iter_mut().for_each(|place| place.weight = 4);
    assert_eq!(words(&decide(&weighted)), "+b1 difference, +c1 difference");
    // Where the heavy type is short, more of a lighter one come.
    weighted.places[1].weight = 1;
    assert_eq!(words(&decide(&weighted)), "+a1 difference, +b1 difference, +c1 difference");
}

#[test]
fn a_tenth_is_replaced_at_a_time() {
    let many = |count: usize, marks: &dyn Fn(usize) -> &'static str| {
        let one = |at: usize| format!("{}{at:02} 5{}", ["a", "b", "c"][at % 3], marks(at));
        (0..count).map(one).collect::<Vec<_>>().join(",")
    };
    // So many sick of so many desired, so many taken out at once.
    for (desired, sick, expected) in [
        (1, 1, 1),
        (3, 3, 1),
        (10, 5, 1),
        (19, 5, 1),
        (20, 5, 2),
        (30, 2, 2),
        (50, 20, 5),
        (100, 100, 10),
    ] {
        let units = many(desired, &|at| if at < sick { " s" } else { "" });
        let moves = decide(&demand(desired as u32, 200, &units));
        let out = moves.iter().filter(|one| matches!(one, Move::TakeOut(_))).count();
        assert_eq!(out, expected, "{sick} of {desired}");
        // As many come at once in their place.
        let come: u32 = moves
            .iter()
            .map(|one| match one {
                Move::Launch { count, why: Why::Unhealthy, .. } => *count,
                _ => 0,
            })
            .sum();
        assert_eq!(come as usize, expected);
    }
    // While some are on their way and it is ten percent below, the rest waits.
    let units = many(20, &|at| match at {
        0..2 => " n",
        2..5 => " s",
        _ => "",
    });
    assert_eq!(words(&decide(&demand(20, 20, &units))), "");
    // What was taken out just now and was not launched yet is on its way as well.
    let units = many(18, &|at| if at < 3 { " s" } else { "" });
    let moves = words(&decide(&demand(20, 20, &units)));
    assert!(!moves.contains('!') && moves.contains('+'), "{moves}");
    // And while they warm.
    let units = many(20, &|at| match at {
        0..2 => " w",
        2..5 => " s",
        _ => "",
    });
    assert_eq!(words(&decide(&demand(20, 20, &units))), "");
    // Those that hold no capacity wait for nothing.
    let units = many(9, &|at| if at % 3 == 1 { " g" } else { "" });
    let moves = decide(&demand(9, 9, &units));
    assert_eq!(words(&moves), "!b01, !b04, !b07, +b3 unhealthy");
}

#[test]
fn a_maintenance_policy_sets_the_bounds() {
    let with = |least, most, desired, units: &str| {
        let mut demand = demand(desired, 20, units);
        demand.maintenance = Some((least, most));
        words(&decide(&demand))
    };
    // Above a hundred: first the new one, then the old one.
    assert_eq!(with(100, 110, 3, "a1 5, b1 5 s, c1 5"), "+a1 before");
    assert_eq!(with(100, 200, 3, "a1 5 s, b1 5 s, c1 5 s"), "+a1 before, +b1 before, +c1 before");
    assert_eq!(with(100, 110, 3, "a1 5, b1 5 s, c1 5, a2 0 n x"), "");
    assert_eq!(with(100, 110, 3, "a1 5, b1 5 s, c1 5, a2 0"), "-b1");
    // At a hundred: as many as the minimum leaves, at least one.
    assert_eq!(
        with(50, 100, 4, "a1 5 s, b1 5 s, c1 5 s, a2 5"),
        "!a1, !b1, +a1 unhealthy, +b1 unhealthy"
    );
    assert_eq!(with(100, 100, 3, "a1 5 s, b1 5 s, c1 5"), "!a1, +a1 unhealthy");
}

#[test]
fn zones_are_made_equal_and_the_margin_is_a_tenth() {
    let table = [
        // Unequal by one is equal.
        (3, 3, "a1 5, a2 5, b1 5", "+c1 balance"),
        (4, 4, "a1 5, a2 5, b1 5, c1 5", ""),
        (4, 4, "a1 5, a2 5, b1 5, b2 5", "+c1 balance"),
        // At the maximum: one more, or a tenth of it.
        (6, 6, "a1 5, a2 5, a3 5, b1 5, b2 5, b3 5", "+c1 balance"),
        (6, 40, "a1 5, a2 5, a3 5, b1 5, b2 5, b3 5", "+c2 balance"),
        // The one that was launched for it serves: the fullest zone gives one.
        (6, 6, "a1 5, a2 5, a3 5, b1 5, b2 5, b3 5, c1 0", "-a1"),
        (6, 6, "a1 5, a2 5, a3 5, b1 5, b2 5, b3 5, c1 0 n x", ""),
        // Nothing while something is under way or sick.
        (4, 4, "a1 5, a2 5, b1 5 n, b2 5", ""),
        // A zone that the group has left.
        (3, 3, "a1 5, b1 5, d1 5", "+c1 balance"),
        // Who is protected cannot give way.
        (3, 3, "a1 5 p, a2 5 p, a3 5 p", ""),
    ];
    for (desired, max, units, expected) in table {
        assert_eq!(words(&decide(&demand(desired, max, units))), expected, "{max}: {units}");
    }
    let mut closed = demand(6, 6, "a1 5, a2 5, a3 5, c1 5, c2 5, c3 5");
    closed.places[1].open = false;
    assert_eq!(words(&decide(&closed)), "");
    // For no size is the margin more than a tenth, at least one.
    for max in 2..60u32 {
        let all: Vec<String> = (0..max).map(|at| format!("a{at:02} 5")).collect();
        let moves = decide(&demand(max, max, &all.join(",")));
        let come: u32 = moves
            .iter()
            .map(|one| match one {
                Move::Launch { count, .. } => *count,
                _ => 0,
            })
            .sum();
        assert!(come >= 1 && come <= (max / 10).max(1), "{come} of {max}");
    }
}

#[test]
fn what_is_suspended_does_not_happen() {
    let units = "a1 5 g, b1 5, c1 5";
    let with = |change: &dyn Fn(&mut May)| {
        let mut demand = demand(3, 3, units);
        change(&mut demand.may);
        words(&decide(&demand))
    };
    assert_eq!(with(&|_| {}), "!a1, +a1 unhealthy");
    assert_eq!(with(&|may| may.launch = false), "!a1");
    assert_eq!(with(&|may| may.terminate = false), "");
    assert_eq!(with(&|may| may.replace = false), "");
    let mut demand = demand(6, 6, "a1 5, a2 5, a3 5, b1 5, b2 5, b3 5");
    demand.may.rebalance = false;
    assert_eq!(words(&decide(&demand)), "");
    demand.desired = 3;
    demand.may.terminate = false;
    assert_eq!(words(&decide(&demand)), "");
}

/// Whatever happens to a group, it comes to rest with what is desired, and on the way never has
/// more than the margin above its maximum.
#[test]
fn it_always_comes_to_rest() {
    for seed in 0..300u64 {
        let mut dice = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut below = |limit: u64| {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            dice % limit
        };
        let max = below(30) as u32 + 1;
        let mut group = demand(below(u64::from(max) + 1) as u32, max, "");
        group.places[below(3) as usize].open = below(4) > 0;
        // Every other group counts in weights.
        let heaviest = if seed % 2 == 0 { 1 } else { below(5) as u32 + 1 };
        group.weight = heaviest;
        for place in &mut group.places {
            place.weight = below(u64::from(heaviest)) as u32 + 1;
        }
        for at in 0..below(u64::from(max) + 1) {
            let zone = ["a", "b", "c", "d"][below(4) as usize];
            let mark = ["", "", " s", " g"][below(4) as usize];
            let weight = below(u64::from(heaviest)) + 1;
            group.units.push(unit(&format!("{zone}{at:02} {}{mark} W{weight}", below(200))));
        }
        let mut rounds = 0;
        loop {
            let moves = decide(&group);
            if moves.is_empty() {
                break;
            }
            rounds += 1;
            assert!(rounds < 200, "seed {seed} never rests: {}", words(&moves));
            for one in moves {
                match one {
                    Move::Launch { zone, count, why } => {
                        for number in 0..count {
                            let place = group.places.iter().find(|place| place.name == zone);
                            let weight = place.unwrap().weight;
                            let mut new = unit(&format!("{zone}{rounds:03}{number} 0 W{weight}"));
                            new.extra = false;
                            if matches!(why, Why::Balance) && heaviest == 1 {
                                let total = group.units.len() as u32 + 1;
                                assert!(total <= group.max + tenth(group.max), "seed {seed}");
                            }
                            group.units.push(new);
                        }
                    }
                    Move::TakeOut(id) | Move::Shrink(id) => group.units.retain(|one| one.id != id),
                }
            }
        }
        let open = group.places.iter().any(|place| place.open);
        let total: u32 = group.units.iter().map(|unit| unit.weight).sum();
        // More than is desired only by less than any one counts.
        let light = group.units.iter().map(|unit| unit.weight).min().unwrap_or(1);
        let rests = (group.desired..group.desired + light).contains(&total);
        assert!(open && rests, "seed {seed}: {total} of {}", group.desired);
    }
}
