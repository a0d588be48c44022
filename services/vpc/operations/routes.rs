//! Routes: the lines of route tables.

use crate::form::{self, INSTANCE, NETWORK_INTERFACE, ROUTE_TABLE, combination, invalid};
use crate::model::{Hop, InternetGateway, NetworkInterface, RouteTable, TableRoute, Vpc, find};
use api_ec2::*;
use region::{Call, Refusal, serve};
use world::{Id, Ipv4Net};

/// Routes of one table (VPC quotas).
const ROUTES_PER_TABLE: usize = 500;

/// Where a request wants a route to lead.
struct Target {
    gateway_id: Option<String>,
    instance_id: Option<String>,
    network_interface_id: Option<String>,
}

/// docs: API_CreateRoute
pub fn create_route(
    call: &mut Call,
    input: CreateRouteRequest,
) -> Result<CreateRouteResult, Refusal> {
    serve!(
        call,
        CreateRouteRequest {
            route_table_id,
            destination_cidr_block,
            gateway_id,
            instance_id,
            network_interface_id
        } = input
    );
    let mut table = ROUTE_TABLE.take::<RouteTable>(call, &route_table_id)?;
    let to = destination(destination_cidr_block)?;
    let target = Target { gateway_id, instance_id, network_interface_id };
    let hop = hop(call, &route_table_id, &table, target)?;
    check_local(call, &table, &to)?;
    if let Some(present) = table.routes.iter().find(|route| route.to == to) {
        if present.hop == hop {
            return Ok(CreateRouteResult { r#return: Some(true) });
        }
        let message = format!("The route identified by {to} already exists.");
        return Err(Refusal::new("RouteAlreadyExists", message));
    }
    if table.routes.len() >= ROUTES_PER_TABLE {
        let message = format!("The route table {route_table_id} has {ROUTES_PER_TABLE} routes.");
        return Err(Refusal::new("RouteLimitExceeded", message));
    }
    table.routes.push(TableRoute { to, hop });
    call.put(route_table_id, table);
    Ok(CreateRouteResult { r#return: Some(true) })
}

/// docs: API_ReplaceRoute
pub fn replace_route(
    call: &mut Call,
    input: ReplaceRouteRequest,
) -> Result<ReplaceRouteOutput, Refusal> {
    serve!(
        call,
        ReplaceRouteRequest {
            route_table_id,
            destination_cidr_block,
            gateway_id,
            instance_id,
            network_interface_id
        } = input
    );
    let mut table = ROUTE_TABLE.take::<RouteTable>(call, &route_table_id)?;
    let to = destination(destination_cidr_block)?;
    let target = Target { gateway_id, instance_id, network_interface_id };
    let hop = hop(call, &route_table_id, &table, target)?;
    let Some(route) = table.routes.iter_mut().find(|route| route.to == to) else {
        let message = format!(
            "There is no route defined for '{to}' in the route table. Use CreateRoute instead."
        );
        return Err(invalid(message));
    };
    route.hop = hop;
    call.put(route_table_id, table);
    Ok(ReplaceRouteOutput {})
}

/// docs: API_DeleteRoute
pub fn delete_route(
    call: &mut Call,
    input: DeleteRouteRequest,
) -> Result<DeleteRouteOutput, Refusal> {
    serve!(call, DeleteRouteRequest { route_table_id, destination_cidr_block } = input);
    let mut table = ROUTE_TABLE.take::<RouteTable>(call, &route_table_id)?;
    let to = destination(destination_cidr_block)?;
    let vpc = call.find::<Vpc>(table.vpc.as_str());
    if vpc.is_some_and(|vpc| vpc.blocks.iter().any(|block| block.cidr == to)) {
        let message = format!("cannot remove local route {to} in route table {route_table_id}");
        return Err(invalid(message));
    }
    let Some(at) = table.routes.iter().position(|route| route.to == to) else {
        let message =
            format!("no route with destination-cidr-block {to} in route table {route_table_id}");
        return Err(Refusal::new("InvalidRoute.NotFound", message));
    };
    table.routes.remove(at);
    call.put(route_table_id, table);
    Ok(DeleteRouteOutput {})
}

fn destination(block: Option<String>) -> Result<Ipv4Net, Refusal> {
    let block = block.ok_or_else(|| form::missing("destinationCidrBlock"))?;
    form::block("destinationCidrBlock", &block)
}

/// The VPC's own blocks are always local here; AWS lets an interface take parts of them over.
fn check_local(call: &Call, table: &RouteTable, to: &Ipv4Net) -> Result<(), Refusal> {
    let vpc = call.find::<Vpc>(table.vpc.as_str());
    if !vpc.is_some_and(|vpc| vpc.holds(to)) {
        return Ok(());
    }
    let message = format!(
        "The destination CIDR block {to} is equal to or more specific than one of this VPC's CIDR \
         blocks. This route can target only an interface or an instance. (Maquette does not serve \
         such routes.)"
    );
    Err(invalid(message))
}

/// Resolves the one target of a request; it must exist and belong to the table's VPC.
fn hop(call: &Call, table_id: &str, table: &RouteTable, target: Target) -> Result<Hop, Refusal> {
    match target {
        Target { gateway_id: Some(id), instance_id: None, network_interface_id: None } => {
            gateway(call, table_id, table, &id)
        }
        Target { gateway_id: None, instance_id: Some(id), network_interface_id: None } => {
            let id = primary(call, &id)?;
            interface(call, table_id, table, id.as_str())
        }
        Target { gateway_id: None, instance_id: None, network_interface_id: Some(id) } => {
            interface(call, table_id, table, &id)
        }
        Target { gateway_id: None, instance_id: None, network_interface_id: None } => {
            let message = "The request must contain exactly one of gatewayId, natGatewayId, \
                           networkInterfaceId, vpcPeeringConnectionId, transitGatewayId or \
                           instanceId";
            Err(Refusal::new("MissingParameter", message))
        }
        _ => Err(combination("The request must contain exactly one target of the route")),
    }
}

fn gateway(call: &Call, table_id: &str, table: &RouteTable, id: &str) -> Result<Hop, Refusal> {
    if id == "local" || id.starts_with("vpce-") {
        return Err(Refusal::not_implemented(format!("The route target {id}")));
    }
    let gateway = call.find::<InternetGateway>(id).ok_or_else(|| {
        let message = format!("The gateway ID '{id}' does not exist");
        Refusal::new("InvalidGatewayID.NotFound", message)
    })?;
    if gateway.vpc.as_ref() != Some(&table.vpc) {
        let message =
            format!("route table {table_id} and network gateway {id} belong to different networks");
        return Err(invalid(message));
    }
    Ok(Hop::Gateway(Id::from(id)))
}

fn interface(call: &Call, table_id: &str, table: &RouteTable, id: &str) -> Result<Hop, Refusal> {
    let interface = NETWORK_INTERFACE.find::<NetworkInterface>(call, id)?;
    if interface.vpc != table.vpc {
        let message =
            format!("route table {table_id} and interface {id} belong to different networks");
        return Err(invalid(message));
    }
    Ok(Hop::Interface(Id::from(id)))
}

/// The only interface of an instance.
fn primary(call: &Call, instance: &str) -> Result<Id, Refusal> {
    INSTANCE.check(instance)?;
    let mut all = find::of_instance(call.store(), &call.scope, instance);
    match all.len() {
        0 => Err(INSTANCE.unknown(instance)),
        1 => Ok(all.remove(0).0),
        _ => {
            let message = format!(
                "There are multiple interfaces attached to instance '{instance}'. Please specify \
                 an interface ID for the operation instead."
            );
            Err(Refusal::new("InvalidInstanceID", message))
        }
    }
}
