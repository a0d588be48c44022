//! Tags of certificates.

use super::refuse;
use api_acm::{
    AddTagsToCertificateOutput, AddTagsToCertificateRequest, ListTagsForCertificateRequest,
    ListTagsForCertificateResponse, RemoveTagsFromCertificateOutput,
    RemoveTagsFromCertificateRequest, Tag,
};
use region::{Call, Refusal, TAGS_PER_RESOURCE, Tags, serve};
use std::collections::BTreeMap;

/// Tags of a request.
pub(super) fn read(given: Vec<Tag>) -> Result<BTreeMap<String, String>, Refusal> {
    let mut all = BTreeMap::new();
    for tag in given {
        let value = tag.value.unwrap_or_default();
        Tags::check(&tag.key, &value)
            .map_err(|refusal| Refusal::new("InvalidTagException", refusal.message))?;
        all.insert(tag.key, value);
    }
    check(&all)?;
    Ok(all)
}

fn check(tags: &BTreeMap<String, String>) -> Result<(), Refusal> {
    if tags.len() <= TAGS_PER_RESOURCE {
        return Ok(());
    }
    let message = format!("A certificate can have {TAGS_PER_RESOURCE} tags at most");
    Err(Refusal::new("TooManyTagsException", message))
}

/// docs: API_AddTagsToCertificate
pub fn add_tags_to_certificate(
    call: &mut Call,
    input: AddTagsToCertificateRequest,
) -> Result<AddTagsToCertificateOutput, Refusal> {
    serve!(call, AddTagsToCertificateRequest { certificate_arn, tags } = input);
    let (key, certificate) = refuse::find(call, &certificate_arn)?;
    let mut certificate = (*certificate).clone();
    certificate.tags.extend(read(tags)?);
    check(&certificate.tags)?;
    call.put_at(key, certificate);
    Ok(AddTagsToCertificateOutput {})
}

/// docs: API_RemoveTagsFromCertificate
pub fn remove_tags_from_certificate(
    call: &mut Call,
    input: RemoveTagsFromCertificateRequest,
) -> Result<RemoveTagsFromCertificateOutput, Refusal> {
    serve!(call, RemoveTagsFromCertificateRequest { certificate_arn, tags } = input);
    let (key, certificate) = refuse::find(call, &certificate_arn)?;
    let mut certificate = (*certificate).clone();
    // With a value, a tag goes only if it has that value.
    let named = |key: &String, value: &String| {
        let fits = |tag: &Tag| tag.key == *key && tag.value.as_ref().is_none_or(|one| one == value);
        tags.iter().any(fits)
    };
    certificate.tags.retain(|key, value| !named(key, value));
    call.put_at(key, certificate);
    Ok(RemoveTagsFromCertificateOutput {})
}

/// docs: API_ListTagsForCertificate
pub fn list_tags_for_certificate(
    call: &mut Call,
    input: ListTagsForCertificateRequest,
) -> Result<ListTagsForCertificateResponse, Refusal> {
    serve!(call, ListTagsForCertificateRequest { certificate_arn } = input);
    let (_, certificate) = refuse::find(call, &certificate_arn)?;
    let tag =
        |(key, value): (&String, &String)| Tag { key: key.clone(), value: Some(value.clone()) };
    Ok(ListTagsForCertificateResponse { tags: Some(certificate.tags.iter().map(tag).collect()) })
}
