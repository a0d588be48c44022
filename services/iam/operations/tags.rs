//! Tags: TagX, UntagX and ListXTags of users, roles, instance profiles, policies and server
//! certificates.

use super::answer;
use crate::model::refuse;
use crate::model::{Entity, Tags, edit, find};
use api_iam::Tag;
use region::{Call, Refusal, TAGS_PER_RESOURCE, serve};

/// Tags with those that are added, checked as IAM does: keys are the same in any case.
pub(crate) fn checked(present: &Tags, added: Vec<Tag>) -> Result<Tags, Refusal> {
    let mut tags = present.clone();
    let mut seen = std::collections::BTreeSet::new();
    for Tag { key, value } in added {
        if !seen.insert(key.to_lowercase()) {
            return Err(refuse::input(
                "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
            ));
        }
        let fine = |c: char| c.is_alphanumeric() || c == ' ' || "_.:/=+-@".contains(c);
        if !key.chars().all(fine) || !value.chars().all(fine) {
            let message = format!("The tag {key} has characters that a tag cannot have.");
            return Err(refuse::validation(message));
        }
        region::Tags::check(&key, &value).map_err(|refusal| refuse::input(refusal.message))?;
        tags.retain(|present, _| !present.eq_ignore_ascii_case(&key));
        tags.insert(key, value);
    }
    if tags.len() > TAGS_PER_RESOURCE {
        let message = "The number of tags has reached the maximum limit.";
        return Err(refuse::limit_exceeded(message));
    }
    Ok(tags)
}

fn add<E: Entity>(call: &mut Call, name: &str, added: Vec<Tag>) -> Result<(), Refusal> {
    edit::<E>(call, name, |entity| {
        *entity.tags_mut() = checked(entity.tags(), added)?;
        Ok(())
    })
}

fn remove<E: Entity>(call: &mut Call, name: &str, keys: &[String]) -> Result<(), Refusal> {
    edit::<E>(call, name, |entity| {
        let named = |key: &String| keys.iter().any(|named| named.eq_ignore_ascii_case(key));
        entity.tags_mut().retain(|key, _| !named(key));
        Ok(())
    })
}

/// The three operations on the tags of one kind of entity, whose name is in the member `$name`.
macro_rules! tags_of {
    ($kind:ident, $name:ident) => {
        use super::*;

        pub(crate) fn tag(call: &mut Call, input: TagInput) -> Result<TagOutput, Refusal> {
            serve!(call, TagInput { $name, tags } = input);
            add::<crate::model::$kind>(call, &$name, tags)?;
            Ok(TagOutput::default())
        }

        pub(crate) fn untag(call: &mut Call, input: UntagInput) -> Result<UntagOutput, Refusal> {
            serve!(call, UntagInput { $name, tag_keys } = input);
            remove::<crate::model::$kind>(call, &$name, &tag_keys)?;
            Ok(UntagOutput::default())
        }

        pub(crate) fn list(call: &mut Call, input: ListInput) -> Result<ListOutput, Refusal> {
            serve!(call, ListInput { $name, marker, max_items } = input);
            let entity = find::<crate::model::$kind>(call, &$name)?;
            let tags = answer::tags(entity.tags());
            let (tags, is_truncated, marker) =
                answer::page(tags, |tag| tag.key.clone(), marker, max_items)?;
            Ok(ListOutput { tags: Some(tags), is_truncated, marker })
        }
    };
}

/// A family: API_TagUser, API_UntagUser, API_ListUserTags.
pub(crate) mod user {
    use api_iam::{
        ListUserTagsRequest as ListInput, ListUserTagsResponse as ListOutput,
        TagUserOutput as TagOutput, TagUserRequest as TagInput, UntagUserOutput as UntagOutput,
        UntagUserRequest as UntagInput,
    };
    tags_of!(User, user_name);
}

/// A family: API_TagRole, API_UntagRole, API_ListRoleTags.
pub(crate) mod role {
    use api_iam::{
        ListRoleTagsRequest as ListInput, ListRoleTagsResponse as ListOutput,
        TagRoleOutput as TagOutput, TagRoleRequest as TagInput, UntagRoleOutput as UntagOutput,
        UntagRoleRequest as UntagInput,
    };
    tags_of!(Role, role_name);
}

/// A family: API_TagInstanceProfile, API_UntagInstanceProfile, API_ListInstanceProfileTags.
pub(crate) mod instance_profile {
    use api_iam::{
        ListInstanceProfileTagsRequest as ListInput, ListInstanceProfileTagsResponse as ListOutput,
        TagInstanceProfileOutput as TagOutput, TagInstanceProfileRequest as TagInput,
        UntagInstanceProfileOutput as UntagOutput, UntagInstanceProfileRequest as UntagInput,
    };
    tags_of!(InstanceProfile, instance_profile_name);
}

/// A family: API_TagPolicy, API_UntagPolicy, API_ListPolicyTags.
pub(crate) mod policy {
    use api_iam::{
        ListPolicyTagsRequest as ListInput, ListPolicyTagsResponse as ListOutput,
        TagPolicyOutput as TagOutput, TagPolicyRequest as TagInput,
        UntagPolicyOutput as UntagOutput, UntagPolicyRequest as UntagInput,
    };
    tags_of!(Policy, policy_arn);
}

/// A family: API_TagServerCertificate, API_UntagServerCertificate, API_ListServerCertificateTags.
pub(crate) mod server_certificate {
    use api_iam::{
        ListServerCertificateTagsRequest as ListInput,
        ListServerCertificateTagsResponse as ListOutput, TagServerCertificateOutput as TagOutput,
        TagServerCertificateRequest as TagInput, UntagServerCertificateOutput as UntagOutput,
        UntagServerCertificateRequest as UntagInput,
    };
    tags_of!(ServerCertificate, server_certificate_name);
}
