//! What a group launches from: read and checked.

use super::rules::invalid;
use crate::model::{LaunchConfiguration, Mixed, Override, Source, TemplateRef};
use api_autoscaling::{
    InstancesDistribution, LaunchTemplate, LaunchTemplateOverrides, LaunchTemplateSpecification,
    MixedInstancesPolicy,
};
use region::{Call, Refusal, serve};

/// The one of three that was given; none where none was.
pub(super) fn source(
    call: &mut Call,
    configuration: Option<String>,
    template: Option<LaunchTemplateSpecification>,
    mixed: Option<MixedInstancesPolicy>,
) -> Result<Option<Source>, Refusal> {
    match (configuration, template, mixed) {
        (None, None, None) => Ok(None),
        (Some(name), None, None) => {
            let name =
                name.rsplit_once("launchConfigurationName/").map_or(&*name, |(_, name)| name);
            if call.find::<LaunchConfiguration>(name).is_none() {
                return Err(invalid(format!(
                    "Launch configuration name not found - Launch configuration {name} not found"
                )));
            }
            Ok(Some(Source::Configuration(name.to_owned())))
        }
        (None, Some(one), None) => Ok(Some(Source::Template(template_of(call, one)?))),
        (None, None, Some(policy)) => Ok(Some(Source::Mixed(mixed_of(call, policy)?))),
        _ => Err(invalid(
            "Valid requests must contain either LaunchTemplate, LaunchConfigurationName, \
             InstanceId or MixedInstancesPolicy parameter.",
        )),
    }
}

/// A launch template that exists in the version that is named, and can be launched here.
pub(super) fn template_of(
    call: &mut Call,
    wanted: LaunchTemplateSpecification,
) -> Result<TemplateRef, Refusal> {
    serve!(
        call,
        LaunchTemplateSpecification { launch_template_id, launch_template_name, version } = wanted
    );
    let refuse =
        |why: String| invalid(format!("You must use a valid fully-formed launch template. {why}"));
    let all = call.list::<ec2::model::LaunchTemplate>();
    let found = match (&launch_template_id, &launch_template_name) {
        (Some(id), None) => {
            all.into_iter().find(|(key, _)| key.as_str() == id).ok_or_else(|| {
                refuse(format!(
                    "The specified launch template, with template ID {id}, does not exist."
                ))
            })?
        }
        (None, Some(name)) => {
            all.into_iter().find(|(_, one)| one.name == *name).ok_or_else(|| {
                refuse(format!(
                    "The specified launch template, with template name {name}, does not exist."
                ))
            })?
        }
        _ => {
            return Err(invalid(
                "Valid requests must contain either launchTemplateId or LaunchTemplateName",
            ));
        }
    };
    let (id, template) = found;
    let number = match version.as_deref() {
        None | Some("" | "$Default") => Some(template.default),
        Some("$Latest") => template.versions.keys().next_back().copied(),
        Some(number) => number.parse().ok(),
    };
    let data = number.and_then(|number| template.versions.get(&number)).map(|one| &one.data);
    let data = data.ok_or_else(|| {
        refuse(format!(
            "Could not find the specified version {} for the launch template with ID {id}.",
            version.clone().unwrap_or_default()
        ))
    })?;
    if data["ImageId"].is_null() {
        return Err(refuse("The request must contain the parameter ImageId".to_owned()));
    }
    if !data["InstanceMarketOptions"].is_null() {
        return Err(Refusal::not_implemented("InstanceMarketOptions (Spot) of a launch template"));
    }
    Ok(TemplateRef { id: id.to_string(), name: template.name.clone(), version })
}

fn mixed_of(call: &mut Call, wanted: MixedInstancesPolicy) -> Result<Mixed, Refusal> {
    serve!(call, MixedInstancesPolicy { launch_template, instances_distribution } = wanted);
    let template = launch_template
        .ok_or_else(|| invalid("MixedInstancesPolicy must contain a LaunchTemplate"))?;
    serve!(call, LaunchTemplate { launch_template_specification, overrides } = template);
    let given = launch_template_specification.ok_or_else(|| {
        invalid("MixedInstancesPolicy must contain a LaunchTemplateSpecification")
    })?;
    let template = template_of(call, given)?;
    let mut mixed = Mixed {
        template,
        overrides: Vec::new(),
        strategy: "prioritized".to_owned(),
        base: 0,
        above: 100,
        spot_strategy: "lowest-price".to_owned(),
        spot_pools: None,
    };
    for one in overrides.unwrap_or_default() {
        mixed.overrides.push(override_of(call, one)?);
    }
    let weighted = mixed.overrides.iter().filter(|one| one.weight.is_some()).count();
    if weighted > 0 && weighted < mixed.overrides.len() {
        let message = "A WeightedCapacity must be given for all overrides or for none of them.";
        return Err(invalid(message));
    }
    distribution(call, instances_distribution.unwrap_or_default(), &mut mixed)?;
    Ok(mixed)
}

fn override_of(call: &mut Call, one: LaunchTemplateOverrides) -> Result<Override, Refusal> {
    serve!(
        call,
        LaunchTemplateOverrides {
            instance_type,
            weighted_capacity,
            launch_template_specification
        } = one
    );
    let unknown = instance_type.as_ref().filter(|kind| ec2::model::types::named(kind).is_none());
    if let Some(kind) = unknown {
        return Err(invalid(format!("The instance type '{kind}' does not exist here.")));
    }
    let weight = weighted_capacity.map(|text| match text.parse::<u32>() {
        Ok(weight @ 1..=999) => Ok(weight),
        _ => Err(invalid(format!("WeightedCapacity of {text} is not between 1 and 999"))),
    });
    let template = launch_template_specification.map(|one| template_of(call, one));
    Ok(Override {
        kind: instance_type,
        weight: weight.transpose()?,
        template: template.transpose()?,
    })
}

/// Only On-Demand is real: anything that would launch a Spot Instance is refused.
fn distribution(
    call: &mut Call,
    wanted: InstancesDistribution,
    mixed: &mut Mixed,
) -> Result<(), Refusal> {
    serve!(
        call,
        InstancesDistribution {
            on_demand_allocation_strategy,
            on_demand_base_capacity,
            on_demand_percentage_above_base_capacity,
            spot_allocation_strategy,
            spot_instance_pools,
            spot_max_price,
        } = wanted
    );
    if let Some(strategy) = on_demand_allocation_strategy {
        if !matches!(&*strategy, "prioritized" | "lowest-price") {
            return Err(invalid(format!("{strategy} is no on-demand allocation strategy")));
        }
        mixed.strategy = strategy;
    }
    mixed.base = on_demand_base_capacity.map_or(0, |base| base.max(0) as u32);
    mixed.above = match on_demand_percentage_above_base_capacity {
        None => 100,
        Some(percent @ 0..=100) => percent as u32,
        Some(other) => {
            return Err(invalid(format!(
                "OnDemandPercentageAboveBaseCapacity of {other} is not between 0 and 100"
            )));
        }
    };
    if mixed.above < 100 || spot_max_price.is_some_and(|price| !price.is_empty()) {
        return Err(Refusal::not_implemented(
            "A mixed instances policy with Spot Instances \
             (OnDemandPercentageAboveBaseCapacity below 100, SpotMaxPrice)",
        ));
    }
    if let Some(strategy) = spot_allocation_strategy {
        mixed.spot_strategy = strategy;
    }
    mixed.spot_pools = spot_instance_pools;
    Ok(())
}
