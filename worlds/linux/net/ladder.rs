//! A [`Ladder`] as two chains: stateless, the first rung that matches decides.

use crate::rule::{DESTINATION, Draft, ICMP_KIND, Meta, SERVICE, SOURCE, Verdict, when};
use crate::ruleset::Ruleset;
use world::{Id, Ipv4Net, Ladder, Traffic, Way};

/// Name of the chain of one way.
pub(crate) fn chain(ladder: &Id, way: Way) -> String {
    match way {
        Way::In => format!("{ladder}.in"),
        Way::Out => format!("{ladder}.out"),
    }
}

/// The two chains. They return what passes.
pub(crate) fn compile(id: &Id, ladder: &Ladder) -> Ruleset {
    let mut rules = Ruleset::default();
    for way in [Way::In, Way::Out] {
        let peer = if way == Way::In { SOURCE } else { DESTINATION };
        let mut chain_rules: Vec<_> = ladder
            .rungs
            .iter()
            .filter(|rung| rung.way == way)
            .map(|rung| {
                let draft = from_net(traffic(when(), rung.traffic), peer, rung.peer);
                draft.then(if rung.pass { Verdict::Return } else { Verdict::Drop })
            })
            .collect();
        chain_rules.push(when().drop());
        rules.chain(&chain(id, way), None, chain_rules);
    }
    rules
}

/// Matches the traffic expression by expression.
pub(crate) fn traffic(draft: Draft, traffic: Traffic) -> Draft {
    let Some(protocol) = traffic.protocol else { return draft };
    let draft = draft.meta(Meta::Protocol, 0).is(0, &[protocol]);
    if let Some(icmp) = traffic.icmp {
        let (from, to) = (icmp.code.unwrap_or(0), icmp.code.unwrap_or(255));
        return draft.field(ICMP_KIND, 0).within(0, &[icmp.kind, from], &[icmp.kind, to]);
    }
    match traffic.ports {
        Some((from, to)) => {
            draft.field(SERVICE, 0).within(0, &from.to_be_bytes(), &to.to_be_bytes())
        }
        None => draft,
    }
}

/// Matches an address in a block.
pub(crate) fn from_net(draft: Draft, field: crate::rule::Field, net: Ipv4Net) -> Draft {
    match net.prefix_len() {
        0 => draft,
        32 => draft.field(field, 0).is(0, &net.addr().octets()),
        _ => draft
            .field(field, 0)
            .mask(0, &net.netmask().octets(), &[0; 4])
            .is(0, &net.network().octets()),
    }
}
