//! Nothing that was acknowledged is lost, and queues get it in the order in which it came.

use serde_json::{Value as Json, json};
use sim::Settings;
use stories::Bench;

#[test]
fn messages_come_in_order_and_survive_a_crash() {
    for seed in 0..10 {
        let rooms = vec![&sns::SERVICE, &sqs::SERVICE];
        let mut bench = Bench::of(rooms, seed, Settings::default());
        let call = |bench: &mut Bench, api: &str, operation: &str, input: Json| {
            bench.call(api, operation, &input).unwrap()
        };
        let topic = call(&mut bench, "sns", "CreateTopic", json!({ "Name": "t" }));
        let url = call(&mut bench, "sqs", "CreateQueue", json!({ "QueueName": "q" }));
        let arn = "arn:aws:sqs:us-east-1:000000000000:q";
        let input = json!({
            "TopicArn": topic["TopicArn"], "Protocol": "sqs", "Endpoint": arn,
            "Attributes": { "RawMessageDelivery": "true" },
        });
        call(&mut bench, "sns", "Subscribe", input);
        for number in 0..40 {
            let message = format!("{number:02}");
            let input = json!({ "TopicArn": topic["TopicArn"], "Message": message });
            call(&mut bench, "sns", "Publish", input);
            if number % 7 == seed % 7 {
                bench.crash();
            }
        }
        let mut received = Vec::new();
        for _ in 0..8 {
            let input = json!({ "QueueUrl": url["QueueUrl"], "MaxNumberOfMessages": 10 });
            let answer = call(&mut bench, "sqs", "ReceiveMessage", input);
            let messages = answer["Messages"].as_array().cloned().unwrap_or_default();
            received.extend(messages.iter().map(|one| one["Body"].as_str().unwrap().to_owned()));
        }
        received.dedup();
        let expected: Vec<String> = (0..40).map(|number| format!("{number:02}")).collect();
        assert_eq!(received, expected, "seed {seed}");
    }
}
