//! Managed policies: CreatePolicy, GetPolicy, ListPolicies, DeletePolicy, ListEntitiesForPolicy.
//! Their versions are in `versions`.

use super::answer;
use super::tags::checked;
use crate::document::{Kind, parse};
use crate::managed::{self, Managed};
use crate::model::refuse;
use crate::model::{Entity, Group, Holder, Policy, Role, User, Version, find, list, unique};
use api_iam::{
    CreatePolicyRequest, CreatePolicyResponse, DeletePolicyOutput, DeletePolicyRequest,
    GetPolicyRequest, GetPolicyResponse, ListEntitiesForPolicyRequest,
    ListEntitiesForPolicyResponse, ListPoliciesRequest, ListPoliciesResponse, PolicyGroup,
    PolicyRole, PolicyUser,
};
use region::{Call, Refusal, serve};
use std::collections::BTreeMap;

/// Policies of one account (AWS: IAM quotas).
const POLICIES: usize = 1500;
/// Characters of a managed policy, blanks not counted (AWS: IAM quotas).
const LENGTH: usize = 6144;

/// Checks the document of a managed policy.
pub(crate) fn check_document(text: &str) -> Result<(), Refusal> {
    parse(text, Kind::Identity)?;
    if text.chars().filter(|c| !c.is_whitespace()).count() > LENGTH {
        return Err(refuse::quota("PolicySize", LENGTH));
    }
    Ok(())
}

/// Refuses the ARN of a policy that cannot be attached.
pub(crate) fn known_policy(call: &Call, arn: &str) -> Result<(), Refusal> {
    if !arn.starts_with("arn:aws:iam::") || !arn.contains(":policy/") {
        return Err(refuse::input(format!("ARN {arn} is not valid.")));
    }
    if managed::of_arn(arn).is_some() || find::<Policy>(call, arn).is_ok() {
        return Ok(());
    }
    let some = match arn.starts_with("arn:aws:iam::aws:") {
        true => " Maquette has some of AWS's managed policies; ListPolicies shows which.",
        false => "",
    };
    Err(refuse::missing(format!("Policy {arn} does not exist or is not attachable.{some}")))
}

/// Refuses to change a policy of AWS's.
pub(crate) fn changeable(arn: &str) -> Result<(), Refusal> {
    match arn.starts_with("arn:aws:iam::aws:") {
        true => {
            Err(Refusal::new("AccessDenied", "AWS managed policies cannot be changed.").status(403))
        }
        false => Ok(()),
    }
}

/// How often a policy is attached, and how often it is a boundary.
pub(crate) fn uses(call: &Call) -> BTreeMap<String, (usize, usize)> {
    let mut uses = BTreeMap::new();
    count::<User>(call, &mut uses);
    count::<Role>(call, &mut uses);
    count::<Group>(call, &mut uses);
    uses
}

fn count<H: Holder>(call: &Call, uses: &mut BTreeMap<String, (usize, usize)>) {
    for holder in list::<H>(call, None) {
        for arn in &holder.grants().attached {
            uses.entry(arn.clone()).or_default().0 += 1;
        }
        if let Some(arn) = holder.boundary() {
            uses.entry(arn.to_owned()).or_default().1 += 1;
        }
    }
}

/// One of AWS's, as lists show it. When AWS made it is not known here.
fn managed_line(policy: &Managed, attached: usize, bounds: usize) -> api_iam::Policy {
    api_iam::Policy {
        policy_name: Some(policy.name.into()),
        policy_id: Some(policy.id()),
        arn: Some(policy.arn()),
        path: Some(policy.path.into()),
        default_version_id: Some("v1".into()),
        attachment_count: i32::try_from(attached).ok(),
        permissions_boundary_usage_count: i32::try_from(bounds).ok(),
        is_attachable: Some(true),
        ..Default::default()
    }
}

