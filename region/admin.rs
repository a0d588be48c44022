//! What the person who runs the region asks of it: health, status, log, faults. JSON answers.

use crate::Region;
use crate::door::Admin;
use crate::zone::REGIONS;
use serde_json::{Value as Json, json};
use world::{Answer, Fault, Health, Thing, World};

/// Answers one such request.
pub(crate) fn answer<W: World>(region: &mut Region<W>, order: Admin) -> Answer {
    match order {
        Admin::Health => health(region),
        Admin::Status => reply(200, &status(region)),
        Admin::Log(from) => {
            let lines: Vec<Json> = region.audit.from(from).take(1000).map(line).collect();
            reply(200, &json!({ "lines": lines }))
        }
        Admin::Inject(fault) => faulty(region, fault, true),
        Admin::Heal(fault) => faulty(region, fault, false),
        Admin::Stop => {
            region.stop();
            reply(200, &json!({"stopping": true}))
        }
    }
}

fn line((number, time, text): (u64, world::Time, &str)) -> Json {
    json!({ "number": number, "millis": time.millis(), "text": text })
}

fn faulty<W: World>(region: &mut Region<W>, fault: Fault, on: bool) -> Answer {
    region.fault(fault, on);
    reply(200, &json!({ "faults": region.faults }))
}

fn health<W: World>(region: &Region<W>) -> Answer {
    let well = region.log.damage.is_empty() && region.stuck.is_none();
    let body = json!({
        "status": if well { "ok" } else { "damaged" },
        "damage": region.log.damage,
        "not_served": region.log.damaged,
        "cut": region.log.cut,
        "beside_journal": region.log.beside,
        "stuck": region.stuck,
    });
    reply(if well { 200 } else { 503 }, &body)
}

fn status<W: World>(region: &Region<W>) -> Json {
    let dark = |zone: &str| {
        let is = |fault: &Fault| matches!(fault, Fault::Dark(dark) if dark.as_str() == zone);
        region.faults.iter().any(is)
    };
    let zones: Vec<Json> = REGIONS
        .iter()
        .flat_map(|info| info.zones())
        .map(|zone| json!({"zone": zone, "state": if dark(&zone) { "dark" } else { "available" }}))
        .collect();
    let machines: Vec<Json> = region
        .ordered()
        .filter_map(|(id, thing)| match thing {
            Thing::Machine(machine) => Some((id, machine)),
            _ => None,
        })
        .map(|(id, machine)| {
            let health = region.actual().get(id).map(|(health, _)| name(health));
            json!({
                "id": id,
                "zone": machine.zone,
                "health": health,
                "millicpus": machine.size.millicpus,
                "memory": machine.size.memory,
                "addresses": addresses(region, &machine.ports),
            })
        })
        .collect();
    json!({
        "zones": zones,
        "machines": machines,
        "things": region.ordered().count(),
        "settled": region.settled(),
        "faults": region.faults,
    })
}

fn addresses<W: World>(region: &Region<W>, ports: &[world::Id]) -> Vec<Json> {
    let port = |id| match region.planner.ordered.get(id) {
        Some(Thing::Port(port)) => port.addresses.clone(),
        _ => Vec::new(),
    };
    let all = ports.iter().flat_map(port);
    all.map(|address| json!({"private": address.private, "public": address.public})).collect()
}

fn name(health: &Health) -> String {
    match health {
        Health::Coming => "coming".into(),
        Health::Ready => "ready".into(),
        Health::Off(true) => "switched off".into(),
        Health::Off(false) => "crashed".into(),
        Health::Dark => "dark".into(),
        Health::Failed(why) => format!("failed: {why}"),
    }
}

fn reply(status: u16, body: &Json) -> Answer {
    let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    Answer { status, headers, body: format!("{body}\n").into_bytes() }
}
