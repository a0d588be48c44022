//! Roles that services have of their own: CreateServiceLinkedRole, DeleteServiceLinkedRole,
//! GetServiceLinkedRoleDeletionStatus.

use super::answer;
use super::roles::forget;
use crate::managed;
use crate::model::refuse;
use crate::model::{Entity, Role, RoleDeletion, exists, find, unique};
use api_iam::{
    CreateServiceLinkedRoleRequest, CreateServiceLinkedRoleResponse,
    DeleteServiceLinkedRoleRequest, DeleteServiceLinkedRoleResponse,
    GetServiceLinkedRoleDeletionStatusRequest, GetServiceLinkedRoleDeletionStatusResponse,
};
use region::{Call, Key, Refusal, serve};
use serde_json::json;
use world::Span;

/// A finished deletion can be asked about for so long.
const REMEMBERED: Span = Span::seconds(24 * 3600);

/// A service: its name, the name of its role, whether that may have a suffix, and its policy.
type Line = (&'static str, &'static str, bool, &'static str);

const SERVICES: &[Line] = &[
    ("autoscaling.amazonaws.com", "AutoScaling", true, "AutoScalingServiceRolePolicy"),
    (
        "elasticloadbalancing.amazonaws.com",
        "ElasticLoadBalancing",
        false,
        "AWSElasticLoadBalancingServiceRolePolicy",
    ),
    (
        "elasticbeanstalk.amazonaws.com",
        "ElasticBeanstalk",
        false,
        "AWSElasticBeanstalkServiceRolePolicy",
    ),
    ("spot.amazonaws.com", "EC2Spot", false, "AWSEC2SpotServiceRolePolicy"),
    ("rds.amazonaws.com", "RDS", false, "AmazonRDSServiceRolePolicy"),
    ("elasticache.amazonaws.com", "ElastiCache", false, "ElastiCacheServiceRolePolicy"),
];

/// docs: API_CreateServiceLinkedRole
pub(crate) fn create_service_linked_role(
    call: &mut Call,
    input: CreateServiceLinkedRoleRequest,
) -> Result<CreateServiceLinkedRoleResponse, Refusal> {
    serve!(
        call,
        CreateServiceLinkedRoleRequest { aws_service_name, custom_suffix, description } = input
    );
    let service = aws_service_name;
    let known = SERVICES.iter().find(|line| line.0 == service);
    let Some((_, title, suffixes, policy)) = known else {
        let message = format!("Service role name AWSServiceRoleFor… is not known for {service}.");
        return Err(refuse::input(message));
    };
    let name = match custom_suffix {
        None => format!("AWSServiceRoleFor{title}"),
        Some(suffix) if *suffixes => {
            refuse::name(&suffix, "customSuffix")?;
            format!("AWSServiceRoleFor{title}_{suffix}")
        }
        Some(_) => {
            let message = format!("Custom suffix is not allowed for {service}");
            return Err(refuse::input(message));
        }
    };
    if exists::<Role>(call, &name) {
        return Err(refuse::input(format!(
            "Service role name {name} has been taken in this account, please try a different \
             suffix."
        )));
    }
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Action": ["sts:AssumeRole"],
            "Effect": "Allow",
            "Principal": {"Service": [service]},
        }],
    });
    let arn = format!("arn:aws:iam::aws:policy/aws-service-role/{policy}");
    debug_assert!(managed::of_arn(&arn).is_some(), "{arn} is in the table");
    let role = Role {
        id: unique(call, "AROA"),
        name,
        path: format!("/aws-service-role/{service}/"),
        created: call.now,
        trust: trust.to_string(),
        description: description.filter(|text| !text.is_empty()),
        max_session: 3600,
        boundary: None,
        grants: crate::model::Grants { attached: [arn].into(), ..Default::default() },
        service: Some(service),
        tags: Default::default(),
    };
    let shown = answer::role_line(&call.scope, &role);
    call.put_at(Role::key(&call.scope, &role.name), role);
    Ok(CreateServiceLinkedRoleResponse { role: Some(shown) })
}

/// docs: API_DeleteServiceLinkedRole
pub(crate) fn delete_service_linked_role(
    call: &mut Call,
    input: DeleteServiceLinkedRoleRequest,
) -> Result<DeleteServiceLinkedRoleResponse, Refusal> {
    serve!(call, DeleteServiceLinkedRoleRequest { role_name } = input);
    let role = find::<Role>(call, &role_name)?;
    let Some(service) = &role.service else {
        return Err(refuse::input(format!("{role_name} is not a service-linked role.")));
    };
    let (a, b) = (call.chance(), call.chance());
    let id = format!(
        "task/aws-service-role/{service}/{role_name}/{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        a >> 32,
        a >> 16 & 0xFFFF,
        a & 0xFFF,
        b >> 48 & 0xFFF,
        b & 0xFFFF_FFFF_FFFF,
    );
    forget(call, &role);
    let until = call.now + REMEMBERED;
    call.put_at(Key::new(&call.scope.global(), &id), RoleDeletion { until });
    Ok(DeleteServiceLinkedRoleResponse { deletion_task_id: Some(id) })
}

/// docs: API_GetServiceLinkedRoleDeletionStatus. Deletions are done when they are answered.
pub(crate) fn get_service_linked_role_deletion_status(
    call: &mut Call,
    input: GetServiceLinkedRoleDeletionStatusRequest,
) -> Result<GetServiceLinkedRoleDeletionStatusResponse, Refusal> {
    serve!(call, GetServiceLinkedRoleDeletionStatusRequest { deletion_task_id } = input);
    let key = Key::new(&call.scope.global(), &deletion_task_id);
    call.get::<RoleDeletion>(&key).ok_or_else(|| {
        refuse::missing(format!("The deletion task {deletion_task_id} cannot be found."))
    })?;
    let status = Some("SUCCEEDED".into());
    Ok(GetServiceLinkedRoleDeletionStatusResponse { status, reason: None })
}
