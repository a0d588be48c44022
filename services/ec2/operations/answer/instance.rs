//! Instances as the API shows them.

use super::{interface, second, state};
use crate::model::types;
use crate::model::{Instance, Metadata, State};
use api_ec2::{
    CapacityReservationSpecificationResponse, CpuOptions, EbsInstanceBlockDevice, EnclaveOptions,
    HibernationOptions, IamInstanceProfile, InstanceBlockDeviceMapping, InstanceMaintenanceOptions,
    InstanceMetadataOptionsResponse, Monitoring, Placement, PrivateDnsNameOptionsResponse,
    StateReason,
};
use ebs::model::Volume;
use region::zone::RegionInfo;
use region::{Key, Store};
use vpc::form::{owner, tag_set, text};
use vpc::model::find;
use world::Id;

/// An instance.
pub(crate) fn of(store: &Store, key: &Key, instance: &Instance) -> api_ec2::Instance {
    let mut shown = api_ec2::Instance {
        ami_launch_index: i32::try_from(instance.index).ok(),
        architecture: text("x86_64"),
        block_device_mappings: Some(disks(store, key, instance)),
        boot_mode: text("uefi-preferred"),
        capacity_reservation_specification: Some(CapacityReservationSpecificationResponse {
            capacity_reservation_preference: text("open"),
            capacity_reservation_target: None,
        }),
        client_token: text(instance.token.clone().unwrap_or_default()),
        cpu_options: cpu(instance),
        current_instance_boot_mode: text("legacy-bios"),
        ebs_optimized: Some(instance.options.ebs_optimized),
        ena_support: Some(true),
        enclave_options: Some(EnclaveOptions { enabled: Some(false) }),
        hibernation_options: Some(HibernationOptions { configured: Some(false) }),
        hypervisor: text("xen"),
        iam_instance_profile: profile(instance),
        image_id: text(&instance.image),
        instance_id: text(&key.id),
        instance_type: text(&instance.kind),
        key_name: instance.key_name.clone(),
        launch_time: Some(second(instance.launched)),
        maintenance_options: Some(InstanceMaintenanceOptions {
            auto_recovery: text(&instance.options.auto_recovery),
            ..Default::default()
        }),
        metadata_options: Some(metadata(&instance.options.metadata)),
        monitoring: Some(monitoring(instance.options.monitoring)),
        network_interfaces: Some(Vec::new()),
        placement: Some(placement(key, instance)),
        platform_details: text("Linux/UNIX"),
        private_dns_name: text(""),
        product_codes: Some(Vec::new()),
        public_dns_name: text(""),
        root_device_name: text(&instance.root_device),
        root_device_type: text("ebs"),
        security_groups: Some(Vec::new()),
        state: Some(state(instance.state)),
        state_reason: state_reason(instance),
        state_transition_reason: text(
            instance.reason.as_ref().map(|reason| reason.transition()).unwrap_or_default(),
        ),
        tags: tag_set(store, &key.scope, key.id.as_str()),
        usage_operation: text("RunInstances"),
        usage_operation_update_time: Some(second(instance.created)),
        virtualization_type: text("hvm"),
        ..Default::default()
    };
    network(store, key, instance, &mut shown);
    shown
}

fn state_reason(instance: &Instance) -> Option<StateReason> {
    if instance.state == State::Pending {
        return Some(StateReason { code: text("pending"), message: text("pending") });
    }
    let reason = instance.reason.as_ref()?;
    Some(StateReason { code: text(&reason.code), message: text(&reason.message) })
}

