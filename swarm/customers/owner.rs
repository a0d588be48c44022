//! Makes, deletes, describes and uses things of many kinds: what was acknowledged is described,
//! what was deleted is not, one token makes one thing, pages hold each thing once.

use super::kinds::{KINDS, Kind, TOUCHES, rest};
use crate::board::Board;
use crate::customer::{Ask, Customer, Heard, Reply, Scope, Thought};
use crate::dice::Dice;
use crate::known;
use crate::stage::Stage;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use stories::Refused;

/// So many things of one kind are made at most.
const MOST: usize = 6;

/// No list of a seed is as long as this.
const ENDLESS: usize = 2_000;

/// Refusals that say that the swarm speaks badly, not that AWS would refuse.
const SPOKEN_BADLY: [&str; 2] = ["ValidationError", "MissingParameter"];

/// How certain a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum There {
    Yes,
    Perhaps,
    No,
}

/// The customer.
pub struct Owner {
    scope: Scope,
    nonce: String,
    /// Places in the table of kinds that it is about.
    kinds: Vec<usize>,
    /// It looks around so many times before it does anything.
    looks: u64,
    /// It fills one kind up to its quota.
    hoards: bool,
    /// Names of creations that were only tried (DryRun).
    dry: Vec<String>,
    things: BTreeMap<(usize, String), There>,
    made: u64,
    /// Creations with a token, and what they made.
    tokens: BTreeMap<String, String>,
    /// A creation with a token that nobody answered.
    doubtful: Option<Ask>,
}

fn kind_of(operation: &str) -> Option<(usize, &'static Kind)> {
    KINDS.iter().enumerate().find(|(_, kind)| {
        kind.create == operation || kind.delete.0 == operation || kind.describe.0 == operation
    })
}

impl Owner {
    pub fn new(dice: &mut Dice, scope: Scope, nonce: String) -> Owner {
        // Networks, storage, whoever may do what, and a bit of everything.
        let all: Vec<usize> = (0..KINDS.len()).collect();
        let hoards = dice.one_in(5);
        let theme = match dice.below(5) {
            0..=1 => &all[..8],
            2 => &all[7..10],
            3 => &all[13..],
            _ => &all[..],
        };
        let count = if hoards { 1 } else { 3 + dice.below(4) };
        let kinds: Vec<usize> = (0..count).filter_map(|_| dice.pick(theme)).copied().collect();
        let (things, tokens) = (BTreeMap::new(), BTreeMap::new());
        let dry = Vec::new();
        Owner {
            scope,
            nonce,
            kinds,
            looks: dice.below(5),
            hoards,
            dry,
            things,
            made: 0,
            tokens,
            doubtful: None,
        }
    }

    fn create(&mut self, at: usize, thought: &mut Thought) -> Ask {
        let kind = &KINDS[at];
        self.made += 1;
        let name = format!("{}-{}", self.nonce, self.made);
        let mut input = (kind.input)(thought.dice, thought.board, &self.scope, &name);
        if let Some(resource) = kind.tagged {
            input["TagSpecifications"] =
                json!([{"ResourceType": resource, "Tags": [{"Key": "nonce", "Value": name}]}]);
            if thought.dice.one_in(12) {
                input["DryRun"] = json!(true);
                self.dry.push(name);
            }
        }
        Ask::new(kind.api, kind.create, input)
    }

    fn describe(&self, at: usize, thought: &mut Thought) -> Ask {
        let kind = &KINDS[at];
        let (operation, ids, _) = kind.describe;
        let mut input = json!({});
        let page = thought.dice.one_in(3);
        if kind.api == "ec2" {
            match (thought.dice.below(5), ids) {
                (0, _) => {
                    let filter = json!([{"Name": "tag:nonce", "Values": [self.nonce]}]);
                    input["Filters"] = filter;
                }
                (1, _) => input["Filters"] = json!([{"Name": "colour", "Values": ["red"]}]),
                (2, Some(ids)) => {
                    input[ids] = json!([thought.board.draw(thought.dice, &self.scope, "vpc")]);
                }
                _ if page && kind.page.is_some() => {
                    input["MaxResults"] = json!(5 + thought.dice.below(5));
                }
                _ => {}
            }
        } else if page {
            input["MaxItems"] = json!(1 + thought.dice.below(5));
        }
        Ask::new(kind.api, operation, input)
    }

    fn touch(&self, thought: &mut Thought) -> Option<Ask> {
        let mut touch = thought.dice.pick(TOUCHES)?;
        for _ in 0..6 {
            if touch.1.iter().all(|(_, prefix)| thought.board.knows(&self.scope, prefix)) {
                break;
            }
            touch = thought.dice.pick(TOUCHES)?;
        }
        let (operation, ids) = touch;
        let mut input = rest(operation, thought.dice);
        for (member, prefix) in *ids {
            let id = thought.board.draw(thought.dice, &self.scope, prefix);
            input[member] = if member.ends_with('s') { json!([id]) } else { json!(id) };
        }
        Some(Ask::new("ec2", operation, input))
    }

