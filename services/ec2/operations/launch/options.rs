//! The choices of a launch that are not parts, and those that this world does not offer.

use crate::model::images::Found;
use crate::model::types::InstanceType;
use crate::model::{Metadata, Options, Profile, Seed};
use crate::operations::rules::{absent, one_of};
use api_ec2::{
    EnclaveOptionsRequest, HibernationOptionsRequest, IamInstanceProfileSpecification,
    InstanceMaintenanceOptionsRequest, InstanceMetadataOptionsRequest,
    PrivateDnsNameOptionsRequest, RunInstancesRequest,
};
use region::{Call, Refusal, serve};
use vpc::form::{combination, invalid, missing};

/// All of them.
pub(super) fn resolve(
    call: &mut Call,
    input: &RunInstancesRequest,
    image: &Found,
    kind: &InstanceType,
) -> Result<Options, Refusal> {
    refuse(input)?;
    let behaviour = input.instance_initiated_shutdown_behavior.as_deref();
    let credits = input.credit_specification.as_ref().map(|one| one.cpu_credits.as_str());
    let mut metadata = Metadata {
        enabled: true,
        tokens_required: image.imds_v2(),
        hop_limit: if image.imds_v2() { 2 } else { 1 },
        tags: false,
    };
    if let Some(wanted) = input.metadata_options.clone() {
        apply(call, &mut metadata, wanted)?;
    }
    let names = input.private_dns_name_options.clone().unwrap_or_default();
    serve!(
        call,
        PrivateDnsNameOptionsRequest {
            hostname_type,
            enable_resource_name_dns_a_record,
            enable_resource_name_dns_aaaa_record,
        } = names
    );
    ebs::rules::only_false(enable_resource_name_dns_aaaa_record, "IPv6 names")?;
    let maintenance = input.maintenance_options.clone().unwrap_or_default();
    serve!(call, InstanceMaintenanceOptionsRequest { auto_recovery } = maintenance);
    let profile = input.iam_instance_profile.clone();
    let profile = profile.map(|one| self::profile(call, one)).transpose()?.flatten();
    Ok(Options {
        shutdown_terminates: behaviour == Some("terminate"),
        protect_termination: input.disable_api_termination.unwrap_or(false),
        protect_stop: input.disable_api_stop.unwrap_or(false),
        monitoring: input.monitoring.as_ref().is_some_and(|one| one.enabled),
        ebs_optimized: input.ebs_optimized.unwrap_or(false),
        credits: self::credits(kind, credits)?,
        metadata,
        profile,
        hostname_type: hostname_type.unwrap_or_else(|| "ip-name".to_owned()),
        resource_name_a: enable_resource_name_dns_a_record.unwrap_or(false),
        auto_recovery: auto_recovery.unwrap_or_else(|| "default".to_owned()),
    })
}

/// What may be said only as long as it says no.
fn refuse(input: &RunInstancesRequest) -> Result<(), Refusal> {
    let HibernationOptionsRequest { configured } =
        input.hibernation_options.clone().unwrap_or_default();
    ebs::rules::only_false(configured, "The parameter HibernationOptions.Configured=true")?;
    let EnclaveOptionsRequest { enabled } = input.enclave_options.clone().unwrap_or_default();
    ebs::rules::only_false(enabled, "The parameter EnclaveOptions.Enabled=true")?;
    if let Some(reservation) = &input.capacity_reservation_specification {
        let preference = reservation.capacity_reservation_preference.as_deref();
        one_of(preference, &["open", "none"], "CapacityReservationPreference")?;
        absent(&reservation.capacity_reservation_target, "CapacityReservationTarget")?;
    }
    if let Some(market) = &input.instance_market_options {
        let kind = market.market_type.as_deref().unwrap_or("spot");
        return Err(Refusal::not_implemented(format!("The market type {kind}")));
    }
    Ok(())
}

