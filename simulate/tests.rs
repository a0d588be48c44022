//! Drawings of a day that was made up.

use crate::day::Fleet;
use crate::{Day, Failure, Plan, Sale, Summary, play, svg, terminal};
use sim::Moment;
use world::{Span, Time};

fn made_up() -> Day {
    let plan = Plan { hours: 6.0, ..Plan::default() };
    let midnight = Time(0);
    let moment = |step: u64| {
        let bad = (1000..1010).contains(&step);
        let load = 100.0 + 50.0 * (step as f64 / 300.0).sin();
        Moment {
            at: Time(step * 10_000_000),
            span: Span::seconds(10),
            asked: load * 10.0,
            good: load * if bad { 7.0 } else { 10.0 },
            p50: 0.02,
            p99: if bad { 2.0 } else { 0.09 },
            capacity: load * 2.0,
            targets: 4,
            doors: 3,
        }
    };
    let moments: Vec<Moment> = (0..2160).map(moment).collect();
    let at = |minute: u64| Fleet { at: Time(minute * 60_000_000), running: 4 + minute as u32 / 90 };
    let fleet: Vec<Fleet> = (0..360).map(at).collect();
    let summary = Summary::of(&plan, midnight, &moments, &fleet);
    Day { plan, midnight, moments, fleet, cost: Some(12.5), summary }
}

#[test]
fn a_day_in_letters() {
    let text = terminal(&made_up(), 80);
    assert!(text.lines().all(|line| line.chars().count() <= 92), "{text}");
    for wanted in ["Load and capacity [requests/s]", "p99", "success", "longest burst", "12.50 USD"]
    {
        assert!(text.contains(wanted), "no {wanted}:\n{text}");
    }
    assert!(text.contains('█') && text.contains('•'), "{text}");
    let burst = text.lines().find(|line| line.starts_with("longest burst")).unwrap();
    assert!(burst.contains("100.00 s"), "{burst}");
}

#[test]
fn a_day_as_a_picture() {
    let picture = svg(&made_up());
    assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>\n"));
    assert_eq!(picture.matches("<polyline").count(), 7);
    assert!(!picture.contains("NaN") && !picture.contains("inf"), "numbers only");
    for tag in ["text", "style", "title"] {
        let (open, close) = (format!("<{tag}"), format!("</{tag}>"));
        assert_eq!(picture.matches(&open).count(), picture.matches(&close).count(), "{tag}");
    }
}

/// Three hours with a sale and a dark zone, from two in the afternoon's load on.
fn afternoon() -> Plan {
    let minutes = |minutes: u64| Span::seconds(minutes * 60);
    Plan {
        hours: 3.0,
        least: 200.0,
        peak: 200.0,
        sale: Some(Sale { at: minutes(30), rise: minutes(10), hold: minutes(20), factor: 4.0 }),
        failure: Some(Failure { zone: "b".to_owned(), at: minutes(150), hold: minutes(5) }),
        ..Plan::default()
    }
}

/// Stages 6 and 7: the group follows the load both ways, and a dark zone costs next to nothing.
#[test]
fn a_group_follows_the_load_and_a_zone_may_fail() {
    let day = play(&afternoon(), &rooms::all()).unwrap();
    let summary = &day.summary;
    let fleet = |minute: usize| day.fleet[minute].running;
    assert!((4..=5).contains(&fleet(10)), "200 a second, 100 each, at half: {}", fleet(10));
    assert!((14..=24).contains(&fleet(60)), "four times the load: {}", fleet(60));
    assert!(fleet(145) < 8, "the crowd is gone: {}", fleet(145));
    assert!(summary.success() > 99.0, "{summary}");
    assert!(summary.success_in_failure.unwrap() > 99.0, "{summary}");
    assert!(summary.longest_burst <= Span::seconds(5), "{summary}");
    assert!(fleet(162) >= fleet(145), "capacity is back in the other zones: {}", fleet(162));
}

#[test]
fn the_same_plan_is_the_same_day() {
    let plan = Plan { hours: 1.0, failure: None, ..afternoon() };
    let one = play(&plan, &rooms::all()).unwrap();
    assert_eq!(one, play(&plan, &rooms::all()).unwrap());
    let other = play(&Plan { seed: 2, ..plan }, &rooms::all()).unwrap();
    assert_ne!(one.moments, other.moments);
}

#[test]
fn what_cannot_be_played_is_said() {
    let refused = |plan: Plan| play(&plan, &rooms::all()).unwrap_err();
    assert!(refused(Plan { hours: 0.0, ..Plan::default() }).contains("744 hours"));
    let failure = Some(Failure { zone: "q".to_owned(), ..afternoon().failure.unwrap() });
    assert!(refused(Plan { failure, ..Plan::default() }).contains("no zone q"));
    let instance_type = "t9.nano".to_owned();
    let refusal = refused(Plan { instance_type, ..Plan::default() });
    assert!(refusal.contains("t9.nano"), "{refusal}");
}
