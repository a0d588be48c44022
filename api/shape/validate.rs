//! The model's constraints on an input: required members, lengths, ranges, enum values.
//! Patterns are kept as text in the schema and not checked here.

use crate::{Kind, Record, Shape, Structure, Value};

/// What to check beside presence.
#[derive(Debug, Clone, Copy)]
pub struct Checks {
    /// Refuse text that an enum does not list.
    pub enums: bool,
    /// Check lengths of texts, blobs, lists and maps, and ranges of numbers.
    pub limits: bool,
}

/// One thing wrong with an input.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// As AWS prints it: `tags.1.member.key` (positions count from 1).
    pub path: String,
    /// AWS's name of the innermost member.
    pub member: &'static str,
    /// What is wrong.
    pub kind: FaultKind,
    /// The value, where it is short enough to say.
    pub value: String,
}

/// Kinds of faults.
#[derive(Debug, Clone, PartialEq)]
pub enum FaultKind {
    /// A required member is absent.
    Missing,
    /// Shorter than the least length.
    TooShort {
        /// Least length.
        min: i64,
    },
    /// Longer than the greatest length.
    TooLong {
        /// Greatest length.
        max: i64,
    },
    /// Not between the least and the greatest value.
    OutOfRange {
        /// Least value.
        min: Option<f64>,
        /// Greatest value.
        max: Option<f64>,
    },
    /// Not one of the enum's values.
    NotInEnum {
        /// The values.
        values: &'static [&'static str],
    },
}

/// Checks all but enum values. Every fault, in the order of the schema.
pub fn validate(record: &Record) -> Result<(), Vec<Fault>> {
    validate_with(record, Checks { enums: false, limits: true })
}

/// Checks what `checks` says. Every fault, in the order of the schema.
pub fn validate_with(record: &Record, checks: Checks) -> Result<(), Vec<Fault>> {
    let mut walk = Walk { checks, path: Vec::new(), faults: Vec::new() };
    walk.record(record, record.schema);
    if walk.faults.is_empty() { Ok(()) } else { Err(walk.faults) }
}

struct Walk {
    checks: Checks,
    path: Vec<Step>,
    faults: Vec<Fault>,
}

enum Step {
    Member(&'static str),
    At(usize),
    Key(String),
}

// === impl Walk ===

impl Walk {
    fn record(&mut self, record: &Record, schema: &'static Structure) {
        for (member, value) in schema.members().iter().zip(&record.members) {
            self.path.push(Step::Member(member.name));
            match value {
                None if member.required => self.fault(FaultKind::Missing, String::new()),
                None => {}
                Some(value) => self.value(value, member.shape),
            }
            self.path.pop();
        }
    }

    fn value(&mut self, value: &Value, shape: &'static Shape) {
        match (value, &shape.kind) {
            (Value::Text(text), _) => {
                self.length(text.chars().count(), shape, || text.clone());
                let listed = shape.values.is_empty() || shape.values.contains(&text.as_str());
                if self.checks.enums && !listed {
                    self.fault(FaultKind::NotInEnum { values: shape.values }, text.clone());
                }
            }
            (Value::Blob(bytes), _) => self.length(bytes.len(), shape, || "<blob>".to_owned()),
            (Value::Int(int), _) => self.range(*int as f64, shape, || int.to_string()),
            (Value::Float(float), _) => self.range(*float, shape, || float.to_string()),
            (Value::List(items), Kind::List(item)) => {
                self.length(items.len(), shape, || "<list>".to_owned());
                for (at, one) in items.iter().enumerate() {
                    self.path.push(Step::At(at + 1));
                    self.value(one, item.shape);
                    self.path.pop();
                }
            }
            (Value::Map(map), Kind::Map(_, item)) => {
                self.length(map.len(), shape, || "<map>".to_owned());
                for (key, one) in map {
                    self.path.push(Step::Key(key.clone()));
                    self.value(one, item.shape);
                    self.path.pop();
                }
            }
            (Value::Struct(record), Kind::Structure(schema)) => self.record(record, schema),
            _ => {}
        }
    }

    fn length(&mut self, length: usize, shape: &Shape, value: impl Fn() -> String) {
        if !self.checks.limits {
            return;
        }
        let length = length as f64;
        if let Some(min) = shape.min.filter(|min| length < *min) {
            self.fault(FaultKind::TooShort { min: min as i64 }, value());
        }
        if let Some(max) = shape.max.filter(|max| length > *max) {
            self.fault(FaultKind::TooLong { max: max as i64 }, value());
        }
    }

    fn range(&mut self, number: f64, shape: &Shape, value: impl Fn() -> String) {
        let (min, max) = (shape.min, shape.max);
        let low = min.is_some_and(|min| number < min);
        let high = max.is_some_and(|max| number > max);
        if self.checks.limits && (low || high) {
            self.fault(FaultKind::OutOfRange { min, max }, value());
        }
    }

    fn fault(&mut self, kind: FaultKind, value: String) {
        let mut path = String::new();
        let mut member = "";
        for step in &self.path {
            match step {
                Step::Member(name) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(&lower_first(name));
                    member = name;
                }
                Step::At(at) => path.push_str(&format!(".{at}.member")),
                Step::Key(key) => path.push_str(&format!(".{key}.member")),
            }
        }
        self.faults.push(Fault { path, member, kind, value });
    }
}

/// AWS prints members in lower camel case in these messages, whatever the model says.
fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}

// === impl Fault ===

impl std::fmt::Display for Fault {
    /// AWS's sentence: `Value '' at 'queueName' failed to satisfy constraint: Member must ...`.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.kind {
            FaultKind::Missing => write!(out, "Value null")?,
            _ => write!(out, "Value '{}'", self.value)?,
        }
        write!(out, " at '{}' failed to satisfy constraint: Member must ", self.path)?;
        match &self.kind {
            FaultKind::Missing => write!(out, "not be null"),
            FaultKind::TooShort { min } => {
                write!(out, "have length greater than or equal to {min}")
            }
            FaultKind::TooLong { max } => write!(out, "have length less than or equal to {max}"),
            FaultKind::OutOfRange { min: Some(min), .. }
                if self.value.parse::<f64>().is_ok_and(|it| it < *min) =>
            {
                write!(out, "have value greater than or equal to {min}")
            }
            FaultKind::OutOfRange { max, .. } => {
                write!(out, "have value less than or equal to {}", max.unwrap_or_default())
            }
            FaultKind::NotInEnum { values } => {
                write!(out, "satisfy enum value set: [{}]", values.join(", "))
            }
        }
    }
}
