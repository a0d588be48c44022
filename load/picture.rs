//! The live picture in a terminal, and the summary that stays.

use crate::generator::Order;
use crate::tally::{Report, Tally};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

/// Columns of bars and curves.
const WIDTH: usize = 60;
/// So many who answered are drawn.
const MOST: usize = 12;

/// Draws over what it drew before.
#[derive(Debug, Default)]
pub struct Picture {
    lines: usize,
}

impl Picture {
    /// The escape sequences and text that bring the picture up to date.
    pub fn draw(&mut self, order: &Order, tally: &Tally, since: Duration) -> String {
        let mut text = String::new();
        if self.lines > 0 {
            let _ = write!(text, "\x1b[{}A\x1b[J", self.lines);
        }
        let body = frame(order, tally, since);
        self.lines = body.lines().count();
        text + &body
    }
}

fn frame(order: &Order, tally: &Tally, since: Duration) -> String {
    let report = tally.report();
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{}  {:>3}/{} s  {:.0} requests/s",
        order.target.host,
        since.as_secs().min(order.duration.as_secs()),
        order.duration.as_secs(),
        order.rate(since)
    );
    let _ = writeln!(text, "answers/s  {}", curve(tally.seconds(), |second| second.0));
    let _ = writeln!(text, "failures/s {}", curve(tally.seconds(), |second| second.1));
    text + &summary(order, &report)
}

/// A line of blocks, the newest on the right.
fn curve(seconds: &[(u64, u64)], pick: fn(&(u64, u64)) -> u64) -> String {
    const BLOCKS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let shown = &seconds[seconds.len().saturating_sub(WIDTH)..];
    let most = shown.iter().map(pick).max().unwrap_or(0);
    let block = |second: &(u64, u64)| match (pick(second), most) {
        (0, _) | (_, 0) => BLOCKS[0],
        (value, most) => BLOCKS[((value * 8).div_ceil(most)) as usize],
    };
    let blocks: String = shown.iter().map(block).collect();
    format!("{blocks}  most {most}")
}

/// A report for a person.
pub fn summary(order: &Order, report: &Report) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "success    {:.2} % of {} requests; longest burst of failures {:.1} s",
        report.success_percent, report.requests, report.longest_burst_s
    );
    let codes = report.codes.iter().map(|(code, count)| format!("{code}: {count}"));
    let _ = writeln!(text, "results    {}", codes.collect::<Vec<_>>().join(", "));
    let _ = writeln!(
        text,
        "latency    p50 {:.1} ms, p95 {:.1} ms, p99 {:.1} ms, most {:.1} ms",
        report.p50_ms, report.p95_ms, report.p99_ms, report.most_ms
    );
    for (header, counts) in order.who.iter().zip(&report.answered_by) {
        text += &bars(header, counts);
    }
    text
}

fn bars(header: &str, counts: &BTreeMap<String, u64>) -> String {
    if counts.keys().all(|value| value == "?") {
        return String::new();
    }
    let mut text = format!("by {header}\n");
    let most = counts.values().copied().max().unwrap_or(1).max(1);
    for (value, count) in counts.iter().take(MOST) {
        let bar = "▪".repeat((count * 30).div_ceil(most) as usize);
        let _ = writeln!(text, "  {value:<22} {count:>8}  {bar}");
    }
    if counts.len() > MOST {
        let _ = writeln!(text, "  and {} others", counts.len() - MOST);
    }
    text
}
