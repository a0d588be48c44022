//! Unmodified clients: boto3's waiters, paginators and resources, and the aws CLI as it is typed.

use exam::{Script, Subject};
use serde_json::Value as Json;
use std::process::{Command, Stdio};
use std::time::Duration;

fn script(name: &str) -> Json {
    let subject = Subject::up(name);
    let lines = Script::start(&subject, name, &[]).rest(Duration::from_secs(120));
    subject.finish();
    lines.into_iter().next_back().expect("a script reports")
}

/// Waiters of operations that are refused, or that nothing can be done for.
const NOT_SERVED: &[&str] = &[
    "nat_gateway_available",
    "nat_gateway_deleted",
    "password_data_available",
    "spot_instance_request_fulfilled",
    "vpc_peering_connection_deleted",
    "vpc_peering_connection_exists",
];

#[test]
fn every_waiter_finishes() {
    let said = script("waiters");
    eprintln!("waiters, seconds each: {}", said["done"]);
    let missing = said["missing"].as_array().expect("a list").iter();
    let missing: Vec<&str> = missing.filter_map(Json::as_str).collect();
    let forgotten: Vec<&&str> = missing.iter().filter(|name| !NOT_SERVED.contains(name)).collect();
    assert!(forgotten.is_empty(), "neither waited for nor refused: {forgotten:?}");
    assert!(said["done"].as_object().is_some_and(|done| done.len() >= 23), "{said}");
}

#[test]
fn pages_hold_every_item_once() {
    let said = script("pages");
    eprintln!("pages and items: {}", said["checked"]);
    assert!(said["checked"].as_object().is_some_and(|all| all.len() >= 20), "{said}");
}

#[test]
fn the_resource_api_works_as_in_tutorials() {
    assert_eq!(script("resources")["done"], true);
}

#[test]
fn the_aws_cli_works_as_newcomers_type() {
    let subject = Subject::up("newcomer");
    let env = subject.maquette(&["env"]);
    assert_eq!(env.code, 0, "{env:?}");
    let mut bash = Command::new("timeout");
    let text = format!("{}\n{}", env.out, include_str!("../clients/newcomer.sh"));
    bash.args(["200", "bash", "-c", &text]).env_clear().env("HOME", &subject.root);
    bash.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("STATE", &subject.root);
    bash.env("MAQUETTE", subject.command().get_program()).stdin(Stdio::null());
    let output = bash.output().expect("bash runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("all as typed"), "{said}\n{errors}");
    subject.finish();
}
