//! A random customer changes records, checks and zones, the control plane dies now and then, and
//! what must always hold holds.

use crate::truth::ordered;
use region::{DEFAULT_ACCOUNT, GLOBAL, Key, Scope};
use route53::model::{HostedZone, RecordSet, Routing, Target};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use stories::Bench;

const SEEDS: u64 = 4;
const STEPS: usize = 250;

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) as usize % sides
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.roll(all.len())]
    }
}

fn set(dice: &mut Dice, zone: &str) -> Json {
    let name = dice.of(&["", "a.", "b.", "*.", "c.a."]);
    let kind = dice.of(&["A", "A", "A", "CNAME", "TXT", "NS", "SOA"]);
    let mut set = json!({"Name": format!("{name}example.com"), "Type": kind});
    match dice.roll(5) {
        0 => set["Weight"] = json!(dice.roll(3)),
        1 => set["Failover"] = json!(dice.of(&["PRIMARY", "SECONDARY"])),
        2 => set["Region"] = json!(dice.of(&["eu-west-3", "us-east-1"])),
        _ => {}
    }
    if dice.roll(4) != 0 && set.as_object().unwrap().len() > 2 {
        set["SetIdentifier"] = json!(dice.of(&["x", "y", "z"]));
    }
    if dice.roll(5) == 0 {
        let target = dice.of(&["a.example.com", "b.example.com", "example.org"]);
        set["AliasTarget"] = json!({"HostedZoneId": zone, "DNSName": target,
            "EvaluateTargetHealth": dice.roll(2) == 0});
    } else {
        let value = dice.of(&["192.0.2.1", "192.0.2.2", "\"text\"", "ns.example.org"]);
        set["TTL"] = json!(60);
        set["ResourceRecords"] = json!([{"Value": value}]);
    }
    set
}

fn batch(dice: &mut Dice, zone: &str, present: &[Json]) -> Json {
    let mut changes = Vec::new();
    for _ in 0..=dice.roll(3) {
        let (action, set) = match dice.roll(4) {
            0 if !present.is_empty() => ("DELETE", present[dice.roll(present.len())].clone()),
            1 => ("UPSERT", set(dice, zone)),
            _ => ("CREATE", set(dice, zone)),
        };
        changes.push(json!({"Action": action, "ResourceRecordSet": set}));
    }
    json!({"HostedZoneId": zone, "ChangeBatch": {"Changes": changes}})
}

/// What must hold in a zone at any time.
fn laws(bench: &mut Bench, zone: &str) {
    let key = Key::new(&Scope::new(DEFAULT_ACCOUNT, GLOBAL), zone);
    let store = bench.region().store();
    let sets: Vec<RecordSet> = HostedZone::sets(store, &key).map(|set| (**set).clone()).collect();
    let mut kinds: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut policies: BTreeMap<(&str, &str), Vec<&RecordSet>> = BTreeMap::new();
    for set in &sets {
        kinds.entry(&set.name).or_default().insert(&set.kind);
        policies.entry((&set.name, &set.kind)).or_default().push(set);
        assert_eq!(store.get::<RecordSet>(&set.key(&key)).map(|found| &**found), Some(set));
    }
    let apex = &kinds["example.com."];
    assert!(apex.contains("NS") && apex.contains("SOA") && !apex.contains("CNAME"), "{apex:?}");
    for (name, kinds) in &kinds {
        assert!(!kinds.contains("CNAME") || kinds.len() == 1, "{name}: {kinds:?}");
    }
    for ((name, kind), all) in &policies {
        let simple = all.iter().any(|set| set.routing == Routing::Simple);
        assert!(!simple || all.len() == 1, "{name} {kind}: simple and others");
        for set in all {
            let word = std::mem::discriminant(&set.routing);
            let same = all.iter().all(|one| std::mem::discriminant(&one.routing) == word);
            assert!(same, "{name} {kind}: policies are mixed");
            let identified = set.identifier.is_some();
            assert_eq!(identified, set.routing != Routing::Simple, "{name} {kind}");
            if let Target::Alias { name: target, .. } = &set.target {
                let found = policies.contains_key(&(target.as_str(), *kind));
                assert!(found, "{name} {kind}: leads to {target}, which is not there");
            }
        }
    }
    let config = ordered(bench);
    let stated = config.zones.get(&world::Id::from(zone)).map_or(0, |zone| zone.records.len());
    assert_eq!(stated, sets.len(), "the name servers have every record");
}

#[test]
fn a_zone_is_always_one_that_route_53_would_keep() {
    let (mut done, mut refused) = (0, 0);
    for seed in 1..=SEEDS {
        let mut dice = Dice(seed);
        let mut bench = Bench::of(crate::rooms(), seed, sim::Settings::instant());
        let input = json!({"Name": "example.com", "CallerReference": "1"});
        let zone = bench.call("route53", "CreateHostedZone", &input).unwrap();
        let zone = zone["HostedZone"]["Id"].as_str().unwrap().rsplit('/').next().unwrap();
        let list = json!({"HostedZoneId": zone});
        for _ in 0..STEPS {
            let before = bench.call("route53", "ListResourceRecordSets", &list).unwrap();
            let present = before["ResourceRecordSets"].as_array().unwrap();
            let input = batch(&mut dice, zone, present);
            let answer = bench.call("route53", "ChangeResourceRecordSets", &input);
            let after = bench.call("route53", "ListResourceRecordSets", &list).unwrap();
            match answer {
                Ok(_) => done += 1,
                Err(_) => {
                    refused += 1;
                    assert_eq!(before, after, "{input} was refused and changed something");
                }
            }
            if dice.roll(40) == 0 {
                bench.crash();
                let again = bench.call("route53", "ListResourceRecordSets", &list).unwrap();
                assert_eq!(after, again, "a crash changes nothing");
            }
            bench.settle();
            laws(&mut bench, zone);
        }
        bench.inventory_agrees().unwrap();
    }
    assert!(done > 100 && refused > 100, "{done} done, {refused} refused");
}
