//! The loop over a simulated world, with a toy room: transactions, syncs, parking, plans, tokens.

mod toy;

use serde_json::json;
use toy::Toy;
use world::{Fault, Span, World};

#[test]
fn answers_leave_only_after_the_sync() {
    let mut toy = Toy::new(1);
    let ticket = toy.send("CreateQueue", &json!({"QueueName": "a"}));
    toy.region().world.inject(Fault::SlowDisk(Span::seconds(5)));
    let start = toy.now();
    toy.step_until(start + Span::seconds(4));
    assert_eq!(toy.taken(ticket), None, "acknowledged before it was durable");
    toy.step_until(start + Span::seconds(20));
    assert!(toy.taken(ticket).is_some_and(|answer| answer.is_ok()));
}

#[test]
fn what_was_not_acknowledged_may_be_lost_and_what_was_is_not() {
    for seed in 0..50 {
        let mut toy = Toy::new(seed);
        toy.ask("CreateQueue", &json!({"QueueName": "kept"})).unwrap();
        toy.send("CreateQueue", &json!({"QueueName": "perhaps"}));
        toy.crash();
        let names = toy.names();
        assert!(names.contains(&"kept".to_owned()), "seed {seed}: {names:?}");
    }
}

#[test]
fn what_a_crash_kept_from_being_planned_is_planned_after_it() {
    let mut halves = 0;
    for seed in 0..300 {
        let mut toy = Toy::new(seed);
        toy.send("CreateQueue", &json!({"QueueName": "noted-a"}));
        toy.region().step();
        toy.crash();
        let now = toy.now();
        halves += u32::from(!toy.names().is_empty());
        toy.step_until(now + Span::seconds(1));
        assert_eq!(toy.names(), toy.notes(), "seed {seed}");
    }
    assert!(halves > 0, "no crash kept anything");
}

#[test]
fn a_refusal_undoes_everything() {
    let mut toy = Toy::new(2);
    let refused = toy.ask("CreateQueue", &json!({"QueueName": "refuse-after-put"})).unwrap_err();
    assert_eq!(refused, "QueueNameExists");
    assert!(toy.names().is_empty());
    assert_eq!(toy.region().ordered().count(), 0);
}

#[test]
fn a_bug_ends_its_request_only() {
    let mut toy = Toy::new(3);
    let refused = toy.ask("CreateQueue", &json!({"QueueName": "panic"})).unwrap_err();
    assert_eq!(refused, "InternalFailure");
    toy.ask("CreateQueue", &json!({"QueueName": "after"})).unwrap();
    assert_eq!(toy.names(), ["after"]);
    let log: Vec<_> = toy.region().audit().fresh();
    assert!(log.iter().any(|(_, line)| line.starts_with("bug:")), "{log:?}");
}

#[test]
fn members_that_are_not_served_are_refused_by_name() {
    let mut toy = Toy::new(4);
    let input = json!({"QueueName": "a", "tags": {"k": "v"}});
    assert_eq!(toy.ask("CreateQueue", &input).unwrap_err(), "NotImplemented");
    assert!(toy.names().is_empty());
}

#[test]
fn a_record_owns_its_things_and_loses_them_with_itself() {
    let mut toy = Toy::new(5);
    toy.ask("CreateQueue", &json!({"QueueName": "a"})).unwrap();
    toy.rest();
    assert_eq!(toy.region().ordered().count(), 1);
    assert_eq!(toy.region().world.inventory().len(), 1);
    toy.ask("DeleteQueue", &json!({"QueueUrl": "a"})).unwrap();
    toy.rest();
    assert_eq!(toy.region().ordered().count(), 0);
    assert!(toy.region().world.inventory().is_empty());
}

#[test]
fn a_restart_adopts_and_removes_what_nobody_owns() {
    let mut toy = Toy::new(6);
    toy.ask("CreateQueue", &json!({"QueueName": "a"})).unwrap();
    toy.rest();
    let stray = world::Router { blocks: Vec::new(), internet: false };
    toy.region().world.ensure(&"stray".into(), &world::Thing::Router(stray));
    toy.crash();
    toy.rest();
    let found = toy.region().world.inventory();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].id.as_str(), "a");
}

#[test]
fn a_parked_call_wakes_when_its_plane_changes() {
    let mut toy = Toy::new(7);
    let waiting = toy.send("ReceiveMessage", &json!({"QueueUrl": "q", "WaitTimeSeconds": 20}));
    let start = toy.now();
    toy.step_until(start + Span::seconds(3));
    assert_eq!(toy.taken(waiting), None);
    toy.ask("SendMessage", &json!({"QueueUrl": "q", "MessageBody": "hello"})).unwrap();
    toy.rest();
    assert!(toy.taken(waiting).is_some_and(|answer| answer.is_ok()));
    assert!(toy.now().since(start) < Span::seconds(10));
}