    fn created(&mut self, at: usize, reply: &Reply, board: &mut Board) -> Result<(), String> {
        let kind = &KINDS[at];
        let token = reply.ask.input["ClientToken"].as_str();
        let dry = reply.ask.input["DryRun"] == json!(true);
        let Some(answer) = reply.yes() else {
            if reply.lost() && kind.token && !dry {
                self.doubtful = Some((*reply.ask).clone());
            }
            return Ok(());
        };
        if dry {
            return reply.broken("a dry run was granted");
        }
        let Some(id) = answer.pointer(kind.id).and_then(Json::as_str) else {
            return reply.broken("what was made has no id");
        };
        if let Some(token) = token {
            let before = self.tokens.entry(token.to_owned()).or_insert_with(|| id.to_owned());
            if before != id {
                return reply.broken(&format!("one token made {before} before"));
            }
        }
        if let Some(foreign) = self.uses_foreign(&reply.ask.input, board) {
            return reply.broken(&format!("{foreign} is another account's"));
        }
        board.tell(&self.scope, id);
        self.things.entry((at, id.to_owned())).or_insert(There::Yes);
        Ok(())
    }

    /// An id of another scope in an input that was granted.
    fn uses_foreign(&self, input: &Json, board: &Board) -> Option<String> {
        let values = input.as_object()?.values();
        let texts = values.flat_map(|value| match value {
            Json::Array(items) => items.iter().filter_map(Json::as_str).collect::<Vec<_>>(),
            other => other.as_str().into_iter().collect(),
        });
        let foreign = |text: &&str| text.contains('-') && board.foreign(&self.scope, text);
        texts.into_iter().find(foreign).map(str::to_owned)
    }

    /// What was described can be used, whoever made it.
    fn saw(&self, kind: &Kind, reply: &Reply, board: &mut Board) {
        let found = reply.yes().and_then(|answer| answer[kind.describe.2].as_array());
        for item in found.into_iter().flatten().filter(|_| kind.api == "ec2") {
            if let Some(id) = item[kind.member].as_str() {
                board.tell(&self.scope, id);
            }
        }
    }

