//! Drawings of a day that was made up.

use crate::day::Fleet;
use crate::{Day, Plan, Summary, svg, terminal};
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