/// docs: API_CreatePolicy
pub(crate) fn create_policy(
    call: &mut Call,
    input: CreatePolicyRequest,
) -> Result<CreatePolicyResponse, Refusal> {
    serve!(
        call,
        CreatePolicyRequest { policy_name, path, policy_document, description, tags } = input
    );
    refuse::name(&policy_name, "policyName")?;
    let path = refuse::path(path)?;
    let tags = checked(&Default::default(), tags.unwrap_or_default())?;
    check_document(&policy_document)?;
    if call.get::<Policy>(&Policy::key(&call.scope, &policy_name)).is_some() {
        return Err(refuse::taken(format!(
            "A policy called {policy_name} already exists. Duplicate names are not allowed."
        )));
    }
    if list::<Policy>(call, None).len() >= POLICIES {
        return Err(refuse::quota("PoliciesPerAccount", POLICIES));
    }
    let now = call.now;
    let arn = call.scope.global().arn("iam", &format!("policy{path}{policy_name}"));
    let policy = Policy {
        id: unique(call, "ANPA"),
        name: policy_name,
        arn,
        path,
        description: description.filter(|text| !text.is_empty()),
        created: now,
        updated: now,
        versions: BTreeMap::from([(1, Version { document: policy_document, created: now })]),
        default: 1,
        next: 2,
        tags,
    };
    let shown = whole(&policy, (0, 0));
    call.put_at(Policy::key(&call.scope, &policy.arn), policy);
    Ok(CreatePolicyResponse { policy: Some(api_iam::Policy { description: None, ..shown }) })
}

fn whole(policy: &Policy, (attached, bounds): (usize, usize)) -> api_iam::Policy {
    api_iam::Policy {
        description: policy.description.clone(),
        tags: answer::some_tags(&policy.tags),
        ..answer::policy_line(policy, attached, bounds)
    }
}

/// docs: API_GetPolicy
pub(crate) fn get_policy(
    call: &mut Call,
    input: GetPolicyRequest,
) -> Result<GetPolicyResponse, Refusal> {
    serve!(call, GetPolicyRequest { policy_arn } = input);
    let (attached, bounds) = uses(call).get(&policy_arn).copied().unwrap_or_default();
    let policy = match managed::of_arn(&policy_arn) {
        Some(policy) => api_iam::Policy {
            description: Some(policy.description.into()),
            ..managed_line(policy, attached, bounds)
        },
        None => whole(&*find::<Policy>(call, &policy_arn)?, (attached, bounds)),
    };
    Ok(GetPolicyResponse { policy: Some(policy) })
}

/// docs: API_ListPolicies
pub(crate) fn list_policies(
    call: &mut Call,
    input: ListPoliciesRequest,
) -> Result<ListPoliciesResponse, Refusal> {
    serve!(
        call,
        ListPoliciesRequest {
            scope,
            only_attached,
            path_prefix,
            policy_usage_filter,
            marker,
            max_items,
        } = input
    );
    let uses = uses(call);
    let of = |arn: &str| uses.get(arn).copied().unwrap_or_default();
    let scope = scope.unwrap_or_else(|| "All".into());
    let prefix = path_prefix.unwrap_or_else(|| "/".into());
    let mut all: Vec<api_iam::Policy> = Vec::new();
    if scope != "AWS" {
        all.extend(list::<Policy>(call, Some(&prefix)).iter().map(|policy| {
            let (attached, bounds) = of(&policy.arn);
            answer::policy_line(policy, attached, bounds)
        }));
    }
    if scope != "Local" {
        let chosen = managed::all().filter(|policy| policy.path.starts_with(&prefix));
        all.extend(chosen.map(|policy| {
            let (attached, bounds) = of(&policy.arn());
            managed_line(policy, attached, bounds)
        }));
    }
    let used = |count: Option<i32>| count.unwrap_or_default() > 0;
    if only_attached == Some(true) {
        all.retain(|policy| used(policy.attachment_count));
    }
    match policy_usage_filter.as_deref() {
        Some("PermissionsBoundary") => {
            all.retain(|policy| used(policy.permissions_boundary_usage_count));
        }
        Some("PermissionsPolicy") => all.retain(|policy| used(policy.attachment_count)),
        _ => {}
    }
    let arn = |policy: &api_iam::Policy| policy.arn.clone().unwrap_or_default();
    all.sort_by_key(arn);
    let (policies, is_truncated, marker) = answer::page(all, arn, marker, max_items)?;
    Ok(ListPoliciesResponse { policies: Some(policies), is_truncated, marker })
}

