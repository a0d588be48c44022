//! Versions of launch templates; and the parameters of an instance that is there.

use super::templates::version;
use crate::model::LaunchTemplate;
use crate::operations::{answer, launch, rules};
use api_ec2::{
    CreateLaunchTemplateVersionRequest, CreateLaunchTemplateVersionResult,
    DeleteLaunchTemplateVersionsRequest, DeleteLaunchTemplateVersionsResponseErrorItem,
    DeleteLaunchTemplateVersionsResponseSuccessItem, DeleteLaunchTemplateVersionsResult,
    DescribeLaunchTemplateVersionsRequest, DescribeLaunchTemplateVersionsResult,
    GetLaunchTemplateDataRequest, GetLaunchTemplateDataResult, LaunchTemplateVersion,
    ResponseError,
};
use region::{Call, Refusal, listing, serve};
use serde_json::json;
use vpc::form::{filters, list, missing, text};
use vpc::model::find;
use world::Id;

/// docs: API_CreateLaunchTemplateVersion
pub(super) fn create_launch_template_version(
    call: &mut Call,
    input: CreateLaunchTemplateVersionRequest,
) -> Result<CreateLaunchTemplateVersionResult, Refusal> {
    serve!(
        call,
        CreateLaunchTemplateVersionRequest {
            launch_template_id,
            launch_template_name,
            launch_template_data,
            source_version,
            version_description,
        } = input
    );
    let (id, found) = launch::find_template(call, launch_template_id, launch_template_name)?;
    let mut template = (*found).clone();
    let mut new = version(call, launch_template_data, version_description)?;
    if let Some(source) = source_version {
        let number = launch::version(id.as_str(), &template, &source)?;
        let base = template.versions[&number].data.as_object().cloned().unwrap_or_default();
        for (name, value) in base {
            if new.data.get(&name).is_none() {
                new.data[name] = value;
            }
        }
    }
    template.latest += 1;
    let number = template.latest;
    template.versions.insert(number, new.clone());
    let shown = answer::template::version(id.as_str(), &template, number, &new)?;
    call.put(id, template);
    Ok(CreateLaunchTemplateVersionResult { launch_template_version: Some(shown), warning: None })
}

/// docs: API_DescribeLaunchTemplateVersions. Nothing here is managed, and image ids are
/// not aliases.
pub(super) fn describe_launch_template_versions(
    call: &mut Call,
    input: DescribeLaunchTemplateVersionsRequest,
) -> Result<DescribeLaunchTemplateVersionsResult, Refusal> {
    serve!(call, DescribeLaunchTemplateVersionsRequest {
        launch_template_id, launch_template_name, versions, min_version, max_version, filters,
        max_results, next_token,
    } unheeded { include_managed_resources, resolve_alias } = input);
    let wanted = versions.unwrap_or_default();
    let mut shown = Vec::new();
    if launch_template_id.is_none() && launch_template_name.is_none() {
        if wanted.is_empty() {
            return Err(missing("LaunchTemplateId or LaunchTemplateName, or Versions"));
        }
        for (id, template) in call.list::<LaunchTemplate>() {
            shown.extend(chosen(&id, &template, &wanted)?);
        }
    } else {
        let (id, template) = launch::find_template(call, launch_template_id, launch_template_name)?;
        shown.extend(chosen(&id, &template, &wanted)?);
        let bound = |text: Option<String>| {
            text.map(|text| launch::version(id.as_str(), &template, &text)).transpose()
        };
        let (least, most) = (bound(min_version)?, bound(max_version)?);
        shown.retain(|one: &LaunchTemplateVersion| {
            let number = one.version_number.and_then(|number| u64::try_from(number).ok());
            least.is_none_or(|least| number >= Some(least))
                && most.is_none_or(|most| number <= Some(most))
        });
    }
    let kept = listing::filter(shown, &self::filters(filters)?, FIELDS, |_| Vec::new())?;
    let limit = max_results.map(|limit| limit.max(1) as usize);
    let name = |one: &LaunchTemplateVersion| {
        let id = one.launch_template_id.clone().unwrap_or_default();
        // Newest first, as AWS lists them.
        format!("{id} {:020}", i64::MAX - one.version_number.unwrap_or_default())
    };
    let mut kept = kept;
    kept.sort_by_key(name);
    let (page, next_token) = listing::page(kept, name, next_token.as_deref(), limit)?;
    Ok(DescribeLaunchTemplateVersionsResult { launch_template_versions: Some(page), next_token })
}

fn chosen(
    id: &Id,
    template: &LaunchTemplate,
    wanted: &[String],
) -> Result<Vec<LaunchTemplateVersion>, Refusal> {
    let numbers = wanted.iter().map(|text| launch::version(id.as_str(), template, text));
    let numbers: Vec<u64> = numbers.collect::<Result<_, _>>()?;
    let all = template.versions.iter();
    let all = all.filter(|(number, _)| wanted.is_empty() || numbers.contains(number));
    all.map(|(number, version)| answer::template::version(id.as_str(), template, *number, version))
        .collect()
}

