//! What the models beside this crate promise of each other: waiters and paginators name members
//! that exist, the wanted operations are there, and generating twice gives the same text.
#![allow(clippy::unwrap_used, reason = "a test may end where it cannot go on")]

use serde_json::Value as Json;
use shape::{Api, Kind, OperationSchema, Shape, Structure};
use std::fs;

const CRATES: [&str; 5] = ["ec2", "iam", "sqs", "ssm", "sts"];

fn text(name: &str, file: &str) -> Option<String> {
    fs::read_to_string(format!("{}/../{name}/{file}", env!("CARGO_MANIFEST_DIR"))).ok()
}

fn json(name: &str, file: &str) -> Json {
    serde_json::from_str(&text(name, file).expect("every api crate has it")).unwrap()
}

fn model(name: &str) -> Json {
    let mut model = json(name, "model.json");
    if text(name, "overlay.json").is_some() {
        codegen::merge(&mut model, &json(name, "overlay.json"));
    }
    model
}

fn apis() -> impl Iterator<Item = (&'static str, &'static Api)> {
    CRATES.into_iter().map(|name| (name, shape::model::api(name, &model(name)).unwrap()))
}

#[test]
fn the_wanted_operations_are_there() {
    for (name, api) in apis() {
        let wanted = text(name, "operations.txt").unwrap();
        let kept: Vec<&str> = api.operations.iter().map(|one| one.name).collect();
        assert_eq!(kept, wanted.split_whitespace().collect::<Vec<_>>(), "{name}");
        for operation in kept {
            assert!(api.knows(operation), "{name} {operation}");
            assert_eq!(api.operation(operation).unwrap().name, operation);
        }
        for operation in api.operations {
            for error in operation.errors {
                assert!(api.error(error).is_some(), "{name} {} {error}", operation.name);
            }
        }
    }
}

#[test]
fn generating_twice_gives_the_same() {
    for name in CRATES {
        let once = codegen::generate(name, &model(name)).unwrap();
        assert_eq!(once, codegen::generate(name, &model(name)).unwrap());
    }
}

/// The shape at the end of a JMESPath of the kinds that models use: names, `[]`, `[0]`, `[-1]`.
fn reach(structure: &'static Structure, path: &str) -> Result<&'static Shape, String> {
    let mut inside = structure;
    let mut steps = path.split('.').peekable();
    while let Some(step) = steps.next() {
        let name = step.split('[').next().unwrap_or(step);
        let member = inside.member(name).ok_or(format!("{} has no {name}", inside.name))?;
        let mut shape = member.shape;
        if step.contains('[') {
            let Kind::List(item) = shape.kind else { return Err(format!("{name} is no list")) };
            shape = item.shape;
        }
        match (shape.kind, steps.peek()) {
            (_, None) => return Ok(shape),
            (Kind::Structure(next), _) => inside = next,
            _ => return Err(format!("{name} is no structure")),
        }
    }
    Err("an empty path".to_owned())
}

/// One text, or a list of texts.
fn texts(json: &Json) -> Vec<&str> {
    match json {
        Json::String(text) => vec![text],
        Json::Array(all) => all.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    }
}

fn operation(api: &'static Api, name: &str) -> &'static OperationSchema {
    api.operation(name).unwrap_or_else(|| panic!("{} has no {name}", api.name))
}

#[test]
fn paginators_name_members_that_exist() {
    let mut count = 0;
    for (name, api) in apis() {
        for (op, page) in json(name, "paginators.json")["pagination"].as_object().unwrap() {
            let operation = operation(api, op);
            let mut check = |side, key: &str| {
                for path in texts(&page[key]).iter().flat_map(|path| path.split(" || ")) {
                    let found = reach(side, path);
                    assert!(found.is_ok(), "{name} {op} {key}: {}", found.unwrap_err());
                    count += 1;
                }
            };
            check(operation.input, "input_token");
            check(operation.input, "limit_key");
            check(operation.output, "output_token");
            check(operation.output, "result_key");
            check(operation.output, "more_results");
        }
    }
    assert!(count > 100, "only {count} names were checked");
}

#[test]
fn waiters_look_at_members_and_states_that_exist() {
    let mut count = 0;
    for (name, api) in apis() {
        for (waiter, json) in json(name, "waiters.json")["waiters"].as_object().unwrap() {
            let operation = operation(api, json["operation"].as_str().unwrap());
            for acceptor in json["acceptors"].as_array().unwrap() {
                let path = acceptor["argument"].as_str().unwrap_or("");
                // Functions and filters are for the rooms' own tests.
                if path.is_empty() || path.contains(['(', '?', '`']) {
                    continue;
                }
                let shape = reach(operation.output, path);
                let shape = shape.unwrap_or_else(|bad| panic!("{name} {waiter}: {bad}"));
                let state = acceptor["expected"].as_str();
                if let Some(state) = state.filter(|_| !shape.values.is_empty()) {
                    assert!(shape.values.contains(&state), "{name} {waiter}: no state {state}");
                }
                count += 1;
            }
        }
    }
    assert!(count > 30, "only {count} acceptors were checked");
}
