//! Tags of everything in EC2's API, whichever room it lives in.

use crate::form::{self, NOUNS, invalid};
use crate::model::SecurityGroup;
use api_ec2::*;
use region::{Call, Key, Record, Refusal, Tags, listing, serve};
use std::collections::BTreeMap;
use world::Id;

/// Resources in one request (API_CreateTags).
const RESOURCES: usize = 1000;

/// Where each kind of resource is kept: what its ids begin with, its kind of record, its name
/// among tags, and its code for "does not exist". The longest prefix comes first.
const KINDS: &[(&str, &str, &str, &str)] = &[
    ("vpc-", crate::model::Vpc::KIND, "vpc", "InvalidVpcID"),
    ("subnet-", crate::model::Subnet::KIND, "subnet", "InvalidSubnetID"),
    ("rtb-", crate::model::RouteTable::KIND, "route-table", "InvalidRouteTableID"),
    ("igw-", crate::model::InternetGateway::KIND, "internet-gateway", "InvalidInternetGatewayID"),
    ("sg-", SecurityGroup::KIND, "security-group", "InvalidGroup"),
    ("acl-", crate::model::NetworkAcl::KIND, "network-acl", "InvalidNetworkAclID"),
    (
        "eni-",
        crate::model::NetworkInterface::KIND,
        "network-interface",
        "InvalidNetworkInterfaceID",
    ),
    ("eipalloc-", crate::model::Address::KIND, "elastic-ip", "InvalidAllocationID"),
    ("dopt-", crate::model::DhcpOptions::KIND, "dhcp-options", "InvalidDhcpOptionID"),
    ("i-", "ec2/instance", "instance", "InvalidInstanceID"),
    ("ami-", "ec2/image", "image", "InvalidAMIID"),
    ("key-", "ec2/key-pair", "key-pair", "InvalidKeyPair"),
    ("lt-", "ec2/launch-template", "launch-template", "InvalidLaunchTemplateId"),
    ("vol-", "ebs/volume", "volume", "InvalidVolume"),
    ("snap-", "ebs/snapshot", "snapshot", "InvalidSnapshot"),
];

/// The type of an existing resource, as tags name it; refuses an id that nothing has.
fn resource_type(call: &Call, id: &str) -> Result<&'static str, Refusal> {
    if id.starts_with(form::GROUP_RULE.prefix) {
        let mut groups = call.store().list::<SecurityGroup>(&call.scope);
        let found = groups.any(|(_, group)| group.rules.iter().any(|rule| rule.id.as_str() == id));
        let kind = form::GROUP_RULE.resource_type;
        return if found { Ok(kind) } else { Err(form::GROUP_RULE.unknown(id)) };
    }
    let kind = KINDS.iter().find(|(prefix, ..)| id.starts_with(prefix));
    let Some((prefix, kind, name, code)) = kind else {
        let message = format!("The ID '{id}' is not valid");
        return Err(Refusal::new("InvalidID", message));
    };
    if call.store().holds(kind, &Key::new(&call.scope, id)) {
        return Ok(name);
    }
    match NOUNS.iter().find(|noun| noun.prefix == *prefix) {
        Some(noun) => noun.check(id).and(Err(noun.unknown(id))),
        None => {
            let message = format!("The {name} ID '{id}' does not exist");
            Err(Refusal::new(format!("{code}.NotFound"), message))
        }
    }
}

/// docs: API_CreateTags
pub fn create_tags(call: &mut Call, input: CreateTagsRequest) -> Result<CreateTagsOutput, Refusal> {
    serve!(call, CreateTagsRequest { resources, tags } = input);
    check_count(&resources)?;
    let tags = form::checked(tags)?;
    if tags.is_empty() {
        return Err(form::missing("Tag"));
    }
    for id in &resources {
        let kind = resource_type(call, id)?;
        form::put_tags(call, &Id::from(id), kind, tags.clone())?;
    }
    Ok(CreateTagsOutput {})
}

/// docs: API_DeleteTags: a tag without a value goes whatever its value is; an empty value is a
/// value.
pub fn delete_tags(call: &mut Call, input: DeleteTagsRequest) -> Result<DeleteTagsOutput, Refusal> {
    serve!(call, DeleteTagsRequest { resources, tags } = input);
    check_count(&resources)?;
    let mut wanted: Vec<(String, Option<String>)> = Vec::new();
    for tag in tags.iter().flatten() {
        let key = tag.key.clone().ok_or_else(|| form::missing("Tag.Key"))?;
        Tags::check(&key, tag.value.as_deref().unwrap_or_default())?;
        wanted.push((key, tag.value.clone()));
    }
    for id in &resources {
        let kind = resource_type(call, id)?;
        let mut left = Tags::of(call.store(), &call.scope, id);
        let goes = |key: &String, value: &String| {
            let same = |(name, only): &(String, Option<String>)| {
                name == key && only.as_ref().is_none_or(|only| only == value)
            };
            tags.is_none() && !key.starts_with("aws:") || wanted.iter().any(same)
        };
        left.retain(|key, value| !goes(key, value));
        replace(call, id, kind, left);
    }
    Ok(DeleteTagsOutput {})
}

fn replace(call: &mut Call, id: &str, kind: &str, tags: BTreeMap<String, String>) {
    if tags.is_empty() {
        form::forget_tags(call, &Id::from(id));
    } else {
        call.put(id, Tags { resource_type: kind.to_owned(), tags });
    }
}

fn check_count(resources: &[String]) -> Result<(), Refusal> {
    if resources.is_empty() {
        return Err(form::missing("ResourceId"));
    }
    if resources.len() > RESOURCES {
        return Err(invalid(format!("Up to {RESOURCES} resources can be tagged at once.")));
    }
    Ok(())
}

/// docs: API_DescribeTags
pub fn describe_tags(
    call: &mut Call,
    input: DescribeTagsRequest,
) -> Result<DescribeTagsResult, Refusal> {
    serve!(call, DescribeTagsRequest { filters, max_results, next_token } = input);
    const FIELDS: &[listing::Field<TagDescription>] = &[
        ("key", |tag| form::list(&tag.key)),
        ("resource-id", |tag| form::list(&tag.resource_id)),
        ("resource-type", |tag| form::list(&tag.resource_type)),
        ("value", |tag| form::list(&tag.value)),
    ];
    let ec2 = |id: &Id| {
        id.as_str().starts_with(form::GROUP_RULE.prefix)
            || KINDS.iter().any(|(prefix, ..)| id.as_str().starts_with(prefix))
    };
    let mut all = Vec::new();
    for (id, row) in call.list::<Tags>().into_iter().filter(|(id, _)| ec2(id)) {
        for (key, value) in &row.tags {
            all.push(TagDescription {
                key: Some(key.clone()),
                resource_id: form::text(&id),
                resource_type: Some(row.resource_type.clone()),
                value: Some(value.clone()),
            });
        }
    }
    let pair = |tag: &TagDescription| {
        vec![(tag.key.clone().unwrap_or_default(), tag.value.clone().unwrap_or_default())]
    };
    let mut tags = listing::filter(all, &form::filters(filters)?, FIELDS, pair)?;
    let name = |tag: &TagDescription| {
        let part = |text: &Option<String>| text.clone().unwrap_or_default();
        format!("{}/{}", part(&tag.resource_id), part(&tag.key))
    };
    tags.sort_by_key(name);
    let limit = max_results.map(|limit| limit.max(1) as usize);
    let (tags, next_token) = listing::page(tags, name, next_token.as_deref(), limit)?;
    Ok(DescribeTagsResult { tags: Some(tags), next_token })
}
