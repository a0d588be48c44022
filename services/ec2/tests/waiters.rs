//! The waiters of AWS's own model: each that concerns this room must finish.

use crate::bench::{Bench, Refused};
use serde_json::{Value as Json, json};
use world::Span;

/// What an expression of the waiters finds. They use two forms only: `A[].B.C` and
/// ``length(A[]...) > `0` ``.
fn find(expression: &str, answer: &Json) -> Vec<Json> {
    if let Some(inner) = expression.strip_prefix("length(") {
        let inner = inner.split(')').next().unwrap();
        return vec![json!(!find(inner, answer).is_empty())];
    }
    expression.split('.').fold(vec![answer.clone()], |found, step| {
        let name = step.trim_end_matches("[]");
        let inside = found.iter().map(|one| one[name].clone());
        match step.ends_with("[]") {
            true => inside.flat_map(|one| one.as_array().cloned().unwrap_or_default()).collect(),
            false => inside.filter(|one| !one.is_null()).collect(),
        }
    })
}

fn matches(acceptor: &Json, answer: &Result<Json, Refused>) -> bool {
    let expected = &acceptor["expected"];
    let found = match answer {
        Ok(answer) => acceptor["argument"].as_str().map(|text| find(text, answer)),
        Err(refused) => return acceptor["matcher"] == "error" && *expected == refused.code,
    };
    let Some(found) = found else { return false };
    match acceptor["matcher"].as_str().unwrap() {
        "path" => found.first() == Some(expected),
        "pathAll" => !found.is_empty() && found.iter().all(|one| one == expected),
        "pathAny" => found.contains(expected),
        _ => false,
    }
}

/// Asks as a waiter does, and ends with the state that it ends in.
fn wait(bench: &mut Bench, waiter: &str, input: &Json) -> String {
    let all: Json = serde_json::from_str(api_ec2::WAITERS).unwrap();
    let waiter = &all["waiters"][waiter];
    let operation = waiter["operation"].as_str().unwrap();
    for _ in 0..waiter["maxAttempts"].as_u64().unwrap() {
        let answer = bench.try_call(operation, input);
        let acceptors = waiter["acceptors"].as_array().unwrap();
        match acceptors.iter().find(|acceptor| matches(acceptor, &answer)) {
            Some(found) if found["state"] != "retry" => {
                return found["state"].as_str().unwrap().to_owned();
            }
            None if answer.is_err() => panic!("{operation}: {answer:?}"),
            _ => bench.wait(Span::seconds(waiter["delay"].as_u64().unwrap())),
        }
    }
    "timeout".to_owned()
}

#[test]
fn the_waiters_of_awss_model_finish() {
    let mut bench = Bench::new(11);
    let launch = json!({"ImageId": bench.image(), "InstanceType": "t3.micro", "MinCount": 1,
        "MaxCount": 1});
    let made = bench.call("RunInstances", &launch);
    let id = made["Instances"][0]["InstanceId"].clone();
    let ids = json!({"InstanceIds": [id]});
    let volume = bench.call("CreateVolume", &json!({"AvailabilityZone": "us-east-1a", "Size": 1}));
    let volumes = json!({"VolumeIds": [volume["VolumeId"]]});
    bench.call("CreateKeyPair", &json!({"KeyName": "k", "KeyType": "ed25519"}));
    let expect = |waiter: &str, input: &Json, bench: &mut Bench| {
        assert_eq!(wait(bench, waiter, input), "success", "{waiter}");
    };
    expect("InstanceExists", &ids, &mut bench);
    expect("InstanceRunning", &ids, &mut bench);
    expect("InstanceStatusOk", &ids, &mut bench);
    expect("SystemStatusOk", &ids, &mut bench);
    expect("KeyPairExists", &json!({"KeyNames": ["k"]}), &mut bench);
    expect("VolumeAvailable", &volumes, &mut bench);
    let image = bench.call("CreateImage", &json!({"InstanceId": id, "Name": "image"}));
    let images = json!({"ImageIds": [image["ImageId"]]});
    expect("ImageExists", &images, &mut bench);
    expect("ImageAvailable", &images, &mut bench);
    let snapshot = bench.call("CreateSnapshot", &json!({"VolumeId": volume["VolumeId"]}));
    let snapshots = json!({"SnapshotIds": [snapshot["SnapshotId"]]});
    expect("SnapshotCompleted", &snapshots, &mut bench);
    bench.call("StopInstances", &ids);
    expect("InstanceStopped", &ids, &mut bench);
    bench.call("TerminateInstances", &ids);
    expect("InstanceTerminated", &ids, &mut bench);
    bench.call("DeleteVolume", &json!({"VolumeId": volume["VolumeId"]}));
    expect("VolumeDeleted", &volumes, &mut bench);
}