/// Addresses, names, groups: what the primary interface says, and the list of all.
fn network(store: &Store, key: &Key, instance: &Instance, shown: &mut api_ec2::Instance) {
    let scope = &key.scope;
    let all = find::of_instance(store, scope, key.id.as_str());
    if instance.state == State::Terminated {
        return;
    }
    let Some((id, first)) = all.first() else { return };
    let public = find::public_of(store, scope, id, first, first.primary());
    shown.private_dns_name = text(match instance.options.hostname_type.as_str() {
        "resource-name" => format!("{}.{}", key.id, find::internal_domain(scope)),
        _ => find::private_name(scope, first.primary()),
    });
    shown.private_dns_name_options = Some(PrivateDnsNameOptionsResponse {
        hostname_type: text(&instance.options.hostname_type),
        enable_resource_name_dns_a_record: Some(instance.options.resource_name_a),
        enable_resource_name_dns_aaaa_record: Some(false),
    });
    shown.private_ip_address = text(first.primary());
    shown.public_ip_address = public.and_then(text);
    if let Some(public) = public {
        shown.public_dns_name = text(interface::public_name(store, scope, first, public));
    }
    shown.security_groups = Some(vpc::group_identifiers(store, scope, &first.groups));
    shown.source_dest_check = Some(first.source_dest_check);
    shown.subnet_id = text(&first.subnet);
    shown.vpc_id = text(&first.vpc);
    let each = all.iter().map(|(id, one)| interface::of(store, scope, id, one));
    shown.network_interfaces = Some(each.collect());
}

fn cpu(instance: &Instance) -> Option<CpuOptions> {
    let kind = types::named(&instance.kind)?;
    Some(CpuOptions {
        core_count: i32::try_from(kind.vcpus / kind.threads).ok(),
        threads_per_core: i32::try_from(kind.threads).ok(),
        ..Default::default()
    })
}

fn profile(instance: &Instance) -> Option<IamInstanceProfile> {
    let profile = instance.options.profile.as_ref()?;
    Some(IamInstanceProfile { arn: text(&profile.arn), id: text(&profile.id) })
}

/// The choices of the metadata service.
pub(crate) fn metadata(metadata: &Metadata) -> InstanceMetadataOptionsResponse {
    let word = |on, yes: &str, no: &str| text(if on { yes } else { no });
    InstanceMetadataOptionsResponse {
        http_endpoint: word(metadata.enabled, "enabled", "disabled"),
        http_protocol_ipv6: text("disabled"),
        http_put_response_hop_limit: Some(i32::from(metadata.hop_limit)),
        http_tokens: word(metadata.tokens_required, "required", "optional"),
        instance_metadata_tags: word(metadata.tags, "enabled", "disabled"),
        state: text("applied"),
    }
}

/// Detailed monitoring.
pub(crate) fn monitoring(on: bool) -> Monitoring {
    Monitoring { state: text(if on { "enabled" } else { "disabled" }) }
}

fn placement(key: &Key, instance: &Instance) -> Placement {
    let region = RegionInfo::named(&key.scope.region);
    Placement {
        availability_zone: text(&instance.zone),
        availability_zone_id: region.and_then(|region| region.zone_id(instance.zone.as_str())),
        group_name: text(""),
        tenancy: text("default"),
        ..Default::default()
    }
}

/// The volumes of an instance by device.
pub(crate) fn disks(
    store: &Store,
    key: &Key,
    instance: &Instance,
) -> Vec<InstanceBlockDeviceMapping> {
    let disk = |id: &Id| {
        let volume = store.get::<Volume>(&Key::new(&key.scope, id.clone()))?;
        let attachment = volume.attachment.as_ref()?;
        Some(InstanceBlockDeviceMapping {
            device_name: text(&attachment.device),
            ebs: Some(EbsInstanceBlockDevice {
                attach_time: Some(second(attachment.at)),
                delete_on_termination: Some(attachment.delete_on_termination),
                status: text(if volume.made { "attached" } else { "attaching" }),
                volume_id: text(id),
                ..Default::default()
            }),
        })
    };
    instance.volumes().filter_map(disk).collect()
}

/// Instances that were launched together, in the order of their launch.
pub(crate) fn reservation(
    scope: &region::Scope,
    id: &str,
    instances: Vec<api_ec2::Instance>,
) -> api_ec2::Reservation {
    api_ec2::Reservation {
        // Security groups of EC2-Classic; a VPC's are shown with each instance.
        groups: Some(Vec::new()),
        instances: Some(instances),
        owner_id: owner(scope),
        requester_id: None,
        reservation_id: text(id),
    }
}
