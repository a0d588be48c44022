//! What the registrar does, when its time has come; and what becomes of a domain when its
//! registration ends.

use crate::model::domain::{Domain, Effect, Status, Task, years_later};
use api_route53::operation::CreateHostedZone;
use api_route53::{CreateHostedZoneRequest, CreateHostedZoneResponse, HostedZoneConfig};
use region::{Heard, Key, Plan, Refusal, Tags, View};
use shape::Shaped;

/// The tag of the call that makes a new domain's hosted zone.
const ZONE: &str = "zone";

/// Carries out an operation of the registrar.
pub(super) fn work(view: &View, key: &Key, plan: &mut Plan) {
    let Some(task) = view.store.get::<Task>(key) else { return };
    if task.status != Status::InProgress {
        return;
    }
    if task.due > view.now {
        return plan.again(task.due);
    }
    if let Effect::Register(_) = &task.effect {
        let comment = "HostedZone created by Route53 Registrar".to_owned();
        let config = HostedZoneConfig { comment: Some(comment), private_zone: None };
        let input = CreateHostedZoneRequest {
            name: task.domain.clone(),
            caller_reference: format!("RISWorkflow-RD:{}", key.id),
            hosted_zone_config: Some(config),
            ..Default::default()
        };
        return plan.ask::<CreateHostedZone>(key, ZONE, input);
    }
    let at = Key::new(&key.scope, &task.domain);
    let status = match view.store.get::<Domain>(&at) {
        Some(domain) => {
            change(view, &at, domain, &task.effect, plan);
            Status::Successful
        }
        // It expired meanwhile.
        None => Status::Failed,
    };
    plan.want(key.clone(), Task { status, updated: view.now, ..(**task).clone() });
}

fn change(view: &View, at: &Key, domain: &Domain, effect: &Effect, plan: &mut Plan) {
    let mut domain = Domain { updated: view.now, ..domain.clone() };
    match effect {
        Effect::Delete => {
            plan.forget::<Tags>(at.clone());
            return plan.forget::<Domain>(at.clone());
        }
        Effect::Register(_) => return,
        Effect::NameServers(servers) => domain.name_servers.clone_from(servers),
        Effect::Renew(until) => domain.expires = *until,
        Effect::Contacts(contacts) => domain.contacts.extend(contacts.clone()),
        Effect::Privacy(private) => domain.private.extend(private.clone()),
        Effect::Lock(locked) => domain.locked = *locked,
    }
    plan.want(at.clone(), domain);
}

/// The hosted zone of a new domain is there, and the domain with it; or neither.
pub(super) fn hear(view: &View, key: &Key, heard: &Heard, plan: &mut Plan) {
    let Heard::Answer(ZONE, answer) = heard else { return };
    let Some(task) = view.store.get::<Task>(key) else { return };
    let Effect::Register(domain) = &task.effect else { return };
    let mut task = Task { updated: view.now, ..(**task).clone() };
    match servers(*answer) {
        Ok(name_servers) => {
            let updated = view.now;
            let domain = Domain { name_servers, updated, ..(**domain).clone() };
            plan.want(Key::new(&key.scope, &task.domain), domain);
            task.status = Status::Successful;
        }
        Err(message) => {
            task.status = Status::Failed;
            task.message = Some(message);
        }
    }
    plan.want(key.clone(), task);
}

fn servers(answer: Result<&shape::Record, &Refusal>) -> Result<Vec<String>, String> {
    let record = answer.map_err(|refusal| refusal.message.clone())?;
    let made = CreateHostedZoneResponse::from_record(record.clone());
    let made = made.map_err(|mismatch| mismatch.to_string())?;
    let set = made.delegation_set.unwrap_or_default();
    Ok(set.name_servers.unwrap_or_default())
}

/// At the end of its registration a domain is renewed for a year, or nobody's again. (AWS keeps it
/// for its owner for some weeks more.)
pub(super) fn expire(view: &View, key: &Key, plan: &mut Plan) {
    let Some(domain) = view.store.get::<Domain>(key) else { return };
    if domain.expires > view.now {
        return plan.again(domain.expires);
    }
    match domain.auto_renew {
        true => {
            let (expires, updated) = (years_later(domain.expires, 1), view.now);
            plan.want(key.clone(), Domain { expires, updated, ..(**domain).clone() });
        }
        false => {
            plan.forget::<Tags>(key.clone());
            plan.forget::<Domain>(key.clone());
        }
    }
}
