//! SEARCH: series of all metrics that fit. docs: search-expression-syntax. Words and conditions
//! must all hold, unless OR stands between them.

use super::Line;
use super::queries::Frame;
use region::meter::{Metric, Statistic};
use std::collections::VecDeque;

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

/// `{AWS/EC2,InstanceId} MetricName="CPUUtilization" (web OR api) NOT test`
#[derive(Default)]
struct Terms {
    namespace: Option<String>,
    names: Option<Vec<String>>,
    wanted: Option<Wanted>,
}

/// What a metric must be.
enum Wanted {
    /// Some of its names hold this text; quoted: one is this text.
    Word(Text),
    /// `MetricName=…`, `Namespace=…`, or a dimension.
    Property(String, Text),
    Not(Box<Wanted>),
    All(Vec<Wanted>),
    Any(Vec<Wanted>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Text {
    text: String,
    quoted: bool,
}

impl Text {
    fn fits(&self, name: &str) -> bool {
        match self.quoted {
            true => self.text == name,
            false => name.to_lowercase().contains(&self.text.to_lowercase()),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Sign(char),
    Text(Text),
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
        let mut reader = Reader { tokens: tokens(rest)?, depth: 0 };
        if !reader.tokens.is_empty() {
            terms.wanted = Some(reader.any()?);
        }
        match reader.tokens.front() {
            None => Ok(terms),
            Some(_) => Err("SEARCH: a parenthesis too many".to_owned()),
        }
    }

    fn fit(&self, metric: &Metric) -> bool {
        let names = || metric.dimensions.keys();
        self.namespace.as_ref().is_none_or(|one| *one == metric.namespace)
            && self.names.as_ref().is_none_or(|wanted| {
                wanted.len() == metric.dimensions.len() && names().all(|name| wanted.contains(name))
            })
            && self.wanted.as_ref().is_none_or(|wanted| wanted.fits(metric))
    }
}

impl Wanted {
    fn fits(&self, metric: &Metric) -> bool {
        match self {
            Wanted::Word(text) => [&metric.namespace, &metric.name]
                .into_iter()
                .chain(metric.dimensions.keys())
                .chain(metric.dimensions.values())
                .any(|name| text.fits(name)),
            Wanted::Property(name, text) => match name.as_str() {
                "Namespace" => text.fits(&metric.namespace),
                "MetricName" => text.fits(&metric.name),
                name => metric.dimensions.get(name).is_some_and(|value| text.fits(value)),
            },
            Wanted::Not(one) => !one.fits(metric),
            Wanted::All(all) => all.iter().all(|one| one.fits(metric)),
            Wanted::Any(all) => all.iter().any(|one| one.fits(metric)),
        }
    }
}

/// Parentheses may be nested this deep.
const DEEPEST: usize = 50;

struct Reader {
    tokens: VecDeque<Token>,
    depth: usize,
}

impl Reader {
    fn word(&self, wanted: &str) -> bool {
        matches!(self.tokens.front(), Some(Token::Text(one)) if !one.quoted && one.text == wanted)
    }

    fn sign(&mut self, wanted: char) -> bool {
        let found = self.tokens.front() == Some(&Token::Sign(wanted));
        found && self.tokens.pop_front().is_some()
    }

    fn any(&mut self) -> Result<Wanted, String> {
        let mut all = vec![self.all()?];
        while self.word("OR") {
            self.tokens.pop_front();
            all.push(self.all()?);
        }
        Ok(Wanted::Any(all))
    }

    fn all(&mut self) -> Result<Wanted, String> {
        let mut all = vec![self.one()?];
        loop {
            if self.word("AND") {
                self.tokens.pop_front();
            } else if self.word("OR")
                || matches!(self.tokens.front(), None | Some(Token::Sign(')')))
            {
                return Ok(Wanted::All(all));
            }
            all.push(self.one()?);
        }
    }

    fn one(&mut self) -> Result<Wanted, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("SEARCH: it is nested too deep".to_owned());
        }
        let one = self.plain(None);
        self.depth -= 1;
        one
    }

    /// One term; `of` is the property that a list in parentheses is about.
    fn plain(&mut self, of: Option<&str>) -> Result<Wanted, String> {
        if self.word("NOT") {
            self.tokens.pop_front();
            return Ok(Wanted::Not(Box::new(self.one()?)));
        }
        if self.sign('(') {
            let inner = match of {
                None => self.any()?,
                Some(name) => self.values(name)?,
            };
            return if self.sign(')') { Ok(inner) } else { Err(unclosed()) };
        }
        match (self.tokens.pop_front(), of) {
            (Some(Token::Text(text)), Some(name)) => Ok(Wanted::Property(name.to_owned(), text)),
            (Some(Token::Text(text)), None) if self.sign('=') => self.plain(Some(&text.text)),
            (Some(Token::Text(text)), None) => Ok(Wanted::Word(text)),
            (Some(Token::Sign(sign)), _) => Err(format!("SEARCH: unexpected {sign}")),
            (None, _) => Err("SEARCH: it ends too early".to_owned()),
        }
    }

    /// `("a" OR "b")` after a property.
    fn values(&mut self, name: &str) -> Result<Wanted, String> {
        let mut all = vec![self.plain(Some(name))?];
        while self.word("OR") {
            self.tokens.pop_front();
            all.push(self.plain(Some(name))?);
        }
        Ok(Wanted::Any(all))
    }
}

fn unclosed() -> String {
    "SEARCH: a parenthesis is not closed".to_owned()
}

/// Words, quoted texts, and signs.
fn tokens(text: &str) -> Result<VecDeque<Token>, String> {
    let mut tokens = VecDeque::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        rest = match first {
            '(' | ')' | '=' => {
                tokens.push_back(Token::Sign(first));
                &rest[1..]
            }
            '"' => {
                let (quoted, after) =
                    rest[1..].split_once('"').ok_or("SEARCH: a quote is not closed")?;
                tokens.push_back(Token::Text(Text { text: quoted.to_owned(), quoted: true }));
                after
            }
            _ => {
                let ends = |one: char| one.is_whitespace() || "()=\"".contains(one);
                let (word, after) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
                tokens.push_back(Token::Text(Text { text: word.to_owned(), quoted: false }));
                after
            }
        }
        .trim_start();
    }
    Ok(tokens)
}
