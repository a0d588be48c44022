//! A user of IAM and its access keys: two at most, and each as it was acknowledged.

use crate::board::Board;
use crate::customer::{Ask, Customer, Heard, Reply, Scope, Thought};
use crate::stage::Stage;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// AWS's quota of access keys of one user.
const KEYS: usize = 2;

/// The customer.
pub struct Keys {
    user: String,
    made: bool,
    /// Keys that were acknowledged, and the status each may have; empty: perhaps gone.
    keys: BTreeMap<String, Vec<&'static str>>,
    /// A key may exist of which nobody heard.
    unheard: bool,
}

impl Keys {
    pub fn new(nonce: String) -> Keys {
        Keys { user: nonce, made: false, keys: BTreeMap::new(), unheard: false }
    }

    fn check(&self, answer: &Json) -> Result<(), String> {
        let found: Vec<&Json> =
            answer["AccessKeyMetadata"].as_array().into_iter().flatten().collect();
        if found.len() > KEYS {
            return Err(format!("{} has {} keys", self.user, found.len()));
        }
        for (id, status) in &self.keys {
            match found.iter().find(|one| one["AccessKeyId"] == json!(id)) {
                Some(one)
                    if status.is_empty() || status.iter().any(|s| one["Status"] == json!(s)) => {}
                None if status.is_empty() => {}
                other => return Err(format!("{id} should be {status:?} and is {other:?}")),
            }
        }
        let known =
            |one: &&&Json| one["AccessKeyId"].as_str().is_some_and(|id| self.keys.contains_key(id));
        let strays = found.len() - found.iter().filter(known).count();
        if strays > 0 && !self.unheard {
            return Err(format!("{} has a key that nobody asked for: {answer}", self.user));
        }
        Ok(())
    }

    fn hear_of_key(&mut self, reply: &Reply) -> Result<(), String> {
        let input = &reply.ask.input;
        let id = input["AccessKeyId"].as_str().unwrap_or_default().to_owned();
        match (reply.ask.operation, &reply.heard) {
            ("CreateAccessKey", Heard::Yes(answer)) => {
                let id = answer["AccessKey"]["AccessKeyId"].as_str().unwrap_or_default();
                self.keys.insert(id.to_owned(), vec!["Active"]);
                let certain = self.keys.values().filter(|status| !status.is_empty()).count();
                if certain > KEYS {
                    return reply.broken("a third access key was granted");
                }
            }
            ("CreateAccessKey", Heard::No(_)) if self.keys.len() >= KEYS || self.unheard => {}
            ("CreateAccessKey", Heard::No(_)) => return reply.broken("there was room for a key"),
            ("CreateAccessKey", Heard::Lost) => self.unheard = true,
            ("DeleteAccessKey", Heard::Yes(_)) => {
                self.keys.remove(&id);
            }
            ("DeleteAccessKey", Heard::Lost) => {
                self.keys.insert(id, Vec::new());
            }
            ("UpdateAccessKey", Heard::Yes(_)) => {
                let status = status(input);
                self.keys.insert(id, vec![status]);
            }
            ("UpdateAccessKey", Heard::Lost) => {
                let status = status(input);
                let known = self.keys.entry(id).or_default();
                if !known.is_empty() {
                    known.push(status);
                }
            }
            (_, Heard::No(refused)) if refused.code == "NoSuchEntity" => {
                if self.keys.get(&id).is_some_and(|status| !status.is_empty()) {
                    return reply.broken("an acknowledged key is gone");
                }
                self.keys.remove(&id);
            }
            _ => {}
        }
        Ok(())
    }
}

fn status(input: &Json) -> &'static str {
    if input["Status"] == json!("Active") { "Active" } else { "Inactive" }
}

impl Customer for Keys {
    fn next(&mut self, _: usize, thought: &mut Thought) -> Option<Ask> {
        let user = json!({"UserName": self.user});
        if !self.made {
            return Some(Ask::new("iam", "CreateUser", user));
        }
        let ids: Vec<String> = self.keys.keys().cloned().collect();
        let id = thought.dice.pick(&ids).cloned();
        Some(match (thought.dice.below(6), id) {
            (0..=1, _) | (_, None) => Ask::new("iam", "CreateAccessKey", user),
            (2, Some(id)) => {
                let input = json!({"UserName": self.user, "AccessKeyId": id});
                Ask::new("iam", "DeleteAccessKey", input)
            }
            (3, Some(id)) => {
                let status = thought.dice.word(&["Active", "Inactive"]);
                let input = json!({"UserName": self.user, "AccessKeyId": id, "Status": status});
                Ask::new("iam", "UpdateAccessKey", input)
            }
            _ => Ask::new("iam", "ListAccessKeys", user),
        })
    }

    fn hear(&mut self, reply: Reply, _: &mut Board) -> Result<(), String> {
        match (reply.ask.operation, &reply.heard) {
            (_, Heard::No(refused)) if refused.code == "InternalFailure" => Ok(()),
            ("CreateUser", Heard::Yes(_)) => {
                self.made = true;
                Ok(())
            }
            // Its first creation was not answered and happened.
            ("CreateUser", Heard::No(refused)) if refused.code == "EntityAlreadyExists" => {
                self.made = true;
                Ok(())
            }
            ("CreateUser", Heard::No(_)) => reply.broken("a user was refused"),
            ("ListAccessKeys", Heard::Yes(answer)) => self.check(answer),
            ("ListAccessKeys", Heard::No(_)) => reply.broken("a user is gone"),
            _ => self.hear_of_key(&reply),
        }
    }

    fn judge(&mut self, stage: &mut Stage, scope: &Scope) -> Result<(), String> {
        if !self.made {
            return Ok(());
        }
        let input = json!({"UserName": self.user});
        let found = stage.must(scope, "iam", "ListAccessKeys", input)?;
        self.check(&found)
    }
}
