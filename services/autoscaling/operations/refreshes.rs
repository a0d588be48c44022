//! Instance refreshes: start, cancel, roll back, describe.

use super::rules::{self, invalid};
use super::{form, source};
use crate::controller::standing;
use crate::model::{Group, Preferences, Refresh, RefreshState, Reversal, Source, Version, text};
use api_autoscaling::{
    CancelInstanceRefreshAnswer, CancelInstanceRefreshType, DescribeInstanceRefreshesAnswer,
    DescribeInstanceRefreshesType, DesiredConfiguration, InstanceRefresh,
    InstanceRefreshLivePoolProgress, InstanceRefreshProgressDetails, RefreshPreferences,
    RollbackDetails, RollbackInstanceRefreshAnswer, RollbackInstanceRefreshType,
    StartInstanceRefreshAnswer, StartInstanceRefreshType,
};
use region::{Call, Refusal, serve};
use shape::{Json, Shaped};
use std::collections::BTreeSet;
use world::Id;

/// docs: API_StartInstanceRefresh
pub(super) fn start_instance_refresh(
    call: &mut Call,
    input: StartInstanceRefreshType,
) -> Result<StartInstanceRefreshAnswer, Refusal> {
    serve!(
        call,
        StartInstanceRefreshType {
            auto_scaling_group_name,
            strategy,
            desired_configuration,
            preferences,
        } = input
    );
    let name = auto_scaling_group_name;
    let mut group = rules::own(call, &name)?;
    if strategy.as_deref().is_some_and(|one| one != "Rolling") {
        return Err(Refusal::not_implemented("The refresh strategy ReplaceRootVolume"));
    }
    if rules::refresh(call, &group).is_some() {
        let message = "An Instance Refresh is already in progress and blocks the execution of this \
                       Instance Refresh.";
        return Err(Refusal::new("InstanceRefreshInProgress", message));
    }
    let preferences_shown = preferences.clone().map(|one| shape::to_json(&one.into_record()));
    let preferences = read(call, &group, preferences.unwrap_or_default())?;
    let wanted_shown = desired_configuration.clone().map(|one| shape::to_json(&one.into_record()));
    let wanted = match desired_configuration {
        None => None,
        Some(one) => {
            serve!(call, DesiredConfiguration { launch_template, mixed_instances_policy } = one);
            source::source(call, None, launch_template, mixed_instances_policy)?
        }
    };
    let key = call.key(&*name);
    let before_version = standing(call.store(), &key, &group.source);
    if preferences.auto_rollback && wanted.is_none() {
        return Err(invalid("AutoRollback requires a desired configuration"));
    }
    let target = wanted.clone().unwrap_or_else(|| group.source.clone());
    let version = standing(call.store(), &key, &target);
    let left = targets(&group, &preferences, version.as_ref());
    let number = group.number();
    let id = text::uuid(&key, "refresh", number);
    let refresh = Refresh {
        group: name.clone(),
        arn: group.arn.clone(),
        number,
        state: RefreshState::Pending,
        reason: None,
        began: call.now,
        ended: None,
        preferences_shown: preferences_shown.unwrap_or_default(),
        preferences,
        wanted_shown,
        wanted: wanted.clone(),
        before: group.source.clone(),
        before_version,
        total: left.len() as u32,
        left,
        checkpoint: None,
        passed: BTreeSet::new(),
        reversal: None,
        bakes: None,
    };
    if let Some(wanted) = wanted {
        group.source = wanted;
    }
    group.troubles.clear();
    call.put(name, group);
    call.put(&*id, refresh);
    Ok(StartInstanceRefreshAnswer { instance_refresh_id: Some(id) })
}

/// The instances that a refresh replaces.
fn targets(group: &Group, preferences: &Preferences, version: Option<&Version>) -> BTreeSet<Id> {
    let old = group.members.iter().filter(|(_, member)| {
        let counted = member.stage.counts()
            || (member.stage == crate::model::Stage::Standby && preferences.standby != "Ignore");
        let same = preferences.skip_matching && member.version.as_ref() == version;
        counted && !same && !(member.protected && preferences.protected == "Ignore")
    });
    old.map(|(id, _)| id.clone()).collect()
}

