//! What an instance can learn about itself: EC2 user guide, "Instance metadata categories" and
//! "Instance identity documents".

use super::credentials;
use crate::model::Instance;
use ebs::model::Volume;
use region::zone::RegionInfo;
use region::{Key, Tags, View};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use vpc::model::{NetworkInterface, SecurityGroup, Subnet, Vpc, find};
use world::{Card, Id};

type Interfaces = [(Id, Arc<NetworkInterface>)];

/// The host name: from the private address, or from the instance's id.
pub(super) fn hostname(key: &Key, instance: &Instance, interfaces: &Interfaces) -> String {
    let domain = find::internal_domain(&key.scope);
    match interfaces.first() {
        Some((_, first)) if instance.options.hostname_type != "resource-name" => {
            find::private_name(&key.scope, first.primary())
        }
        _ => format!("{}.{domain}", key.id),
    }
}

/// The whole card.
pub(super) fn of(
    view: &View,
    key: &Key,
    instance: &Instance,
    interfaces: &Interfaces,
    user_data: Option<Vec<u8>>,
) -> Card {
    let metadata = &instance.options.metadata;
    let mut tree = Tree { view, key, map: BTreeMap::new() };
    tree.itself(instance, interfaces);
    tree.place(instance);
    tree.disks(instance);
    for (id, interface) in interfaces {
        tree.interface(id, interface);
    }
    if metadata.tags {
        for (name, value) in Tags::of(view.store, &key.scope, key.id.as_str()) {
            tree.meta(&format!("tags/instance/{name}"), value);
        }
    }
    tree.identity(instance, interfaces);
    Card {
        enabled: metadata.enabled,
        tokens_required: metadata.tokens_required,
        hop_limit: metadata.hop_limit,
        tree: tree.map,
        user_data: user_data.filter(|data| !data.is_empty()),
    }
}

struct Tree<'a> {
    view: &'a View<'a>,
    key: &'a Key,
    map: BTreeMap<String, String>,
}

