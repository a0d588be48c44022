//! DescribeInstanceTypes, DescribeInstanceTypeOfferings.

use crate::model::types::{self, InstanceType};
use api_ec2::{
    DescribeInstanceTypeOfferingsRequest, DescribeInstanceTypeOfferingsResult,
    DescribeInstanceTypesRequest, DescribeInstanceTypesResult, EbsInfo, InstanceTypeInfo,
    InstanceTypeOffering, MemoryInfo, NetworkCardInfo, NetworkInfo, PlacementGroupInfo,
    ProcessorInfo, VCpuInfo,
};
use region::zone::RegionInfo;
use region::{Call, Refusal, listing, serve};
use vpc::form::{filters, list, text};

/// docs: API_DescribeInstanceTypes. What is not supported in the region is not known at all here.
pub(super) fn describe_instance_types(
    call: &mut Call,
    input: DescribeInstanceTypesRequest,
) -> Result<DescribeInstanceTypesResult, Refusal> {
    serve!(call, DescribeInstanceTypesRequest { instance_types, filters, max_results, next_token }
        unheeded { include_unsupported_in_region } = input);
    let named = instance_types.unwrap_or_default();
    let strange = |name: &&String| types::named(name).is_none();
    let strange: Vec<&str> = named.iter().filter(strange).map(String::as_str).collect();
    if !strange.is_empty() {
        let message =
            format!("The following supplied instance types do not exist: [{}]", strange.join(", "));
        return Err(Refusal::new("InvalidInstanceType", message));
    }
    let all = types::all().filter(|kind| named.is_empty() || named.iter().any(|n| n == kind.name));
    let all = all.map(|kind| info(&kind)).collect();
    let mut kept = listing::filter(all, &self::filters(filters)?, FIELDS, |_| Vec::new())?;
    let name = |one: &InstanceTypeInfo| one.instance_type.clone().unwrap_or_default();
    kept.sort_by_key(name);
    let limit = max_results.map(|limit| limit.max(1) as usize);
    let (page, next_token) = listing::page(kept, name, next_token.as_deref(), limit)?;
    Ok(DescribeInstanceTypesResult { instance_types: Some(page), next_token })
}

fn count(number: impl TryInto<i32>) -> Option<i32> {
    number.try_into().ok()
}

fn info(kind: &InstanceType) -> InstanceTypeInfo {
    let nitro = kind.hypervisor() == "nitro";
    InstanceTypeInfo {
        auto_recovery_supported: Some(true),
        bare_metal: Some(false),
        burstable_performance_supported: Some(kind.burstable()),
        current_generation: Some(kind.current),
        dedicated_hosts_supported: Some(false),
        ebs_info: Some(EbsInfo {
            ebs_optimized_support: text(if nitro { "default" } else { "unsupported" }),
            encryption_support: text("unsupported"),
            nvme_support: text(if nitro { "required" } else { "unsupported" }),
            ..Default::default()
        }),
        free_tier_eligible: Some(matches!(kind.name, "t2.micro" | "t3.micro")),
        hibernation_supported: Some(false),
        hypervisor: text(kind.hypervisor()),
        instance_storage_supported: Some(false),
        instance_type: text(kind.name),
        memory_info: Some(MemoryInfo { size_in_mib: Some(i64::from(kind.mib)) }),
        network_info: Some(network(kind, nitro)),
        nitro_enclaves_support: text("unsupported"),
        nitro_tpm_support: text("unsupported"),
        placement_group_info: Some(PlacementGroupInfo { supported_strategies: Some(Vec::new()) }),
        processor_info: Some(ProcessorInfo {
            manufacturer: text(kind.maker),
            supported_architectures: Some(vec!["x86_64".to_owned()]),
            sustained_clock_speed_in_ghz: Some(kind.ghz),
            ..Default::default()
        }),
        supported_boot_modes: Some(vec!["legacy-bios".to_owned(), "uefi".to_owned()]),
        supported_root_device_types: Some(vec!["ebs".to_owned()]),
        supported_usage_classes: Some(vec!["on-demand".to_owned()]),
        supported_virtualization_types: Some(vec!["hvm".to_owned()]),
        vcpu_info: Some(VCpuInfo {
            default_cores: count(kind.vcpus / kind.threads),
            default_threads_per_core: count(kind.threads),
            default_vcpus: count(kind.vcpus),
            ..Default::default()
        }),
        ..Default::default()
    }
}

