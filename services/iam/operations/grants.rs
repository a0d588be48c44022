//! Policies of users, roles and groups: PutXPolicy, GetXPolicy, ListXPolicies, DeleteXPolicy,
//! AttachXPolicy, DetachXPolicy, ListAttachedXPolicies.

use super::answer;
use super::policies::known_policy;
use crate::document::{Kind, parse, percent_encoded};
use crate::model::refuse;
use crate::model::{self, Grants, Holder, edit, find};
use region::{Call, Refusal, serve};

/// Managed policies attached to one holder (AWS: IAM quotas).
const ATTACHED: usize = 10;

/// May this holder's policies be changed?
fn own(holder: &impl Holder) -> Result<(), Refusal> {
    match (holder as &dyn std::any::Any).downcast_ref::<model::Role>() {
        Some(role) => super::roles::own(role),
        None => Ok(()),
    }
}

fn no_policy<H: Holder>(policy: &str) -> Refusal {
    refuse::missing(format!("The {} policy with name {policy} cannot be found.", H::WHAT))
}

fn put<H: Holder>(
    call: &mut Call,
    holder: &str,
    policy: String,
    document: String,
) -> Result<(), Refusal> {
    refuse::name(&policy, "policyName")?;
    find::<H>(call, holder)?;
    parse(&document, Kind::Identity)?;
    edit::<H>(call, holder, |entity| {
        own(entity)?;
        entity.grants_mut().inline.insert(policy, document);
        let all = entity.grants().inline.values().flat_map(|text| text.chars());
        if all.filter(|c| !c.is_whitespace()).count() > H::INLINE_LIMIT {
            let (limit, what) = (H::INLINE_LIMIT, H::WHAT);
            return Err(refuse::limit_exceeded(format!(
                "Maximum policy size of {limit} bytes exceeded for {what} {holder}"
            )));
        }
        Ok(())
    })
}

fn document<H: Holder>(call: &Call, holder: &str, policy: &str) -> Result<String, Refusal> {
    let entity = find::<H>(call, holder)?;
    let text = entity.grants().inline.get(policy).ok_or_else(|| no_policy::<H>(policy))?;
    Ok(percent_encoded(text))
}

fn change<H: Holder>(
    call: &mut Call,
    holder: &str,
    change: impl FnOnce(&mut Grants) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    edit::<H>(call, holder, |entity| {
        own(entity)?;
        change(entity.grants_mut())
    })
}

fn remove<H: Holder>(call: &mut Call, holder: &str, policy: &str) -> Result<(), Refusal> {
    change::<H>(call, holder, |grants| {
        grants.inline.remove(policy).map(drop).ok_or_else(|| no_policy::<H>(policy))
    })
}

fn attach<H: Holder>(call: &mut Call, holder: &str, arn: String) -> Result<(), Refusal> {
    find::<H>(call, holder)?;
    known_policy(call, &arn)?;
    if arn.contains(":policy/aws-service-role/") {
        let message = format!("Cannot attach a Service Role Policy to a Customer {}.", H::TITLE);
        return Err(Refusal::new("PolicyNotAttachable", message));
    }
    change::<H>(call, holder, |grants| {
        grants.attached.insert(arn);
        if grants.attached.len() > ATTACHED {
            return Err(refuse::quota(&format!("PoliciesPer{}", H::TITLE), ATTACHED));
        }
        Ok(())
    })
}

fn detach<H: Holder>(call: &mut Call, holder: &str, arn: &str) -> Result<(), Refusal> {
    change::<H>(call, holder, |grants| match grants.attached.remove(arn) {
        true => Ok(()),
        false => Err(refuse::missing(format!("Policy {arn} was not found."))),
    })
}

fn attached<H: Holder>(
    call: &Call,
    holder: &str,
    prefix: Option<String>,
    marker: Option<String>,
    max_items: Option<i32>,
) -> Result<answer::Page<api_iam::AttachedPolicy>, Refusal> {
    let entity = find::<H>(call, holder)?;
    let prefix = prefix.unwrap_or_else(|| "/".into());
    let path =
        |arn: &String| arn.split_once(":policy").is_some_and(|(_, rest)| rest.starts_with(&prefix));
    let arns = entity.grants().attached.iter().filter(|arn| path(arn)).cloned().collect();
    let (arns, truncated, marker) = answer::page(arns, String::clone, marker, max_items)?;
    Ok((arns.iter().map(|arn| answer::attached(arn)).collect(), truncated, marker))
}

