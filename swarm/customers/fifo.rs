//! A FIFO queue: order within a group, once each, whatever is retried.

use crate::board::Board;
use crate::customer::{Ask, Customer, Heard, Reply, Scope, Thought};
use crate::stage::Stage;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use world::{Span, Time};

const GROUPS: u64 = 3;
const VISIBILITY: u64 = 20;

/// A send is repeated no later than this: AWS forgets a deduplication id after five minutes.
const REPEATED: Span = Span::seconds(280);

/// A message that was sent and not certainly deleted, in the order of its group.
#[derive(Debug)]
struct Sent {
    body: String,
    /// Its send was acknowledged, or it was received.
    sent: bool,
    /// A delete was sent and not answered.
    perhaps_deleted: bool,
    handle: Option<String>,
}

/// The customer.
pub struct Fifo {
    name: String,
    url: Option<String>,
    groups: BTreeMap<String, Vec<Sent>>,
    sent: u64,
    /// A send that nobody answered, and when it was first made.
    doubtful: Option<(Ask, Time)>,
    under_way: Option<(Ask, Time)>,
    about: Option<(String, String)>,
}

impl Sent {
    fn certain(&self) -> bool {
        self.sent && !self.perhaps_deleted
    }
}

fn group_of(body: &str) -> &str {
    body.split('-').next().unwrap_or_default()
}

impl Fifo {
    pub fn new(nonce: String) -> Fifo {
        Fifo {
            name: format!("{nonce}.fifo"),
            url: None,
            groups: BTreeMap::new(),
            sent: 0,
            doubtful: None,
            under_way: None,
            about: None,
        }
    }

    fn send(&mut self, url: &str, thought: &mut Thought) -> Ask {
        if let Some((ask, first)) = self.doubtful.take()
            && thought.now < first + REPEATED
        {
            self.under_way = Some((ask.clone(), first));
            return ask;
        }
        self.sent += 1;
        let group = format!("g{}", thought.dice.below(GROUPS));
        let body = format!("{group}-{}", self.sent);
        let sent = Sent { body: body.clone(), sent: false, perhaps_deleted: false, handle: None };
        self.groups.entry(group.clone()).or_default().push(sent);
        let input = json!({"QueueUrl": url, "MessageBody": body, "MessageGroupId": group,
            "MessageDeduplicationId": body});
        let ask = Ask::new("sqs", "SendMessage", input);
        self.under_way = Some((ask.clone(), thought.now));
        ask
    }

    fn receive(url: &str, thought: &mut Thought) -> Ask {
        let wait = if thought.dice.one_in(3) { thought.dice.below(21) } else { 0 };
        let input = json!({"QueueUrl": url, "MaxNumberOfMessages": 1 + thought.dice.below(10),
            "VisibilityTimeout": VISIBILITY, "WaitTimeSeconds": wait});
        Ask::new("sqs", "ReceiveMessage", input)
    }

    fn delete(&mut self, url: &str, thought: &mut Thought) -> Option<Ask> {
        let all = self.groups.values().flatten();
        let held: Vec<(&str, &String)> =
            all.filter_map(|sent| Some((sent.body.as_str(), sent.handle.as_ref()?))).collect();
        // The first ones first: so does a consumer that keeps the order.
        let (body, handle) = *held.get(thought.dice.below(held.len().min(3) as u64) as usize)?;
        self.about = Some((group_of(body).to_owned(), body.to_owned()));
        let input = json!({"QueueUrl": url, "ReceiptHandle": handle});
        Some(Ask::new("sqs", "DeleteMessage", input))
    }

    /// What a receive returned must be the beginning of each group that it touched, but for
    /// messages that may not be there.
    fn received(&mut self, found: &Json) -> Result<(), String> {
        let mut at: BTreeMap<String, usize> = BTreeMap::new();
        for message in found["Messages"].as_array().into_iter().flatten() {
            let body = message["Body"].as_str().unwrap_or_default();
            let name = group_of(body);
            let group = self.groups.entry(name.to_owned()).or_default();
            let from = at.entry(name.to_owned()).or_default();
            loop {
                let Some(next) = group.get(*from) else {
                    return Err(format!("{body} was received twice, late, or out of order"));
                };
                if next.body == body {
                    break;
                }
                if next.certain() {
                    return Err(format!("{body} was received before {}", next.body));
                }
                group.remove(*from);
            }
            let sent = &mut group[*from];
            (sent.sent, sent.perhaps_deleted) = (true, false);
            sent.handle = message["ReceiptHandle"].as_str().map(str::to_owned);
            *from += 1;
        }
        Ok(())
    }

