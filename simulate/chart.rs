//! What is drawn of a day, before it is known where: panels of curves, in equal columns of time.

use crate::Day;
use crate::summary::percent;
use sim::Moment;
use world::Span;

/// One curve: a value for each column, where there is one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Curve {
    pub(crate) name: &'static str,
    pub(crate) values: Vec<Option<f64>>,
}

/// How values stand over an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Scale {
    /// From nothing to the greatest.
    Zero,
    /// In powers of ten.
    Powers,
    /// Up to this, downwards as far as needed.
    Below(f64),
}

/// Curves over one axis.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Panel {
    pub(crate) title: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) scale: Scale,
    pub(crate) curves: Vec<Curve>,
}

/// Something that lasted for a while, to be shaded: from and to, as parts of the whole width.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shade {
    pub(crate) name: String,
    pub(crate) from: f64,
    pub(crate) to: f64,
}

/// One value out of the moments of a column.
type Of<'a> = &'a dyn Fn(&[(f64, Moment)]) -> f64;

/// The parts of a column's time that moments cover.
fn columns(day: &Day, count: usize) -> Vec<Vec<(f64, Moment)>> {
    let whole = length(day).0 as f64;
    let mut columns = vec![Vec::new(); count];
    for one in &day.moments {
        let from = one.at.since(day.midnight).0 as f64 / whole * count as f64;
        let to = (one.at + one.span).since(day.midnight).0 as f64 / whole * count as f64;
        let (first, last) = (from as usize, (to.ceil() as usize).min(count));
        for (column, moments) in columns.iter_mut().enumerate().take(last).skip(first) {
            let part = (to.min((column + 1) as f64) - from.max(column as f64)) / (to - from);
            if part > 0.0 {
                moments.push((part, *one));
            }
        }
    }
    columns
}

fn length(day: &Day) -> Span {
    Span((day.plan.hours * 3.6e9) as u64)
}

/// The panels of a day in so many columns.
pub(crate) fn panels(day: &Day, count: usize) -> Vec<Panel> {
    let columns = columns(day, count);
    let curve = |name, of: Of<'_>| {
        let value = |moments: &Vec<(f64, Moment)>| (!moments.is_empty()).then(|| of(moments));
        Curve { name, values: columns.iter().map(value).collect() }
    };
    let mean = |of: fn(&Moment) -> f64| {
        move |moments: &[(f64, Moment)]| {
            let weight = |part: &f64, one: &Moment| part * one.span.0 as f64;
            let all: f64 = moments.iter().map(|(part, one)| weight(part, one)).sum();
            let sum: f64 = moments.iter().map(|(part, one)| weight(part, one) * of(one)).sum();
            sum / all
        }
    };
    let worst = |of: fn(&Moment) -> f64| {
        move |moments: &[(f64, Moment)]| moments.iter().map(|(_, m)| of(m)).fold(0.0, f64::max)
    };
    let success = |moments: &[(f64, Moment)]| {
        let sum = |of: fn(&Moment) -> f64| moments.iter().map(|(part, m)| part * of(m)).sum();
        percent(sum(|m| m.good), sum(|m| m.asked))
    };
    let rate = |m: &Moment| m.asked / (m.span.0 as f64 / 1e6);
    let fleet = fleet(day, count);
    vec![
        Panel {
            title: "Load and capacity",
            unit: "requests/s",
            scale: Scale::Zero,
            curves: vec![curve("asked", &mean(rate)), curve("capacity", &mean(|m| m.capacity))],
        },
        Panel {
            title: "Latency",
            unit: "ms",
            scale: Scale::Powers,
            curves: vec![
                curve("p50", &mean(|m| m.p50 * 1e3)),
                curve("p99", &worst(|m| m.p99 * 1e3)),
            ],
        },
        Panel {
            title: "Success",
            unit: "%",
            scale: Scale::Below(100.0),
            curves: vec![curve("answered well and in time", &success)],
        },
        Panel {
            title: "Instances",
            unit: "",
            scale: Scale::Zero,
            curves: vec![
                Curve { name: "running", values: fleet },
                curve("serving", &mean(|m| f64::from(m.targets))),
            ],
        },
    ]
}

