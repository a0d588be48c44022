//! StartInstances, StopInstances, RebootInstances, TerminateInstances.

use crate::model::{Instance, Reason, Shortage, State};
use crate::operations::answer;
use crate::operations::rules;
use api_ec2::{
    InstanceStateChange, RebootInstancesOutput, RebootInstancesRequest, StartInstancesRequest,
    StartInstancesResult, StopInstancesRequest, StopInstancesResult, TerminateInstancesRequest,
    TerminateInstancesResult,
};
use region::{Call, Refusal, serve};
use vpc::form::text;
use vpc::model::{NetworkInterface, find, pool};

/// docs: API_StartInstances
pub(super) fn start_instances(
    call: &mut Call,
    input: StartInstancesRequest,
) -> Result<StartInstancesResult, Refusal> {
    serve!(call, StartInstancesRequest { instance_ids } = input);
    let mut changes = Vec::new();
    for (id, mut instance) in rules::all(call, &instance_ids)? {
        let before = instance.state;
        match before {
            State::Pending | State::Running => {}
            State::Stopped => {
                start(call, &id, &mut instance)?;
                call.put(&id, instance.clone());
            }
            _ => return Err(not_from(&id, "started")),
        }
        changes.push(change(&id, before, instance.state));
    }
    Ok(StartInstancesResult { starting_instances: Some(changes) })
}

fn start(call: &mut Call, id: &str, instance: &mut Instance) -> Result<(), Refusal> {
    if instance.root.is_none() {
        let message = format!(
            "Invalid value '{id}' for instanceId. Instance does not have a volume attached at root \
             ({})",
            instance.root_device
        );
        return Err(Refusal::new("IncorrectInstanceState", message));
    }
    if call.is_dark(&instance.zone) || Shortage::strikes(call, &instance.zone, None) {
        return Err(rules::no_capacity(call, &instance.kind, &instance.zone));
    }
    for (eni, interface) in find::of_instance(call.store(), &call.scope, id) {
        let mut interface: NetworkInterface = (*interface).clone();
        if let Some(attachment) = &mut interface.attachment {
            attachment.active = true;
        }
        pool::assign(call, &eni, &mut interface)?;
        call.put(eni, interface);
    }
    instance.state = State::Pending;
    instance.reason = None;
    instance.launched = call.now;
    instance.crashes = 0;
    instance.boot_again(call.now);
    Ok(())
}

/// docs: API_StopInstances. Machines here cannot refuse to stop, so force is no
/// different.
pub(super) fn stop_instances(
    call: &mut Call,
    input: StopInstancesRequest,
) -> Result<StopInstancesResult, Refusal> {
    serve!(call, StopInstancesRequest { instance_ids, hibernate }
        unheeded { force, skip_os_shutdown } = input);
    if hibernate == Some(true) {
        let message = "The instance was not launched with hibernation and cannot hibernate.";
        return Err(Refusal::new("UnsupportedHibernationConfiguration", message));
    }
    let mut changes = Vec::new();
    for (id, mut instance) in rules::all(call, &instance_ids)? {
        let before = instance.state;
        if before.is_on() && instance.options.protect_stop {
            return Err(protected(&id, "stopped", "disableApiStop"));
        }
        match before {
            State::Stopping | State::Stopped => {}
            State::Pending | State::Running => {
                instance.state = State::Stopping;
                instance.reason = Some(Reason::user(call.now));
                call.put(&id, instance.clone());
            }
            _ => return Err(not_from(&id, "stopped")),
        }
        changes.push(change(&id, before, instance.state));
    }
    Ok(StopInstancesResult { stopping_instances: Some(changes) })
}

/// docs: API_RebootInstances
pub(super) fn reboot_instances(
    call: &mut Call,
    input: RebootInstancesRequest,
) -> Result<RebootInstancesOutput, Refusal> {
    serve!(call, RebootInstancesRequest { instance_ids } = input);
    for (id, mut instance) in rules::all(call, &instance_ids)? {
        match instance.state {
            State::Running => {
                instance.boot_again(call.now);
                call.put(&id, instance);
            }
            // It is booting already.
            State::Pending => {}
            _ => {
                let message = format!("The instance '{id}' is not in the 'running' state.");
                return Err(Refusal::new("IncorrectInstanceState", message));
            }
        }
    }
    Ok(RebootInstancesOutput {})
}

/// docs: API_TerminateInstances
pub(super) fn terminate_instances(
    call: &mut Call,
    input: TerminateInstancesRequest,
) -> Result<TerminateInstancesResult, Refusal> {
    serve!(call, TerminateInstancesRequest { instance_ids }
        unheeded { force, skip_os_shutdown } = input);
    let mut changes = Vec::new();
    for (id, mut instance) in rules::all(call, &instance_ids)? {
        let before = instance.state;
        if !before.is_over() {
            // Auto Scaling does not heed termination protection (Auto Scaling user guide,
            // "Use instance scale-in protection").
            let scaling = call.principal.arn == "autoscaling.amazonaws.com";
            if instance.options.protect_termination && !scaling {
                return Err(protected(&id, "terminated", "disableApiTermination"));
            }
            instance.state = State::ShuttingDown;
            instance.reason = Some(Reason::user(call.now));
            call.put(&id, instance.clone());
        }
        changes.push(change(&id, before, instance.state));
    }
    Ok(TerminateInstancesResult { terminating_instances: Some(changes) })
}

fn change(id: &str, before: State, now: State) -> InstanceStateChange {
    InstanceStateChange {
        current_state: Some(answer::state(now)),
        instance_id: text(id),
        previous_state: Some(answer::state(before)),
    }
}

fn not_from(id: &str, done: &str) -> Refusal {
    let message = format!("The instance '{id}' is not in a state from which it can be {done}.");
    Refusal::new("IncorrectInstanceState", message)
}

fn protected(id: &str, done: &str, attribute: &str) -> Refusal {
    let message = format!(
        "The instance '{id}' may not be {done}. Modify its '{attribute}' instance attribute and \
         try again."
    );
    Refusal::new("OperationNotPermitted", message)
}