#[test]
fn a_parked_call_gives_up_at_its_moment() {
    let mut toy = Toy::new(8);
    let waiting = toy.send("ReceiveMessage", &json!({"QueueUrl": "q", "WaitTimeSeconds": 5}));
    let start = toy.now();
    toy.step_until(start + Span::millis(4_900));
    assert_eq!(toy.taken(waiting), None);
    toy.step_until(start + Span::millis(5_100));
    assert!(toy.taken(waiting).is_some());
}

#[test]
fn a_plane_is_what_its_entries_made_it_also_after_a_crash() {
    let mut toy = Toy::new(9);
    for number in 0..20 {
        let body = format!("message {number}");
        toy.ask("SendMessage", &json!({"QueueUrl": "q", "MessageBody": body})).unwrap();
    }
    let before = toy.messages("q");
    assert_eq!(before.len(), 20);
    toy.crash();
    assert_eq!(toy.messages("q"), before);
}

#[test]
fn a_full_disk_refuses_and_can_be_healed() {
    let mut toy = Toy::new(10);
    toy.ask("CreateQueue", &json!({"QueueName": "before"})).unwrap();
    toy.region().fault(Fault::FullDisk, true);
    toy.send("CreateQueue", &json!({"QueueName": "lost"}));
    let now = toy.now();
    toy.step_until(now + Span::seconds(2));
    assert_eq!(toy.ask("CreateQueue", &json!({"QueueName": "no"})).unwrap_err(), "InternalFailure");
    toy.region().fault(Fault::FullDisk, false);
    toy.rest();
    toy.ask("CreateQueue", &json!({"QueueName": "after"})).unwrap();
    toy.crash();
    let names = toy.names();
    assert!(names.contains(&"before".to_owned()) && names.contains(&"after".to_owned()));
    assert!(!names.contains(&"no".to_owned()));
}

#[test]
fn dry_runs_and_tokens_are_the_regions_own() {
    let mut toy = Toy::new(11);
    let create = |dry: bool, token: &str, size: i64| {
        let zone = "z";
        json!({ "AvailabilityZone": zone, "Size": size, "ClientToken": token, "DryRun": dry })
    };
    let refused = toy.ask("CreateVolume", &create(true, "t", 1)).unwrap_err();
    assert_eq!(refused, "DryRunOperation");
    assert!(toy.names().is_empty());
    let first = toy.ask("CreateVolume", &create(false, "t", 1)).unwrap();
    let again = toy.ask("CreateVolume", &create(false, "t", 1)).unwrap();
    assert_eq!(first, again);
    toy.crash();
    assert_eq!(toy.ask("CreateVolume", &create(false, "t", 1)).unwrap(), first);
    assert_eq!(toy.names().len(), 1);
    let other = toy.ask("CreateVolume", &create(false, "t", 2)).unwrap_err();
    assert_eq!(other, "IdempotentParameterMismatch");
}

#[test]
fn what_a_plan_asks_is_done_and_heard_in_one_transaction() {
    let mut toy = Toy::new(20);
    toy.ask("CreateQueue", &json!({"QueueName": "asks-for-child"})).unwrap();
    assert_eq!(toy.names(), ["asks-for-child", "child"]);
    assert_eq!(toy.heard("asks-for-child").as_deref(), Some("child"));
    for seed in 0..50 {
        let mut toy = Toy::new(seed);
        toy.send("CreateQueue", &json!({"QueueName": "asks-for-child"}));
        toy.region().step();
        toy.crash();
        toy.rest();
        let (names, heard) = (toy.names().len(), toy.heard("asks-for-child"));
        assert!(names == 0 || (names == 2 && heard.is_some()), "seed {seed}: {names} {heard:?}");
    }
}

#[test]
fn a_refusal_of_what_a_plan_asks_is_heard_and_changes_nothing_else() {
    let mut toy = Toy::new(21);
    toy.ask("CreateQueue", &json!({"QueueName": "asks-for-refuse-after-put"})).unwrap();
    assert_eq!(toy.names(), ["asks-for-refuse-after-put"]);
    assert_eq!(toy.heard("asks-for-refuse-after-put").as_deref(), Some("QueueNameExists"));
}

#[test]
fn a_fault_is_there_as_long_as_a_plan_says_so() {
    let mut toy = Toy::new(22);
    let cut = Fault::Cut("a".into(), "b".into());
    let faulty = |toy: &mut Toy| toy.region().faults().contains(&cut);
    toy.ask("CreateQueue", &json!({"QueueName": "cuts"})).unwrap();
    assert!(faulty(&mut toy));
    toy.crash();
    toy.rest();
    assert!(faulty(&mut toy));
    toy.ask("DeleteQueue", &json!({"QueueUrl": "cuts"})).unwrap();
    assert!(!faulty(&mut toy));
    toy.crash();
    toy.rest();
    assert!(!faulty(&mut toy));
}
