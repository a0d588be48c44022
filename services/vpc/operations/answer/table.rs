//! Route tables as clients see them.

use super::{each, none};
use crate::controller::via;
use crate::form::{List, ROUTE_TABLE, list, owner, tag_set_or_empty, text};
use crate::model::{Association, Hop, NetworkInterface, RouteTable, TableRoute, Vpc, find};
use api_ec2::{Route, RouteTableAssociation, RouteTableAssociationState};
use region::{Key, Scope, Store};
use world::{Id, Via};

/// The answer for one: local routes first, then its own; the main association first.
pub fn table(store: &Store, scope: &Scope, id: &Id, table: &RouteTable) -> api_ec2::RouteTable {
    let vpc = store.get::<Vpc>(&Key::new(scope, table.vpc.clone()));
    let local = vpc.iter().flat_map(|vpc| &vpc.blocks).map(|block| Route {
        destination_cidr_block: text(block.cidr),
        gateway_id: text("local"),
        origin: text("CreateRouteTable"),
        state: text("active"),
        ..Default::default()
    });
    let own = table.routes.iter().map(|one| route(store, scope, &table.vpc, one));
    let main = vpc.iter().filter(|vpc| vpc.main_table.target == *id);
    let main = main.map(|vpc| association(&vpc.main_table, None));
    let subnets = find::subnets(store, scope, &table.vpc).filter_map(|(subnet, record)| {
        let explicit = record.route_table.as_ref().filter(|one| one.target == *id)?;
        Some(association(explicit, Some(subnet)))
    });
    api_ec2::RouteTable {
        associations: Some(main.chain(subnets).collect()),
        owner_id: owner(scope),
        propagating_vgws: Some(Vec::new()),
        route_table_id: text(id),
        routes: Some(local.chain(own).collect()),
        tags: tag_set_or_empty(store, scope, id.as_str()),
        vpc_id: text(&table.vpc),
    }
}

fn route(store: &Store, scope: &Scope, vpc: &Id, route: &TableRoute) -> Route {
    let lost = via(store, scope, vpc, &route.hop) == Via::Nowhere;
    let mut answer = Route {
        destination_cidr_block: text(route.to),
        origin: text("CreateRoute"),
        state: text(if lost { "blackhole" } else { "active" }),
        ..Default::default()
    };
    match &route.hop {
        Hop::Gateway(id) => answer.gateway_id = text(id),
        Hop::Interface(id) => {
            answer.network_interface_id = text(id);
            let interface = store.get::<NetworkInterface>(&Key::new(scope, id.clone()));
            if let Some(at) = interface.and_then(|interface| interface.attachment.as_ref()) {
                answer.instance_id = text(&at.instance);
                answer.instance_owner_id = owner(scope);
            }
        }
    }
    answer
}

fn association(association: &Association, subnet: Option<&Id>) -> RouteTableAssociation {
    RouteTableAssociation {
        association_state: Some(associated()),
        main: Some(subnet.is_none()),
        route_table_association_id: text(&association.id),
        route_table_id: text(&association.target),
        subnet_id: subnet.and_then(text),
        ..Default::default()
    }
}

/// The state of an association that holds.
pub fn associated() -> RouteTableAssociationState {
    RouteTableAssociationState { state: text("associated"), status_message: None }
}

/// DescribeRouteTables.
pub const LIST: List<api_ec2::RouteTable> = List {
    noun: ROUTE_TABLE,
    id: |table| &table.route_table_id,
    tags: |table| &table.tags,
    fields: &[
        ("association.gateway-id", none),
        ("association.route-table-association-id", |table| {
            each(&table.associations, |one| &one.route_table_association_id)
        }),
        ("association.route-table-id", |table| {
            each(&table.associations, |one| &one.route_table_id)
        }),
        ("association.subnet-id", |table| each(&table.associations, |one| &one.subnet_id)),
        ("association.main", |table| each(&table.associations, |one| &one.main)),
        ("owner-id", |table| list(&table.owner_id)),
        ("route-table-id", |table| list(&table.route_table_id)),
        ("route.destination-cidr-block", |table| {
            each(&table.routes, |route| &route.destination_cidr_block)
        }),
        ("route.destination-ipv6-cidr-block", none),
        ("route.destination-prefix-list-id", none),
        ("route.egress-only-internet-gateway-id", none),
        ("route.gateway-id", |table| each(&table.routes, |route| &route.gateway_id)),
        ("route.instance-id", |table| each(&table.routes, |route| &route.instance_id)),
        ("route.nat-gateway-id", none),
        ("route.transit-gateway-id", none),
        ("route.origin", |table| each(&table.routes, |route| &route.origin)),
        ("route.state", |table| each(&table.routes, |route| &route.state)),
        ("route.vpc-peering-connection-id", none),
        ("vpc-id", |table| list(&table.vpc_id)),
    ],
};
