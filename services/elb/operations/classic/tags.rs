//! Tags of classic balancers.

use super::refuse;
use crate::model::{TagSet, name};
use crate::operations::v2::tags;
use api_elb::{
    AddTagsInput, AddTagsOutput, DescribeTagsInput, DescribeTagsOutput, RemoveTagsInput,
    RemoveTagsOutput, Tag, TagDescription,
};
use region::{Call, Refusal, serve};
use std::collections::BTreeMap;

/// Tags of a request.
pub(super) fn read(given: Option<Vec<Tag>>) -> Result<BTreeMap<String, String>, Refusal> {
    let same = |tag: Tag| api_elbv2::Tag { key: tag.key, value: tag.value };
    tags::read(given.map(|given| given.into_iter().map(same).collect()))
}

/// Adds tags to a balancer.
pub(super) fn put(
    call: &mut Call,
    balancer: &str,
    given: BTreeMap<String, String>,
) -> Result<(), Refusal> {
    let arn = name::balancer(&call.scope, balancer);
    tags::put(call, &arn, given)
}

/// docs: API_AddTags
pub fn add_tags(call: &mut Call, input: AddTagsInput) -> Result<AddTagsOutput, Refusal> {
    serve!(call, AddTagsInput { load_balancer_names, tags } = input);
    let given = read(Some(tags))?;
    for name in load_balancer_names {
        refuse::find(call, &name)?;
        put(call, &name, given.clone())?;
    }
    Ok(AddTagsOutput {})
}

/// docs: API_RemoveTags
pub fn remove_tags(call: &mut Call, input: RemoveTagsInput) -> Result<RemoveTagsOutput, Refusal> {
    serve!(call, RemoveTagsInput { load_balancer_names, tags } = input);
    for balancer in load_balancer_names {
        refuse::find(call, &balancer)?;
        let arn = name::balancer(&call.scope, &balancer);
        let Some(set) = call.find::<TagSet>(&arn) else { continue };
        let mut set = (*set).clone();
        set.tags.retain(|key, _| !tags.iter().any(|tag| tag.key.as_ref() == Some(key)));
        call.put(arn, set);
    }
    Ok(RemoveTagsOutput {})
}

/// docs: API_DescribeTags
pub fn describe_tags(
    call: &mut Call,
    input: DescribeTagsInput,
) -> Result<DescribeTagsOutput, Refusal> {
    serve!(call, DescribeTagsInput { load_balancer_names } = input);
    let mut all = Vec::new();
    for balancer in load_balancer_names {
        refuse::find(call, &balancer)?;
        let arn = name::balancer(&call.scope, &balancer);
        let set = call.find::<TagSet>(&arn).map(|set| set.tags.clone()).unwrap_or_default();
        let tag = |(key, value)| Tag { key, value: Some(value) };
        all.push(TagDescription {
            load_balancer_name: Some(balancer),
            tags: Some(set.into_iter().map(tag).collect()),
        });
    }
    Ok(DescribeTagsOutput { tag_descriptions: Some(all) })
}