fn network(kind: &InstanceType, nitro: bool) -> NetworkInfo {
    let interfaces = count(kind.interfaces);
    NetworkInfo {
        default_network_card_index: Some(0),
        efa_supported: Some(false),
        ena_srd_supported: Some(false),
        ena_support: text(if nitro { "required" } else { "unsupported" }),
        encryption_in_transit_supported: Some(false),
        ipv4_addresses_per_interface: count(kind.addresses),
        ipv6_addresses_per_interface: Some(0),
        ipv6_supported: Some(false),
        maximum_network_cards: Some(1),
        maximum_network_interfaces: interfaces,
        network_cards: Some(vec![NetworkCardInfo {
            maximum_network_interfaces: interfaces,
            network_card_index: Some(0),
            network_performance: text(kind.network),
            ..Default::default()
        }]),
        network_performance: text(kind.network),
        ..Default::default()
    }
}

const FIELDS: &[listing::Field<InstanceTypeInfo>] = &[
    ("auto-recovery-supported", |t| list(&t.auto_recovery_supported)),
    ("bare-metal", |t| list(&t.bare_metal)),
    ("burstable-performance-supported", |t| list(&t.burstable_performance_supported)),
    ("current-generation", |t| list(&t.current_generation)),
    ("dedicated-hosts-supported", |t| list(&t.dedicated_hosts_supported)),
    ("free-tier-eligible", |t| list(&t.free_tier_eligible)),
    ("hibernation-supported", |t| list(&t.hibernation_supported)),
    ("hypervisor", |t| list(&t.hypervisor)),
    ("instance-storage-supported", |t| list(&t.instance_storage_supported)),
    ("instance-type", |t| list(&t.instance_type)),
    ("memory-info.size-in-mib", |t| {
        t.memory_info.iter().flat_map(|one| list(&one.size_in_mib)).collect()
    }),
    ("network-info.maximum-network-interfaces", |t| {
        t.network_info.iter().flat_map(|one| list(&one.maximum_network_interfaces)).collect()
    }),
    ("network-info.network-performance", |t| {
        t.network_info.iter().flat_map(|one| list(&one.network_performance)).collect()
    }),
    ("processor-info.supported-architecture", |_| vec!["x86_64".to_owned()]),
    ("supported-boot-mode", |t| t.supported_boot_modes.clone().unwrap_or_default()),
    ("supported-root-device-type", |_| vec!["ebs".to_owned()]),
    ("supported-usage-class", |_| vec!["on-demand".to_owned()]),
    ("supported-virtualization-type", |_| vec!["hvm".to_owned()]),
    ("vcpu-info.default-cores", |t| {
        t.vcpu_info.iter().flat_map(|one| list(&one.default_cores)).collect()
    }),
    ("vcpu-info.default-vcpus", |t| {
        t.vcpu_info.iter().flat_map(|one| list(&one.default_vcpus)).collect()
    }),
];

/// docs: API_DescribeInstanceTypeOfferings. Every type is offered in every zone.
pub(super) fn describe_instance_type_offerings(
    call: &mut Call,
    input: DescribeInstanceTypeOfferingsRequest,
) -> Result<DescribeInstanceTypeOfferingsResult, Refusal> {
    serve!(
        call,
        DescribeInstanceTypeOfferingsRequest { location_type, filters, max_results, next_token } =
            input
    );
    let kind = location_type.unwrap_or_else(|| "region".to_owned());
    let region = RegionInfo::named(&call.scope.region);
    let zones: Vec<String> = region.into_iter().flat_map(|region| region.zones()).collect();
    let places: Vec<String> = match kind.as_str() {
        "region" => vec![call.scope.region.to_string()],
        "availability-zone" => zones,
        "availability-zone-id" => {
            zones.iter().filter_map(|zone| region.and_then(|one| one.zone_id(zone))).collect()
        }
        other => return Err(Refusal::not_implemented(format!("The location type {other}"))),
    };
    let offering = |name: &str, place: &String| InstanceTypeOffering {
        instance_type: text(name),
        location: text(place),
        location_type: text(&kind),
    };
    let all = types::all().flat_map(|kind| places.iter().map(move |place| (kind.name, place)));
    let all = all.map(|(name, place)| offering(name, place)).collect();
    let mut kept = listing::filter(all, &self::filters(filters)?, OFFERED, |_| Vec::new())?;
    let name = |one: &InstanceTypeOffering| {
        let word = |text: &Option<String>| text.clone().unwrap_or_default();
        format!("{} {}", word(&one.instance_type), word(&one.location))
    };
    kept.sort_by_key(name);
    let limit = max_results.map(|limit| limit.max(1) as usize);
    let (page, next_token) = listing::page(kept, name, next_token.as_deref(), limit)?;
    Ok(DescribeInstanceTypeOfferingsResult { instance_type_offerings: Some(page), next_token })
}

const OFFERED: &[listing::Field<InstanceTypeOffering>] =
    &[("instance-type", |o| list(&o.instance_type)), ("location", |o| list(&o.location))];
