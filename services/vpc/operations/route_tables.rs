//! Route tables and which subnets follow them.

use crate::form::{
    self, Query, ROUTE_TABLE, SUBNET, TABLE_ASSOCIATION, VPC, forget_tags, invalid, tags_for, text,
};
use crate::model::{Association, RouteTable, Subnet, Vpc, find};
use crate::operations::answer::table::associated;
use api_ec2::*;
use region::{Call, Refusal, serve};
use world::Id;

/// docs: API_CreateRouteTable
pub fn create_route_table(
    call: &mut Call,
    input: CreateRouteTableRequest,
) -> Result<CreateRouteTableResult, Refusal> {
    serve!(call, CreateRouteTableRequest { vpc_id, tag_specifications, client_token } = input);
    VPC.find::<Vpc>(call, &vpc_id)?;
    let tags = tags_for(tag_specifications, ROUTE_TABLE.resource_type)?;
    let id = call.fresh_id("rtb-");
    let table = RouteTable { vpc: Id::from(&vpc_id), routes: Vec::new() };
    call.put(id.clone(), table.clone());
    form::put_tags(call, &id, ROUTE_TABLE.resource_type, tags)?;
    let shown = crate::operations::answer::table::table(call.store(), &call.scope, &id, &table);
    Ok(CreateRouteTableResult { route_table: Some(shown), client_token })
}

/// docs: API_DescribeRouteTables
pub fn describe_route_tables(
    call: &mut Call,
    input: DescribeRouteTablesRequest,
) -> Result<DescribeRouteTablesResult, Refusal> {
    serve!(
        call,
        DescribeRouteTablesRequest { route_table_ids, filters, max_results, next_token } = input
    );
    let all = call.list::<RouteTable>();
    let all = all
        .iter()
        .map(|(id, table)| {
            crate::operations::answer::table::table(call.store(), &call.scope, id, table)
        })
        .collect();
    let query = Query { ids: route_table_ids, filters, max_results, next_token };
    let (tables, next_token) = crate::operations::answer::table::LIST.page(all, query)?;
    Ok(DescribeRouteTablesResult { route_tables: Some(tables), next_token })
}

/// docs: API_DeleteRouteTable
pub fn delete_route_table(
    call: &mut Call,
    input: DeleteRouteTableRequest,
) -> Result<DeleteRouteTableOutput, Refusal> {
    serve!(call, DeleteRouteTableRequest { route_table_id } = input);
    let table = ROUTE_TABLE.find::<RouteTable>(call, &route_table_id)?;
    let id = Id::from(&route_table_id);
    let main = call.find::<Vpc>(table.vpc.as_str()).is_some_and(|vpc| vpc.main_table.target == id);
    let mut subnets = find::subnets(call.store(), &call.scope, &table.vpc);
    if main
        || subnets
            .any(|(_, subnet)| subnet.route_table.as_ref().is_some_and(|one| one.target == id))
    {
        let message =
            format!("The routeTable '{route_table_id}' has dependencies and cannot be deleted.");
        return Err(Refusal::new("DependencyViolation", message));
    }
    drop(subnets);
    call.forget::<RouteTable>(id.clone());
    forget_tags(call, &id);
    Ok(DeleteRouteTableOutput {})
}

/// docs: API_AssociateRouteTable
pub fn associate_route_table(
    call: &mut Call,
    input: AssociateRouteTableRequest,
) -> Result<AssociateRouteTableResult, Refusal> {
    serve!(call, AssociateRouteTableRequest { route_table_id, subnet_id } = input);
    let table = ROUTE_TABLE.find::<RouteTable>(call, &route_table_id)?;
    let subnet_id = subnet_id.ok_or_else(|| form::missing("subnetId"))?;
    let mut subnet = SUBNET.take::<Subnet>(call, &subnet_id)?;
    if subnet.vpc != table.vpc {
        let message = format!(
            "Route table {route_table_id} and subnet {subnet_id} belong to different networks"
        );
        return Err(invalid(message));
    }
    if subnet.route_table.is_some() {
        let message = format!(
            "the specified association for route table {route_table_id} conflicts with an \
             existing association"
        );
        return Err(Refusal::new("Resource.AlreadyAssociated", message));
    }
    let id = call.fresh_id("rtbassoc-");
    let target = Id::from(&route_table_id);
    subnet.route_table = Some(Association { id: id.clone(), target });
    call.put(subnet_id, subnet);
    Ok(AssociateRouteTableResult {
        association_id: text(id),
        association_state: Some(associated()),
    })
}

/// What holds an association between a route table and something.
enum Holder {
    /// A VPC's main one.
    Main(Id, Vpc),
    /// A subnet's own.
    Subnet(Id, Subnet),
}

fn holder(call: &Call, association: &str) -> Result<Holder, Refusal> {
    TABLE_ASSOCIATION.check(association)?;
    let same = |one: &Association| one.id.as_str() == association;
    let vpc = call.list::<Vpc>().into_iter().find(|(_, vpc)| same(&vpc.main_table));
    if let Some((id, vpc)) = vpc {
        return Ok(Holder::Main(id, (*vpc).clone()));
    }
    let all = call.list::<Subnet>();
    let subnet = all.into_iter().find(|(_, subnet)| subnet.route_table.as_ref().is_some_and(same));
    match subnet {
        Some((id, subnet)) => Ok(Holder::Subnet(id, (*subnet).clone())),
        None => Err(TABLE_ASSOCIATION.unknown(association)),
    }
}

/// docs: API_DisassociateRouteTable
pub fn disassociate_route_table(
    call: &mut Call,
    input: DisassociateRouteTableRequest,
) -> Result<DisassociateRouteTableOutput, Refusal> {
    serve!(call, DisassociateRouteTableRequest { association_id } = input);
    match holder(call, &association_id)? {
        Holder::Main(..) => {
            let message =
                format!("cannot disassociate the main route table association {association_id}");
            Err(invalid(message))
        }
        Holder::Subnet(id, subnet) => {
            call.put(id, Subnet { route_table: None, ..subnet });
            Ok(DisassociateRouteTableOutput {})
        }
    }
}

/// docs: API_ReplaceRouteTableAssociation
pub fn replace_route_table_association(
    call: &mut Call,
    input: ReplaceRouteTableAssociationRequest,
) -> Result<ReplaceRouteTableAssociationResult, Refusal> {
    serve!(call, ReplaceRouteTableAssociationRequest { association_id, route_table_id } = input);
    let holder = holder(call, &association_id)?;
    let table = ROUTE_TABLE.find::<RouteTable>(call, &route_table_id)?;
    let (name, vpc) = match &holder {
        Holder::Main(id, _) => (id, id),
        Holder::Subnet(id, subnet) => (id, &subnet.vpc),
    };
    if table.vpc != *vpc {
        let message =
            format!("Route table {route_table_id} and {name} belong to different networks");
        return Err(invalid(message));
    }
    let id = call.fresh_id("rtbassoc-");
    let association = Association { id: id.clone(), target: Id::from(&route_table_id) };
    match holder {
        Holder::Main(key, vpc) => call.put(key, Vpc { main_table: association, ..vpc }),
        Holder::Subnet(key, subnet) => {
            call.put(key, Subnet { route_table: Some(association), ..subnet });
        }
    }
    Ok(ReplaceRouteTableAssociationResult {
        new_association_id: text(id),
        association_state: Some(associated()),
    })
}
