//! DescribeInstanceCreditSpecifications, ModifyInstanceCreditSpecification,
//! GetDefaultCreditSpecification.

use super::describe_instances;
use crate::model::Instance;
use crate::operations::{launch, rules};
use api_ec2::{
    DescribeInstanceCreditSpecificationsRequest, DescribeInstanceCreditSpecificationsResult,
    GetDefaultCreditSpecificationRequest, GetDefaultCreditSpecificationResult,
    InstanceCreditSpecification, InstanceFamilyCreditSpecification,
    ModifyInstanceCreditSpecificationRequest, ModifyInstanceCreditSpecificationResult,
    SuccessfulInstanceCreditSpecificationItem, UnsuccessfulInstanceCreditSpecificationItem,
    UnsuccessfulInstanceCreditSpecificationItemError,
};
use region::{Call, Refusal, serve};
use vpc::form::{Query, text};

/// docs: API_DescribeInstanceCreditSpecifications
pub(super) fn describe_instance_credit_specifications(
    call: &mut Call,
    input: DescribeInstanceCreditSpecificationsRequest,
) -> Result<DescribeInstanceCreditSpecificationsResult, Refusal> {
    serve!(
        call,
        DescribeInstanceCreditSpecificationsRequest {
            filters,
            instance_ids,
            max_results,
            next_token,
        } = input
    );
    for id in instance_ids.iter().flatten() {
        let instance = rules::instance(call, id)?;
        if instance.options.credits.is_none() {
            let message = format!("The instance type of {id} has no CPU credits.");
            return Err(Refusal::new("InvalidParameterCombination", message));
        }
    }
    let query = Query { ids: instance_ids, filters, max_results, next_token };
    let all = describe_instances::all(call);
    let burstable = |one: &api_ec2::Instance| {
        let id = one.instance_id.as_deref().unwrap_or_default();
        call.find::<Instance>(id).and_then(|instance| instance.options.credits.clone())
    };
    let all = all.into_iter().filter(|one| burstable(one).is_some()).collect();
    let (page, next_token) = describe_instances::LIST.page(all, query)?;
    let shown = page.into_iter().map(|one| InstanceCreditSpecification {
        cpu_credits: burstable(&one),
        instance_id: one.instance_id,
    });
    Ok(DescribeInstanceCreditSpecificationsResult {
        instance_credit_specifications: Some(shown.collect()),
        next_token,
    })
}

/// docs: API_ModifyInstanceCreditSpecification
pub(super) fn modify_instance_credit_specification(
    call: &mut Call,
    input: ModifyInstanceCreditSpecificationRequest,
) -> Result<ModifyInstanceCreditSpecificationResult, Refusal> {
    serve!(
        call,
        ModifyInstanceCreditSpecificationRequest { instance_credit_specifications } = input
    );
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for one in instance_credit_specifications {
        let id = one.instance_id;
        match change(call, &id, one.cpu_credits.as_deref()) {
            Ok(()) => {
                good.push(SuccessfulInstanceCreditSpecificationItem { instance_id: text(id) })
            }
            Err(refusal) => bad.push(UnsuccessfulInstanceCreditSpecificationItem {
                error: Some(UnsuccessfulInstanceCreditSpecificationItemError {
                    code: text(&refusal.code),
                    message: text(&refusal.message),
                }),
                instance_id: text(id),
            }),
        }
    }
    Ok(ModifyInstanceCreditSpecificationResult {
        successful_instance_credit_specifications: Some(good),
        unsuccessful_instance_credit_specifications: Some(bad),
    })
}

fn change(call: &mut Call, id: &str, wanted: Option<&str>) -> Result<(), Refusal> {
    let mut instance = rules::living(call, id)?;
    let kind = rules::instance_type(&instance.kind)?;
    if !kind.burstable() {
        let message = format!("The instance type of {id} has no CPU credits.");
        return Err(Refusal::new("InstanceCreditSpecification.NotSupported", message));
    }
    instance.options.credits = launch::credits(&kind, wanted)?;
    call.put(id, instance);
    Ok(())
}

/// docs: API_GetDefaultCreditSpecification
pub(super) fn get_default_credit_specification(
    call: &mut Call,
    input: GetDefaultCreditSpecificationRequest,
) -> Result<GetDefaultCreditSpecificationResult, Refusal> {
    serve!(call, GetDefaultCreditSpecificationRequest { instance_family } = input);
    let mut all = crate::model::types::all();
    let kind = all.find(|kind| kind.family() == instance_family && kind.burstable());
    let Some(kind) = kind else {
        let message = format!("Invalid value '{instance_family}' for InstanceFamily.");
        return Err(Refusal::new("InvalidParameterValue", message));
    };
    Ok(GetDefaultCreditSpecificationResult {
        instance_family_credit_specification: Some(InstanceFamilyCreditSpecification {
            cpu_credits: launch::credits(&kind, None)?,
            instance_family: text(instance_family),
        }),
    })
}
