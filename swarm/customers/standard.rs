//! A standard queue: one hand sends, one receives and deletes. Nothing acknowledged is lost,
//! nothing deleted comes back, receive counts rise.

use crate::board::Board;
use crate::customer::{Ask, Customer, Heard, Reply, Scope, Thought};
use crate::stage::Stage;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use world::{Span, Time};

/// What is known of one message.
#[derive(Debug, Default)]
struct Known {
    acknowledged: bool,
    deleted: bool,
    /// A delete was sent and not answered.
    perhaps_deleted: bool,
    receives: u64,
    /// The newest handle, when no other receive can have happened since.
    handle: Option<String>,
    /// Not before this moment can it be received.
    held_until: Time,
}

/// The customer.
pub struct Standard {
    name: String,
    url: Option<String>,
    known: BTreeMap<String, Known>,
    /// The message that the receiving hand is about.
    about: Option<String>,
}

impl Standard {
    pub fn new(nonce: String) -> Standard {
        Standard { name: nonce, url: None, known: BTreeMap::new(), about: None }
    }

    fn send(&mut self, url: &str, thought: &mut Thought) -> Ask {
        let count = if thought.dice.one_in(3) { 1 + thought.dice.below(10) } else { 1 };
        let delay = if thought.dice.one_in(5) { thought.dice.below(30) } else { 0 };
        let mut bodies = Vec::new();
        for _ in 0..count {
            let body = format!("m{}", self.known.len());
            let held_until = thought.now + Span::seconds(delay);
            self.known.insert(body.clone(), Known { held_until, ..Known::default() });
            bodies.push(body);
        }
        if count == 1 {
            let input = json!({"QueueUrl": url, "MessageBody": bodies[0], "DelaySeconds": delay});
            return Ask::new("sqs", "SendMessage", input);
        }
        let entry = |body: &String| json!({"Id": body, "MessageBody": body, "DelaySeconds": delay});
        let entries: Vec<Json> = bodies.iter().map(entry).collect();
        Ask::new("sqs", "SendMessageBatch", json!({"QueueUrl": url, "Entries": entries}))
    }

    fn receive(&mut self, url: &str, thought: &mut Thought) -> Ask {
        let wait = if thought.dice.one_in(3) { thought.dice.below(21) } else { 0 };
        let input = json!({"QueueUrl": url, "MaxNumberOfMessages": 1 + thought.dice.below(10),
            "VisibilityTimeout": thought.dice.below(30), "WaitTimeSeconds": wait,
            "AttributeNames": ["All"]});
        Ask::new("sqs", "ReceiveMessage", input)
    }

    /// Deletes or changes a message in hand.
    fn about(&mut self, url: &str, thought: &mut Thought) -> Option<Ask> {
        let held = self.known.iter().filter(|(_, known)| !known.deleted);
        let held: Vec<(&String, &String)> =
            held.filter_map(|(body, known)| Some((body, known.handle.as_ref()?))).collect();
        let (body, handle) = *thought.dice.pick(&held)?;
        let mut input = json!({"QueueUrl": url, "ReceiptHandle": handle});
        self.about = Some(body.clone());
        if thought.dice.one_in(4) {
            input["VisibilityTimeout"] = json!(thought.dice.below(30));
            return Some(Ask::new("sqs", "ChangeMessageVisibility", input));
        }
        Some(Ask::new("sqs", "DeleteMessage", input))
    }

    fn sent(&mut self, reply: &Reply) -> Result<(), String> {
        let input = &reply.ask.input;
        let mut bodies = vec![input["MessageBody"].clone()];
        if let Some(entries) = input["Entries"].as_array() {
            bodies = entries.iter().map(|entry| entry["MessageBody"].clone()).collect();
        }
        match &reply.heard {
            Heard::Yes(_) => {
                for body in bodies {
                    if let Some(known) = self.known.get_mut(body.as_str().unwrap_or_default()) {
                        known.acknowledged = true;
                    }
                }
                Ok(())
            }
            Heard::No(_) => reply.broken("a send was refused"),
            Heard::Lost => Ok(()),
        }
    }

    fn received(
        &mut self,
        found: &Json,
        visibility: u64,
        asked: Time,
        now: Time,
    ) -> Result<(), String> {
        for message in found["Messages"].as_array().into_iter().flatten() {
            let body = message["Body"].as_str().unwrap_or_default();
            let known = self.known.get_mut(body).ok_or(format!("{body} was never sent"))?;
            if known.deleted {
                return Err(format!("{body} came back after its delete was acknowledged"));
            }
            if now < known.held_until {
                return Err(format!("{body} was received while it was held"));
            }
            let count = &message["Attributes"]["ApproximateReceiveCount"];
            let count = count.as_str().and_then(|count| count.parse().ok()).unwrap_or(0);
            if count <= known.receives {
                return Err(format!("the receive count of {body} did not rise: {count}"));
            }
            known.receives = count;
            known.perhaps_deleted = false;
            known.handle = message["ReceiptHandle"].as_str().map(str::to_owned);
            known.held_until = asked + Span::seconds(visibility);
        }
        Ok(())
    }

