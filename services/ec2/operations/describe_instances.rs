//! DescribeInstances.

use crate::model::instances;
use crate::operations::answer;
use api_ec2::{DescribeInstancesRequest, DescribeInstancesResult, Instance};
use region::{Call, Refusal, listing, serve};
use shape::Timestamp;
use std::collections::BTreeMap;
use vpc::form::{INSTANCE, List, Query, filters, list};

/// docs: API_DescribeInstances
pub(super) fn describe_instances(
    call: &mut Call,
    input: DescribeInstancesRequest,
) -> Result<DescribeInstancesResult, Refusal> {
    serve!(call, DescribeInstancesRequest { instance_ids, filters, max_results, next_token }
        unheeded { include_managed_resources } = input);
    let (filters, by_reservation) = split(filters);
    let query = Query { ids: instance_ids, filters, max_results: None, next_token: None };
    let (mut found, _) = LIST.page(all(call), query)?;
    let reservations = reservations(call);
    let of = |one: &Instance| {
        let id = one.instance_id.as_deref().unwrap_or_default();
        reservations.get(id).cloned().unwrap_or_default()
    };
    for filter in self::filters(by_reservation)? {
        let keeps = |text: &str| filter.values.iter().any(|value| listing::wild(value, text));
        let owner = call.scope.account.to_string();
        found.retain(|one| match filter.name.as_str() {
            "reservation-id" => keeps(&of(one)),
            "owner-id" => keeps(&owner),
            // Nobody but the owner launches here.
            _ => false,
        });
    }
    let mut grouped: BTreeMap<String, Vec<Instance>> = BTreeMap::new();
    for one in found {
        grouped.entry(of(&one)).or_default().push(one);
    }
    let mut grouped: Vec<(String, Vec<Instance>)> = grouped.into_iter().collect();
    for (_, together) in &mut grouped {
        together.sort_by_key(|one| one.ami_launch_index);
    }
    let (page, next_token) = page(grouped, max_results, next_token.as_deref())?;
    let shown = page
        .into_iter()
        .map(|(id, together)| answer::instance::reservation(&call.scope, &id, together))
        .collect();
    Ok(DescribeInstancesResult { reservations: Some(shown), next_token })
}

/// Filters that are about a reservation, apart from those about an instance.
type Filters = Option<Vec<api_ec2::Filter>>;

fn split(filters: Filters) -> (Filters, Filters) {
    const RESERVATION: [&str; 3] = ["reservation-id", "owner-id", "requester-id"];
    let (apart, rest) = filters
        .unwrap_or_default()
        .into_iter()
        .partition(|one| one.name.as_deref().is_some_and(|name| RESERVATION.contains(&name)));
    (Some(rest), Some(apart))
}

type Grouped = Vec<(String, Vec<Instance>)>;

/// Whole reservations until there are enough instances.
fn page(
    grouped: Grouped,
    limit: Option<i32>,
    token: Option<&str>,
) -> Result<(Grouped, Option<String>), Refusal> {
    let limit = limit.map(|limit| limit.max(1) as usize);
    let mut count = 0;
    let wanted = limit.map(|limit| {
        let whole = grouped.iter().take_while(|(_, together)| {
            let begun = count < limit;
            count += together.len();
            begun
        });
        whole.count().max(1)
    });
    // A later page is measured from its own beginning.
    if token.is_some_and(|token| !token.is_empty()) {
        let (rest, _) = listing::page(grouped, |one| one.0.clone(), token, None)?;
        return page(rest, limit.map(|limit| limit as i32), None);
    }
    listing::page(grouped, |one| one.0.clone(), None, wanted)
}

fn reservations(call: &Call) -> BTreeMap<String, String> {
    let all = instances(call.store(), &call.scope);
    all.map(|(key, one)| (key.id.to_string(), one.reservation.clone())).collect()
}

/// Every instance of the scope, as the API shows it.
pub(super) fn all(call: &Call) -> Vec<Instance> {
    let all = instances(call.store(), &call.scope);
    all.map(|(key, one)| answer::instance::of(call.store(), key, one)).collect()
}

/// How instances are listed.
pub(super) const LIST: List<Instance> =
    List { noun: INSTANCE, id: |i| &i.instance_id, tags: |i| &i.tags, fields: FIELDS };

fn date(at: Option<Timestamp>) -> Vec<String> {
    list(&at.map(|at| at.iso8601_millis()))
}

fn disks(one: &Instance, read: fn(&api_ec2::EbsInstanceBlockDevice) -> Vec<String>) -> Vec<String> {
    let disks = one.block_device_mappings.iter().flatten();
    disks.filter_map(|disk| disk.ebs.as_ref()).flat_map(read).collect()
}

fn plugs(
    one: &Instance,
    read: fn(&api_ec2::InstanceNetworkInterface) -> Vec<String>,
) -> Vec<String> {
    one.network_interfaces.iter().flatten().flat_map(read).collect()
}

type Plug = api_ec2::InstanceNetworkInterfaceAttachment;

fn attached(one: &Instance, read: fn(&Plug) -> Vec<String>) -> Vec<String> {
    let plugs = one.network_interfaces.iter().flatten();
    plugs.filter_map(|plug| plug.attachment.as_ref()).flat_map(read).collect()
}

fn groups(one: &Instance, read: fn(&api_ec2::GroupIdentifier) -> Vec<String>) -> Vec<String> {
    one.security_groups.iter().flatten().flat_map(read).collect()
}

