//! A stand-in for the room `ec2`: instances that are nothing but their interfaces. It uses what
//! this room offers its neighbour, as the neighbour does.

use api_ec2::*;
use region::{Call, Operation, Refusal, Service, operations, serve};
use vpc::model::{self, Attachment, NetworkInterface, find, pool};
use world::Id;

/// The room.
pub static SERVICE: Service = Service {
    name: "guests",
    api: &api_ec2::API,
    operations: OPERATIONS,
    keeps: &[],
    controllers: &[],
    furnish: None,
};

const OPERATIONS: &[Operation] = operations![
    RunInstances => run,
    StartInstances => start,
    StopInstances => stop,
    TerminateInstances => terminate,
];

fn run(call: &mut Call, input: RunInstancesRequest) -> Result<Reservation, Refusal> {
    serve!(call, RunInstancesRequest { subnet_id, max_count, min_count } = input);
    assert_eq!(max_count, min_count);
    let subnet = subnet_id.expect("the test names one");
    let request = model::Request { subnet: subnet.clone(), ..Default::default() };
    let (id, mut interface) = model::draft(call, request)?;
    let instance = call.fresh_id("i-");
    let subnet = call.find::<model::Subnet>(&subnet).expect("the draft found it");
    interface.auto_public = subnet.map_public_ip;
    interface.attachment = Some(Attachment {
        id: call.fresh_id("eni-attach-"),
        instance: instance.clone(),
        index: 0,
        delete_on_termination: true,
        attached: call.now,
        active: true,
    });
    pool::assign(call, &id, &mut interface)?;
    call.put(id, interface);
    Ok(Reservation { reservation_id: Some(instance.to_string()), ..Default::default() })
}

fn each(
    call: &mut Call,
    instances: &[String],
    change: impl Fn(&mut Call, Id, NetworkInterface) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    for instance in instances {
        for (id, interface) in find::of_instance(call.store(), &call.scope, instance) {
            change(call, id, (*interface).clone())?;
        }
    }
    Ok(())
}

fn set_active(interface: &mut NetworkInterface, active: bool) {
    interface.attachment.as_mut().expect("it is of an instance").active = active;
}

fn start(call: &mut Call, input: StartInstancesRequest) -> Result<StartInstancesResult, Refusal> {
    serve!(call, StartInstancesRequest { instance_ids } = input);
    each(call, &instance_ids, |call, id, mut interface| {
        set_active(&mut interface, true);
        pool::assign(call, &id, &mut interface)?;
        call.put(id, interface);
        Ok(())
    })?;
    Ok(StartInstancesResult::default())
}

fn stop(call: &mut Call, input: StopInstancesRequest) -> Result<StopInstancesResult, Refusal> {
    serve!(call, StopInstancesRequest { instance_ids } = input);
    each(call, &instance_ids, |call, id, mut interface| {
        set_active(&mut interface, false);
        interface.public = None;
        call.put(id, interface);
        Ok(())
    })?;
    Ok(StopInstancesResult::default())
}

fn terminate(
    call: &mut Call,
    input: TerminateInstancesRequest,
) -> Result<TerminateInstancesResult, Refusal> {
    serve!(call, TerminateInstancesRequest { instance_ids } = input);
    each(call, &instance_ids, |call, id, mut interface| {
        if interface.attachment.as_ref().is_some_and(|at| at.delete_on_termination) {
            call.forget::<NetworkInterface>(id.clone());
            vpc::form::forget_tags(call, &id);
        } else {
            (interface.attachment, interface.public) = (None, None);
            call.put(id, interface);
        }
        Ok(())
    })?;
    Ok(TerminateInstancesResult::default())
}
