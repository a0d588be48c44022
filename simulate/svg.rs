//! The curves of a day as one picture (SVG 1.1), in colours that fit a light and a dark page.

use crate::Day;
use crate::chart::{Curve, Panel, bounds, height, hours, panels, shades, short, ticks};
use std::fmt::Write as _;

const WIDTH: f64 = 960.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 92.0;
const PANEL: f64 = 150.0;
const GAP: f64 = 52.0;
const BOTTOM: f64 = 84.0;

/// One for every two minutes of a day.
const COLUMNS: usize = 720;

const STYLE: &str = "\
svg { background: #ffffff; color: #24292f; font: 12px system-ui, sans-serif }
text { fill: currentColor } .title { font-size: 17px; font-weight: 600 }
.panel { font-weight: 600 } .small { font-size: 11px; opacity: .75 }
.grid { stroke: currentColor; stroke-opacity: .13 }
.axis { stroke: currentColor; stroke-opacity: .5 }
.curve { fill: none; stroke-width: 1.6; stroke-linejoin: round }
.c0 { stroke: #0969da } .c1 { stroke: #bf5700 } .k0 { fill: #0969da } .k1 { fill: #bf5700 }
.body { fill: #0969da; fill-opacity: .12; stroke: none }
.s0 { fill: #cf222e; fill-opacity: .13 } .s1 { fill: #8250df; fill-opacity: .12 }
@media (prefers-color-scheme: dark) {
svg { background: #0d1117; color: #e6edf3 } .c0 { stroke: #58a6ff } .c1 { stroke: #f0883e }
.k0 { fill: #58a6ff } .k1 { fill: #f0883e } .body { fill: #58a6ff }
.s0 { fill: #ff7b72; fill-opacity: .2 } .s1 { fill: #bc8cff; fill-opacity: .2 } }";

/// The picture.
pub fn svg(day: &Day) -> String {
    let panels = panels(day, COLUMNS);
    let bottom = TOP + panels.len() as f64 * (PANEL + GAP) - GAP;
    let full = bottom + BOTTOM;
    let mut out = String::new();
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {full}\" role=\"img\" \
         width=\"{WIDTH}\" height=\"{full}\">\n<title>{}</title>\n<style>{STYLE}</style>\n",
        heading(day)
    );
    write(&mut out, "title", (LEFT, 28.0), "start", &heading(day));
    shade(&mut out, day, bottom);
    for (number, panel) in panels.iter().enumerate() {
        let top = TOP + number as f64 * (PANEL + GAP);
        draw(&mut out, day, panel, top);
    }
    figures(&mut out, day, bottom + 44.0);
    out.push_str("</svg>\n");
    out
}

fn heading(day: &Day) -> String {
    let (hours, region) = (short(day.plan.hours), &day.plan.region);
    format!("WhatIsTheTime.com, {hours} hours in {region}, simulated by Maquette")
}

fn write(out: &mut String, class: &str, (x, y): (f64, f64), anchor: &str, text: &str) {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    let _ = writeln!(
        out,
        "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>"
    );
}

fn line(out: &mut String, class: &str, from: (f64, f64), to: (f64, f64)) {
    let ((x1, y1), (x2, y2)) = (from, to);
    let _ = writeln!(
        out,
        "<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>"
    );
}

fn across(part: f64) -> f64 {
    LEFT + part * (WIDTH - LEFT - RIGHT)
}

fn shade(out: &mut String, day: &Day, bottom: f64) {
    for (number, shade) in shades(day).iter().enumerate() {
        let (from, to) = (across(shade.from), across(shade.to));
        let (width, height) = ((to - from).max(2.0), bottom - TOP);
        let _ = writeln!(
            out,
            "<rect class=\"s{}\" x=\"{from:.1}\" y=\"{TOP}\" width=\"{width:.1}\" \
             height=\"{height:.1}\"/>",
            number % 2
        );
        write(out, "small", (from, TOP - 42.0 + 12.0 * (number % 2) as f64), "start", &shade.name);
    }
}

fn draw(out: &mut String, day: &Day, panel: &Panel, top: f64) {
    let range = bounds(panel);
    let bottom = top + PANEL;
    let y = |value: f64| bottom - height(panel, range, value) * PANEL;
    for tick in ticks(panel, range) {
        line(out, "grid", (LEFT, y(tick)), (WIDTH - RIGHT, y(tick)));
        write(out, "small", (LEFT - 8.0, y(tick) + 4.0), "end", &short(tick));
    }
    for (hour, place) in hours(day) {
        line(out, "grid", (across(place), top), (across(place), bottom));
        write(out, "small", (across(place), bottom + 15.0), "middle", &format!("{hour}h"));
    }
    line(out, "axis", (LEFT, bottom), (WIDTH - RIGHT, bottom));
    let unit = if panel.unit.is_empty() { String::new() } else { format!(", {}", panel.unit) };
    write(out, "panel", (LEFT, top - 8.0), "start", &format!("{}{unit}", panel.title));
    let mut right = WIDTH - RIGHT;
    for (number, curve) in panel.curves.iter().enumerate().rev() {
        // About six and a half points a letter, and the key before it.
        write(out, "small", (right, top - 8.0), "end", curve.name);
        right -= curve.name.len() as f64 * 6.2 + 16.0;
        let _ = writeln!(
            out,
            "<rect class=\"k{number}\" x=\"{right:.1}\" y=\"{:.1}\" width=\"10\" height=\"3\"/>",
            top - 13.0
        );
        right -= 12.0;
    }
    for (number, curve) in panel.curves.iter().enumerate() {
        if number == 0 {
            area(out, curve, &y, bottom);
        }
        let points: Vec<String> =
            points(curve).map(|(x, value)| format!("{x:.1},{:.1}", y(value))).collect();
        let _ =
            writeln!(out, "<polyline class=\"curve c{number}\" points=\"{}\"/>", points.join(" "));
    }
}

fn points(curve: &Curve) -> impl Iterator<Item = (f64, f64)> {
    let count = curve.values.len().max(1) as f64;
    let place = move |(at, value): (usize, &Option<f64>)| {
        Some((across((at as f64 + 0.5) / count), (*value)?))
    };
    curve.values.iter().enumerate().filter_map(place)
}

fn area(out: &mut String, curve: &Curve, y: &dyn Fn(f64) -> f64, bottom: f64) {
    let all: Vec<(f64, f64)> = points(curve).collect();
    let (Some(first), Some(last)) = (all.first(), all.last()) else { return };
    let mut path = format!("M{:.1} {bottom:.1}", first.0);
    for (x, value) in &all {
        let _ = write!(path, "L{x:.1} {:.1}", y(*value));
    }
    let _ = writeln!(out, "<path class=\"body\" d=\"{path}L{:.1} {bottom:.1}Z\"/>", last.0);
}

fn figures(out: &mut String, day: &Day, top: f64) {
    let summary = &day.summary;
    let burst = summary.longest_burst.0 as f64 / 1e6;
    let mut first = format!(
        "{} requests, {:.4} % answered well and in time; longest burst of errors {burst:.1} s",
        short(summary.asked),
        summary.success(),
    );
    if let Some(success) = summary.success_in_failure {
        let _ = write!(first, "; {success:.2} % while a zone was dark");
    }
    let mut second = format!(
        "{} to {} instances, {:.1} instance hours",
        summary.fewest_instances, summary.most_instances, summary.instance_hours
    );
    if let Some(cost) = day.cost {
        let _ = write!(second, ", {cost:.2} USD on demand");
    }
    write(out, "", (LEFT, top), "start", &first);
    write(out, "", (LEFT, top + 18.0), "start", &second);
}
