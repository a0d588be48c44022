//! Composite alarms: a rule over the states of other alarms. docs: API_PutCompositeAlarm

use super::State;
use region::Arn;
use serde::{Deserialize, Serialize};

/// A rule and what holds its actions back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CompositeRule {
    /// AlarmRule, as it was put.
    pub text: String,
    /// The same, read.
    pub rule: AlarmRule,
    /// What holds its actions back.
    #[serde(default)]
    pub suppressor: Option<Suppressor>,
}

/// An alarm that holds a composite alarm's actions back while it is in ALARM.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suppressor {
    /// ActionsSuppressor, as it was put: a name or an ARN.
    pub said: String,
    /// The alarm's name.
    pub alarm: String,
    /// ActionsSuppressorWaitPeriod, seconds.
    pub wait: u32,
    /// ActionsSuppressorExtensionPeriod, seconds.
    pub extension: u32,
}

impl CompositeRule {
    /// The names of all alarms on which it depends.
    pub fn names(&self) -> Vec<&str> {
        let mut names = self.rule.names();
        names.extend(self.suppressor.as_ref().map(|one| one.alarm.as_str()));
        names
    }
}

/// A rule, read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum AlarmRule {
    /// TRUE or FALSE.
    Always(bool),
    /// `ALARM("name")`: an alarm by its name, and its state.
    In(State, String),
    /// NOT.
    Not(Box<AlarmRule>),
    /// AND.
    And(Box<AlarmRule>, Box<AlarmRule>),
    /// OR.
    Or(Box<AlarmRule>, Box<AlarmRule>),
}

/// Rules may be nested this deep.
const DEEPEST: usize = 50;

impl AlarmRule {
    /// Reads a rule; `Err` says what is wrong with it.
    pub fn parse(text: &str) -> Result<AlarmRule, String> {
        let mut reader = Reader { rest: text, depth: 0 };
        let rule = reader.any()?;
        match reader.rest.trim_start() {
            "" => Ok(rule),
            rest => Err(format!("unexpected '{rest}'")),
        }
    }

    /// Whether it holds, when `state` gives other alarms' states.
    pub fn holds(&self, state: &dyn Fn(&str) -> Option<State>) -> bool {
        match self {
            AlarmRule::Always(holds) => *holds,
            AlarmRule::In(wanted, name) => state(name) == Some(*wanted),
            AlarmRule::Not(rule) => !rule.holds(state),
            AlarmRule::And(a, b) => a.holds(state) && b.holds(state),
            AlarmRule::Or(a, b) => a.holds(state) || b.holds(state),
        }
    }

    /// The names of the alarms that it speaks of, in its order, each once.
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.collect(&mut names);
        names
    }

    fn collect<'a>(&'a self, names: &mut Vec<&'a str>) {
        match self {
            AlarmRule::Always(_) => {}
            AlarmRule::In(_, name) => {
                if !names.contains(&name.as_str()) {
                    names.push(name);
                }
            }
            AlarmRule::Not(rule) => rule.collect(names),
            AlarmRule::And(a, b) | AlarmRule::Or(a, b) => {
                a.collect(names);
                b.collect(names);
            }
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Reader<'a> {
    /// Takes this word or sign when it comes next.
    fn take(&mut self, wanted: &str) -> bool {
        let rest = self.rest.trim_start();
        let Some(after) = rest.strip_prefix(wanted) else { return false };
        let word = wanted.ends_with(|last: char| last.is_ascii_alphabetic());
        let ends = |next: char| !next.is_ascii_alphanumeric() && next != '_';
        if word && !after.chars().next().is_none_or(ends) {
            return false;
        }
        self.rest = after;
        true
    }

    fn any(&mut self) -> Result<AlarmRule, String> {
        let mut rule = self.all()?;
        while self.take("OR") {
            rule = AlarmRule::Or(Box::new(rule), Box::new(self.all()?));
        }
        Ok(rule)
    }

    fn all(&mut self) -> Result<AlarmRule, String> {
        let mut rule = self.one()?;
        while self.take("AND") {
            rule = AlarmRule::And(Box::new(rule), Box::new(self.one()?));
        }
        Ok(rule)
    }

    fn one(&mut self) -> Result<AlarmRule, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("it is nested too deep".to_owned());
        }
        let rule = self.plain();
        self.depth -= 1;
        rule
    }

    fn plain(&mut self) -> Result<AlarmRule, String> {
        if self.take("NOT") {
            return Ok(AlarmRule::Not(Box::new(self.one()?)));
        }
        if self.take("TRUE") {
            return Ok(AlarmRule::Always(true));
        }
        if self.take("FALSE") {
            return Ok(AlarmRule::Always(false));
        }
        for state in [State::Ok, State::Alarm, State::InsufficientData] {
            if self.take(state.as_str()) {
                return Ok(AlarmRule::In(state, self.name()?));
            }
        }
        if self.take("(") {
            let rule = self.any()?;
            return if self.take(")") { Ok(rule) } else { Err("a ')' is missing".to_owned()) };
        }
        match self.rest.trim_start() {
            "" => Err("it ends too early".to_owned()),
            rest => Err(format!("unexpected '{rest}'")),
        }
    }

    /// `("name")`, `(name)` or the same with an ARN.
    fn name(&mut self) -> Result<String, String> {
        if !self.take("(") {
            return Err("an alarm's name must stand in parentheses".to_owned());
        }
        let rest = self.rest.trim_start();
        let (name, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').ok_or("a quote is not closed")?,
            None => rest.split_at(rest.find(')').ok_or("a ')' is missing")?),
        };
        self.rest = after;
        if !self.take(")") {
            return Err("a ')' is missing".to_owned());
        }
        let name = name.trim();
        let of_arn = Arn::parse(name).and_then(|arn| arn.resource.strip_prefix("alarm:"));
        match of_arn.unwrap_or(name) {
            "" => Err("an alarm's name is empty".to_owned()),
            name => Ok(name.to_owned()),
        }
    }
}
