//! SEARCH: series of all metrics that fit. docs: search-expression-syntax. Words and conditions
//! must all hold; AND stands for itself, OR, NOT and parentheses are refused.

use super::Line;
use super::queries::Frame;
use region::meter::{Metric, Statistic};

/// A search finds this many series at most. docs: search-expression-syntax, limits
const FOUND: usize = 500;

/// The series of a statistic of every metric that a search finds.
pub(super) fn search(
    frame: &Frame,
    text: &str,
    statistic: &str,
    period: Option<u32>,
) -> Result<Vec<Line>, String> {
    let terms = Terms::read(text)?;
    let statistic = Statistic::parse(statistic).ok_or("SEARCH: an unknown statistic")?;
    let period = period.map_or(frame.finest, |seconds| frame.period(seconds));
    let Some(metrics) = frame.metrics else { return Ok(Vec::new()) };
    let mut found: Vec<&Metric> =
        metrics.list(None, None).map(|(metric, _)| metric).filter(|one| terms.fit(one)).collect();
    found.dedup();
    let line = |metric: &&Metric| {
        let windows = metrics.windows(metric, None, frame.from, frame.to, period);
        let points = windows.into_iter().filter_map(|(at, all)| Some((at, all.value(&statistic)?)));
        let mut label = metric.name.clone();
        for value in metric.dimensions.values() {
            label = format!("{value} {label}");
        }
        Line { label, period, points: points.collect() }
    };
    Ok(found.iter().take(FOUND).map(line).collect())
}

/// `{AWS/EC2,InstanceId} MetricName="CPUUtilization" web`
#[derive(Default)]
struct Terms {
    namespace: Option<String>,
    names: Option<Vec<String>>,
    conditions: Vec<(String, String)>,
    words: Vec<String>,
}

impl Terms {
    fn read(text: &str) -> Result<Terms, String> {
        let mut terms = Terms::default();
        let mut rest = text.trim();
        if let Some(schema) = rest.strip_prefix('{') {
            let (schema, after) = schema.split_once('}').ok_or("SEARCH: a } is missing")?;
            let mut parts = schema.split(',').map(|part| part.trim().trim_matches('"').to_owned());
            terms.namespace = parts.next();
            terms.names = Some(parts.collect());
            rest = after;
        }
        for word in words(rest)? {
            match word.split_once('=') {
                Some((name, value)) => {
                    let plain = |text: &str| text.trim_matches('"').to_owned();
                    terms.conditions.push((plain(name), plain(value)));
                }
                None if word == "AND" => {}
                None if matches!(word.as_str(), "OR" | "NOT") || word.contains(['(', ')']) => {
                    return Err(format!("SEARCH: {word} is not served by Maquette"));
                }
                None => terms.words.push(word.trim_matches('"').to_lowercase()),
            }
        }
        Ok(terms)
    }

    fn fit(&self, metric: &Metric) -> bool {
        let names = || metric.dimensions.keys();
        let condition = |(name, value): &(String, String)| match name.as_str() {
            "Namespace" => metric.namespace == *value,
            "MetricName" => metric.name == *value,
            name => metric.dimensions.get(name) == Some(value),
        };
        let all = || {
            let own = [&metric.namespace, &metric.name];
            own.into_iter().chain(names()).chain(metric.dimensions.values())
        };
        let word = |word: &String| all().any(|text| text.to_lowercase().contains(word.as_str()));
        self.namespace.as_ref().is_none_or(|one| *one == metric.namespace)
            && self.names.as_ref().is_none_or(|wanted| {
                wanted.len() == metric.dimensions.len() && names().all(|name| wanted.contains(name))
            })
            && self.conditions.iter().all(condition)
            && self.words.iter().all(word)
    }
}

/// Words apart, quoted ones whole.
fn words(text: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quoted = false;
    for one in text.chars() {
        match one {
            '"' => {
                quoted = !quoted;
                word.push(one);
            }
            _ if one.is_whitespace() && !quoted => {
                words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty()));
            }
            _ => word.push(one),
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    if quoted { Err("SEARCH: a quote is not closed".to_owned()) } else { Ok(words) }
}
