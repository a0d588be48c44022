//! Parameter Store beside the simplest thing that could be one, under a random customer.

use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use stories::Bench;

const SEEDS: u64 = 6;
const STEPS: usize = 700;
const NAMES: [&str; 3] = ["/a/b", "/a/c/d", "e"];
const LABELS: [&str; 3] = ["x", "y", "z"];

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) as usize % sides
    }
}

/// What a parameter must be.
#[derive(Default)]
struct Plain {
    values: Vec<String>,
    labels: BTreeMap<&'static str, usize>,
}

impl Plain {
    /// The first version that is kept: the last hundred are.
    fn oldest(&self) -> usize {
        self.values.len().saturating_sub(100) + 1
    }
}

type Model = BTreeMap<&'static str, Plain>;

/// The code of a refusal, or nothing.
fn code(bench: &mut Bench, operation: &str, input: &Json) -> Option<String> {
    bench.call("ssm", operation, input).err().map(|refused| refused.code)
}

fn put(bench: &mut Bench, model: &mut Model, name: &'static str, step: usize, overwrite: bool) {
    let value = format!("value {step}");
    let input = json!({"Name": name, "Value": value, "Type": "String", "Overwrite": overwrite});
    let found = code(bench, "PutParameter", &input);
    let plain = model.get_mut(name);
    if !overwrite && plain.is_some() {
        return assert_eq!(found.as_deref(), Some("ParameterAlreadyExists"));
    }
    let full = plain.as_ref().is_some_and(|plain| {
        plain.values.len() >= 100 && plain.labels.values().any(|at| *at == plain.oldest())
    });
    if full {
        return assert_eq!(found.as_deref(), Some("ParameterMaxVersionLimitExceeded"));
    }
    assert_eq!(found, None, "{input}");
    model.entry(name).or_default().values.push(value);
}

fn label(bench: &mut Bench, model: &mut Model, name: &'static str, which: &'static str, at: usize) {
    let input = json!({"Name": name, "ParameterVersion": at, "Labels": [which]});
    let found = code(bench, "LabelParameterVersion", &input);
    match model.get_mut(name) {
        None => assert_eq!(found.as_deref(), Some("ParameterNotFound")),
        Some(plain) if at < plain.oldest() || at > plain.values.len() => {
            assert_eq!(found.as_deref(), Some("ParameterVersionNotFound"));
        }
        Some(plain) => {
            assert_eq!(found, None);
            plain.labels.insert(which, at);
        }
    }
}

fn unlabel(bench: &mut Bench, model: &mut Model, name: &'static str, which: &'static str) {
    let Some(plain) = model.get_mut(name) else { return };
    let Some(at) = plain.labels.remove(which) else { return };
    let input = json!({"Name": name, "ParameterVersion": at, "Labels": [which]});
    let found = bench.call("ssm", "UnlabelParameterVersion", &input).expect("a label it has");
    assert_eq!(found["RemovedLabels"], json!([which]));
}

fn get(bench: &mut Bench, model: &Model, name: &str, selector: &str) {
    let asked = if selector.is_empty() { name.to_owned() } else { format!("{name}:{selector}") };
    let found = bench.call("ssm", "GetParameter", &json!({"Name": asked}));
    let at = model.get(name).and_then(|plain| {
        let at = match selector {
            "" => Some(plain.values.len()),
            text => text.parse().ok().or_else(|| plain.labels.get(text).copied()),
        };
        at.filter(|at| (plain.oldest()..=plain.values.len()).contains(at))
    });
    match (at, model.get(name)) {
        (Some(at), Some(plain)) => {
            let found = found.expect("a version that is kept");
            assert_eq!(found["Parameter"]["Value"], json!(plain.values[at - 1]), "{asked}");
            assert_eq!(found["Parameter"]["Version"], json!(at), "{asked}");
        }
        (_, plain) => {
            let wanted =
                if plain.is_none() { "ParameterNotFound" } else { "ParameterVersionNotFound" };
            let refused = found.expect_err("nothing is there");
            assert_eq!(refused.code, wanted, "{asked}");
        }
    }
}

fn history(bench: &mut Bench, model: &Model, name: &str) {
    let Some(plain) = model.get(name) else { return };
    let (mut versions, mut token) = (Vec::new(), Json::Null);
    loop {
        let mut input = json!({"Name": name, "MaxResults": 7});
        if token.is_string() {
            input["NextToken"] = token;
        }
        let page = bench.call("ssm", "GetParameterHistory", &input).expect("a history");
        versions.extend(page["Parameters"].as_array().expect("a list").clone());
        token = page["NextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    let found: Vec<&str> =
        versions.iter().map(|one| one["Value"].as_str().expect("a text")).collect();
    assert_eq!(found, plain.values[plain.oldest() - 1..].iter().collect::<Vec<_>>());
}

#[test]
fn it_is_what_it_should_be() {
    for seed in 1..=SEEDS {
        let mut bench = Bench::of(vec![&ssm::SERVICE], seed, sim::Settings::default());
        let (mut dice, mut model) = (Dice(seed), Model::new());
        for step in 0..STEPS {
            let name = NAMES[dice.roll(NAMES.len())];
            let which = LABELS[dice.roll(LABELS.len())];
            match dice.roll(100) {
                0..=59 => put(&mut bench, &mut model, name, step, true),
                60..=62 => put(&mut bench, &mut model, name, step, false),
                63..=66 => {
                    let most = model.get(name).map_or(1, |plain| plain.values.len() + 1);
                    let at = dice.roll(most) + 1;
                    label(&mut bench, &mut model, name, which, at);
                }
                67..=74 => unlabel(&mut bench, &mut model, name, which),
                75 if dice.roll(6) == 0 => {
                    let found = code(&mut bench, "DeleteParameter", &json!({"Name": name}));
                    assert_eq!(found.is_none(), model.remove(name).is_some());
                }
                76..=84 => get(&mut bench, &model, name, which),
                85..=93 => {
                    let most = model.get(name).map_or(1, |plain| plain.values.len() + 1);
                    get(&mut bench, &model, name, &(dice.roll(most) + 1).to_string());
                }
                94..=96 => history(&mut bench, &model, name),
                97 => bench.crash(),
                _ => get(&mut bench, &model, name, ""),
            }
        }
        let most = model.values().map(|plain| plain.values.len()).max();
        assert!(most > Some(100), "seed {seed} came to {most:?} versions");
    }
}
