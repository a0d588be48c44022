//! Tags of domains.

use super::find;
use crate::model::refuse;
use api_route53domains::{
    DeleteTagsForDomainRequest, DeleteTagsForDomainResponse, ListTagsForDomainRequest,
    ListTagsForDomainResponse, Tag, UpdateTagsForDomainRequest, UpdateTagsForDomainResponse,
};
use region::{Call, Refusal, TAGS_PER_RESOURCE, Tags, serve};

/// docs: API_domains_UpdateTagsForDomain
pub(crate) fn update_tags_for_domain(
    call: &mut Call,
    input: UpdateTagsForDomainRequest,
) -> Result<UpdateTagsForDomainResponse, Refusal> {
    serve!(call, UpdateTagsForDomainRequest { domain_name, tags_to_update } = input);
    let (key, _) = find(call, &domain_name)?;
    let mut tags = Tags::of(call.store(), &key.scope, key.id.as_str());
    for Tag { key, value } in tags_to_update.unwrap_or_default() {
        let (name, value) = (key.unwrap_or_default(), value.unwrap_or_default());
        Tags::check(&name, &value).map_err(|refusal| refuse::input(refusal.message))?;
        tags.insert(name, value);
    }
    if tags.len() > TAGS_PER_RESOURCE {
        return Err(refuse::input(format!("A domain can have {TAGS_PER_RESOURCE} tags.")));
    }
    call.put_at(key, Tags { resource_type: "domain".into(), tags });
    Ok(UpdateTagsForDomainResponse {})
}

/// docs: API_domains_DeleteTagsForDomain
pub(crate) fn delete_tags_for_domain(
    call: &mut Call,
    input: DeleteTagsForDomainRequest,
) -> Result<DeleteTagsForDomainResponse, Refusal> {
    serve!(call, DeleteTagsForDomainRequest { domain_name, tags_to_delete } = input);
    let (key, _) = find(call, &domain_name)?;
    let mut tags = Tags::of(call.store(), &key.scope, key.id.as_str());
    tags.retain(|name, _| !tags_to_delete.contains(name));
    call.put_at(key, Tags { resource_type: "domain".into(), tags });
    Ok(DeleteTagsForDomainResponse {})
}

/// docs: API_domains_ListTagsForDomain
pub(crate) fn list_tags_for_domain(
    call: &mut Call,
    input: ListTagsForDomainRequest,
) -> Result<ListTagsForDomainResponse, Refusal> {
    serve!(call, ListTagsForDomainRequest { domain_name } = input);
    let (key, _) = find(call, &domain_name)?;
    let tags = Tags::of(call.store(), &key.scope, key.id.as_str()).into_iter();
    let tags = tags.map(|(key, value)| Tag { key: Some(key), value: Some(value) });
    Ok(ListTagsForDomainResponse { tag_list: Some(tags.collect()) })
}
