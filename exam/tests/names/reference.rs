//! What Route 53 answers, from its developer guide ("How Amazon Route 53 chooses records when
//! health checking is configured"), written for this exam and for nothing else.

use std::collections::BTreeSet;

/// A record of a case.
#[derive(Debug, Clone)]
pub struct Line {
    pub name: String,
    pub policy: String,
    pub value: String,
    pub target: Target,
    pub check: Option<String>,
}

#[derive(Debug, Clone)]
pub enum Target {
    Values(BTreeSet<String>),
    Alias { name: String, look: bool },
}

pub fn parse(line: &str) -> Line {
    let words: Vec<&str> = line.split(' ').collect();
    let (policy, value) = words[1].split_once('=').unwrap_or((words[1], ""));
    let target = match words[2].split_once('>') {
        Some((how, name)) => Target::Alias { name: name.to_owned(), look: how == "=" },
        None => Target::Values(words[2].split(',').map(address).collect()),
    };
    Line {
        name: words[0].to_owned(),
        policy: policy.to_owned(),
        value: value.to_owned(),
        target,
        check: words.get(3).map(|check| check[1..].to_owned()),
    }
}

pub fn address(number: &str) -> String {
    format!("203.0.113.{number}")
}

/// Where somebody asks from: a city of the model, its places from particular to general, and the
/// regions from near to far.
pub struct City {
    pub name: &'static str,
    places: &'static [(&'static str, &'static str)],
    regions: [&'static str; 3],
}

pub const CITIES: [City; 4] = [
    City {
        name: "paris",
        places: &[("c", "FR"), ("k", "EU"), ("c", "*")],
        regions: ["eu-west-3", "us-east-1", "ap-northeast-2"],
    },
    City {
        name: "seoul",
        places: &[("c", "KR"), ("k", "AS"), ("c", "*")],
        regions: ["ap-northeast-2", "eu-west-3", "us-east-1"],
    },
    City {
        name: "new-york",
        places: &[("s", "NY"), ("c", "US"), ("k", "NA"), ("c", "*")],
        regions: ["us-east-1", "eu-west-3", "ap-northeast-2"],
    },
    City {
        name: "los-angeles",
        places: &[("s", "CA"), ("c", "US"), ("k", "NA"), ("c", "*")],
        regions: ["us-east-1", "eu-west-3", "ap-northeast-2"],
    },
];

/// What one asking can get: so many values, all different, out of these.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Possible {
    pub size: usize,
    pub pool: BTreeSet<String>,
}

/// Health and place, for which a case is answered.
pub struct Question<'a> {
    pub lines: &'a [Line],
    pub bad: &'a str,
    pub city: &'a City,
}

/// Whether a check says that all is well, endpoints named in `bad` apart.
pub fn well(check: &str, bad: &str) -> bool {
    if let Some(rest) = check.strip_prefix('!') {
        return !well(rest, bad);
    }
    match (check.split_once(':'), check.as_bytes()[0]) {
        (Some((least, children)), _) => {
            let least: usize = least.parse().expect("a number");
            children.split('+').filter(|child| well(child, bad)).count() >= least
        }
        (None, b'-') => true,
        (None, b'~') => false,
        (None, _) => !bad.contains(check),
    }
}

impl Question<'_> {
    fn of(&self, name: &str) -> Vec<&Line> {
        self.lines.iter().filter(|line| line.name == name).collect()
    }

    fn well(&self, line: &Line) -> bool {
        let own = line.check.as_ref().is_none_or(|check| well(check, self.bad));
        let there = match &line.target {
            Target::Alias { name, look: true } => self.of(name).iter().any(|one| self.well(one)),
            _ => true,
        };
        own && there
    }

    /// Everything that can be answered; nothing: there is no such name, or no record for here.
    pub fn answers(&self, name: &str) -> BTreeSet<Possible> {
        let mut lines = self.of(name);
        if lines.is_empty() {
            lines = self.of("*");
        }
        let chosen = self.chosen(&lines);
        if chosen.first().is_some_and(|line| line.policy == "multi") {
            let value = |line: &&Line| match &line.target {
                Target::Values(values) => values.iter().next().expect("it has one").clone(),
                Target::Alias { .. } => panic!("no case has it"),
            };
            let pool: BTreeSet<String> = chosen.iter().map(value).collect();
            return [Possible { size: pool.len().min(8), pool }].into();
        }
        let answers = |line: &Line| match &line.target {
            Target::Values(pool) => [Possible { size: pool.len(), pool: pool.clone() }].into(),
            Target::Alias { name, .. } => self.answers(name),
        };
        chosen.into_iter().flat_map(answers).collect()
    }

    /// Among records of one name: those of which one is chosen, or all for many values.
    fn chosen<'l>(&self, lines: &[&'l Line]) -> Vec<&'l Line> {
        let Some(first) = lines.first() else { return Vec::new() };
        match first.policy.as_str() {
            "simple" => vec![first],
            "w" => {
                let heavy = |line: &&&Line| line.value != "0";
                let pick = |fit: &dyn Fn(&Line) -> bool| -> Vec<&'l Line> {
                    let fitting: Vec<&'l Line> =
                        lines.iter().copied().filter(|line| fit(line)).collect();
                    let loaded: Vec<&'l Line> = fitting.iter().filter(heavy).copied().collect();
                    if loaded.is_empty() { fitting } else { loaded }
                };
                or_all(pick(&|line| self.well(line)), || pick(&|_| true))
            }
            "multi" => {
                let good = lines.iter().copied().filter(|line| self.well(line)).collect();
                or_all(good, || lines.to_vec())
            }
            "P" | "S" => self.first(lines, |line, place| line.policy == ["P", "S"][place], 2),
            "l" => self.first(lines, |line, place| line.value == self.city.regions[place], 3),
            _ => {
                let places = self.city.places;
                let here = |line: &Line, at: usize| {
                    (line.policy.as_str(), line.value.as_str()) == places[at]
                };
                self.first(lines, here, places.len())
            }
        }
    }

    /// The first by order that is well; else the first.
    fn first<'l>(
        &self,
        lines: &[&'l Line],
        fits: impl Fn(&Line, usize) -> bool,
        places: usize,
    ) -> Vec<&'l Line> {
        let ordered: Vec<&'l Line> = (0..places)
            .flat_map(|place| lines.iter().copied().filter(move |_| true).map(move |l| (l, place)))
            .filter(|(line, place)| fits(line, *place))
            .map(|(line, _)| line)
            .collect();
        let good = ordered.iter().find(|line| self.well(line)).or(ordered.first());
        good.copied().into_iter().collect()
    }
}

fn or_all<'l>(some: Vec<&'l Line>, all: impl Fn() -> Vec<&'l Line>) -> Vec<&'l Line> {
    if some.is_empty() { all() } else { some }
}