impl Tree<'_> {
    fn meta(&mut self, path: &str, text: impl ToString) {
        let text = text.to_string();
        if !text.is_empty() {
            self.map.insert(format!("meta-data/{path}"), text);
        }
    }

    fn itself(&mut self, instance: &Instance, interfaces: &Interfaces) {
        let host = hostname(self.key, instance, interfaces);
        self.meta("ami-id", &instance.image);
        self.meta("ami-launch-index", instance.index);
        self.meta("ami-manifest-path", "(unknown)");
        self.meta("hostname", &host);
        self.meta("local-hostname", &host);
        self.meta("instance-action", "none");
        self.meta("instance-id", &self.key.id);
        self.meta("instance-life-cycle", "on-demand");
        self.meta("instance-type", &instance.kind);
        self.meta("profile", "default-hvm");
        self.meta("reservation-id", &instance.reservation);
        self.meta("services/domain", "amazonaws.com");
        self.meta("services/partition", "aws");
        if let (Some(name), Some(key)) = (&instance.key_name, &instance.key) {
            self.meta(&format!("public-keys/0={name}/openssh-key"), key);
        }
        if let Some(profile) = &instance.options.profile {
            let updated = shape::Timestamp::from_seconds(profile.since.seconds() as i64);
            let info = json!({
                "Code": "Success",
                "LastUpdated": updated.iso8601(),
                "InstanceProfileArn": profile.arn,
                "InstanceProfileId": profile.id,
            });
            self.meta("iam/info", info);
            if let Some(present) = credentials::of(self.view, self.key, instance) {
                self.meta(&format!("iam/security-credentials/{}", present.role), present.text());
            }
        }
        let Some((id, first)) = interfaces.first() else { return };
        self.meta("local-ipv4", first.primary());
        self.meta("mac", first.mac_text());
        self.meta("security-groups", self.group_names(first));
        let scope = &self.key.scope;
        let public = find::public_of(self.view.store, scope, id, first, first.primary());
        if let Some(public) = public {
            self.meta("public-ipv4", public);
            self.meta("public-hostname", self.public_name(first, public));
        }
    }

    fn place(&mut self, instance: &Instance) {
        let zone = instance.zone.as_str();
        let region = RegionInfo::named(&self.key.scope.region);
        self.meta("placement/availability-zone", zone);
        self.meta("placement/region", &self.key.scope.region);
        if let Some(id) = region.and_then(|region| region.zone_id(zone)) {
            self.meta("placement/availability-zone-id", id);
        }
    }

    fn disks(&mut self, instance: &Instance) {
        let root = instance.root_device.trim_start_matches("/dev/");
        self.meta("block-device-mapping/ami", root);
        self.meta("block-device-mapping/root", &instance.root_device);
        for (number, id) in instance.disks.iter().enumerate() {
            let volume = self.view.store.get::<Volume>(&Key::new(&self.key.scope, id.clone()));
            let device = volume.and_then(|volume| volume.attachment.as_ref());
            let Some(device) = device.map(|attachment| attachment.device.clone()) else { continue };
            let device = device.trim_start_matches("/dev/").to_owned();
            self.meta(&format!("block-device-mapping/ebs{}", number + 1), device);
        }
    }

    fn interface(&mut self, id: &Id, interface: &NetworkInterface) {
        let scope = self.key.scope.clone();
        let store = self.view.store;
        let base = format!("network/interfaces/macs/{}", interface.mac_text());
        let mut say = |name: &str, text: String| self.meta(&format!("{base}/{name}"), text);
        let index = interface.attachment.as_ref().map_or(0, |attachment| attachment.index);
        say("device-number", index.to_string());
        say("interface-id", id.to_string());
        say("mac", interface.mac_text());
        say("owner-id", scope.account.to_string());
        say("local-hostname", find::private_name(&scope, interface.primary()));
        say("local-ipv4s", lines(&interface.addresses));
        say("security-group-ids", lines(&interface.groups));
        say("subnet-id", interface.subnet.to_string());
        say("vpc-id", interface.vpc.to_string());
        if let Some(subnet) = store.get::<Subnet>(&Key::new(&scope, interface.subnet.clone())) {
            say("subnet-ipv4-cidr-block", subnet.cidr.to_string());
        }
        if let Some(vpc) = store.get::<Vpc>(&Key::new(&scope, interface.vpc.clone())) {
            let blocks: Vec<_> = vpc.blocks.iter().map(|block| block.cidr).collect();
            say("vpc-ipv4-cidr-block", vpc.cidr().to_string());
            say("vpc-ipv4-cidr-blocks", lines(&blocks));
        }
        let public = |private| find::public_of(store, &scope, id, interface, private);
        let pairs = interface.addresses.iter().filter_map(|one| Some((*one, public(*one)?)));
        let pairs: Vec<_> = pairs.collect();
        for (private, public) in &pairs {
            say(&format!("ipv4-associations/{public}"), private.to_string());
        }
        let publics: Vec<_> = pairs.iter().map(|(_, public)| *public).collect();
        let groups = self.group_names(interface);
        self.meta(&format!("{base}/security-groups"), groups);
        if let Some(first) = publics.first() {
            self.meta(&format!("{base}/public-ipv4s"), lines(&publics));
            let name = self.public_name(interface, *first);
            self.meta(&format!("{base}/public-hostname"), name);
        }
    }

    fn identity(&mut self, instance: &Instance, interfaces: &Interfaces) {
        let launched = shape::Timestamp::from_seconds(instance.launched.seconds() as i64);
        let document = json!({
            "accountId": &*self.key.scope.account,
            "architecture": "x86_64",
            "availabilityZone": instance.zone.as_str(),
            "billingProducts": null,
            "devpayProductCodes": null,
            "marketplaceProductCodes": null,
            "imageId": instance.image,
            "instanceId": self.key.id.as_str(),
            "instanceType": instance.kind,
            "kernelId": null,
            "pendingTime": launched.iso8601(),
            "privateIp": interfaces.first().map(|(_, first)| first.primary().to_string()),
            "ramdiskId": null,
            "region": &*self.key.scope.region,
            "version": "2017-09-30",
        });
        let text = serde_json::to_string_pretty(&document).expect("plain JSON");
        self.map.insert("dynamic/instance-identity/document".to_owned(), text);
    }

    fn group_names(&self, interface: &NetworkInterface) -> String {
        let group =
            |id: &Id| self.view.store.get::<SecurityGroup>(&Key::new(&self.key.scope, id.clone()));
        let names: Vec<_> =
            interface.groups.iter().filter_map(group).map(|group| group.name.clone()).collect();
        lines(&names)
    }

    fn public_name(&self, interface: &NetworkInterface, public: std::net::Ipv4Addr) -> String {
        let key = Key::new(&self.key.scope, interface.vpc.clone());
        let vpc = self.view.store.get::<Vpc>(&key);
        vpc.map(|vpc| find::public_name(&self.key.scope, vpc, public)).unwrap_or_default()
    }
}

fn lines<T: ToString>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join("\n")
}
