//! What RunInstances is asked: a launch in one zone, of the group's template or configuration.

use super::decide::Why;
use super::turn::Turn;
use crate::model::{Group, LaunchConfiguration, Override, Source, TemplateRef, Version};
use api_ec2::RunInstancesRequest;
use api_ec2::operation::RunInstances;
use region::{Key, Store};
use serde_json::json;
use shape::{Json, Operation, Shaped};
use vpc::model::Subnet;

/// What may be launched: a template and perhaps another type.
pub(super) struct Choice {
    /// Its place among the group's overrides.
    pub(super) place: usize,
    pub(super) template: Option<TemplateRef>,
    pub(super) kind: Option<String>,
    pub(super) weight: u32,
}

/// What a group may launch, in the order in which it is tried (user guide, "Allocation strategies
/// for multiple instance types").
fn choices(group: &Group, region: &str) -> Vec<Choice> {
    let plain = |template| Choice { place: 0, template, kind: None, weight: 1 };
    let mixed = match &group.source {
        Source::Configuration(_) => return vec![plain(None)],
        Source::Template(one) => return vec![plain(Some(one.clone()))],
        Source::Mixed(mixed) => mixed,
    };
    if mixed.overrides.is_empty() {
        return vec![plain(Some(mixed.template.clone()))];
    }
    let all = mixed.overrides.iter().enumerate();
    let one = |(place, one): (usize, &Override)| Choice {
        place,
        template: Some(one.template.clone().unwrap_or_else(|| mixed.template.clone())),
        kind: one.kind.clone(),
        weight: one.weight.unwrap_or(1),
    };
    let mut all: Vec<Choice> = all.map(one).collect();
    if mixed.strategy == "lowest-price" {
        let list = api_pricing::prices::List::of(region);
        let price = |choice: &Choice| {
            let hour =
                choice.kind.as_ref().and_then(|kind| list.price(&format!("BoxUsage:{kind}")));
            hour.map_or(f64::INFINITY, |(hour, _)| hour / f64::from(choice.weight.max(1)))
        };
        all.sort_by(|one, other| price(one).total_cmp(&price(other)));
    }
    all
}

/// The choice at a place among the overrides.
pub(super) fn choice_at(turn: &Turn, place: usize) -> Option<Choice> {
    let all = choices(&turn.group, &turn.key.scope.region);
    all.into_iter().find(|choice| choice.place == place)
}

/// What is launched in a zone now: the first that is not short there.
pub(super) fn choice(turn: &Turn, zone: &str) -> Option<Choice> {
    let (troubles, now) = (&turn.group.troubles, turn.now());
    let short = |place: usize| troubles.get(&pool(zone, place)).is_some_and(|one| one.until > now);
    let all = choices(&turn.group, &turn.key.scope.region);
    all.into_iter().find(|choice| !short(choice.place))
}

/// One type in one zone, as the group's troubles name it.
pub(super) fn pool(zone: &str, place: usize) -> String {
    format!("{zone}|{place}")
}

/// A member serves: its zone, and its type there, are in no trouble any more.
pub(super) fn calm(group: &mut Group, id: &world::Id) {
    let Some(member) = group.members.get(id) else { return };
    let (zone, kind) = (member.zone.clone(), member.kind.clone());
    if let Source::Mixed(mixed) = &group.source {
        let same = |one: &Override| one.kind.as_ref() == Some(&kind);
        if let Some(place) = mixed.overrides.iter().position(same) {
            group.troubles.remove(&pool(&zone, place));
        }
    }
    group.troubles.remove(&zone);
}

/// How much a new instance counts at most.
pub(super) fn weight(group: &Group) -> u32 {
    match &group.source {
        Source::Mixed(mixed) => {
            mixed.overrides.iter().filter_map(|one| one.weight).max().unwrap_or(1)
        }
        _ => 1,
    }
}

/// Which version a launch from this template takes.
pub(crate) fn version(store: &Store, key: &Key, template: &TemplateRef) -> Option<Version> {
    let found = store.get::<ec2::model::LaunchTemplate>(&Key::new(&key.scope, &template.id))?;
    let number = match template.version.as_deref() {
        None | Some("" | "$Default") => found.default,
        Some("$Latest") => *found.versions.keys().next_back()?,
        Some(number) => number.parse().ok()?,
    };
    Some(Version::Template(template.id.clone(), found.name.clone(), number))
}

/// What the group launches now, to the version.
pub(crate) fn standing(store: &Store, key: &Key, source: &Source) -> Option<Version> {
    match source {
        Source::Configuration(name) => Some(Version::Configuration(name.clone())),
        other => version(store, key, other.template()?),
    }
}

/// The group's subnet in a zone with the fewest of its instances; none where it names no subnets.
fn subnet(turn: &Turn, zone: &str) -> Option<String> {
    let here = turn.group.subnets.iter().filter(|id| {
        let found = turn.view.store.get::<Subnet>(&turn.beside(id));
        found.is_some_and(|found| found.zone.as_str() == zone)
    });
    let used = |id: &str| turn.group.members.values().filter(|one| one.subnet == id).count();
    here.min_by_key(|id| used(id)).cloned()
}

/// Asks for a launch. Heard under `launch|ZONE|WHY|FROM|PLACE`.
pub(super) fn ask(turn: &mut Turn, zone: &str, count: u32, why: Why) {
    let Some(choice) = choice(turn, zone) else { return };
    let place = choice.place;
    let Some(input) = input(turn, choice, zone, count) else { return };
    let from = turn.group.capacity(|member| member.stage.counts());
    let tag = format!("launch|{zone}|{}|{from}|{place}", name(why));
    let key = turn.key.clone();
    turn.plan.ask::<RunInstances>(&key, tag, input);
}

