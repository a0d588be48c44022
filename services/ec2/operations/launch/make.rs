//! Instances made of a launch, one by one, each with its interfaces and volumes.

use super::{Disk, Launch, network};
use crate::model::{Instance, State};
use ebs::model::{Attachment, Volume};
use region::{Call, Refusal};
use std::collections::BTreeMap;
use vpc::form::put_tags;
use vpc::model::{NetworkInterface, Request, draft, pool};
use world::Id;

impl Launch {
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
            impaired: None,
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