/// docs: API_DeletePolicy
pub(crate) fn delete_policy(
    call: &mut Call,
    input: DeletePolicyRequest,
) -> Result<DeletePolicyOutput, Refusal> {
    serve!(call, DeletePolicyRequest { policy_arn } = input);
    changeable(&policy_arn)?;
    let policy = find::<Policy>(call, &policy_arn)?;
    if uses(call).contains_key(&policy_arn) {
        return Err(refuse::conflict("Cannot delete a policy attached to entities."));
    }
    if policy.versions.len() > 1 {
        return Err(refuse::conflict(
            "This policy has more than one version. Before you delete a policy, you must delete \
             the policy's versions. The default version is deleted with the policy.",
        ));
    }
    call.forget_at::<Policy>(&Policy::key(&call.scope, &policy_arn));
    Ok(DeletePolicyOutput::default())
}

/// docs: API_ListEntitiesForPolicy
pub(crate) fn list_entities_for_policy(
    call: &mut Call,
    input: ListEntitiesForPolicyRequest,
) -> Result<ListEntitiesForPolicyResponse, Refusal> {
    serve!(
        call,
        ListEntitiesForPolicyRequest {
            policy_arn,
            entity_filter,
            path_prefix,
            policy_usage_filter,
            marker,
            max_items,
        } = input
    );
    known_policy(call, &policy_arn)?;
    let filter = entity_filter.unwrap_or_else(|| "All".into());
    let usage = policy_usage_filter.as_deref();
    let prefix = path_prefix.as_deref();
    let mut found: Vec<Use> = Vec::new();
    let wants = |kind: &str| filter == kind || filter == "All";
    if wants("User") {
        let users = using::<User>(call, prefix, usage, &policy_arn).into_iter();
        found.extend(users.map(|user| ("user", user.name.clone(), user.id.clone())));
    }
    if wants("Role") {
        let roles = using::<Role>(call, prefix, usage, &policy_arn).into_iter();
        found.extend(roles.map(|role| ("role", role.name.clone(), role.id.clone())));
    }
    if wants("Group") {
        let groups = using::<Group>(call, prefix, usage, &policy_arn).into_iter();
        found.extend(groups.map(|group| ("group", group.name.clone(), group.id.clone())));
    }
    let place = |one: &Use| format!("{}/{}", one.0, one.1);
    found.sort_by_key(place);
    let (found, is_truncated, marker) = answer::page(found, place, marker, max_items)?;
    let of = |kind: &'static str| {
        let chosen = found.iter().filter(move |one| one.0 == kind);
        chosen.map(|one| (Some(one.1.clone()), Some(one.2.clone())))
    };
    let user = |(user_name, user_id)| PolicyUser { user_name, user_id };
    let role = |(role_name, role_id)| PolicyRole { role_name, role_id };
    let group = |(group_name, group_id)| PolicyGroup { group_name, group_id };
    Ok(ListEntitiesForPolicyResponse {
        policy_users: Some(of("user").map(user).collect()),
        policy_roles: Some(of("role").map(role).collect()),
        policy_groups: Some(of("group").map(group).collect()),
        is_truncated,
        marker,
    })
}

/// What uses a policy: kind, name, id.
type Use = (&'static str, String, String);

fn using<H: Holder>(
    call: &Call,
    prefix: Option<&str>,
    usage: Option<&str>,
    arn: &str,
) -> Vec<std::sync::Arc<H>> {
    let mut all = list::<H>(call, prefix);
    all.retain(|holder| {
        let attached = holder.grants().attached.contains(arn);
        let bounds = holder.boundary() == Some(arn);
        match usage {
            Some("PermissionsBoundary") => bounds,
            Some("PermissionsPolicy") => attached,
            _ => attached || bounds,
        }
    });
    all
}