/// A reason as a tag carries it.
fn name(why: Why) -> &'static str {
    match why {
        Why::Difference => "difference",
        Why::Unhealthy => "unhealthy",
        Why::Before => "before",
        Why::Balance => "balance",
        Why::Refresh => "refresh",
        Why::Renewed => "renewed",
    }
}

/// A reason as a tag carried it.
pub(super) fn why(name: &str) -> Why {
    match name {
        "unhealthy" => Why::Unhealthy,
        "before" => Why::Before,
        "balance" => Why::Balance,
        "refresh" => Why::Refresh,
        "renewed" => Why::Renewed,
        _ => Why::Difference,
    }
}

fn input(turn: &Turn, choice: Choice, zone: &str, count: u32) -> Option<RunInstancesRequest> {
    let subnet = subnet(turn, zone);
    let mut input = match (&choice.template, &turn.group.source) {
        (Some(template), _) => of_template(turn, template, choice.kind),
        (None, Source::Configuration(name)) => of_configuration(turn, name),
        _ => json!({}),
    };
    match (input["NetworkInterfaces"].as_array_mut(), subnet) {
        (Some(interfaces), Some(subnet)) => {
            interfaces.iter_mut().for_each(|one| one["SubnetId"] = json!(subnet));
        }
        (None, Some(subnet)) => input["SubnetId"] = json!(subnet),
        (_, None) => {}
    }
    input["Placement"]["AvailabilityZone"] = json!(zone);
    input["MinCount"] = json!(1);
    input["MaxCount"] = json!(count);
    let tags =
        turn.group.tags.iter().filter(|(key, tag)| tag.propagate && !key.starts_with("aws:"));
    let tag = |key: &str, value: &str| json!({"Key": key, "Value": value});
    let mut tags: Vec<Json> = tags.map(|(key, one)| tag(key, &one.value)).collect();
    tags.push(tag("aws:autoscaling:groupName", turn.name()));
    input["TagSpecifications"] = json!([{"ResourceType": "instance", "Tags": tags}]);
    if input["Placement"].is_null() {
        input.as_object_mut()?.remove("Placement");
    }
    let present = input.as_object()?.clone().into_iter().filter(|(_, value)| !value.is_null());
    let input = Json::Object(present.collect());
    let record = shape::from_json(RunInstances::schema().input, &input).ok()?;
    RunInstancesRequest::from_record(record).ok()
}

fn of_template(turn: &Turn, template: &TemplateRef, kind: Option<String>) -> Json {
    let version = template.version.clone().unwrap_or_else(|| "$Default".to_owned());
    let mut input = json!({
        "LaunchTemplate": {"LaunchTemplateId": template.id, "Version": version},
    });
    if let Some(kind) = kind {
        input["InstanceType"] = json!(kind);
    }
    let key = turn.beside(&template.id);
    let number = self::version(turn.view.store, &turn.key, template);
    let found = turn.view.store.get::<ec2::model::LaunchTemplate>(&key);
    if let (Some(found), Some(Version::Template(_, _, number))) = (found, number) {
        let data = found.versions.get(&number).map(|version| &version.data);
        let own = |name: &str| data.map(|data| data[name].clone()).unwrap_or_default();
        // What the template says of interfaces and places is completed by the group.
        if own("NetworkInterfaces").as_array().is_some_and(|list| !list.is_empty()) {
            input["NetworkInterfaces"] = own("NetworkInterfaces");
        }
        if own("Placement").is_object() {
            input["Placement"] = own("Placement");
        }
    }
    input
}

/// Members that a launch configuration and RunInstances have in common.
const SAME: &[&str] =
    &["ImageId", "InstanceType", "KeyName", "BlockDeviceMappings", "EbsOptimized"];

fn of_configuration(turn: &Turn, name: &str) -> Json {
    let found = turn.view.store.get::<LaunchConfiguration>(&turn.beside(name));
    let data = found.map(|found| found.data.clone()).unwrap_or_default();
    let mut input = json!({});
    for name in SAME.iter().filter(|name| !data[**name].is_null()) {
        input[*name] = data[*name].clone();
    }
    for (own, name) in [("UserData", "UserData"), ("MetadataOptions", "MetadataOptions")] {
        if !data[own].is_null() {
            input[name] = data[own].clone();
        }
    }
    if let Some(on) = data["InstanceMonitoring"]["Enabled"].as_bool() {
        input["Monitoring"] = json!({"Enabled": on});
    }
    if let Some(profile) = data["IamInstanceProfile"].as_str() {
        let member = if profile.starts_with("arn:") { "Arn" } else { "Name" };
        input["IamInstanceProfile"] = json!({member: profile});
    }
    let groups = data["SecurityGroups"].as_array().cloned().unwrap_or_default();
    let by_id = groups.iter().all(|one| one.as_str().is_some_and(|id| id.starts_with("sg-")));
    match data["AssociatePublicIpAddress"].as_bool() {
        Some(public) => {
            let mut interface = json!({"DeviceIndex": 0, "AssociatePublicIpAddress": public});
            if !groups.is_empty() {
                interface["Groups"] = json!(groups);
            }
            input["NetworkInterfaces"] = json!([interface]);
        }
        None if groups.is_empty() => {}
        None if by_id => input["SecurityGroupIds"] = json!(groups),
        None => input["SecurityGroups"] = json!(groups),
    }
    input
}
