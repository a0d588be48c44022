//! The table of contents.

mod absent;
pub(crate) mod answer;
mod console;
mod credits;
mod describe_images;
mod describe_instances;
mod image_attribute;
mod images;
mod instance_attribute;
mod instance_status;
mod instance_types;
mod key_pairs;
pub(crate) mod launch;
mod modify_instance_attribute;
mod options;
mod power;
mod profiles;
mod reserved;
pub(crate) mod rules;
mod run_instances;
mod snapshots;
mod template_versions;
mod templates;
mod volumes;

use region::{Operation, operations};

pub(crate) const OPERATIONS: &[Operation] = operations![
    AssociateIamInstanceProfile => profiles::associate_iam_instance_profile,
    AttachVolume => volumes::attach_volume,
    CopyImage => images::copy_image,
    CreateImage => images::create_image,
    CreateKeyPair => key_pairs::create_key_pair,
    CreateLaunchTemplate => templates::create_launch_template,
    CreateLaunchTemplateVersion => template_versions::create_launch_template_version,
    CreateSnapshots => snapshots::create_snapshots,
    DeleteKeyPair => key_pairs::delete_key_pair,
    DeleteLaunchTemplate => templates::delete_launch_template,
    DeleteLaunchTemplateVersions => template_versions::delete_launch_template_versions,
    DeleteSnapshot => snapshots::delete_snapshot,
    DeregisterImage => images::deregister_image,
    DescribeCapacityReservations => absent::describe_capacity_reservations,
    DescribeHosts => absent::describe_hosts,
    DescribeIamInstanceProfileAssociations => profiles::describe_iam_instance_profile_associations,
    DescribeImageAttribute => image_attribute::describe_image_attribute,
    DescribeImages => describe_images::describe_images,
    DescribeInstanceAttribute => instance_attribute::describe_instance_attribute,
    DescribeInstanceCreditSpecifications => credits::describe_instance_credit_specifications,
    DescribeInstanceStatus => instance_status::describe_instance_status,
    DescribeInstanceTypeOfferings => instance_types::describe_instance_type_offerings,
    DescribeInstanceTypes => instance_types::describe_instance_types,
    DescribeInstances => describe_instances::describe_instances,
    DescribeKeyPairs => key_pairs::describe_key_pairs,
    DescribeLaunchTemplateVersions => template_versions::describe_launch_template_versions,
    DescribeLaunchTemplates => templates::describe_launch_templates,
    DescribePlacementGroups => absent::describe_placement_groups,
    DescribeReservedInstances => reserved::describe_reserved_instances,
    DescribeReservedInstancesOfferings => reserved::describe_reserved_instances_offerings,
    DescribeSpotInstanceRequests => absent::describe_spot_instance_requests,
    DescribeSpotPriceHistory => absent::describe_spot_price_history,
    DetachVolume => volumes::detach_volume,
    DisassociateIamInstanceProfile => profiles::disassociate_iam_instance_profile,
    GetConsoleOutput => console::get_console_output,
    GetDefaultCreditSpecification => credits::get_default_credit_specification,
    GetInstanceMetadataDefaults => options::get_instance_metadata_defaults,
    GetLaunchTemplateData => template_versions::get_launch_template_data,
    GetPasswordData => console::get_password_data,
    ImportKeyPair => key_pairs::import_key_pair,
    ModifyImageAttribute => image_attribute::modify_image_attribute,
    ModifyInstanceAttribute => modify_instance_attribute::modify_instance_attribute,
    ModifyInstanceCreditSpecification => credits::modify_instance_credit_specification,
    ModifyInstanceMaintenanceOptions => options::modify_instance_maintenance_options,
    ModifyInstanceMetadataOptions => options::modify_instance_metadata_options,
    ModifyLaunchTemplate => templates::modify_launch_template,
    ModifyPrivateDnsNameOptions => options::modify_private_dns_name_options,
    MonitorInstances => options::monitor_instances,
    PurchaseReservedInstancesOffering => reserved::purchase_reserved_instances_offering,
    RebootInstances => power::reboot_instances,
    RegisterImage => images::register_image,
    ReplaceIamInstanceProfileAssociation => profiles::replace_iam_instance_profile_association,
    ResetImageAttribute => image_attribute::reset_image_attribute,
    ResetInstanceAttribute => instance_attribute::reset_instance_attribute,
    RunInstances => run_instances::run_instances,
    StartInstances => power::start_instances,
    StopInstances => power::stop_instances,
    TerminateInstances => power::terminate_instances,
    UnmonitorInstances => options::unmonitor_instances,
];
