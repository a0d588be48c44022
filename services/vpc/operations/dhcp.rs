//! DHCP options: kept, shown and associated.

use crate::form::{self, DHCP_OPTIONS, Query, VPC, forget_tags, invalid, tags_for};
use crate::model::{DhcpOptions, Vpc};
use api_ec2::*;
use region::{Call, Refusal, serve};
use world::Id;

/// The options that AWS takes (API_CreateDhcpOptions).
const KEYS: &[&str] = &[
    "domain-name",
    "domain-name-servers",
    "ntp-servers",
    "netbios-name-servers",
    "netbios-node-type",
    "ipv6-address-preferred-lease-time",
];

/// docs: API_CreateDhcpOptions
pub fn create_dhcp_options(
    call: &mut Call,
    input: CreateDhcpOptionsRequest,
) -> Result<CreateDhcpOptionsResult, Refusal> {
    serve!(call, CreateDhcpOptionsRequest { dhcp_configurations, tag_specifications } = input);
    let tags = tags_for(tag_specifications, DHCP_OPTIONS.resource_type)?;
    let mut options: Vec<(String, Vec<String>)> = Vec::new();
    for one in dhcp_configurations {
        let key = one.key.ok_or_else(|| form::missing("DhcpConfiguration.Key"))?;
        if !KEYS.contains(&key.as_str()) {
            let message =
                format!("Value ({key}) for parameter name is invalid. Unknown DHCP option");
            return Err(invalid(message));
        }
        let values = one.values.filter(|values| !values.is_empty());
        let values = values.ok_or_else(|| form::missing("DhcpConfiguration.Value"))?;
        if options.iter().any(|(other, _)| *other == key) {
            return Err(invalid(format!("The DHCP option {key} is given more than once.")));
        }
        options.push((key, values));
    }
    if options.is_empty() {
        return Err(form::missing("DhcpConfiguration"));
    }
    let id = call.fresh_id("dopt-");
    let record = DhcpOptions { default: false, options };
    call.put(id.clone(), record.clone());
    form::put_tags(call, &id, DHCP_OPTIONS.resource_type, tags)?;
    let shown = crate::operations::answer::dhcp::options(call.store(), &call.scope, &id, &record);
    Ok(CreateDhcpOptionsResult { dhcp_options: Some(shown) })
}

/// docs: API_DescribeDhcpOptions
pub fn describe_dhcp_options(
    call: &mut Call,
    input: DescribeDhcpOptionsRequest,
) -> Result<DescribeDhcpOptionsResult, Refusal> {
    serve!(
        call,
        DescribeDhcpOptionsRequest { dhcp_options_ids, filters, max_results, next_token } = input
    );
    let all = call.list::<DhcpOptions>();
    let all = all
        .iter()
        .map(|(id, one)| {
            crate::operations::answer::dhcp::options(call.store(), &call.scope, id, one)
        })
        .collect();
    let query = Query { ids: dhcp_options_ids, filters, max_results, next_token };
    let (options, next_token) = crate::operations::answer::dhcp::LIST.page(all, query)?;
    Ok(DescribeDhcpOptionsResult { dhcp_options: Some(options), next_token })
}

/// docs: API_AssociateDhcpOptions
pub fn associate_dhcp_options(
    call: &mut Call,
    input: AssociateDhcpOptionsRequest,
) -> Result<AssociateDhcpOptionsOutput, Refusal> {
    serve!(call, AssociateDhcpOptionsRequest { dhcp_options_id, vpc_id } = input);
    let mut vpc = VPC.take::<Vpc>(call, &vpc_id)?;
    vpc.dhcp_options = match dhcp_options_id.as_str() {
        "default" => None,
        id => {
            DHCP_OPTIONS.find::<DhcpOptions>(call, id)?;
            Some(Id::from(id))
        }
    };
    call.put(vpc_id, vpc);
    Ok(AssociateDhcpOptionsOutput {})
}

/// docs: API_DeleteDhcpOptions
pub fn delete_dhcp_options(
    call: &mut Call,
    input: DeleteDhcpOptionsRequest,
) -> Result<DeleteDhcpOptionsOutput, Refusal> {
    serve!(call, DeleteDhcpOptionsRequest { dhcp_options_id } = input);
    DHCP_OPTIONS.find::<DhcpOptions>(call, &dhcp_options_id)?;
    let id = Id::from(&dhcp_options_id);
    let mut vpcs = call.store().list::<Vpc>(&call.scope);
    if vpcs.any(|(_, vpc)| vpc.dhcp_options.as_ref() == Some(&id)) {
        let message =
            format!("The dhcpOptions '{dhcp_options_id}' has dependencies and cannot be deleted.");
        return Err(Refusal::new("DependencyViolation", message));
    }
    drop(vpcs);
    call.forget::<DhcpOptions>(id.clone());
    forget_tags(call, &id);
    Ok(DeleteDhcpOptionsOutput {})
}
