//! Watches what costs in other rooms, and notes since when.

use crate::model::{Item, Run, service};
use ebs::model::Volume;
use ec2::model::{Instance, State};
use region::{Changed, Controller, Key, Plan, Record, View, Wake, deaf};
use vpc::model::{Address, NetworkInterface};

/// All controllers of this room.
pub(crate) const CONTROLLERS: &[Controller] = &[Controller {
    kind: Run::KIND,
    plan,
    wakes: &[
        Wake { kind: Instance::KIND, find: same },
        Wake { kind: Volume::KIND, find: same },
        Wake { kind: Address::KIND, find: same },
        Wake { kind: NetworkInterface::KIND, find: same },
    ],
    hear: deaf,
}];

/// A resource's run has the resource's own key.
fn same(_: &View, changed: &Changed) -> Vec<Key> {
    vec![changed.key.clone()]
}

fn plan(view: &View, key: &Key, plan: &mut Plan) {
    let before = view.store.get::<Run>(key);
    let mut run = before.map(|run| (**run).clone()).unwrap_or_default();
    run.turn(present(view, key), view.now);
    if !run.spans.is_empty() && before.is_none_or(|before| **before != run) {
        plan.want(key.clone(), run);
    }
}

/// What costs under this key now.
fn present(view: &View, key: &Key) -> Option<Item> {
    let store = view.store;
    if let Some(instance) = store.get::<Instance>(key) {
        // docs: EC2 guide, instance lifecycle: billed while running.
        return (instance.state == State::Running).then(|| Item {
            service: service::COMPUTE.to_owned(),
            key: format!("BoxUsage:{}", instance.kind),
            amount: 1.0,
            zone: Some(instance.zone.to_string()),
        });
    }
    if let Some(volume) = store.get::<Volume>(key) {
        let kind = match volume.performance.kind.as_str() {
            "standard" => "EBS:VolumeUsage".to_owned(),
            "io1" => "EBS:VolumeUsage.piops".to_owned(),
            other => format!("EBS:VolumeUsage.{other}"),
        };
        return (!volume.deleting).then(|| Item {
            service: service::OTHER.to_owned(),
            key: kind,
            amount: f64::from(volume.performance.gib),
            zone: Some(volume.zone.clone()),
        });
    }
    let address = |used: bool| Item {
        service: service::VPC.to_owned(),
        key: format!("PublicIPv4:{}Address", if used { "InUse" } else { "Idle" }),
        amount: 1.0,
        zone: None,
    };
    if let Some(elastic) = store.get::<Address>(key) {
        return Some(address(elastic.association.is_some()));
    }
    let interface = store.get::<NetworkInterface>(key)?;
    interface.public.map(|_| address(true))
}