    fn hear_of_one(&mut self, reply: &Reply) -> Result<(), String> {
        let Some(known) = self.about.take().and_then(|body| self.known.get_mut(&body)) else {
            return Ok(());
        };
        let change = reply.ask.operation == "ChangeMessageVisibility";
        match (&reply.heard, change) {
            (Heard::Yes(_), true) => {
                let seconds = reply.ask.input["VisibilityTimeout"].as_u64().unwrap_or(0);
                known.held_until = reply.asked + Span::seconds(seconds);
            }
            (Heard::Yes(_), false) => known.deleted = true,
            (Heard::No(refused), true) if refused.code == "MessageNotInflight" => {}
            (Heard::No(_), true) if known.perhaps_deleted => {}
            (Heard::No(_), _) => return reply.broken("the newest handle was refused"),
            (Heard::Lost, true) => known.held_until = Time::PAST,
            (Heard::Lost, false) => known.perhaps_deleted = true,
        }
        Ok(())
    }
}

impl Customer for Standard {
    fn hands(&self) -> usize {
        2
    }

    fn next(&mut self, hand: usize, thought: &mut Thought) -> Option<Ask> {
        let Some(url) = self.url.clone() else {
            let input = json!({"QueueName": self.name});
            return (hand == 0).then(|| Ask::new("sqs", "CreateQueue", input));
        };
        if hand == 0 {
            return Some(match thought.dice.below(12) {
                0 => Ask::new("sqs", "TagQueue", json!({"QueueUrl": url, "Tags": {"a": "b"}})),
                1 => Ask::new("sqs", "GetQueueUrl", json!({"QueueName": self.name})),
                2 => Ask::new("sqs", "ListQueues", json!({})),
                _ => self.send(&url, thought),
            });
        }
        match thought.dice.below(5) {
            0..=1 => Some(self.receive(&url, thought)),
            _ => self.about(&url, thought).or_else(|| Some(self.receive(&url, thought))),
        }
    }

    fn hear(&mut self, reply: Reply, _: &mut Board) -> Result<(), String> {
        match (reply.ask.operation, &reply.heard) {
            ("CreateQueue", Heard::Yes(answer)) => {
                self.url = answer["QueueUrl"].as_str().map(str::to_owned);
                Ok(())
            }
            (_, Heard::No(refused)) if refused.code == "InternalFailure" => Ok(()),
            ("SendMessage" | "SendMessageBatch", _) => self.sent(&reply),
            ("ReceiveMessage", Heard::Yes(found)) => {
                let visibility = reply.ask.input["VisibilityTimeout"].as_u64().unwrap_or(0);
                self.received(found, visibility, reply.asked, reply.now)
            }
            // Whoever was received has another newest handle now, and nobody knows it.
            ("ReceiveMessage", Heard::Lost) => {
                self.known.values_mut().for_each(|known| known.handle = None);
                Ok(())
            }
            ("DeleteMessage" | "ChangeMessageVisibility", _) => self.hear_of_one(&reply),
            (_, Heard::No(_)) => reply.broken("a plain call was refused"),
            _ => Ok(()),
        }
    }

    fn judge(&mut self, stage: &mut Stage, scope: &Scope) -> Result<(), String> {
        let Some(url) = self.url.clone() else { return Ok(()) };
        stage.pass(Span::seconds(31));
        let input = json!({"QueueUrl": url, "MaxNumberOfMessages": 10, "VisibilityTimeout": 3600,
            "AttributeNames": ["All"]});
        loop {
            let asked = stage.now();
            let found = stage.must(scope, "sqs", "ReceiveMessage", input.clone())?;
            let now = stage.now();
            self.received(&found, 3600, asked, now)?;
            let messages = found["Messages"].as_array().cloned().unwrap_or_default();
            if messages.is_empty() {
                break;
            }
            let entry = |message: &Json| {
                let handle = &message["ReceiptHandle"];
                json!({ "Id": message["Body"], "ReceiptHandle": handle })
            };
            let entries: Vec<Json> = messages.iter().map(entry).collect();
            let input = json!({"QueueUrl": url, "Entries": entries});
            stage.must(scope, "sqs", "DeleteMessageBatch", input)?;
            for message in &messages {
                let body = message["Body"].as_str().unwrap_or_default();
                self.known.entry(body.to_owned()).or_default().deleted = true;
            }
        }
        let lost = |(_, known): &(&String, &Known)| {
            known.acknowledged && !known.deleted && !known.perhaps_deleted
        };
        match self.known.iter().find(lost) {
            Some((body, known)) => {
                Err(format!("{body} of {} was acknowledged and is lost: {known:?}", self.name))
            }
            None => Ok(()),
        }
    }
}