const FIELDS: &[listing::Field<Instance>] = &[
    ("architecture", |i| list(&i.architecture)),
    ("availability-zone", |i| {
        i.placement.iter().flat_map(|p| list(&p.availability_zone)).collect()
    }),
    ("availability-zone-id", |i| {
        i.placement.iter().flat_map(|p| list(&p.availability_zone_id)).collect()
    }),
    ("block-device-mapping.attach-time", |i| disks(i, |d| date(d.attach_time))),
    ("block-device-mapping.delete-on-termination", |i| {
        disks(i, |d| list(&d.delete_on_termination))
    }),
    ("block-device-mapping.device-name", |i| {
        i.block_device_mappings.iter().flatten().flat_map(|d| list(&d.device_name)).collect()
    }),
    ("block-device-mapping.status", |i| disks(i, |d| list(&d.status))),
    ("block-device-mapping.volume-id", |i| disks(i, |d| list(&d.volume_id))),
    ("client-token", |i| list(&i.client_token)),
    ("dns-name", |i| list(&i.public_dns_name)),
    ("hibernation-options.configured", |_| vec!["false".to_owned()]),
    ("hypervisor", |i| list(&i.hypervisor)),
    ("iam-instance-profile.arn", |i| {
        i.iam_instance_profile.iter().flat_map(|p| list(&p.arn)).collect()
    }),
    ("iam-instance-profile.id", |i| {
        i.iam_instance_profile.iter().flat_map(|p| list(&p.id)).collect()
    }),
    ("image-id", |i| list(&i.image_id)),
    ("instance-id", |i| list(&i.instance_id)),
    ("instance-lifecycle", |_| Vec::new()),
    ("instance-state-code", |i| i.state.iter().flat_map(|s| list(&s.code)).collect()),
    ("instance-state-name", |i| i.state.iter().flat_map(|s| list(&s.name)).collect()),
    ("instance-type", |i| list(&i.instance_type)),
    ("instance.group-id", |i| groups(i, |g| list(&g.group_id))),
    ("instance.group-name", |i| groups(i, |g| list(&g.group_name))),
    ("group-id", |_| Vec::new()),
    ("group-name", |_| Vec::new()),
    ("ip-address", |i| list(&i.public_ip_address)),
    ("key-name", |i| list(&i.key_name)),
    ("launch-index", |i| list(&i.ami_launch_index)),
    ("launch-time", |i| date(i.launch_time)),
    ("metadata-options.http-tokens", |i| {
        i.metadata_options.iter().flat_map(|m| list(&m.http_tokens)).collect()
    }),
    ("metadata-options.http-endpoint", |i| {
        i.metadata_options.iter().flat_map(|m| list(&m.http_endpoint)).collect()
    }),
    ("monitoring-state", |i| i.monitoring.iter().flat_map(|m| list(&m.state)).collect()),
    ("network-interface.addresses.private-ip-address", |i| {
        plugs(i, |n| {
            let all = n.private_ip_addresses.iter().flatten();
            all.flat_map(|one| list(&one.private_ip_address)).collect()
        })
    }),
    ("network-interface.addresses.association.public-ip", |i| {
        plugs(i, |n| n.association.iter().flat_map(|a| list(&a.public_ip)).collect())
    }),
    ("network-interface.association.public-ip", |i| {
        plugs(i, |n| n.association.iter().flat_map(|a| list(&a.public_ip)).collect())
    }),
    ("network-interface.attachment.attachment-id", |i| attached(i, |a| list(&a.attachment_id))),
    ("network-interface.attachment.device-index", |i| attached(i, |a| list(&a.device_index))),
    ("network-interface.attachment.instance-id", |i| list(&i.instance_id)),
    ("network-interface.availability-zone", |i| {
        i.placement.iter().flat_map(|p| list(&p.availability_zone)).collect()
    }),
    ("network-interface.group-id", |i| {
        plugs(i, |n| n.groups.iter().flatten().flat_map(|g| list(&g.group_id)).collect())
    }),
    ("network-interface.group-name", |i| {
        plugs(i, |n| n.groups.iter().flatten().flat_map(|g| list(&g.group_name)).collect())
    }),
    ("network-interface.mac-address", |i| plugs(i, |n| list(&n.mac_address))),
    ("network-interface.network-interface-id", |i| plugs(i, |n| list(&n.network_interface_id))),
    ("network-interface.private-dns-name", |i| plugs(i, |n| list(&n.private_dns_name))),
    ("network-interface.private-ip-address", |i| plugs(i, |n| list(&n.private_ip_address))),
    ("network-interface.subnet-id", |i| plugs(i, |n| list(&n.subnet_id))),
    ("network-interface.vpc-id", |i| plugs(i, |n| list(&n.vpc_id))),
    ("placement-group-name", |_| Vec::new()),
    ("platform", |_| Vec::new()),
    ("platform-details", |i| list(&i.platform_details)),
    ("private-dns-name", |i| list(&i.private_dns_name)),
    ("private-ip-address", |i| list(&i.private_ip_address)),
    ("reason", |i| list(&i.state_transition_reason)),
    ("root-device-name", |i| list(&i.root_device_name)),
    ("root-device-type", |i| list(&i.root_device_type)),
    ("source-dest-check", |i| list(&i.source_dest_check)),
    ("state-reason-code", |i| i.state_reason.iter().flat_map(|r| list(&r.code)).collect()),
    ("state-reason-message", |i| i.state_reason.iter().flat_map(|r| list(&r.message)).collect()),
    ("subnet-id", |i| list(&i.subnet_id)),
    ("tenancy", |i| i.placement.iter().flat_map(|p| list(&p.tenancy)).collect()),
    ("virtualization-type", |i| list(&i.virtualization_type)),
    ("vpc-id", |i| list(&i.vpc_id)),
];
