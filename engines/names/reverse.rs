//! Names of addresses, from the private names of machines: `ip-10-0-0-5.REGION.compute.internal.`
//! stands for 10.0.0.5, so 5.0.0.10.in-addr.arpa. leads back to it. Pure.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;
use world::{Id, NameAnswer, NameChoice, NameRecord, NameZone};

/// Seconds; as the private names themselves.
const TTL_S: u32 = 60;

/// One zone for each private range in which there is such a name (VPC User Guide, "DNS
/// attributes": RFC 1918 ranges have rules of the resolver's own).
pub(crate) fn zones(zones: &BTreeMap<Id, Arc<NameZone>>) -> BTreeMap<Id, Arc<NameZone>> {
    let mut out: BTreeMap<Id, NameZone> = BTreeMap::new();
    for record in zones.values().flat_map(|zone| &zone.records) {
        let Some(address) = spelled(record) else { continue };
        let [a, b, c, d] = address.octets();
        let apex = match a {
            10 => "10.in-addr.arpa.".to_owned(),
            172 if (16..32).contains(&b) => format!("{b}.172.in-addr.arpa."),
            192 if b == 168 => "168.192.in-addr.arpa.".to_owned(),
            _ => format!("{c}.{b}.{a}.in-addr.arpa."),
        };
        let zone = out.entry(Id::from(&apex)).or_default();
        zone.name = apex;
        zone.records.push(Arc::new(NameRecord {
            name: format!("{d}.{c}.{b}.{a}.in-addr.arpa."),
            kind: "PTR".to_owned(),
            choice: NameChoice::Simple,
            check: None,
            answer: NameAnswer::Values { ttl: TTL_S, values: vec![record.name.clone()] },
        }));
    }
    out.into_iter().map(|(id, zone)| (id, Arc::new(zone))).collect()
}

/// The address of a name that spells it.
fn spelled(record: &NameRecord) -> Option<Ipv4Addr> {
    let label = record.name.split('.').next()?.strip_prefix("ip-")?;
    let address: Ipv4Addr = label.replace('-', ".").parse().ok()?;
    let NameAnswer::Values { values, .. } = &record.answer else { return None };
    let same = |text: &String| text.parse() == Ok(address);
    (record.kind == "A" && values.iter().any(same)).then_some(address)
}
