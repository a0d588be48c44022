//! A launch: everything that RunInstances says and leaves out, resolved and checked before
//! anything is made; then instances made of it, one by one.

mod disks;
mod network;
mod options;
mod template;

pub(crate) use disks::{Disk, VOLUMES};
pub(crate) use options::{apply as apply_metadata, credits, profile, required};
pub(crate) use template::{Source, find as find_template, merge, version};

use crate::images::{self, Found};
use crate::model::{Instance, KeyPair, Options, State};
use crate::rules;
use crate::types::InstanceType;
use api_ec2::RunInstancesRequest;
use ebs::model::{Attachment, Volume};
use region::{Call, Refusal};
use std::collections::BTreeMap;
use vpc::form::{combination, invalid, missing, put_tags};
use vpc::model::{NetworkInterface, Request, draft, pool};
use world::{Id, Zone};

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
        let tags = vpc::form::tags_by_type(input.tag_specifications.clone(), TAGGED)?;
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

    /// Makes one of the instances with all it owns.
    pub(crate) fn make(
        &self,
        call: &mut Call,
        reservation: &str,
        index: u32,
    ) -> Result<Id, Refusal> {
        let id = call.fresh_id("i-");
        for interface in &self.interfaces {
            self.plug(call, &id, interface)?;
        }
        let mut volumes = Vec::new();
        for disk in &self.disks {
            volumes.push(self.fill(call, &id, disk)?);
        }
        let mut options = self.options.clone();
        options.profile = options.profile.map(|profile| profile.bound(call));
        let instance = Instance {
            reservation: reservation.to_owned(),
            index,
            token: self.token.clone(),
            created: call.now,
            launched: call.now,
            image: self.image.id().to_owned(),
            kind: self.kind.name.to_owned(),
            zone: self.zone.clone(),
            key_name: self.key.as_ref().map(|(name, _)| name.clone()),
            key: self.key.as_ref().map(|(_, key)| key.clone()),
            user_data: self.user_data.clone(),
            root_device: self.image.root_device().to_owned(),
            root: volumes.first().cloned(),
            disks: volumes.split_off(1.min(volumes.len())),
            options,
            state: State::Pending,
            reason: None,
            boot: 1,
            booted: call.now,
            crashes: 0,
            ran: false,
        };
        call.put(id.clone(), instance);
        put_tags(call, &id, "instance", self.tags_of("instance"))?;
        Ok(id)
    }

    fn tags_of(&self, resource: &str) -> BTreeMap<String, String> {
        self.tags.get(resource).cloned().unwrap_or_default()
    }

    fn plug(
        &self,
        call: &mut Call,
        instance: &Id,
        new: &network::Interface,
    ) -> Result<(), Refusal> {
        let (id, mut interface) = match &new.existing {
            Some(id) => {
                let found = call.find::<NetworkInterface>(id.as_str());
                let gone = || vpc::form::NETWORK_INTERFACE.unknown(id.as_str());
                (id.clone(), (*found.ok_or_else(gone)?).clone())
            }
            None => draft(
                call,
                Request {
                    subnet: new.subnet.clone(),
                    description: new.description.clone(),
                    addresses: new.addresses.clone(),
                    secondary: new.secondary,
                    groups: new.groups.clone(),
                },
            )?,
        };
        if new.existing.is_none() {
            interface.auto_public = new.public;
        }
        interface.attachment = Some(vpc::model::Attachment {
            id: call.fresh_id("eni-attach-"),
            instance: instance.clone(),
            index: new.index,
            delete_on_termination: new.delete_on_termination,
            attached: call.now,
            active: true,
        });
        pool::assign(call, &id, &mut interface)?;
        call.put(id.clone(), interface);
        if new.existing.is_none() {
            put_tags(call, &id, "network-interface", self.tags_of("network-interface"))?;
        }
        Ok(())
    }

    fn fill(&self, call: &mut Call, instance: &Id, disk: &Disk) -> Result<Id, Refusal> {
        let id = call.fresh_id("vol-");
        let attachment = Some(Attachment {
            instance: instance.to_string(),
            device: disk.device.clone(),
            at: call.now,
            delete_on_termination: disk.delete_on_termination,
        });
        let volume = Volume { attachment, created: call.now, ..disk.volume.clone() };
        call.put(id.clone(), volume);
        put_tags(call, &id, "volume", self.tags_of("volume"))?;
        Ok(id)
    }
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
    let state = crate::answer::image::state(&call.view(), &image);
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
    let (_, pair) = pair.ok_or_else(|| crate::keys::unknown(name))?;
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
    let vcpus = |kind: &str| crate::types::named(kind).map_or(0, |kind| kind.vcpus);
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