    fn hear_of_send(&mut self, reply: &Reply) -> Result<(), String> {
        let body = reply.ask.input["MessageBody"].as_str().unwrap_or_default().to_owned();
        let under_way = self.under_way.take();
        match &reply.heard {
            Heard::Yes(_) => {
                let group = self.groups.entry(group_of(&body).to_owned()).or_default();
                if let Some(sent) = group.iter_mut().find(|sent| sent.body == body) {
                    sent.sent = true;
                }
            }
            Heard::No(_) => return reply.broken("a send was refused"),
            Heard::Lost => self.doubtful = under_way,
        }
        Ok(())
    }

    fn hear_of_delete(&mut self, reply: &Reply) -> Result<(), String> {
        let Some((group, body)) = self.about.take() else { return Ok(()) };
        let group = self.groups.entry(group).or_default();
        let Some(at) = group.iter().position(|sent| sent.body == body) else { return Ok(()) };
        match &reply.heard {
            Heard::Yes(_) => {
                group.remove(at);
            }
            Heard::No(refused) if refused.message.contains("expired") => group[at].handle = None,
            Heard::No(_) => return reply.broken("the newest handle was refused"),
            Heard::Lost => {
                group[at].perhaps_deleted = true;
                group[at].handle = None;
            }
        }
        Ok(())
    }
}

impl Customer for Fifo {
    fn hands(&self) -> usize {
        2
    }

    fn next(&mut self, hand: usize, thought: &mut Thought) -> Option<Ask> {
        let Some(url) = self.url.clone() else {
            let scope = thought.dice.word(&["queue", "messageGroup"]);
            let input = json!({"QueueName": self.name, "Attributes": {"FifoQueue": "true",
                "DeduplicationScope": scope}});
            return (hand == 0).then(|| Ask::new("sqs", "CreateQueue", input));
        };
        if hand == 0 {
            return Some(self.send(&url, thought));
        }
        match thought.dice.below(5) {
            0..=1 => Some(Fifo::receive(&url, thought)),
            _ => self.delete(&url, thought).or_else(|| Some(Fifo::receive(&url, thought))),
        }
    }

    fn hear(&mut self, reply: Reply, _: &mut Board) -> Result<(), String> {
        match (reply.ask.operation, &reply.heard) {
            ("CreateQueue", Heard::Yes(answer)) => {
                self.url = answer["QueueUrl"].as_str().map(str::to_owned);
            }
            // The scope of its first, lost creation was another.
            ("CreateQueue", Heard::No(refused))
                if refused.code == "QueueNameExists" || refused.code == "QueueAlreadyExists" =>
            {
                self.name = format!("x{}", self.name)
            }
            (_, Heard::No(refused)) if refused.code == "InternalFailure" => {}
            ("SendMessage", _) => return self.hear_of_send(&reply),
            ("ReceiveMessage", Heard::Yes(found)) => return self.received(found),
            ("ReceiveMessage", Heard::Lost) => {
                self.groups.values_mut().flatten().for_each(|sent| sent.handle = None);
            }
            ("DeleteMessage", _) => return self.hear_of_delete(&reply),
            (_, Heard::No(_)) => return reply.broken("a plain call was refused"),
            _ => {}
        }
        Ok(())
    }

    fn judge(&mut self, stage: &mut Stage, scope: &Scope) -> Result<(), String> {
        let Some(url) = self.url.clone() else { return Ok(()) };
        stage.pass(Span::seconds(VISIBILITY + 1));
        let input = json!({"QueueUrl": url, "MaxNumberOfMessages": 10, "VisibilityTimeout": 3600});
        loop {
            let found = stage.must(scope, "sqs", "ReceiveMessage", input.clone())?;
            self.received(&found)?;
            let messages = found["Messages"].as_array().cloned().unwrap_or_default();
            if messages.is_empty() {
                break;
            }
            for message in &messages {
                let input = json!({"QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"]});
                stage.must(scope, "sqs", "DeleteMessage", input)?;
                let body = message["Body"].as_str().unwrap_or_default();
                let group = self.groups.entry(group_of(body).to_owned()).or_default();
                group.retain(|sent| sent.body != body);
            }
        }
        match self.groups.values().flatten().find(|sent| sent.certain()) {
            Some(sent) => Err(format!("{sent:?} of {} was acknowledged and is lost", self.name)),
            None => Ok(()),
        }
    }
}
