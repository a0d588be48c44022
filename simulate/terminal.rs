//! The curves of a day in letters, for a terminal of any colour.

use crate::chart::{Panel, Shade, bounds, height, hours, panels, shades, short};
use crate::{Day, Summary};
use std::fmt::Write as _;

/// Rows of a panel.
const ROWS: usize = 8;

/// Left of a panel: values at the axis.
const MARGIN: usize = 8;

/// Eighths of a block.
const BLOCKS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Curves, and the figures below them, for a terminal of so many columns.
pub fn terminal(day: &Day, width: usize) -> String {
    let columns = width.saturating_sub(MARGIN + 1).clamp(24, 200);
    let mut out = String::new();
    for panel in panels(day, columns) {
        draw(&mut out, &panel);
        axis(&mut out, day, columns);
    }
    marks(&mut out, &shades(day), columns);
    let Day { summary, cost, .. } = day;
    out.push('\n');
    let _ = write!(out, "{}", Figures { summary, cost: *cost });
    out
}

struct Figures<'a> {
    summary: &'a Summary,
    cost: Option<f64>,
}

impl std::fmt::Display for Figures<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.summary)?;
        match self.cost {
            Some(cost) => writeln!(f, "cost             {cost:>11.2} USD   on demand"),
            None => Ok(()),
        }
    }
}

/// The first curve as a body, the others as points before it.
fn draw(out: &mut String, panel: &Panel) {
    let range = bounds(panel);
    let names: Vec<String> = panel
        .curves
        .iter()
        .enumerate()
        .map(|(number, curve)| format!("{} {}", if number == 0 { '█' } else { '•' }, curve.name))
        .collect();
    let unit = if panel.unit.is_empty() { String::new() } else { format!(" [{}]", panel.unit) };
    let _ = writeln!(out, "{}{unit}   {}", panel.title, names.join("   "));
    let columns = panel.curves.first().map_or(0, |curve| curve.values.len());
    let mut rows = vec![vec![' '; columns]; ROWS];
    for (number, curve) in panel.curves.iter().enumerate() {
        for (column, value) in curve.values.iter().enumerate() {
            let Some(value) = value else { continue };
            let eighths = (height(panel, range, *value) * (ROWS * 8) as f64).round() as usize;
            if number > 0 {
                let row = (eighths.max(1) - 1) / 8;
                rows[ROWS - 1 - row.min(ROWS - 1)][column] = '•';
                continue;
            }
            for (row, line) in rows.iter_mut().rev().enumerate() {
                line[column] = BLOCKS[eighths.saturating_sub(row * 8).min(8)];
            }
        }
    }
    for (row, line) in rows.iter().enumerate() {
        let label = match row {
            0 => short(range.1),
            row if row + 1 == ROWS => short(range.0),
            _ => String::new(),
        };
        let line: String = line.iter().collect();
        let _ = writeln!(out, "{label:>MARGIN$} │{}", line.trim_end());
    }
}

fn axis(out: &mut String, day: &Day, columns: usize) {
    let mut line = vec!['─'; columns];
    let mut text = vec![' '; columns + MARGIN];
    for (hour, place) in hours(day) {
        let column = (place * columns as f64).round() as usize;
        if column < columns {
            line[column] = '┴';
        }
        for (offset, letter) in format!("{hour}h").chars().enumerate() {
            if let Some(slot) = text.get_mut(column + offset) {
                *slot = letter;
            }
        }
    }
    let (line, text): (String, String) = (line.iter().collect(), text.iter().collect());
    let _ = writeln!(out, "{:>MARGIN$} └{line}", "");
    let _ = writeln!(out, "{:>MARGIN$}  {}", "", text.trim_end());
}

/// What happened when, under the curves.
fn marks(out: &mut String, shades: &[Shade], columns: usize) {
    for shade in shades {
        let from = (shade.from * columns as f64) as usize;
        let to = ((shade.to * columns as f64).ceil() as usize).max(from + 1);
        let bar = "▔".repeat(to - from);
        let _ = writeln!(out, "{:>MARGIN$}  {}{bar} {}", "", " ".repeat(from), shade.name);
    }
}