const FIELDS: &[listing::Field<LaunchTemplateVersion>] = &[
    ("create-time", |v| list(&v.create_time.map(|at| at.iso8601_millis()))),
    ("image-id", |v| v.launch_template_data.iter().flat_map(|d| list(&d.image_id)).collect()),
    ("instance-type", |v| {
        v.launch_template_data.iter().flat_map(|d| list(&d.instance_type)).collect()
    }),
    ("is-default-version", |v| list(&v.default_version)),
];

/// docs: API_DeleteLaunchTemplateVersions
pub(super) fn delete_launch_template_versions(
    call: &mut Call,
    input: DeleteLaunchTemplateVersionsRequest,
) -> Result<DeleteLaunchTemplateVersionsResult, Refusal> {
    serve!(
        call,
        DeleteLaunchTemplateVersionsRequest {
            launch_template_id,
            launch_template_name,
            versions,
        } = input
    );
    let (id, found) = launch::find_template(call, launch_template_id, launch_template_name)?;
    let mut template = (*found).clone();
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for wanted in versions {
        match delete(&id, &mut template, &wanted) {
            Ok(number) => good.push(DeleteLaunchTemplateVersionsResponseSuccessItem {
                launch_template_id: text(&id),
                launch_template_name: text(&template.name),
                version_number: i64::try_from(number).ok(),
            }),
            Err((code, message)) => bad.push(DeleteLaunchTemplateVersionsResponseErrorItem {
                launch_template_id: text(&id),
                launch_template_name: text(&template.name),
                response_error: Some(ResponseError { code: text(code), message: text(message) }),
                version_number: wanted.parse().ok(),
            }),
        }
    }
    call.put(id, template);
    Ok(DeleteLaunchTemplateVersionsResult {
        successfully_deleted_launch_template_versions: Some(good),
        unsuccessfully_deleted_launch_template_versions: Some(bad),
    })
}

fn delete(
    id: &Id,
    template: &mut LaunchTemplate,
    wanted: &str,
) -> Result<u64, (&'static str, String)> {
    let number = launch::version(id.as_str(), template, wanted)
        .map_err(|refusal| ("launchTemplateVersionDoesNotExist", refusal.message))?;
    if number == template.default {
        let message = "The default version of a launch template cannot be deleted.";
        return Err(("unexpectedError", message.to_owned()));
    }
    template.versions.remove(&number);
    Ok(number)
}

/// docs: API_GetLaunchTemplateData
pub(super) fn get_launch_template_data(
    call: &mut Call,
    input: GetLaunchTemplateDataRequest,
) -> Result<GetLaunchTemplateDataResult, Refusal> {
    serve!(call, GetLaunchTemplateDataRequest { instance_id } = input);
    let instance = rules::living(call, &instance_id)?;
    let options = &instance.options;
    let word = |on, yes: &'static str, no: &'static str| if on { yes } else { no };
    let interfaces: Vec<_> = find::of_instance(call.store(), &call.scope, &instance_id)
        .iter()
        .map(|(_, one)| {
            let attachment = one.attachment.as_ref();
            json!({
                "DeviceIndex": attachment.map_or(0, |attachment| attachment.index),
                "DeleteOnTermination": attachment.is_some_and(|one| one.delete_on_termination),
                "Description": one.description,
                "Groups": one.groups,
                "SubnetId": one.subnet,
            })
        })
        .collect();
    let tags = region::Tags::of(call.store(), &call.scope, &instance_id);
    let tags: Vec<_> = tags
        .iter()
        .filter(|(key, _)| !key.starts_with("aws:"))
        .map(|(key, value)| json!({"Key": key, "Value": value}))
        .collect();
    let mut data = json!({
        "ImageId": instance.image,
        "InstanceType": instance.kind,
        "KeyName": instance.key_name,
        "UserData": instance.user_data,
        "EbsOptimized": options.ebs_optimized,
        "DisableApiTermination": options.protect_termination,
        "DisableApiStop": options.protect_stop,
        "InstanceInitiatedShutdownBehavior": word(options.shutdown_terminates, "terminate", "stop"),
        "Monitoring": {"Enabled": options.monitoring},
        "Placement": {"AvailabilityZone": instance.zone.as_str(), "Tenancy": "default"},
        "NetworkInterfaces": interfaces,
        "MetadataOptions": {
            "HttpEndpoint": word(options.metadata.enabled, "enabled", "disabled"),
            "HttpTokens": word(options.metadata.tokens_required, "required", "optional"),
            "HttpPutResponseHopLimit": options.metadata.hop_limit,
            "InstanceMetadataTags": word(options.metadata.tags, "enabled", "disabled"),
        },
    });
    if !tags.is_empty() {
        data["TagSpecifications"] = json!([{"ResourceType": "instance", "Tags": tags}]);
    }
    if let Some(profile) = &options.profile {
        data["IamInstanceProfile"] = json!({"Arn": profile.arn});
    }
    if let Some(credits) = &options.credits {
        data["CreditSpecification"] = json!({"CpuCredits": credits});
    }
    Ok(GetLaunchTemplateDataResult { launch_template_data: Some(answer::template::data(&data)?) })
}
