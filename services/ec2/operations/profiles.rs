//! Associations of instance profiles with instances: records of names and ARNs.

use crate::model::{Instance, Profile, instances};
use crate::operations::{answer, launch, rules};
use api_ec2::{
    AssociateIamInstanceProfileRequest, AssociateIamInstanceProfileResult,
    DescribeIamInstanceProfileAssociationsRequest, DescribeIamInstanceProfileAssociationsResult,
    DisassociateIamInstanceProfileRequest, DisassociateIamInstanceProfileResult,
    IamInstanceProfile, IamInstanceProfileAssociation, ReplaceIamInstanceProfileAssociationRequest,
    ReplaceIamInstanceProfileAssociationResult,
};
use region::{Call, Refusal, listing, serve};
use vpc::form::{filters, list, text};

/// docs: API_AssociateIamInstanceProfile
pub(super) fn associate_iam_instance_profile(
    call: &mut Call,
    input: AssociateIamInstanceProfileRequest,
) -> Result<AssociateIamInstanceProfileResult, Refusal> {
    serve!(call, AssociateIamInstanceProfileRequest { instance_id, iam_instance_profile } = input);
    let instance = rules::living(call, &instance_id)?;
    if instance.options.profile.is_some() {
        let message = format!("There is an existing association for instance {instance_id}");
        return Err(Refusal::new("IncorrectState", message));
    }
    let profile = launch::required(launch::profile(call, iam_instance_profile)?)?.bound(call);
    let shown = shown(&instance_id, &profile, "associating");
    put(call, &instance_id, instance, Some(profile));
    Ok(AssociateIamInstanceProfileResult { iam_instance_profile_association: Some(shown) })
}

/// docs: API_DisassociateIamInstanceProfile
pub(super) fn disassociate_iam_instance_profile(
    call: &mut Call,
    input: DisassociateIamInstanceProfileRequest,
) -> Result<DisassociateIamInstanceProfileResult, Refusal> {
    serve!(call, DisassociateIamInstanceProfileRequest { association_id } = input);
    let (id, instance, profile) = find(call, &association_id)?;
    put(call, &id, instance, None);
    let shown = shown(&id, &profile, "disassociating");
    Ok(DisassociateIamInstanceProfileResult { iam_instance_profile_association: Some(shown) })
}

/// docs: API_ReplaceIamInstanceProfileAssociation
pub(super) fn replace_iam_instance_profile_association(
    call: &mut Call,
    input: ReplaceIamInstanceProfileAssociationRequest,
) -> Result<ReplaceIamInstanceProfileAssociationResult, Refusal> {
    serve!(
        call,
        ReplaceIamInstanceProfileAssociationRequest { association_id, iam_instance_profile } =
            input
    );
    let (id, instance, _) = find(call, &association_id)?;
    let profile = launch::required(launch::profile(call, iam_instance_profile)?)?.bound(call);
    let shown = shown(&id, &profile, "associating");
    put(call, &id, instance, Some(profile));
    Ok(ReplaceIamInstanceProfileAssociationResult { iam_instance_profile_association: Some(shown) })
}

/// docs: API_DescribeIamInstanceProfileAssociations
pub(super) fn describe_iam_instance_profile_associations(
    call: &mut Call,
    input: DescribeIamInstanceProfileAssociationsRequest,
) -> Result<DescribeIamInstanceProfileAssociationsResult, Refusal> {
    serve!(
        call,
        DescribeIamInstanceProfileAssociationsRequest {
            association_ids,
            filters,
            max_results,
            next_token,
        } = input
    );
    let ids = association_ids.unwrap_or_default();
    ids.iter().try_for_each(|id| find(call, id).map(drop))?;
    let all = instances(call.store(), &call.scope).filter_map(|(key, instance)| {
        let profile = instance.options.profile.as_ref()?;
        let gone = instance.state == crate::model::State::Terminated;
        let named = ids.is_empty() || ids.contains(&profile.association);
        (named && !gone).then(|| shown(key.id.as_str(), profile, "associated"))
    });
    let kept = listing::filter(all.collect(), &self::filters(filters)?, FIELDS, |_| Vec::new())?;
    let limit = max_results.map(|limit| limit.max(1) as usize);
    let name = |one: &IamInstanceProfileAssociation| one.association_id.clone().unwrap_or_default();
    let mut kept = kept;
    kept.sort_by_key(name);
    let (page, next_token) = listing::page(kept, name, next_token.as_deref(), limit)?;
    Ok(DescribeIamInstanceProfileAssociationsResult {
        iam_instance_profile_associations: Some(page),
        next_token,
    })
}

const FIELDS: &[listing::Field<IamInstanceProfileAssociation>] =
    &[("instance-id", |a| list(&a.instance_id)), ("state", |a| list(&a.state))];

fn find(call: &Call, association: &str) -> Result<(String, Instance, Profile), Refusal> {
    let mut all = instances(call.store(), &call.scope);
    let found = all.find_map(|(key, instance)| {
        let profile = instance.options.profile.as_ref()?;
        let here = profile.association == association && !instance.state.is_over();
        here.then(|| (key.id.to_string(), (**instance).clone(), profile.clone()))
    });
    found.ok_or_else(|| {
        let message = format!("An invalid association-id of '{association}' was given");
        Refusal::new("InvalidAssociationID.NotFound", message)
    })
}

fn put(call: &mut Call, id: &str, mut instance: Instance, profile: Option<Profile>) {
    instance.options.profile = profile;
    call.put(id, instance);
}

fn shown(id: &str, profile: &Profile, state: &str) -> IamInstanceProfileAssociation {
    IamInstanceProfileAssociation {
        association_id: text(&profile.association),
        iam_instance_profile: Some(IamInstanceProfile {
            arn: text(&profile.arn),
            id: text(&profile.id),
        }),
        instance_id: text(id),
        state: text(state),
        timestamp: Some(answer::second(profile.since)),
    }
}