/// Changes the choices of the metadata service.
pub(crate) fn apply(
    call: &mut Call,
    metadata: &mut Metadata,
    wanted: InstanceMetadataOptionsRequest,
) -> Result<(), Refusal> {
    serve!(
        call,
        InstanceMetadataOptionsRequest {
            http_endpoint,
            http_protocol_ipv6,
            http_put_response_hop_limit,
            http_tokens,
            instance_metadata_tags,
        } = wanted
    );
    one_of(http_protocol_ipv6.as_deref(), &["disabled"], "HttpProtocolIpv6")?;
    if let Some(endpoint) = http_endpoint {
        metadata.enabled = endpoint == "enabled";
    } else if !metadata.enabled {
        return Err(combination(
            "HttpEndpoint must be enabled when other metadata options are given",
        ));
    }
    if let Some(tokens) = http_tokens {
        metadata.tokens_required = tokens == "required";
    }
    if let Some(hops) = http_put_response_hop_limit {
        let good = u8::try_from(hops).ok().filter(|hops| (1..=64).contains(hops));
        metadata.hop_limit = good.ok_or_else(|| {
            invalid(format!("HttpPutResponseHopLimit of {hops} is not between 1 and 64"))
        })?;
    }
    if let Some(tags) = instance_metadata_tags {
        metadata.tags = tags == "enabled";
    }
    Ok(())
}

/// Processor credits of burstable types: `t2` is `standard` unless told otherwise, later ones are
/// `unlimited` (EC2 user guide, "Unlimited mode").
pub(crate) fn credits(
    kind: &InstanceType,
    wanted: Option<&str>,
) -> Result<Option<String>, Refusal> {
    if let Some(other) = wanted.filter(|credits| !matches!(*credits, "standard" | "unlimited")) {
        return Err(invalid(format!("Invalid value for CpuCredits: {other}")));
    }
    if !kind.burstable() {
        // Tools send `standard` for every type; it asks for nothing.
        return match wanted {
            None | Some("standard") => Ok(None),
            Some(other) => {
                let message = format!(
                    "The instance type {} has no CPU credits, so they cannot be {other}.",
                    kind.name
                );
                Err(Refusal::new("InvalidParameterCombination", message))
            }
        };
    }
    let own = if kind.family() == "t2" { "standard" } else { "unlimited" };
    Ok(Some(wanted.unwrap_or(own).to_owned()))
}

/// An instance profile by name or ARN; none when neither is given.
pub(crate) fn profile(
    call: &mut Call,
    wanted: IamInstanceProfileSpecification,
) -> Result<Option<Profile>, Refusal> {
    serve!(call, IamInstanceProfileSpecification { arn, name } = wanted);
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let (what, given) = match (given(arn), given(name)) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => {
            return Err(combination(
                "The parameter 'iamInstanceProfile.name' may not be used in combination with \
                 'iamInstanceProfile.arn'",
            ));
        }
        (Some(arn), None) => ("arn", arn),
        (None, Some(name)) => ("name", name),
    };
    let found = iam::model::profile_role(call.store(), &call.scope, &given);
    // A name is a name: only ARNs have slashes.
    let Some((profile, _)) = found.filter(|_| what == "arn" || !given.contains('/')) else {
        return Err(invalid(format!(
            "Value ({given}) for parameter iamInstanceProfile.{what} is invalid. Invalid IAM \
             Instance Profile {}",
            if what == "arn" { "ARN" } else { "name" }
        )));
    };
    Ok(Some(Profile {
        arn: profile.arn(&call.scope),
        id: profile.id.clone(),
        association: String::new(),
        since: call.now,
        seed: Seed::default(),
    }))
}

impl Profile {
    /// The same, bound to one instance: an association's own id and secret.
    pub(crate) fn bound(self, call: &mut Call) -> Profile {
        let seed = Seed((0..4).map(|_| format!("{:016x}", call.chance())).collect());
        Profile { association: call.fresh_id("iip-assoc-").to_string(), seed, ..self }
    }
}

/// For operations in which the profile is required.
pub(crate) fn required(profile: Option<Profile>) -> Result<Profile, Refusal> {
    profile.ok_or_else(|| missing("IamInstanceProfile"))
}
