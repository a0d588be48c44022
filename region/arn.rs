//! Amazon Resource Names: `arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE`.

use crate::{GLOBAL, Scope};

/// An ARN taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arn<'a> {
    /// `aws`.
    pub partition: &'a str,
    /// `sqs`.
    pub service: &'a str,
    /// Empty for global services.
    pub region: &'a str,
    /// Empty for some.
    pub account: &'a str,
    /// Everything behind the fifth colon.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Takes an ARN apart; `None` when it has fewer than six parts.
    pub fn parse(text: &'a str) -> Option<Arn<'a>> {
        let mut parts = text.splitn(6, ':');
        if parts.next()? != "arn" {
            return None;
        }
        Some(Arn {
            partition: parts.next()?,
            service: parts.next()?,
            region: parts.next()?,
            account: parts.next()?,
            resource: parts.next()?,
        })
    }
}

impl Scope {
    /// The ARN of a resource in this scope; global scopes leave the region out.
    pub fn arn(&self, service: &str, resource: &str) -> String {
        let region = if &*self.region == GLOBAL { "" } else { &*self.region };
        format!("arn:aws:{service}:{region}:{}:{resource}", self.account)
    }
}