fn read(call: &mut Call, group: &Group, given: RefreshPreferences) -> Result<Preferences, Refusal> {
    serve!(
        call,
        RefreshPreferences {
            min_healthy_percentage,
            max_healthy_percentage,
            instance_warmup,
            checkpoint_percentages,
            checkpoint_delay,
            skip_matching,
            auto_rollback,
            scale_in_protected_instances,
            standby_instances,
            alarm_specification,
            bake_time,
        } = given
    );
    let least = min_healthy_percentage.map(|one| one as u32);
    let most = max_healthy_percentage.map(|one| one as u32);
    let (min_healthy, max_healthy) = match (least, most, group.maintenance) {
        (None, None, Some(both)) => both,
        // AWS's own: 90 and 100.
        (least, most, _) => (least.unwrap_or(90), most.unwrap_or(100)),
    };
    if min_healthy > 100 || !(100..=200).contains(&max_healthy) || max_healthy - min_healthy > 100 {
        return Err(invalid(
            "MinHealthyPercentage must be at most 100, MaxHealthyPercentage between 100 and 200, \
             and they must not differ by more than 100",
        ));
    }
    let checkpoints = checkpoint_percentages.unwrap_or_default();
    let rising = checkpoints.windows(2).all(|pair| pair[0] < pair[1]);
    if !rising || checkpoints.iter().any(|one| !(1..=100).contains(one)) {
        return Err(invalid("CheckpointPercentages must be in ascending order, from 1 to 100"));
    }
    let warmup = instance_warmup.map(|one| rules::number(one, "InstanceWarmup")).transpose()?;
    let delay = checkpoint_delay.unwrap_or(3600);
    let alarms = alarm_specification.and_then(|one| one.alarms).unwrap_or_default();
    Ok(Preferences {
        min_healthy,
        max_healthy,
        // The group's warm-up, or its grace period (user guide, "default values").
        warmup: warmup.or(group.warmup).unwrap_or(group.grace),
        checkpoints: checkpoints.into_iter().map(|one| one as u32).collect(),
        checkpoint_delay: form::seconds(delay, "CheckpointDelay", 0..=172_800)?,
        skip_matching: skip_matching.unwrap_or(false),
        auto_rollback: auto_rollback.unwrap_or(false),
        protected: scale_in_protected_instances.unwrap_or_else(|| "Wait".to_owned()),
        standby: standby_instances.unwrap_or_else(|| "Wait".to_owned()),
        alarms,
        bake: bake_time.map_or(Ok(0), |one| form::seconds(one, "BakeTime", 0..=172_800))?,
    })
}

fn none_active() -> Refusal {
    let message = "No in progress or pending Instance Refresh found for Auto Scaling group";
    Refusal::new("ActiveInstanceRefreshNotFound", message)
}

/// docs: API_CancelInstanceRefresh
pub(super) fn cancel_instance_refresh(
    call: &mut Call,
    input: CancelInstanceRefreshType,
) -> Result<CancelInstanceRefreshAnswer, Refusal> {
    serve!(call, CancelInstanceRefreshType { auto_scaling_group_name }
        unheeded { wait_for_transitioning_instances } = input);
    let group = rules::own(call, &auto_scaling_group_name)?;
    let (id, mut refresh) = rules::refresh(call, &group).ok_or_else(none_active)?;
    refresh.state = RefreshState::Cancelling;
    refresh.reason = Some("Cancelled by user".to_owned());
    call.put(id.clone(), refresh);
    Ok(CancelInstanceRefreshAnswer { instance_refresh_id: Some(id.to_string()) })
}

/// docs: API_RollbackInstanceRefresh
pub(super) fn rollback_instance_refresh(
    call: &mut Call,
    input: RollbackInstanceRefreshType,
) -> Result<RollbackInstanceRefreshAnswer, Refusal> {
    serve!(call, RollbackInstanceRefreshType { auto_scaling_group_name } = input);
    let mut group = rules::own(call, &auto_scaling_group_name)?;
    let (id, mut refresh) = rules::refresh(call, &group).ok_or_else(none_active)?;
    let pinned =
        |one: &Source| one.template().is_none_or(|one| one.version.as_deref() != Some("$Latest"));
    if refresh.wanted.is_none() || !pinned(&refresh.before) || refresh.reversal.is_some() {
        let message = "The instance refresh cannot be rolled back: it has no desired \
                       configuration, or the group's launch template has the version $Latest.";
        return Err(Refusal::new("IrreversibleInstanceRefresh", message));
    }
    reverse(&mut group, &mut refresh, "Rollback initiated by user", call.now);
    call.put(auto_scaling_group_name, group);
    call.put(id.clone(), refresh);
    Ok(RollbackInstanceRefreshAnswer { instance_refresh_id: Some(id.to_string()) })
}

