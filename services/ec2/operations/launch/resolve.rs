//! What a request says and leaves out, resolved and checked before anything is made.

use super::{Disk, disks, network, options};
use crate::model::images::{self, Found};
use crate::model::types::InstanceType;
use crate::model::{KeyPair, Options};
use crate::operations::rules;
use api_ec2::{RunInstancesRequest, TagSpecification};
use region::{Call, Refusal};
use std::collections::BTreeMap;
use vpc::form::{combination, invalid, missing};
use world::Zone;

/// Virtual processors that may be on at once in one scope; AWS's own default differs by account.
const VCPUS: u32 = 1_920;

/// A launch, resolved.
pub(crate) struct Launch {
    pub(crate) image: Found,
    pub(crate) kind: InstanceType,
    pub(crate) count: u32,
    pub(crate) zone: Zone,
    pub(crate) interfaces: Vec<network::Interface>,
    pub(crate) disks: Vec<Disk>,
    pub(crate) key: Option<(String, String)>,
    pub(crate) user_data: Option<String>,
    pub(crate) options: Options,
    pub(crate) tags: BTreeMap<String, BTreeMap<String, String>>,
    pub(crate) token: Option<String>,
}

/// What may be tagged at a launch.
const TAGGED: &[&str] = &["instance", "volume", "network-interface"];

impl Launch {
    /// Resolves what the members of a request say, those that `run_instances` lets through.
    pub(crate) fn resolve(call: &mut Call, input: RunInstancesRequest) -> Result<Launch, Refusal> {
        let image = image(call, input.image_id.as_deref())?;
        // AWS's own default; too old to be in the table, so it is refused by name.
        let kind = input.instance_type.as_deref().unwrap_or("m1.small");
        let kind = rules::instance_type(kind)?;
        let key = input.key_name.as_deref().map(|name| key_pair(call, name)).transpose()?;
        let user_data = rules::user_data(input.user_data.clone())?;
        let options = options::resolve(call, &input, &image, &kind)?;
        let mut specified = input.tag_specifications.clone();
        let group = group_of(call, specified.as_deref_mut().unwrap_or_default());
        let mut tags = vpc::form::tags_by_type(specified, TAGGED)?;
        if let Some(group) = group {
            tags.entry("instance".to_owned()).or_default().insert(GROUP.to_owned(), group);
        }
        let (zone, interfaces) = network::resolve(call, &input, &kind)?;
        let disks = disks::resolve(call, &image, &zone, input.block_device_mappings.as_deref())?;
        let count = count(call, &input, &kind)?;
        let count = network::fit(call, count, &interfaces)?;
        let token = input.client_token;
        let launch = Launch {
            image,
            kind,
            count,
            zone,
            interfaces,
            disks,
            key,
            user_data,
            options,
            tags,
            token,
        };
        Ok(launch)
    }
}

/// The tag that names the group of an instance.
const GROUP: &str = "aws:autoscaling:groupName";

/// Taken out of the tags: only Auto Scaling may give this one.
fn group_of(call: &Call, specified: &mut [TagSpecification]) -> Option<String> {
    if call.principal.arn != "autoscaling.amazonaws.com" {
        return None;
    }
    let all = specified.iter_mut().filter_map(|one| one.tags.as_mut());
    let found = all.filter_map(|tags| {
        let at = tags.iter().position(|tag| tag.key.as_deref() == Some(GROUP))?;
        tags.remove(at).value
    });
    found.last()
}

fn image(call: &Call, id: Option<&str>) -> Result<Found, Refusal> {
    let id = id.ok_or_else(|| missing("ImageId"))?;
    let resolved = images::of_parameter(&call.scope.region, id)?;
    let id = resolved.as_deref().unwrap_or(id);
    rules::IMAGE.check(id)?;
    let unknown = || {
        let message = format!("The image id '[{id}]' does not exist");
        Refusal::new("InvalidAMIID.NotFound", message)
    };
    let image = images::find(call.store(), &call.scope, id).ok_or_else(unknown)?;
    let state = crate::operations::answer::image::state(&call.view(), &image);
    if state != "available" {
        let message = format!("The image id '[{id}]' is {state} and not available.");
        return Err(Refusal::new("InvalidAMIID.Unavailable", message));
    }
    Ok(image)
}

/// A key pair's name and public key.
fn key_pair(call: &Call, name: &str) -> Result<(String, String), Refusal> {
    let all = call.list::<KeyPair>();
    let pair = all.iter().find(|(_, pair)| pair.name == name);
    let (_, pair) = pair.ok_or_else(|| crate::model::keys::unknown(name))?;
    Ok((name.to_owned(), pair.public.clone()))
}

/// How many at most; the vCPU quota and the request's own limits.
fn count(call: &Call, input: &RunInstancesRequest, kind: &InstanceType) -> Result<Count, Refusal> {
    let (least, most) = (input.min_count, input.max_count);
    let (Ok(min), Ok(max)) = (u32::try_from(least), u32::try_from(most)) else {
        return Err(invalid(format!("Value ({most}) for parameter maxCount is invalid.")));
    };
    if min < 1 || min > max {
        return Err(combination(format!(
            "The minimum count {least} must be at least 1 and at most the maximum count {most}."
        )));
    }
    let on = crate::model::instances(call.store(), &call.scope);
    let on = on.filter(|(_, instance)| instance.state.is_on());
    let vcpus = |kind: &str| crate::model::types::named(kind).map_or(0, |kind| kind.vcpus);
    let used: u32 = on.map(|(_, instance)| vcpus(&instance.kind)).sum();
    let room = VCPUS.saturating_sub(used) / kind.vcpus.max(1);
    if room < min {
        let message = format!(
            "You have requested more vCPU capacity than your current vCPU limit of {VCPUS} allows \
             for the instance bucket that the specified instance type belongs to."
        );
        return Err(Refusal::new("VcpuLimitExceeded", message));
    }
    Ok(Count { min, max: max.min(room) })
}

/// How many instances: as many as there is room for.
pub(crate) struct Count {
    pub(crate) min: u32,
    pub(crate) max: u32,
}
