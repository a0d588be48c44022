//! Unmodified boto3 for CloudWatch, in its three protocols, and for SNS.

use exam::{Script, Subject};
use std::time::Duration;

fn plays(name: &str) {
    let subject = Subject::up(name);
    let lines = Script::start(&subject, name, &[]).rest(Duration::from_secs(120));
    subject.finish();
    assert_eq!(lines.last().expect("a script reports")["done"], true);
}

#[test]
fn values_come_back_in_every_protocol() {
    plays("metrics");
}

#[test]
fn topics_reach_their_subscribers() {
    plays("topics");
}