/// The group launches again what it launched before, and what came since goes.
pub(crate) fn reverse(group: &mut Group, refresh: &mut Refresh, why: &str, now: world::Time) {
    refresh.reversal = Some(Reversal {
        reason: why.to_owned(),
        at: now,
        percent: refresh.percent(),
        left: refresh.left.len() as u32,
    });
    refresh.state = RefreshState::RollbackInProgress;
    refresh.reason = Some(why.to_owned());
    group.source = refresh.before.clone();
    let old = refresh.before_version.clone();
    let newer =
        group.members.iter().filter(|(_, member)| member.stage.counts() && member.version != old);
    refresh.left = newer.map(|(id, _)| id.clone()).collect();
    refresh.total = refresh.left.len() as u32;
    (refresh.checkpoint, refresh.bakes) = (None, None);
    refresh.passed.clear();
}

/// docs: API_DescribeInstanceRefreshes. The newest first.
pub(super) fn describe_instance_refreshes(
    call: &mut Call,
    input: DescribeInstanceRefreshesType,
) -> Result<DescribeInstanceRefreshesAnswer, Refusal> {
    serve!(
        call,
        DescribeInstanceRefreshesType {
            auto_scaling_group_name,
            instance_refresh_ids,
            next_token,
            max_records,
        } = input
    );
    let group = rules::group(call, &auto_scaling_group_name)?;
    let ids = instance_refresh_ids.unwrap_or_default();
    let mut all = call.list::<Refresh>();
    all.retain(|(id, one)| {
        one.arn == group.arn && (ids.is_empty() || ids.iter().any(|wanted| wanted == id.as_str()))
    });
    let place = |one: &Refresh| format!("{:020}", u64::MAX - one.number);
    all.sort_by_key(|(_, one)| place(one));
    let (page, next_token) = rules::page(all, |(_, one)| place(one), next_token, max_records, 50)?;
    let mut shown = Vec::new();
    for (id, one) in &page {
        shown.push(show(id.as_str(), one)?);
    }
    Ok(DescribeInstanceRefreshesAnswer { instance_refreshes: Some(shown), next_token })
}

fn typed<T: Shaped>(data: &Json) -> Result<T, Refusal> {
    let record = shape::from_json(T::schema(), data).map_err(Refusal::bug)?;
    T::from_record(record).map_err(Refusal::bug)
}

fn progress(percent: u32, left: u32) -> InstanceRefreshProgressDetails {
    InstanceRefreshProgressDetails {
        live_pool_progress: Some(InstanceRefreshLivePoolProgress {
            instances_to_update: Some(left as i32),
            percentage_complete: Some(percent as i32),
        }),
        warm_pool_progress: None,
    }
}

fn show(id: &str, one: &Refresh) -> Result<InstanceRefresh, Refusal> {
    let mut preferences: RefreshPreferences = match one.preferences_shown.is_object() {
        true => typed(&one.preferences_shown)?,
        false => RefreshPreferences::default(),
    };
    let own = &one.preferences;
    preferences.min_healthy_percentage = Some(own.min_healthy as i32);
    preferences.max_healthy_percentage = Some(own.max_healthy as i32);
    preferences.skip_matching = Some(own.skip_matching);
    preferences.auto_rollback = Some(own.auto_rollback);
    preferences.scale_in_protected_instances = Some(own.protected.clone());
    preferences.standby_instances = Some(own.standby.clone());
    preferences.instance_warmup = Some(own.warmup as i32);
    let left = one.left.len() as u32;
    Ok(InstanceRefresh {
        auto_scaling_group_name: Some(one.group.clone()),
        desired_configuration: one.wanted_shown.as_ref().map(typed).transpose()?,
        end_time: one.ended.map(text::stamp),
        instance_refresh_id: Some(id.to_owned()),
        instances_to_update: Some(left as i32),
        percentage_complete: Some(one.percent() as i32),
        preferences: Some(preferences),
        progress_details: Some(progress(one.percent(), left)),
        rollback_details: one.reversal.as_ref().map(|back| RollbackDetails {
            instances_to_update_on_rollback: Some(back.left as i32),
            percentage_complete_on_rollback: Some(back.percent as i32),
            progress_details_on_rollback: Some(progress(back.percent, back.left)),
            rollback_reason: Some(back.reason.clone()),
            rollback_start_time: Some(text::stamp(back.at)),
        }),
        start_time: Some(text::stamp(one.began)),
        status: Some(one.state.name().to_owned()),
        status_reason: one.reason.clone(),
        strategy: Some("Rolling".to_owned()),
    })
}
