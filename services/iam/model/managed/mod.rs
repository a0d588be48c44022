//! AWS's own managed policies, those that are attached commonly. Their documents are shorter than
//! AWS's: they name the services that exist here.

mod beanstalk;
mod compute;
mod general;
#[cfg(test)]
mod tests;

use serde_json::{Value as Json, json};

/// A policy of AWS's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Managed {
    /// `/`, `/service-role/`, `/aws-service-role/`.
    pub path: &'static str,
    /// `AmazonSSMManagedInstanceCore`.
    pub name: &'static str,
    /// For a person.
    pub description: &'static str,
    /// Actions and resources of each statement; all of them allow.
    pub allows: &'static [Allow],
}

/// Actions and resources.
pub type Allow = (&'static [&'static str], &'static [&'static str]);

const ALL: &[&str] = &["*"];

/// All of them.
pub fn all() -> impl Iterator<Item = &'static Managed> {
    [general::POLICIES, compute::POLICIES, beanstalk::POLICIES].into_iter().flatten()
}

/// The one with this ARN.
pub fn of_arn(arn: &str) -> Option<&'static Managed> {
    let rest = arn.strip_prefix("arn:aws:iam::aws:policy")?;
    all().find(|policy| rest.strip_prefix(policy.path) == Some(policy.name))
}

impl Managed {
    /// `arn:aws:iam::aws:policy/AdministratorAccess`.
    pub fn arn(&self) -> String {
        format!("arn:aws:iam::aws:policy{}{}", self.path, self.name)
    }

    /// `ANPA…`: made from the name, the same in every Maquette, not AWS's own.
    pub fn id(&self) -> String {
        const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let mut id = String::from("ANPA");
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for turn in 0..17_u8 {
            for byte in self.name.bytes().chain([turn]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
            id.push(char::from(BASE32[(hash >> 40) as usize % BASE32.len()]));
        }
        id
    }

    /// Its document.
    pub fn document(&self) -> String {
        let statements: Vec<Json> = self.allows.iter().map(statement).collect();
        json!({"Version": "2012-10-17", "Statement": statements}).to_string()
    }
}

fn statement((actions, resources): &Allow) -> Json {
    json!({"Effect": "Allow", "Action": actions, "Resource": resources})
}
