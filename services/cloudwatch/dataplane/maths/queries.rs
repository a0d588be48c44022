//! What a set of queries shows in a span of time.

use super::parse::{Expression, parse};
use super::value::Value;
use super::{Line, function, label, operator, search};
use crate::model::{Query, Source};
use region::Scope;
use region::meter::{Metrics, Statistic};
use std::collections::BTreeMap;
use world::{Span, Time};

/// In which span of time, over which metrics.
#[derive(Clone, Copy, Default)]
pub struct Frame<'a> {
    /// The account's metrics.
    pub metrics: Option<&'a Metrics>,
    /// Windows begin here and at each period's end.
    pub from: Time,
    /// No window begins here or later.
    pub to: Time,
    /// How many times shorter than said the periods are.
    pub pace: u32,
    /// The period of what has none of its own.
    pub finest: Span,
    /// Whose they are, for labels.
    pub scope: Option<&'a Scope>,
    /// How far the clock that labels speak of is ahead of UTC, minutes.
    pub ahead: i32,
}

/// What one query shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The query's.
    pub id: String,
    /// One series; of arrays any number.
    pub lines: Vec<Line>,
}

impl Frame<'_> {
    /// A period of so many seconds as long as it is here.
    pub fn period(&self, seconds: u32) -> Span {
        Span(u64::from(seconds) * 1_000_000 / u64::from(self.pace.max(1)))
    }
}

/// What the returned queries show, in their order. `Err`: AWS's ValidationError.
pub fn answers(frame: &Frame, queries: &[Query]) -> Result<Vec<Answer>, String> {
    let finest = queries.iter().filter_map(Query::period).min().unwrap_or(60);
    let frame = Frame { finest: frame.period(finest), ..*frame };
    let mut table = Table { frame, queries, known: BTreeMap::new(), open: Vec::new() };
    let mut answers = Vec::new();
    for query in queries.iter().filter(|query| query.is_returned()) {
        let value = table.value(query)?;
        let kind = value.kind();
        let array = matches!(value, Value::Array(_));
        let Some(lines) = value.lines() else {
            return Err(format!(
                "Error in expression '{}': it is {kind}, not a time series",
                query.id
            ));
        };
        // What one series made of others is called is the query's matter; of several, theirs.
        let named = lines.into_iter().map(|line| {
            let own = array && query.label.is_none();
            let label = if own { line.label } else { label::label(&frame, query, &line) };
            Line { label, ..line }
        });
        answers.push(Answer { id: query.id.clone(), lines: named.collect() });
    }
    Ok(answers)
}

/// Whether the queries can be understood: read, and without circles.
pub fn check(queries: &[Query]) -> Result<(), String> {
    answers(&Frame { pace: 1, ..Frame::default() }, queries).map(drop)
}

/// The values of queries, each worked out once.
struct Table<'a> {
    frame: Frame<'a>,
    queries: &'a [Query],
    known: BTreeMap<&'a str, Value>,
    open: Vec<&'a str>,
}

impl<'a> Table<'a> {
    fn value(&mut self, query: &'a Query) -> Result<Value, String> {
        if let Some(value) = self.known.get(query.id.as_str()) {
            return Ok(value.clone());
        }
        if self.open.contains(&query.id.as_str()) {
            return Err(format!("Error in expression '{}': it depends on itself", query.id));
        }
        self.open.push(&query.id);
        let value = match &query.source {
            Source::Stat { .. } => Value::Series(self.stat(query)),
            Source::Expression(text) => {
                let value = parse(text).and_then(|read| self.expression(&read));
                value.map_err(|why| match why.starts_with("Error in expression") {
                    true => why,
                    false => format!("Error in expression '{}': {why}", query.id),
                })?
            }
        };
        self.open.pop();
        self.known.insert(&query.id, value.clone());
        Ok(value)
    }

    /// The series of one statistic of one metric.
    fn stat(&self, query: &Query) -> Line {
        let empty =
            Line { label: String::new(), period: self.frame.finest, points: BTreeMap::new() };
        let Source::Stat { metric, statistic, period, unit } = &query.source else { return empty };
        let period = self.frame.period(*period);
        let Some(statistic) = Statistic::parse(statistic) else { return empty };
        let windows = self.frame.metrics.map(|metrics| {
            metrics.windows(metric, unit.as_deref(), self.frame.from, self.frame.to, period)
        });
        let windows = windows.unwrap_or_default().into_iter();
        let points = windows.filter_map(|(at, values)| Some((at, values.value(&statistic)?)));
        let line = Line { period, points: points.collect(), ..empty };
        Line { label: label::label(&self.frame, query, &line), ..line }
    }

    fn named(&mut self, name: &str) -> Result<Option<Value>, String> {
        let query = self.queries.iter().find(|query| query.id == name);
        query.map(|query| self.value(query)).transpose()
    }

    fn expression(&mut self, expression: &Expression) -> Result<Value, String> {
        Ok(match expression {
            Expression::Number(number) => Value::Scalar(*number),
            Expression::Text(text) => Value::Text(text.clone()),
            Expression::Name(name) => match self.named(name)? {
                Some(value) => value,
                // REPEAT, DESC: words that functions know.
                None if name.chars().all(|one| one.is_ascii_uppercase()) => {
                    Value::Text(name.clone())
                }
                None => return Err(format!("there is no query with the id {name}")),
            },
            Expression::Minus(of) => {
                let of = self.expression(of)?;
                of.each(|line| line.map(|value| -value), |value| -value)?
            }
            Expression::Two(operator, left, right) => {
                operator::apply(*operator, self.expression(left)?, self.expression(right)?)?
            }
            Expression::List(all) => {
                let mut lines = Vec::new();
                for one in all {
                    let value = self.expression(one)?;
                    let kind = value.kind();
                    lines.extend(value.lines().ok_or_else(|| format!("{kind} in an array"))?);
                }
                Value::Array(lines)
            }
            Expression::Call(name, of) => self.call(name, of)?,
        })
    }

    fn call(&mut self, name: &str, of: &[Expression]) -> Result<Value, String> {
        match (name, of) {
            ("METRICS", []) => self.metrics(""),
            ("METRICS", [Expression::Text(part)]) => self.metrics(part),
            ("SEARCH", [Expression::Text(text), Expression::Text(statistic)]) => {
                search::search(&self.frame, text, statistic, None).map(Value::Array)
            }
            ("SEARCH", [Expression::Text(text), Expression::Text(how), Expression::Number(of)]) => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "clamped"
                )]
                let seconds = of.clamp(1.0, 86_400.0) as u32;
                search::search(&self.frame, text, how, Some(seconds)).map(Value::Array)
            }
            ("METRICS" | "SEARCH", _) => Err(format!("{name} takes other arguments")),
            _ => {
                let of: Result<Vec<Value>, String> =
                    of.iter().map(|one| self.expression(one)).collect();
                function::call(&self.frame, name, of?)
            }
        }
    }

    /// All metrics of the request, or those whose ids hold a text; expressions not.
    fn metrics(&mut self, part: &str) -> Result<Value, String> {
        let queries = self.queries;
        let wanted = queries
            .iter()
            .filter(|query| matches!(query.source, Source::Stat { .. }) && query.id.contains(part));
        let mut lines = Vec::new();
        for query in wanted {
            lines.extend(self.value(query)?.lines().unwrap_or_default());
        }
        Ok(Value::Array(lines))
    }
}
