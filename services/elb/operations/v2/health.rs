//! DescribeTargetHealth.

use super::{refuse, targets};
use crate::model::{Reason, State, TargetStatus, find};
use api_elbv2::{
    DescribeTargetHealthInput, DescribeTargetHealthOutput, TargetDescription, TargetHealth,
    TargetHealthDescription,
};
use region::{Call, Refusal, serve};

/// docs: API_DescribeTargetHealth
pub fn describe_target_health(
    call: &mut Call,
    input: DescribeTargetHealthInput,
) -> Result<DescribeTargetHealthOutput, Refusal> {
    serve!(
        call,
        DescribeTargetHealthInput { target_group_arn, targets } unheeded { include } = input
    );
    let (key, group) = refuse::group(call, &target_group_arn)?;
    let all = find::targets(call.store(), &key);
    let shown = |one: &TargetStatus| {
        let port = group.check.port.parse().unwrap_or(one.port);
        TargetHealthDescription {
            health_check_port: Some(port.to_string()),
            target: Some(TargetDescription {
                availability_zone: one.zone.as_ref().map(ToString::to_string),
                id: one.id.clone(),
                port: Some(one.port.into()),
                ..Default::default()
            }),
            target_health: Some(TargetHealth {
                description: one.reason.as_ref().map(Reason::description),
                reason: one.reason.as_ref().map(|reason| reason.code().to_owned()),
                state: Some(one.state.name().to_owned()),
            }),
            ..Default::default()
        }
    };
    let Some(wanted) = targets.filter(|wanted| !wanted.is_empty()) else {
        let all = all.iter().map(shown).collect();
        return Ok(DescribeTargetHealthOutput { target_health_descriptions: Some(all) });
    };
    let mut answers = Vec::new();
    for target in wanted {
        let (id, port, _) = targets::read(call, target)?;
        let fits = |one: &&TargetStatus| one.id == id && port.is_none_or(|port| port == one.port);
        let before = answers.len();
        answers.extend(all.iter().filter(fits).map(shown));
        if answers.len() == before {
            answers.push(shown(&TargetStatus {
                id,
                port: port.unwrap_or(group.port),
                zone: None,
                state: State::Unused,
                reason: Some(Reason::NotRegistered),
                since: call.now,
                registered: call.now,
            }));
        }
    }
    Ok(DescribeTargetHealthOutput { target_health_descriptions: Some(answers) })
}
