//! Versions of managed policies: CreatePolicyVersion, GetPolicyVersion, ListPolicyVersions,
//! SetDefaultPolicyVersion, DeletePolicyVersion.

use super::answer;
use super::policies::{changeable, check_document};
use crate::document::percent_encoded;
use crate::managed;
use crate::model::refuse;
use crate::model::{Policy, Version, edit, find};
use api_iam::{
    CreatePolicyVersionRequest, CreatePolicyVersionResponse, DeletePolicyVersionOutput,
    DeletePolicyVersionRequest, GetPolicyVersionRequest, GetPolicyVersionResponse,
    ListPolicyVersionsRequest, ListPolicyVersionsResponse, PolicyVersion,
    SetDefaultPolicyVersionOutput, SetDefaultPolicyVersionRequest,
};
use region::{Call, Refusal, serve};

/// Versions of one policy (AWS: IAM quotas).
const VERSIONS: usize = 5;

/// A version as lists show it: without its document.
pub(crate) fn line(policy: &Policy, number: u32) -> PolicyVersion {
    PolicyVersion {
        version_id: Some(format!("v{number}")),
        is_default_version: Some(number == policy.default),
        create_date: policy.versions.get(&number).and_then(|one| answer::time(one.created)),
        document: None,
    }
}

fn no_version(arn: &str, version: &str) -> Refusal {
    let message = format!("Policy {arn} version {version} does not exist or is not attachable.");
    refuse::missing(message)
}

/// The number of a version that a policy has.
fn number(policy: &Policy, version: &str) -> Result<u32, Refusal> {
    let number = version.strip_prefix('v').and_then(|digits| digits.parse().ok());
    let found = number.filter(|number| policy.versions.contains_key(number));
    found.ok_or_else(|| no_version(&policy.arn, version))
}

/// docs: API_CreatePolicyVersion
pub(crate) fn create_policy_version(
    call: &mut Call,
    input: CreatePolicyVersionRequest,
) -> Result<CreatePolicyVersionResponse, Refusal> {
    serve!(
        call,
        CreatePolicyVersionRequest { policy_arn, policy_document, set_as_default } = input
    );
    changeable(&policy_arn)?;
    let mut policy = (*find::<Policy>(call, &policy_arn)?).clone();
    check_document(&policy_document)?;
    if policy.versions.len() >= VERSIONS {
        return Err(refuse::limit_exceeded(
            "A managed policy can have up to 5 versions. Before you create a new version, you \
             must delete an existing version.",
        ));
    }
    let number = policy.next;
    policy.next += 1;
    policy.updated = call.now;
    policy.versions.insert(number, Version { document: policy_document, created: call.now });
    if set_as_default == Some(true) {
        policy.default = number;
    }
    let shown = line(&policy, number);
    edit::<Policy>(call, &policy_arn, |present| {
        *present = policy;
        Ok(())
    })?;
    Ok(CreatePolicyVersionResponse { policy_version: Some(shown) })
}

/// docs: API_GetPolicyVersion
pub(crate) fn get_policy_version(
    call: &mut Call,
    input: GetPolicyVersionRequest,
) -> Result<GetPolicyVersionResponse, Refusal> {
    serve!(call, GetPolicyVersionRequest { policy_arn, version_id } = input);
    let shown = match managed::of_arn(&policy_arn) {
        Some(policy) if version_id == "v1" => PolicyVersion {
            document: Some(percent_encoded(&policy.document())),
            ..managed_version()
        },
        Some(_) => return Err(no_version(&policy_arn, &version_id)),
        None => {
            let policy = find::<Policy>(call, &policy_arn)?;
            let number = number(&policy, &version_id)?;
            let document = policy.versions.get(&number).map(|one| percent_encoded(&one.document));
            PolicyVersion { document, ..line(&policy, number) }
        }
    };
    Ok(GetPolicyVersionResponse { policy_version: Some(shown) })
}

fn managed_version() -> PolicyVersion {
    let (version_id, is_default_version) = (Some("v1".to_owned()), Some(true));
    PolicyVersion { version_id, is_default_version, ..Default::default() }
}

/// docs: API_ListPolicyVersions. Newest first.
pub(crate) fn list_policy_versions(
    call: &mut Call,
    input: ListPolicyVersionsRequest,
) -> Result<ListPolicyVersionsResponse, Refusal> {
    serve!(call, ListPolicyVersionsRequest { policy_arn, marker, max_items } = input);
    if managed::of_arn(&policy_arn).is_some() {
        let versions = Some(vec![managed_version()]);
        let is_truncated = Some(false);
        return Ok(ListPolicyVersionsResponse { versions, is_truncated, marker: None });
    }
    let policy = find::<Policy>(call, &policy_arn)?;
    let numbers: Vec<u32> = policy.versions.keys().rev().copied().collect();
    let place = |number: &u32| format!("{:010}", u32::MAX - number);
    let (numbers, is_truncated, marker) = answer::page(numbers, place, marker, max_items)?;
    let versions = Some(numbers.into_iter().map(|number| line(&policy, number)).collect());
    Ok(ListPolicyVersionsResponse { versions, is_truncated, marker })
}

/// docs: API_SetDefaultPolicyVersion
pub(crate) fn set_default_policy_version(
    call: &mut Call,
    input: SetDefaultPolicyVersionRequest,
) -> Result<SetDefaultPolicyVersionOutput, Refusal> {
    serve!(call, SetDefaultPolicyVersionRequest { policy_arn, version_id } = input);
    changeable(&policy_arn)?;
    let now = call.now;
    edit::<Policy>(call, &policy_arn, |policy| {
        policy.default = number(policy, &version_id)?;
        policy.updated = now;
        Ok(())
    })?;
    Ok(SetDefaultPolicyVersionOutput::default())
}

/// docs: API_DeletePolicyVersion
pub(crate) fn delete_policy_version(
    call: &mut Call,
    input: DeletePolicyVersionRequest,
) -> Result<DeletePolicyVersionOutput, Refusal> {
    serve!(call, DeletePolicyVersionRequest { policy_arn, version_id } = input);
    changeable(&policy_arn)?;
    let now = call.now;
    edit::<Policy>(call, &policy_arn, |policy| {
        let number = number(policy, &version_id)?;
        if number == policy.default {
            return Err(refuse::conflict("Cannot delete the default version of a policy."));
        }
        policy.versions.remove(&number);
        policy.updated = now;
        Ok(())
    })?;
    Ok(DeletePolicyVersionOutput::default())
}
