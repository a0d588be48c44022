//! AddTags, RemoveTags, DescribeTags: tags of whatever has an ARN here.

use super::refuse;
use crate::model::TagSet;
use api_elbv2::{
    AddTagsInput, AddTagsOutput, DescribeTagsInput, DescribeTagsOutput, RemoveTagsInput,
    RemoveTagsOutput, Tag, TagDescription,
};
use region::{Call, Refusal, TAGS_PER_RESOURCE, Tags, serve};
use std::collections::BTreeMap;

/// Tags of a request.
pub(in crate::operations) fn read(
    given: Option<Vec<Tag>>,
) -> Result<BTreeMap<String, String>, Refusal> {
    let mut all = BTreeMap::new();
    for tag in given.unwrap_or_default() {
        let value = tag.value.unwrap_or_default();
        Tags::check(&tag.key, &value).map_err(|refusal| refuse::invalid(refusal.message))?;
        if all.insert(tag.key.clone(), value).is_some() {
            let message = format!("Tag key '{}' was provided more than once", tag.key);
            return Err(Refusal::new("DuplicateTagKeys", message));
        }
    }
    Ok(all)
}

/// Adds tags to what an ARN names.
pub(in crate::operations) fn put(
    call: &mut Call,
    arn: &str,
    given: BTreeMap<String, String>,
) -> Result<(), Refusal> {
    let mut set = call.find::<TagSet>(arn).map(|set| (*set).clone()).unwrap_or_default();
    set.tags.extend(given);
    if set.tags.len() > TAGS_PER_RESOURCE {
        let message = format!("The maximum number of tags ({TAGS_PER_RESOURCE}) has been reached");
        return Err(Refusal::new("TooManyTags", message));
    }
    if !set.tags.is_empty() {
        call.put(arn, set);
    }
    Ok(())
}

fn check(call: &Call, arn: &str) -> Result<(), Refusal> {
    let resource = region::Arn::parse(arn).map_or("", |arn| arn.resource);
    match resource.split('/').next() {
        Some("loadbalancer") if resource.split('/').count() == 2 => {
            Err(Refusal::new("LoadBalancerNotFound", "One or more load balancers not found"))
        }
        Some("loadbalancer") => refuse::balancer(call, arn).map(|_| ()),
        Some("targetgroup") => refuse::group(call, arn).map(|_| ()),
        Some("listener") => refuse::listener(call, arn).map(|_| ()),
        Some("listener-rule") => refuse::rule(call, arn).map(|_| ()),
        _ => Err(refuse::invalid(format!("'{arn}' is not a valid resource ARN"))),
    }
}

/// docs: API_AddTags
pub fn add_tags(call: &mut Call, input: AddTagsInput) -> Result<AddTagsOutput, Refusal> {
    serve!(call, AddTagsInput { resource_arns, tags } = input);
    let given = read(Some(tags))?;
    for arn in &resource_arns {
        check(call, arn)?;
        put(call, arn, given.clone())?;
    }
    Ok(AddTagsOutput {})
}

/// docs: API_RemoveTags
pub fn remove_tags(call: &mut Call, input: RemoveTagsInput) -> Result<RemoveTagsOutput, Refusal> {
    serve!(call, RemoveTagsInput { resource_arns, tag_keys } = input);
    for arn in &resource_arns {
        check(call, arn)?;
        let Some(set) = call.find::<TagSet>(arn) else { continue };
        let mut set = (*set).clone();
        set.tags.retain(|key, _| !tag_keys.contains(key));
        if set.tags.is_empty() {
            call.forget::<TagSet>(arn);
        } else {
            call.put(arn, set);
        }
    }
    Ok(RemoveTagsOutput {})
}

/// docs: API_DescribeTags
pub fn describe_tags(
    call: &mut Call,
    input: DescribeTagsInput,
) -> Result<DescribeTagsOutput, Refusal> {
    serve!(call, DescribeTagsInput { resource_arns } = input);
    if resource_arns.len() > MOST {
        let message = format!("A maximum of {MOST} resources can be described at once");
        return Err(refuse::invalid(message));
    }
    let mut all = Vec::new();
    for arn in resource_arns {
        check(call, &arn)?;
        let set = call.find::<TagSet>(&arn).map(|set| set.tags.clone()).unwrap_or_default();
        let tag = |(key, value)| Tag { key, value: Some(value) };
        let tags = set.into_iter().map(tag).collect();
        all.push(TagDescription { resource_arn: Some(arn), tags: Some(tags) });
    }
    Ok(DescribeTagsOutput { tag_descriptions: Some(all) })
}

/// API_DescribeTags: up to 20 resources.
const MOST: usize = 20;
