//! A parameter of SSM: versions rise by one with each acknowledged put, and the newest value is
//! what was put last.

use crate::board::Board;
use crate::customer::{Ask, Customer, Heard, Reply, Scope, Thought};
use crate::stage::Stage;
use serde_json::{Value as Json, json};

/// The customer.
pub struct Parameters {
    name: String,
    puts: u64,
    /// The highest version that was seen.
    version: u64,
    /// The values it may have now.
    values: Vec<String>,
    deleted: bool,
}

impl Parameters {
    pub fn new(nonce: String) -> Parameters {
        let name = format!("/{nonce}/value");
        Parameters { name, puts: 0, version: 0, values: Vec::new(), deleted: true }
    }

    fn check(&mut self, answer: &Json) -> Result<(), String> {
        let parameter = &answer["Parameter"];
        let value = parameter["Value"].as_str().unwrap_or_default();
        if !self.values.iter().any(|one| one == value) {
            return Err(format!("{} is {value}, not one of {:?}", self.name, self.values));
        }
        self.rises(parameter["Version"].as_u64().unwrap_or(0), false)
    }

    fn rises(&mut self, version: u64, strictly: bool) -> Result<(), String> {
        if version < self.version || strictly && version == self.version {
            let (name, before) = (&self.name, self.version);
            return Err(format!("{name} went from version {before} to {version}"));
        }
        self.version = version;
        Ok(())
    }
}

impl Customer for Parameters {
    fn next(&mut self, _: usize, thought: &mut Thought) -> Option<Ask> {
        Some(match thought.dice.below(8) {
            0..=2 => Ask::new("ssm", "GetParameter", json!({"Name": self.name})),
            3 if thought.dice.one_in(3) => {
                Ask::new("ssm", "DeleteParameter", json!({"Name": self.name}))
            }
            _ => {
                self.puts += 1;
                let input = json!({"Name": self.name, "Value": format!("v{}", self.puts),
                    "Type": "String", "Overwrite": true});
                Ask::new("ssm", "PutParameter", input)
            }
        })
    }

    fn hear(&mut self, reply: Reply, _: &mut Board) -> Result<(), String> {
        let value = reply.ask.input["Value"].as_str().unwrap_or_default().to_owned();
        match (reply.ask.operation, &reply.heard) {
            (_, Heard::No(refused)) if refused.code == "InternalFailure" => {}
            ("PutParameter", Heard::Yes(answer)) => {
                self.values = vec![value];
                self.deleted = false;
                return self.rises(answer["Version"].as_u64().unwrap_or(0), true);
            }
            ("PutParameter", Heard::Lost) => self.values.push(value),
            // AWS keeps a hundred versions; past that the oldest without a label goes.
            ("PutParameter", Heard::No(_)) => return reply.broken("a put was refused"),
            ("GetParameter", Heard::Yes(answer)) => return self.check(answer),
            ("GetParameter" | "DeleteParameter", Heard::No(refused))
                if refused.code == "ParameterNotFound" && self.deleted => {}
            (_, Heard::No(_)) => return reply.broken("an acknowledged parameter is gone"),
            // Its versions begin anew.
            ("DeleteParameter", Heard::Yes(_)) => {
                (self.version, self.deleted) = (0, true);
                self.values.clear();
            }
            ("DeleteParameter", Heard::Lost) => (self.version, self.deleted) = (0, true),
            _ => {}
        }
        Ok(())
    }

    fn judge(&mut self, stage: &mut Stage, scope: &Scope) -> Result<(), String> {
        let ask = Ask::new("ssm", "GetParameter", json!({"Name": self.name}));
        match stage.call(scope, &ask)? {
            Ok(answer) => self.check(&answer),
            Err(refused) if refused.code == "ParameterNotFound" && self.deleted => Ok(()),
            Err(refused) => Err(format!("{} is gone: {refused:?}", self.name)),
        }
    }
}
