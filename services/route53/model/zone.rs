//! Hosted zones, the sets of name servers that they are delegated to, and changes on their way.

use crate::model::{RecordSet, name};
use region::{Call, Key, Refusal, Scope, Store, record};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;
use world::Time;

/// A container of records of one domain; its key is its id, `Z…`, in its account's global scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostedZone {
    /// Normal form: `example.com.`
    pub name: String,
    /// What the customer told it apart by.
    pub caller_reference: String,
    /// As given.
    pub comment: Option<String>,
    /// Whether only the VPCs below see it.
    pub private: bool,
    /// Who sees a private zone.
    pub vpcs: BTreeSet<VpcPlace>,
    /// VPCs of other accounts whose owners may associate them.
    pub authorized: BTreeSet<VpcPlace>,
    /// Four of them, without a last dot.
    pub name_servers: Vec<String>,
    /// The reusable delegation set that they are from.
    pub delegation_set: Option<String>,
    /// When it was made.
    pub created: Time,
}

record!(HostedZone, "route53/hosted-zone", 1);

/// A VPC, as hosted zones name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct VpcPlace {
    /// `eu-west-3`.
    pub region: String,
    /// `vpc-…`
    pub id: String,
}

/// Name servers that several zones share; its key is its id, `N…`, in the global scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DelegationSet {
    /// What the customer told it apart by.
    pub caller_reference: String,
    /// Four of them, without a last dot.
    pub name_servers: Vec<String>,
}

record!(DelegationSet, "route53/delegation-set", 1);

/// A change on its way to the name servers; its key is its id, `C…`, in the global scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// As given.
    pub comment: Option<String>,
    /// When it was asked for.
    pub submitted: Time,
    /// When all name servers have it.
    pub in_sync: Time,
    /// When it is forgotten.
    pub until: Time,
}

record!(Change, "route53/change", 1);

impl HostedZone {
    /// The zone of this id, bare or with `/hostedzone/` before it, of the caller's account.
    pub(crate) fn find(call: &Call, id: &str) -> Result<(Key, Arc<HostedZone>), Refusal> {
        let bare = bare(id);
        let key = Key::new(&call.scope.global(), bare);
        let zone = call.get::<HostedZone>(&key);
        zone.map(|zone| (key, zone)).ok_or_else(|| super::refuse::no_zone(bare))
    }

    /// The zone of this id, whoever has it.
    pub(crate) fn anywhere(store: &Store, id: &str) -> Option<(Key, Arc<HostedZone>)> {
        let mut all = store.all::<HostedZone>();
        let found = all.find(|(key, _)| key.id.as_str() == bare(id));
        found.map(|(key, zone)| (key.clone(), zone.clone()))
    }

    /// Where its records are: a scope of their own, so that they can be listed in order.
    pub fn records(key: &Key) -> Scope {
        Scope::new(&key.scope.account, key.id.as_str())
    }

    /// Its records in the order of ListResourceRecordSets.
    pub fn sets<'a>(
        store: &'a Store,
        key: &Key,
    ) -> impl Iterator<Item = &'a Arc<RecordSet>> + use<'a> {
        let first = Key::new(&HostedZone::records(key), "");
        store.list_from::<RecordSet>(&first).map(|(_, set)| set)
    }
}

/// An id without what clients may put before it: `/hostedzone/`, `/change/`, `/delegationset/`.
pub(crate) fn bare(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

/// Name servers of private zones; they are never asked (as AWS shows them).
pub(crate) const PRIVATE_SERVERS: [&str; 4] = [
    "ns-1536.awsdns-00.co.uk",
    "ns-0.awsdns-00.com",
    "ns-1024.awsdns-00.org",
    "ns-512.awsdns-00.net",
];

/// Four name servers, one under each of four top-level domains, of 512 each.
pub(crate) fn name_servers(chance: u64) -> Vec<String> {
    let one = |place: u64, domain: &str| {
        let number = (chance >> (place * 9)) % 512;
        let (server, group) = (place * 512 + number, number / 8);
        format!("ns-{server}.awsdns-{group:02}.{domain}")
    };
    let mut all = vec![one(0, "com"), one(1, "net"), one(2, "org"), one(3, "co.uk")];
    all.rotate_left((chance >> 40) as usize % 4);
    all
}

/// Whether a zone with this name may not use these name servers: another zone that has the same
/// name, or lies above or below, uses one of them.
pub(crate) fn conflicts(store: &Store, domain: &str, servers: &[String]) -> bool {
    store.all::<HostedZone>().any(|(_, zone)| {
        let overlaps = name::within(domain, &zone.name) || name::within(&zone.name, domain);
        !zone.private && overlaps && zone.name_servers.iter().any(|one| servers.contains(one))
    })
}
