//! A subnet is a segment; the routes of its table are resolved into next hops.

use crate::model::{
    Hop, InternetGateway, NetworkInterface, RouteTable, Subnet, TableRoute, Vpc, find,
};
use region::{Changed, Key, Plan, Scope, Store, View};
use world::{Id, Route, Segment, Thing, Via};

/// The segment. Without its VPC (which never happens) there is none.
pub(super) fn plan(view: &View, key: &Key, plan: &mut Plan) {
    let Some(subnet) = view.store.get::<Subnet>(key) else { return };
    let Some(vpc) = view.store.get::<Vpc>(&Key::new(&key.scope, subnet.vpc.clone())) else {
        return;
    };
    let table = Key::new(&key.scope, subnet.table(vpc).clone());
    let table = view.store.get::<RouteTable>(&table);
    let routes = table.iter().flat_map(|table| &table.routes);
    let via = |route: &TableRoute| via(view.store, &key.scope, &subnet.vpc, &route.hop);
    let segment = Segment {
        router: subnet.vpc.clone(),
        zone: subnet.zone.clone(),
        block: subnet.cidr,
        routes: routes.map(|route| Route { to: route.to, via: via(route) }).collect(),
        ladder: Some(subnet.acl.target.clone()),
    };
    plan.thing(key.id.clone(), Thing::Segment(segment));
}

/// Where a route leads now; nowhere when its target is gone or idle.
pub(crate) fn via(store: &Store, scope: &Scope, vpc: &Id, hop: &Hop) -> Via {
    match hop {
        Hop::Gateway(id) => {
            let gateway = store.get::<InternetGateway>(&Key::new(scope, id.clone()));
            let here = gateway.is_some_and(|gateway| gateway.vpc.as_ref() == Some(vpc));
            if here { Via::Internet } else { Via::Nowhere }
        }
        Hop::Interface(id) => {
            let interface = store.get::<NetworkInterface>(&Key::new(scope, id.clone()));
            let attachment = interface.and_then(|interface| interface.attachment.as_ref());
            let active = attachment.is_some_and(|attachment| attachment.active);
            if active { Via::Port(id.clone()) } else { Via::Nowhere }
        }
    }
}

/// Subnets that follow another main table now. Other changes of a VPC concern no segment.
pub(super) fn of_vpc(view: &View, changed: &Changed) -> Vec<Key> {
    let before = changed.before::<Vpc>().map(|vpc| &vpc.main_table);
    let after = view.store.get::<Vpc>(&changed.key).map(|vpc| &vpc.main_table);
    if before == after {
        return Vec::new();
    }
    of_vpc_id(view, &changed.key.scope, &changed.key.id, |_| true)
}

/// Subnets for which a table decides.
pub(super) fn of_table(view: &View, changed: &Changed) -> Vec<Key> {
    let after = view.store.get::<RouteTable>(&changed.key).map(|table| &**table);
    let Some(table) = after.or(changed.before::<RouteTable>()) else { return Vec::new() };
    following(view, &changed.key.scope, &table.vpc, &changed.key.id)
}

/// Subnets of the VPCs that a gateway left or came to.
pub(super) fn of_gateway(view: &View, changed: &Changed) -> Vec<Key> {
    let vpcs = super::router::of_gateway(view, changed);
    vpcs.iter().flat_map(|vpc| of_vpc_id(view, &vpc.scope, &vpc.id, |_| true)).collect()
}

/// Subnets with a route to an interface that came, went, started or stopped.
pub(super) fn of_interface(view: &View, changed: &Changed) -> Vec<Key> {
    let active = |interface: &NetworkInterface| {
        interface.attachment.as_ref().is_some_and(|attachment| attachment.active)
    };
    let before = changed.before::<NetworkInterface>();
    let after = view.store.get::<NetworkInterface>(&changed.key).map(|interface| &**interface);
    if before.is_some_and(active) == after.is_some_and(active) {
        return Vec::new();
    }
    let Some(interface) = after.or(before) else { return Vec::new() };
    let scope = &changed.key.scope;
    let hop = Hop::Interface(changed.key.id.clone());
    let tables = find::tables(view.store, scope, &interface.vpc);
    let naming = tables.filter(|(_, table)| table.routes.iter().any(|route| route.hop == hop));
    naming.flat_map(|(id, table)| following(view, scope, &table.vpc, id)).collect()
}

fn following(view: &View, scope: &Scope, vpc: &Id, table: &Id) -> Vec<Key> {
    let Some(record) = view.store.get::<Vpc>(&Key::new(scope, vpc.clone())) else {
        return Vec::new();
    };
    of_vpc_id(view, scope, vpc, |subnet| subnet.table(record) == table)
}

fn of_vpc_id(view: &View, scope: &Scope, vpc: &Id, which: impl Fn(&Subnet) -> bool) -> Vec<Key> {
    let subnets = find::subnets(view.store, scope, vpc).filter(|(_, subnet)| which(subnet));
    subnets.map(|(id, _)| Key::new(scope, id.clone())).collect()
}
