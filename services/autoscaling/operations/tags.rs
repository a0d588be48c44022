//! Tags of groups: made, deleted, described.

use super::rules::{self, invalid};
use crate::model::{Group, GroupTag};
use api_autoscaling::{
    CreateOrUpdateTagsOutput, CreateOrUpdateTagsType, DeleteTagsOutput, DeleteTagsType,
    DescribeTagsType, Tag, TagDescription, TagsType,
};
use region::{Call, Refusal, serve};
use std::collections::BTreeMap;

/// Tags of one group at most.
const TAGS: usize = region::TAGS_PER_RESOURCE;

/// Tags of a group that is made.
pub(super) fn read(
    call: &mut Call,
    group: &str,
    tags: Vec<Tag>,
) -> Result<BTreeMap<String, GroupTag>, Refusal> {
    let mut read = BTreeMap::new();
    for one in tags {
        let (key, _, tag) = single(call, one, Some(group))?;
        read.insert(key, tag);
    }
    limit(&read)?;
    Ok(read)
}

fn limit(tags: &BTreeMap<String, GroupTag>) -> Result<(), Refusal> {
    if tags.len() > TAGS {
        return Err(Refusal::new("LimitExceeded", format!("A group has {TAGS} tags at most")));
    }
    Ok(())
}

/// Key, group and value of one.
fn single(
    call: &mut Call,
    one: Tag,
    group: Option<&str>,
) -> Result<(String, String, GroupTag), Refusal> {
    serve!(call, Tag { resource_id, resource_type, key, value, propagate_at_launch } = one);
    if resource_type.as_deref().is_some_and(|kind| kind != "auto-scaling-group") {
        return Err(invalid("The resource type must be auto-scaling-group"));
    }
    let named = resource_id.as_deref().or(group);
    let named = named.ok_or_else(|| invalid("Tag resource id must be specified"))?.to_owned();
    let value = value.unwrap_or_default();
    region::Tags::check(&key, &value).map_err(|refusal| invalid(refusal.message))?;
    let tag = GroupTag { value, propagate: propagate_at_launch.unwrap_or(false) };
    Ok((key, named, tag))
}

/// docs: API_CreateOrUpdateTags
pub(super) fn create_or_update_tags(
    call: &mut Call,
    input: CreateOrUpdateTagsType,
) -> Result<CreateOrUpdateTagsOutput, Refusal> {
    serve!(call, CreateOrUpdateTagsType { tags } = input);
    for one in tags {
        let (key, name, tag) = single(call, one, None)?;
        let mut group = rules::own(call, &name)?;
        group.tags.insert(key, tag);
        limit(&group.tags)?;
        call.put(name, group);
    }
    Ok(CreateOrUpdateTagsOutput {})
}

/// docs: API_DeleteTags
pub(super) fn delete_tags(
    call: &mut Call,
    input: DeleteTagsType,
) -> Result<DeleteTagsOutput, Refusal> {
    serve!(call, DeleteTagsType { tags } = input);
    for one in tags {
        let given = one.value.is_some();
        let (key, name, tag) = single(call, one, None)?;
        let mut group = rules::own(call, &name)?;
        if group.tags.get(&key).is_some_and(|present| !given || present.value == tag.value) {
            group.tags.remove(&key);
            call.put(name, group);
        }
    }
    Ok(DeleteTagsOutput {})
}

/// A group's tags as they are shown.
pub(super) fn shown(name: &str, group: &Group) -> Vec<TagDescription> {
    let one = |(key, tag): (&String, &GroupTag)| TagDescription {
        key: Some(key.clone()),
        propagate_at_launch: Some(tag.propagate),
        resource_id: Some(name.to_owned()),
        resource_type: Some("auto-scaling-group".to_owned()),
        value: Some(tag.value.clone()),
    };
    group.tags.iter().map(one).collect()
}

/// docs: API_DescribeTags
pub(super) fn describe_tags(call: &mut Call, input: DescribeTagsType) -> Result<TagsType, Refusal> {
    serve!(call, DescribeTagsType { filters, next_token, max_records } = input);
    let all = call.list::<Group>();
    let mut tags: Vec<TagDescription> =
        all.iter().flat_map(|(name, group)| shown(name.as_str(), group)).collect();
    for filter in filters.unwrap_or_default() {
        let values = filter.values.unwrap_or_default();
        let name = filter.name.unwrap_or_default();
        let field: fn(&TagDescription) -> String = match name.as_str() {
            "auto-scaling-group" => |tag| tag.resource_id.clone().unwrap_or_default(),
            "key" => |tag| tag.key.clone().unwrap_or_default(),
            "value" => |tag| tag.value.clone().unwrap_or_default(),
            "propagate-at-launch" => |tag| tag.propagate_at_launch.unwrap_or(false).to_string(),
            other => return Err(invalid(format!("Filter type {other} is not correct"))),
        };
        tags.retain(|tag| values.contains(&field(tag)));
    }
    let name = |tag: &TagDescription| {
        let part = |text: &Option<String>| text.clone().unwrap_or_default();
        format!("{}\n{}", part(&tag.resource_id), part(&tag.key))
    };
    let (tags, next_token) = rules::page(tags, name, next_token, max_records, 50)?;
    Ok(TagsType { tags: Some(tags), next_token })
}
