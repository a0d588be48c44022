//! Delivery by HTTP: the handshake, notifications, retries and where letters end.

use serde_json::{Value as Json, json};
use sim::Settings;
use sns::model::{Delivery, Subscription};
use stories::Bench;
use world::Span;

fn call(bench: &mut Bench, api: &str, operation: &str, input: &Json) -> Json {
    bench.call(api, operation, input).unwrap()
}

fn subscribed(endpoint: &str, attributes: &Json) -> (Bench, Json) {
    let rooms = vec![&sns::SERVICE, &sqs::SERVICE];
    let mut bench = Bench::of(rooms, 5, Settings::default());
    let topic = call(&mut bench, "sns", "CreateTopic", &json!({ "Name": "t" }));
    let input = json!({
        "TopicArn": topic["TopicArn"], "Protocol": "http", "Endpoint": endpoint,
        "Attributes": attributes,
    });
    let answer = call(&mut bench, "sns", "Subscribe", &input);
    assert_eq!(answer["SubscriptionArn"], "pending confirmation");
    bench.wait(Span::seconds(5));
    (bench, topic["TopicArn"].clone())
}

fn bodies(bench: &mut Bench) -> Vec<Json> {
    let letters = bench.world().delivered().iter().map(|one| one.letter.body.clone());
    let letters: Vec<Vec<u8>> = letters.collect();
    letters.iter().map(|body| serde_json::from_slice(body).unwrap()).collect()
}

#[test]
fn an_endpoint_agrees_and_then_gets_what_is_published() {
    let (mut bench, topic) = subscribed("http://127.0.0.1:9999/hook", &json!({}));
    let first = bodies(&mut bench);
    assert_eq!(first.len(), 1);
    assert_eq!(first[0]["Type"], "SubscriptionConfirmation");
    assert_eq!(first[0]["TopicArn"], topic);
    let url = first[0]["SubscribeURL"].as_str().unwrap();
    assert!(url.contains("Action=ConfirmSubscription"), "{url}");
    // Nobody who has not agreed gets anything.
    let publish = json!({ "TopicArn": topic, "Message": "one", "Subject": "s" });
    call(&mut bench, "sns", "Publish", &publish);
    bench.wait(Span::seconds(5));
    assert_eq!(bodies(&mut bench).len(), 1);
    let wrong = json!({ "TopicArn": topic, "Token": "wrong" });
    let refused = bench.call("sns", "ConfirmSubscription", &wrong).unwrap_err();
    assert_eq!(refused.code, "InvalidParameter");
    let right = json!({ "TopicArn": topic, "Token": first[0]["Token"] });
    let arn = call(&mut bench, "sns", "ConfirmSubscription", &right);
    call(&mut bench, "sns", "Publish", &publish);
    bench.crash();
    bench.wait(Span::seconds(30));
    let all = bodies(&mut bench);
    assert!(all.len() >= 2, "{all:?}");
    let last = all.last().unwrap();
    assert_eq!(last["Type"], "Notification");
    assert_eq!(last["Message"], "one");
    assert_eq!(last["Subject"], "s");
    let headers = bench.world().delivered().last().unwrap().letter.headers.clone();
    let kind = headers.iter().find(|(name, _)| name == "x-amz-sns-message-type");
    assert_eq!(kind.unwrap().1, "Notification");
    assert_eq!(bench.region().store().all::<Delivery>().count(), 0, "all is done");
    call(&mut bench, "sns", "Unsubscribe", &arn);
    assert_eq!(bench.region().store().all::<Subscription>().count(), 0);
    assert!(bench.settle());
    assert_eq!(bench.region().ordered().count(), 0, "nobody needs the courier any more");
}

#[test]
fn what_cannot_be_delivered_goes_where_it_was_said() {
    let dead = "arn:aws:sqs:us-east-1:000000000000:dead";
    let redrive = json!({ "deadLetterTargetArn": dead }).to_string();
    let attributes = json!({ "RawMessageDelivery": "true", "RedrivePolicy": redrive });
    let (mut bench, topic) = subscribed("http://203.0.113.200/nobody", &attributes);
    call(&mut bench, "sqs", "CreateQueue", &json!({ "QueueName": "dead" }));
    let token = {
        let mut all = bench.region().store().all::<Subscription>();
        all.next().map(|(_, one)| one.token.clone()).unwrap()
    };
    call(&mut bench, "sns", "ConfirmSubscription", &json!({ "TopicArn": topic, "Token": token }));
    // The confirmation itself is given up first: nobody is there.
    bench.wait(Span::seconds(180));
    call(&mut bench, "sns", "Publish", &json!({ "TopicArn": topic, "Message": "lost" }));
    let tries = |bench: &mut Bench| {
        let mut all = bench.region().store().all::<Delivery>();
        all.next().map(|(_, one)| one.tries)
    };
    bench.wait(Span::seconds(18));
    assert!(tries(&mut bench) >= Some(1));
    // Three retries, twenty seconds apart, each with fifteen seconds of patience.
    bench.wait(Span::seconds(150));
    assert_eq!(tries(&mut bench), None);
    let url = json!({ "QueueUrl": "/000000000000/dead", "MaxNumberOfMessages": 10 });
    let answer = call(&mut bench, "sqs", "ReceiveMessage", &url);
    let messages = answer["Messages"].as_array().unwrap();
    assert!(messages.iter().any(|one| one["Body"] == "lost"), "{messages:?}");
}