/// The seven operations on the policies of one kind of holder, whose name is in the member
/// `$name`.
macro_rules! grants_of {
    ($kind:ident, $name:ident) => {
        use super::*;
        use crate::model::$kind as Kind;

        pub(crate) fn put(call: &mut Call, input: PutInput) -> Result<PutOutput, Refusal> {
            serve!(call, PutInput { $name, policy_name, policy_document } = input);
            super::put::<Kind>(call, &$name, policy_name, policy_document)?;
            Ok(PutOutput::default())
        }

        pub(crate) fn get(call: &mut Call, input: GetInput) -> Result<GetOutput, Refusal> {
            serve!(call, GetInput { $name, policy_name } = input);
            let policy_document = Some(document::<Kind>(call, &$name, &policy_name)?);
            Ok(GetOutput { $name: Some($name), policy_name: Some(policy_name), policy_document })
        }

        pub(crate) fn list(call: &mut Call, input: ListInput) -> Result<ListOutput, Refusal> {
            serve!(call, ListInput { $name, marker, max_items } = input);
            let entity = find::<Kind>(call, &$name)?;
            let names = entity.grants().inline.keys().cloned().collect();
            let (names, is_truncated, marker) =
                answer::page(names, String::clone, marker, max_items)?;
            Ok(ListOutput { policy_names: Some(names), is_truncated, marker })
        }

        pub(crate) fn delete(call: &mut Call, input: DeleteInput) -> Result<DeleteOutput, Refusal> {
            serve!(call, DeleteInput { $name, policy_name } = input);
            remove::<Kind>(call, &$name, &policy_name)?;
            Ok(DeleteOutput::default())
        }

        pub(crate) fn attach(call: &mut Call, input: AttachInput) -> Result<AttachOutput, Refusal> {
            serve!(call, AttachInput { $name, policy_arn } = input);
            super::attach::<Kind>(call, &$name, policy_arn)?;
            Ok(AttachOutput::default())
        }

        pub(crate) fn detach(call: &mut Call, input: DetachInput) -> Result<DetachOutput, Refusal> {
            serve!(call, DetachInput { $name, policy_arn } = input);
            super::detach::<Kind>(call, &$name, &policy_arn)?;
            Ok(DetachOutput::default())
        }

        pub(crate) fn attached(
            call: &mut Call,
            input: AttachedInput,
        ) -> Result<AttachedOutput, Refusal> {
            serve!(call, AttachedInput { $name, path_prefix, marker, max_items } = input);
            let (policies, is_truncated, marker) =
                super::attached::<Kind>(call, &$name, path_prefix, marker, max_items)?;
            Ok(AttachedOutput { attached_policies: Some(policies), is_truncated, marker })
        }
    };
}

/// A family: API_PutUserPolicy and its six siblings.
pub(crate) mod user {
    use api_iam::{
        AttachUserPolicyOutput as AttachOutput, AttachUserPolicyRequest as AttachInput,
        DeleteUserPolicyOutput as DeleteOutput, DeleteUserPolicyRequest as DeleteInput,
        DetachUserPolicyOutput as DetachOutput, DetachUserPolicyRequest as DetachInput,
        GetUserPolicyRequest as GetInput, GetUserPolicyResponse as GetOutput,
        ListAttachedUserPoliciesRequest as AttachedInput,
        ListAttachedUserPoliciesResponse as AttachedOutput, ListUserPoliciesRequest as ListInput,
        ListUserPoliciesResponse as ListOutput, PutUserPolicyOutput as PutOutput,
        PutUserPolicyRequest as PutInput,
    };
    grants_of!(User, user_name);
}

/// A family: API_PutRolePolicy and its six siblings.
pub(crate) mod role {
    use api_iam::{
        AttachRolePolicyOutput as AttachOutput, AttachRolePolicyRequest as AttachInput,
        DeleteRolePolicyOutput as DeleteOutput, DeleteRolePolicyRequest as DeleteInput,
        DetachRolePolicyOutput as DetachOutput, DetachRolePolicyRequest as DetachInput,
        GetRolePolicyRequest as GetInput, GetRolePolicyResponse as GetOutput,
        ListAttachedRolePoliciesRequest as AttachedInput,
        ListAttachedRolePoliciesResponse as AttachedOutput, ListRolePoliciesRequest as ListInput,
        ListRolePoliciesResponse as ListOutput, PutRolePolicyOutput as PutOutput,
        PutRolePolicyRequest as PutInput,
    };
    grants_of!(Role, role_name);
}

/// A family: API_PutGroupPolicy and its six siblings.
pub(crate) mod group {
    use api_iam::{
        AttachGroupPolicyOutput as AttachOutput, AttachGroupPolicyRequest as AttachInput,
        DeleteGroupPolicyOutput as DeleteOutput, DeleteGroupPolicyRequest as DeleteInput,
        DetachGroupPolicyOutput as DetachOutput, DetachGroupPolicyRequest as DetachInput,
        GetGroupPolicyRequest as GetInput, GetGroupPolicyResponse as GetOutput,
        ListAttachedGroupPoliciesRequest as AttachedInput,
        ListAttachedGroupPoliciesResponse as AttachedOutput, ListGroupPoliciesRequest as ListInput,
        ListGroupPoliciesResponse as ListOutput, PutGroupPolicyOutput as PutOutput,
        PutGroupPolicyRequest as PutInput,
    };
    grants_of!(Group, group_name);
}
