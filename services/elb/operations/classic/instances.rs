//! Instances of classic balancers, and their health.

use super::{answer, refuse};
use crate::model::{Classic, InstanceHealth, InstanceState, Member};
use api_elb::{
    DeregisterEndPointsInput, DeregisterEndPointsOutput, DescribeEndPointStateInput,
    DescribeEndPointStateOutput, Instance, RegisterEndPointsInput, RegisterEndPointsOutput,
};
use region::{Call, Refusal, serve};

fn read(call: &mut Call, given: Vec<Instance>) -> Result<Vec<String>, Refusal> {
    let mut all = Vec::new();
    for instance in given {
        serve!(call, Instance { instance_id } = instance);
        let id = instance_id.ok_or_else(|| refuse::invalid("An instance ID must be specified"))?;
        all.push(id);
    }
    Ok(all)
}

fn exists(call: &Call, balancer: &Classic, id: &str) -> Result<(), Refusal> {
    let unknown = |message: String| Err(Refusal::new("InvalidInstance", message));
    let instance = call.find::<ec2::model::Instance>(id).filter(|one| !one.state.is_over());
    if instance.is_none() {
        return unknown(format!("Could not find EC2 instance {id}."));
    }
    let primary = vpc::model::find::primary(call.store(), &call.scope, id);
    if primary.is_some_and(|(_, interface)| interface.vpc != balancer.vpc) {
        return unknown(format!("EC2 instance {id} is not in the same VPC as the load balancer."));
    }
    Ok(())
}

/// docs: API_RegisterInstancesWithLoadBalancer
pub fn register_instances_with_load_balancer(
    call: &mut Call,
    input: RegisterEndPointsInput,
) -> Result<RegisterEndPointsOutput, Refusal> {
    serve!(call, RegisterEndPointsInput { load_balancer_name, instances } = input);
    let mut one = refuse::find(call, &load_balancer_name)?;
    for id in read(call, instances)? {
        exists(call, &one, &id)?;
        if !one.has(&id) {
            one.instances.insert(id, Member { at: call.now, leaving: None });
        }
    }
    let shown = answer::instances(&one);
    call.put(load_balancer_name, one);
    Ok(RegisterEndPointsOutput { instances: Some(shown) })
}

/// docs: API_DeregisterInstancesFromLoadBalancer
pub fn deregister_instances_from_load_balancer(
    call: &mut Call,
    input: DeregisterEndPointsInput,
) -> Result<DeregisterEndPointsOutput, Refusal> {
    serve!(call, DeregisterEndPointsInput { load_balancer_name, instances } = input);
    let mut one = refuse::find(call, &load_balancer_name)?;
    for id in read(call, instances)? {
        if !one.instances.contains_key(&id) {
            exists(call, &one, &id)?;
        }
        if one.draining.is_none() {
            one.instances.remove(&id);
        } else if let Some(member) = one.instances.get_mut(&id) {
            member.leaving.get_or_insert(call.now);
        }
    }
    let shown = answer::instances(&one);
    call.put(load_balancer_name, one);
    Ok(DeregisterEndPointsOutput { instances: Some(shown) })
}

/// docs: API_DescribeInstanceHealth
pub fn describe_instance_health(
    call: &mut Call,
    input: DescribeEndPointStateInput,
) -> Result<DescribeEndPointStateOutput, Refusal> {
    serve!(call, DescribeEndPointStateInput { load_balancer_name, instances } = input);
    let one = refuse::find(call, &load_balancer_name)?;
    let health = call.find::<InstanceHealth>(&load_balancer_name);
    let wanted = read(call, instances.unwrap_or_default())?;
    let ids: Vec<String> =
        if wanted.is_empty() { one.instances.keys().cloned().collect() } else { wanted };
    let mut shown = Vec::new();
    for id in ids {
        let (state, reason, description) = match one.instances.get(&id) {
            Some(member) if member.leaving.is_some() => InstanceState::Leaving.words(),
            Some(_) => {
                let known = health.as_ref().and_then(|health| health.instances.get(&id).copied());
                known.unwrap_or(InstanceState::Registering).words()
            }
            None => {
                exists(call, &one, &id)?;
                let sentence = "Instance is not currently registered with the LoadBalancer.";
                ("OutOfService", "Instance", sentence)
            }
        };
        shown.push(api_elb::InstanceState {
            description: Some(description.to_owned()),
            instance_id: Some(id),
            reason_code: Some(reason.to_owned()),
            state: Some(state.to_owned()),
        });
    }
    Ok(DescribeEndPointStateOutput { instance_states: Some(shown) })
}