fn fleet(day: &Day, count: usize) -> Vec<Option<f64>> {
    let whole = length(day).0 as f64;
    let at = |column: usize| {
        let middle = ((column as f64 + 0.5) / count as f64 * whole) as u64;
        let after = day.fleet.partition_point(|one| one.at <= day.midnight + Span(middle));
        after.checked_sub(1).map(|index| f64::from(day.fleet[index].running))
    };
    (0..count).map(at).collect()
}

/// What happened when.
pub(crate) fn shades(day: &Day) -> Vec<Shade> {
    let whole = length(day).0 as f64;
    let part = |span: u64| (span as f64 / whole).min(1.0);
    let mut all = Vec::new();
    if let Some(failure) = &day.plan.failure {
        let (from, to) = (failure.at.0, failure.at.0 + failure.hold.0);
        let name = format!("zone {} dark", failure.zone);
        all.push(Shade { name, from: part(from), to: part(to) });
    }
    if let Some(sale) = &day.plan.sale {
        let (from, to) = (sale.at.0, sale.at.0 + 2 * sale.rise.0 + sale.hold.0);
        all.push(Shade { name: "flash sale".to_owned(), from: part(from), to: part(to) });
    }
    all.retain(|shade| shade.from < 1.0);
    all
}

/// The least and the greatest value that a panel shows, rounded to something that can be read.
pub(crate) fn bounds(panel: &Panel) -> (f64, f64) {
    let values = || panel.curves.iter().flat_map(|curve| curve.values.iter().flatten());
    let least = values().copied().fold(f64::INFINITY, f64::min);
    let most = values().copied().fold(0.0, f64::max);
    match panel.scale {
        Scale::Zero => (0.0, round_up(most.max(1.0))),
        Scale::Powers => {
            let low = 10f64.powf(least.clamp(0.1, 1e6).log10().floor());
            (low, 10f64.powf(most.max(low * 1.01).log10().ceil()))
        }
        Scale::Below(top) => {
            let depth = (top - least.min(top)).max(1.0);
            (top - round_up(depth).min(top), top)
        }
    }
}

/// 1, 2, 2.5 or 5 times a power of ten.
fn round_up(value: f64) -> f64 {
    let power = 10f64.powf(value.log10().floor());
    let steps = [1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    steps.iter().map(|step| step * power).find(|up| *up >= value * 0.999_999).unwrap_or(value)
}

/// Where a value stands, from 0 (bottom) to 1.
pub(crate) fn height(panel: &Panel, (low, high): (f64, f64), value: f64) -> f64 {
    let part = match panel.scale {
        Scale::Powers => (value.max(low) / low).log10() / (high / low).log10(),
        Scale::Zero | Scale::Below(_) => (value - low) / (high - low),
    };
    part.clamp(0.0, 1.0)
}

/// Values to write at the axis, ascending.
pub(crate) fn ticks(panel: &Panel, (low, high): (f64, f64)) -> Vec<f64> {
    match panel.scale {
        Scale::Powers => {
            let powers = (high / low).log10().round() as i32;
            (0..=powers).map(|power| low * 10f64.powi(power)).collect()
        }
        Scale::Zero | Scale::Below(_) => {
            (0..=4).map(|part| low + (high - low) * f64::from(part) / 4.0).collect()
        }
    }
}

/// A number as short as it can be read.
pub(crate) fn short(value: f64) -> String {
    if value >= 1e6 {
        return format!("{}M", short(value / 1e6));
    }
    if value >= 10_000.0 {
        return format!("{}k", short(value / 1000.0));
    }
    let text = if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") };
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

/// Full hours to write below, with their place as a part of the width.
pub(crate) fn hours(day: &Day) -> Vec<(u64, f64)> {
    let hours = day.plan.hours;
    let step =
        [1, 2, 3, 4, 6, 12, 24, 48, 96].into_iter().find(|step| hours / *step as f64 <= 12.0);
    let step = step.unwrap_or(168);
    (0..=hours as u64).step_by(step).map(|hour| (hour, hour as f64 / hours)).collect()
}
