//! Elastic IP addresses: allocate, release, describe. What they stand for is next door.

use crate::form::{self, ALLOCATION, Query, forget_tags, invalid, tags_for, text};
use crate::model::{Address, NetworkInterface, Vpc, pool};
use api_ec2::*;
use region::{Call, Refusal, serve};
use std::collections::BTreeSet;
use std::sync::Arc;
use world::Id;

/// Elastic IP addresses of an account in a region (EC2 quotas).
pub(super) const ADDRESSES_PER_REGION: usize = 5;

/// docs: API_AllocateAddress
pub fn allocate_address(
    call: &mut Call,
    input: AllocateAddressRequest,
) -> Result<AllocateAddressResult, Refusal> {
    serve!(
        call,
        AllocateAddressRequest {
            domain,
            network_border_group,
            public_ipv4_pool,
            tag_specifications
        } = input
    );
    if domain.as_deref().is_some_and(|domain| domain != "vpc") {
        return Err(Refusal::not_implemented("Domain standard: EC2-Classic"));
    }
    check_border(call, network_border_group.as_deref())?;
    if let Some(pool) = public_ipv4_pool.filter(|pool| pool != "amazon") {
        let message = format!("The pool ID '{pool}' does not exist.");
        return Err(Refusal::new("InvalidPublicIpv4PoolID.NotFound", message));
    }
    let tags = tags_for(tag_specifications, ALLOCATION.resource_type)?;
    if call.list::<Address>().len() >= ADDRESSES_PER_REGION {
        let message = "The maximum number of addresses has been reached.";
        return Err(Refusal::new("AddressLimitExceeded", message));
    }
    let public = pool::pick(call)?;
    let id = call.fresh_id("eipalloc-");
    call.put(id.clone(), Address { public, association: None });
    form::put_tags(call, &id, ALLOCATION.resource_type, tags)?;
    Ok(AllocateAddressResult {
        allocation_id: text(id),
        domain: text("vpc"),
        network_border_group: text(&call.scope.region),
        public_ip: text(public),
        public_ipv4_pool: text("amazon"),
        ..Default::default()
    })
}

/// The only border group of a region is the region.
fn check_border(call: &Call, group: Option<&str>) -> Result<(), Refusal> {
    match group {
        Some(group) if *group != *call.scope.region => {
            let message = format!("Value ({group}) for parameter networkBorderGroup is invalid.");
            Err(invalid(message))
        }
        _ => Ok(()),
    }
}

/// docs: API_ReleaseAddress
pub fn release_address(
    call: &mut Call,
    input: ReleaseAddressRequest,
) -> Result<ReleaseAddressOutput, Refusal> {
    serve!(call, ReleaseAddressRequest { allocation_id, public_ip, network_border_group } = input);
    check_border(call, network_border_group.as_deref())?;
    let (id, address) = named(call, allocation_id, public_ip)?;
    if let Some(used) = &address.association {
        // In a default VPC a release also disassociates (API_ReleaseAddress).
        let interface = call.find::<NetworkInterface>(used.interface.as_str());
        let vpc = interface.and_then(|interface| call.find::<Vpc>(interface.vpc.as_str()));
        if vpc.is_some_and(|vpc| !vpc.default) {
            let message = format!("Address {} is in use.", address.public);
            return Err(Refusal::new("InvalidIPAddress.InUse", message));
        }
        super::associations::give_back(call, &used.interface, &id)?;
    }
    call.forget::<Address>(id.clone());
    forget_tags(call, &id);
    Ok(ReleaseAddressOutput {})
}

/// The address that a request names by allocation or by itself.
pub(super) fn named(
    call: &Call,
    allocation: Option<String>,
    public: Option<String>,
) -> Result<(Id, Arc<Address>), Refusal> {
    match (allocation, public) {
        (Some(id), None) => {
            let address = ALLOCATION.find::<Address>(call, &id)?;
            Ok((Id::from(id), address))
        }
        (None, Some(public)) => {
            let address = form::address("publicIp", &public)?;
            let mut all = call.list::<Address>().into_iter();
            let found = all.find(|(_, one)| one.public == address);
            found.ok_or_else(|| unknown(&[&public]))
        }
        (None, None) => {
            let message = "Either public IP or allocation id must be specified";
            Err(Refusal::new("MissingParameter", message))
        }
        (Some(_), Some(_)) => {
            let message = "You may specify public IP or allocation id, but not both in the same \
                           call";
            Err(form::combination(message))
        }
    }
}

fn unknown(addresses: &[&str]) -> Refusal {
    let message = match addresses {
        [address] => format!("Address '{address}' not found."),
        all => format!("Addresses '{}' not found.", all.join(", ")),
    };
    Refusal::new("InvalidAddress.NotFound", message)
}

/// docs: API_DescribeAddresses
pub fn describe_addresses(
    call: &mut Call,
    input: DescribeAddressesRequest,
) -> Result<DescribeAddressesResult, Refusal> {
    serve!(call, DescribeAddressesRequest { allocation_ids, public_ips, filters } = input);
    let mut all = call.list::<Address>();
    if let Some(wanted) = public_ips.filter(|wanted| !wanted.is_empty()) {
        let wanted: BTreeSet<&str> = wanted.iter().map(String::as_str).collect();
        all.retain(|(_, address)| wanted.contains(address.public.to_string().as_str()));
        let found: BTreeSet<String> =
            all.iter().map(|(_, address)| address.public.to_string()).collect();
        let missing: Vec<&str> = wanted.into_iter().filter(|one| !found.contains(*one)).collect();
        if !missing.is_empty() {
            return Err(unknown(&missing));
        }
    }
    let all = all
        .iter()
        .map(|(id, one)| {
            crate::operations::answer::address::address(call.store(), &call.scope, id, one)
        })
        .collect();
    let query = Query { ids: allocation_ids, filters, ..Query::default() };
    let (addresses, _) = crate::operations::answer::address::LIST.page(all, query)?;
    Ok(DescribeAddressesResult { addresses: Some(addresses) })
}

/// docs: API_DescribeAddressesAttribute
pub fn describe_addresses_attribute(
    call: &mut Call,
    input: DescribeAddressesAttributeRequest,
) -> Result<DescribeAddressesAttributeResult, Refusal> {
    serve!(
        call,
        DescribeAddressesAttributeRequest { allocation_ids, attribute, max_results, next_token } =
            input
    );
    if let Some(other) = attribute.filter(|attribute| attribute != "domain-name") {
        return Err(invalid(format!("Value ({other}) for parameter attribute is invalid.")));
    }
    let all = call.list::<Address>();
    let all = all
        .iter()
        .map(|(id, one)| {
            crate::operations::answer::address::address(call.store(), &call.scope, id, one)
        })
        .collect();
    let query = Query { ids: allocation_ids, filters: None, max_results, next_token };
    let (addresses, next_token) = crate::operations::answer::address::LIST.page(all, query)?;
    // No address has a reverse name: nothing here sets one.
    let shown = |one: api_ec2::Address| AddressAttribute {
        allocation_id: one.allocation_id,
        public_ip: one.public_ip,
        ..Default::default()
    };
    let addresses = addresses.into_iter().map(shown).collect();
    Ok(DescribeAddressesAttributeResult { addresses: Some(addresses), next_token })
}