    fn deleted(&mut self, at: usize, reply: &Reply) -> Result<(), String> {
        let id = reply.ask.input[KINDS[at].delete.1].as_str().unwrap_or_default();
        let Some(there) = self.things.get_mut(&(at, id.to_owned())) else { return Ok(()) };
        match (&reply.heard, *there) {
            (Heard::Yes(_), _) => *there = There::No,
            (Heard::Lost, There::Yes) => *there = There::Perhaps,
            (Heard::No(refused), There::Yes) => {
                let code = &refused.code;
                if code.ends_with(".NotFound") || code == "NoSuchEntity" {
                    return reply.broken("an acknowledged thing is gone");
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// All things of a kind, page by page where `page` says so.
    fn pages(
        stage: &mut Stage,
        scope: &Scope,
        kind: &Kind,
        page: Option<u64>,
    ) -> Result<Vec<Json>, String> {
        let (operation, _, list) = kind.describe;
        let mut all = Vec::new();
        let mut token: Option<Json> = None;
        loop {
            let mut input = json!({});
            let ec2 = kind.api == "ec2";
            if operation == "DescribeSnapshots" {
                input["OwnerIds"] = json!(["self"]);
            }
            if let Some(page) = page {
                input[if ec2 { "MaxResults" } else { "MaxItems" }] = json!(page);
            }
            if let Some(token) = token {
                input[if ec2 { "NextToken" } else { "Marker" }] = token;
            }
            let found = stage.must(scope, kind.api, operation, input)?;
            let items = found[list].as_array().cloned().unwrap_or_default();
            if page.is_some_and(|page| items.len() as u64 > page) {
                return Err(format!("{operation} gave {} in a page of {page:?}", items.len()));
            }
            all.extend(items.into_iter().map(|item| item[kind.member].clone()));
            if all.len() > ENDLESS {
                return Err(format!("{operation} gives page after page without end"));
            }
            let next = &found[if ec2 { "NextToken" } else { "Marker" }];
            match next.as_str().filter(|next| !next.is_empty()) {
                Some(next) => token = Some(json!(next)),
                None => return Ok(all),
            }
        }
    }

    fn judge_kind(&self, at: usize, stage: &mut Stage, scope: &Scope) -> Result<(), String> {
        let kind = &KINDS[at];
        let all = Owner::pages(stage, scope, kind, None)?;
        if let Some(least) = kind.page {
            let paged = Owner::pages(stage, scope, kind, Some(least))?;
            if paged != all {
                return Err(format!("{}: pages give {paged:?}, not {all:?}", kind.describe.0));
            }
        }
        for ((_, id), there) in self.things.range((at, String::new())..(at + 1, String::new())) {
            let count = all.iter().filter(|one| **one == json!(id)).count();
            let right = match there {
                There::Yes => count == 1,
                There::No => count == 0,
                There::Perhaps => count <= 1,
            };
            if !right {
                let what = kind.describe.0;
                return Err(format!("{what}: {id} is there {count} times, should be {there:?}"));
            }
        }
        Ok(())
    }
}

impl Customer for Owner {
    fn next(&mut self, _: usize, thought: &mut Thought) -> Option<Ask> {
        if self.doubtful.is_some() && !thought.dice.one_in(5) {
            return self.doubtful.take();
        }
        if self.looks > 0 {
            self.looks -= 1;
            return Some(look(thought));
        }
        let at = *thought.dice.pick(&self.kinds)?;
        let kind = &KINDS[at];
        let range = (at, String::new())..(at + 1, String::new());
        let mine: Vec<String> = self.things.range(range).map(|((_, id), _)| id.clone()).collect();
        let ask = match thought.dice.below(13) {
            _ if self.hoards && mine.len() < 2 * MOST && !thought.dice.one_in(5) => {
                self.create(at, thought)
            }
            12 => look(thought),
            0..=3 if mine.len() < MOST => self.create(at, thought),
            4..=5 => {
                let (operation, member) = kind.delete;
                let id = match thought.dice.one_in(6) {
                    true => thought.board.draw_foreign(thought.dice, &self.scope, prefix(kind))?,
                    false => thought.dice.pick(&mine)?.clone(),
                };
                Ask::new(kind.api, operation, json!({member: id}))
            }
            6..=7 => self.describe(at, thought),
            _ => self.touch(thought)?,
        };
        (!known::excluded(ask.operation)).then_some(ask)
    }

    fn hear(&mut self, reply: Reply, board: &mut Board) -> Result<(), String> {
        if let Heard::No(refused) = &reply.heard
            && (SPOKEN_BADLY.contains(&refused.code.as_str()) || unserved(refused))
            && !odd(&reply.ask.input)
        {
            return reply.broken("the swarm speaks badly");
        }
        match kind_of(reply.ask.operation) {
            Some((at, kind)) if kind.create == reply.ask.operation => {
                self.created(at, &reply, board)
            }
            Some((at, kind)) if kind.delete.0 == reply.ask.operation => {
                // A thing that another customer of the account made may be deleted, not more.
                match (reply.yes(), self.uses_foreign(&reply.ask.input, board)) {
                    (Some(_), Some(_)) if kind.create != "CreateKeyPair" => {
                        reply.broken("a thing of another account was deleted")
                    }
                    _ => self.deleted(at, &reply),
                }
            }
            Some((_, kind)) => {
                self.saw(kind, &reply, board);
                Ok(())
            }
            None => match (reply.yes(), self.uses_foreign(&reply.ask.input, board)) {
                (Some(_), Some(id)) => reply.broken(&format!("{id} is another account's")),
                _ => Ok(()),
            },
        }
    }

    fn judge(&mut self, stage: &mut Stage, scope: &Scope) -> Result<(), String> {
        for name in &self.dry {
            let filter = json!({"Filters": [{"Name": "value", "Values": [name]}]});
            let found = stage.must(scope, "ec2", "DescribeTags", filter)?;
            if found["Tags"].as_array().is_some_and(|tags| !tags.is_empty()) {
                return Err(format!("a dry run left something: {found}"));
            }
        }
        let mut kinds = self.kinds.clone();
        kinds.sort_unstable();
        kinds.dedup();
        kinds.into_iter().try_for_each(|at| self.judge_kind(at, stage, scope))
    }
}

/// Sees what there is of some kind, so that it can be used.
fn look(thought: &mut Thought) -> Ask {
    let kind = &KINDS[thought.dice.below(10) as usize];
    let input = match kind.create {
        "CreateSnapshot" => json!({"OwnerIds": ["self"]}),
        _ => json!({}),
    };
    Ask::new(kind.api, kind.describe.0, input)
}

/// Whether the call names a parameter or an operation that is not served.
fn unserved(refused: &Refused) -> bool {
    refused.code == "NotImplemented" && refused.message.starts_with("The ")
}

fn prefix(kind: &Kind) -> &'static str {
    match kind.create {
        "CreateVpc" => "vpc",
        "CreateSubnet" => "subnet",
        "CreateVolume" => "vol",
        "CreateSecurityGroup" => "sg",
        "CreateNetworkInterface" => "eni",
        "AllocateAddress" => "eipalloc",
        "CreateSnapshot" => "snap",
        _ => "igw",
    }
}

/// An input that was meant to be refused at the door.
fn odd(input: &Json) -> bool {
    let text = input.to_string();
    ["nonsense", "\"\"", "\"-\"", "\u{fc}", "colour"].iter().any(|odd| text.contains(odd))
}
