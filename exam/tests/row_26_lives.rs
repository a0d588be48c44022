//! Row 26, an instance's life in its group, shortened: hooks, suspended processes, standby, attach
//! and detach, refresh, schedules, notices; and policies of every kind through real alarms.

mod group;
mod live;

use exam::{Seed, Subject};
use group::Desk;
use live::{text, until};
use serde_json::{Value as Json, json};
use std::thread::sleep;
use std::time::{Duration, Instant};

fn region(name: &str, pace: u32) -> (Subject, Desk) {
    let mut subject = Subject::new(name);
    subject.pace = pace;
    subject.start();
    let desk = Desk::of(&subject);
    (subject, desk)
}

#[test]
fn hooks_standby_refresh_schedules_and_notices() {
    Seed::take("row 26, lives");
    let (subject, mut desk) = region("row26-lives", 60);
    hooks(&mut desk);
    standby_and_detach(&mut desk);
    notices(&mut desk);
    refresh(&mut desk);
    schedule(&mut desk);
    desk.delete(&["hooks", "stands", "told", "fresh", "clock"]);
    subject.finish();
}

fn hook(desk: &mut Desk, word: &str, more: &Json) {
    let mut input = json!({"LifecycleHookName": word.to_lowercase(),
        "LifecycleTransition": format!("autoscaling:EC2_INSTANCE_{word}")});
    for (name, value) in more.as_object().expect("members by name") {
        input[name] = value.clone();
    }
    desk.say("PutLifecycleHook", "hooks", &input);
}

fn in_stage(desk: &mut Desk, group: &str, stage: &str, seconds: u64) -> String {
    until(&format!("one of {group} is {stage}"), seconds, || {
        desk.members(group).into_iter().find(|one| one.state == stage).map(|one| one.id)
    })
}

fn complete(desk: &mut Desk, hook: &str, id: &str, result: &str) {
    let done = json!({"LifecycleHookName": hook, "InstanceId": id,
        "LifecycleActionResult": result});
    desk.say("CompleteLifecycleAction", "hooks", &done);
}

fn hooks(desk: &mut Desk) {
    let (url, arn) = desk.queue("hooks");
    desk.group("hooks", [0, 3, 0], &json!({}));
    let target = json!({"NotificationTargetARN": arn, "HeartbeatTimeout": 3600,
        "RoleARN": "arn:aws:iam::000000000000:role/r", "NotificationMetadata": "m"});
    hook(desk, "LAUNCHING", &target);
    desk.desire("hooks", 1);
    let id = in_stage(desk, "hooks", "Pending:Wait", 30);
    let letter = until("the hook's letter", 20, || {
        let all = desk.letters(&url);
        all.into_iter().find(|one| one["LifecycleActionToken"].is_string())
    });
    assert_eq!(letter["EC2InstanceId"], id.as_str());
    assert_eq!(letter["LifecycleTransition"], "autoscaling:EC2_INSTANCE_LAUNCHING");
    assert_eq!(letter["NotificationMetadata"], "m");
    // An hour is a minute here: it still waits.
    sleep(Duration::from_secs(1));
    assert_eq!(in_stage(desk, "hooks", "Pending:Wait", 1), id);
    complete(desk, "launching", &id, "CONTINUE");
    assert_eq!(desk.rests("hooks", 1, 20)[0].id, id);
    // Abandoned by word: ended, and another one comes.
    desk.desire("hooks", 2);
    let bad = in_stage(desk, "hooks", "Pending:Wait", 30);
    complete(desk, "launching", &bad, "ABANDON");
    let next = until("another one waits", 30, || {
        let all = desk.members("hooks");
        let next = all.into_iter().find(|one| one.state == "Pending:Wait" && one.id != bad);
        next.map(|one| one.id)
    });
    let failed = desk.activities("hooks");
    let failed = failed.iter().find(|one| one["StatusCode"] == "Failed").expect("it failed");
    let why = text(&failed["StatusMessage"]);
    assert!(why.starts_with("Instance failed to complete user's Lifecycle Action"), "{why}");
    complete(desk, "launching", &next, "CONTINUE");
    desk.rests("hooks", 2, 30);
    // The end waits until its time is over: 120 s are 2 s here.
    hook(desk, "TERMINATING", &json!({"HeartbeatTimeout": 120}));
    desk.desire("hooks", 1);
    in_stage(desk, "hooks", "Terminating:Wait", 10);
    let since = Instant::now();
    desk.rests("hooks", 1, 20);
    assert!(since.elapsed() > Duration::from_millis(1500), "{:?}", since.elapsed());
    hook(desk, "TERMINATING", &json!({"HeartbeatTimeout": 7200}));
    desk.desire("hooks", 0);
    let last = in_stage(desk, "hooks", "Terminating:Wait", 10);
    complete(desk, "terminating", &last, "CONTINUE");
    desk.rests("hooks", 0, 20);
}

fn standby_and_detach(desk: &mut Desk) {
    desk.group("stands", [0, 4, 2], &json!({}));
    // Whoever is attached may stay, however unequal that makes the zones.
    desk.say("SuspendProcesses", "stands", &json!({"ScalingProcesses": ["AZRebalance"]}));
    let id = desk.rests("stands", 2, 30)[0].id.clone();
    let one = json!({"InstanceIds": [id], "ShouldDecrementDesiredCapacity": true});
    let said = desk.say("EnterStandby", "stands", &one);
    assert_eq!(
        said["Activities"][0]["Description"],
        format!("Moving EC2 instance to Standby: {id}")
    );
    in_stage(desk, "stands", "Standby", 10);
    assert_eq!(desk.shown("stands")["DesiredCapacity"], 1);
    desk.say("ExitStandby", "stands", &json!({"InstanceIds": [id]}));
    desk.rests("stands", 2, 20);
    // Not decremented: another one comes in its place.
    let away = json!({"InstanceIds": [id], "ShouldDecrementDesiredCapacity": false});
    desk.say("DetachInstances", "stands", &away);
    let all = until("another one is there", 30, || {
        let all = desk.members("stands");
        let new = all.iter().all(|one| one.id != id && one.state == "InService");
        (new && all.len() == 2).then_some(all)
    });
    assert_eq!(desk.calls.instance(&id)["State"]["Name"], "running", "it is its owner's now");
    assert!(!desk.instances("stands").contains(&id), "it wears the name no more");
    desk.say("AttachInstances", "stands", &json!({"InstanceIds": [id]}));
    let now = desk.rests("stands", all.len() + 1, 20);
    assert!(now.iter().any(|one| one.id == id));
    assert_eq!(desk.shown("stands")["DesiredCapacity"], 3);
}

/// A topic with a queue; the group's launches and ends arrive there.
fn notices(desk: &mut Desk) {
    let (url, arn) = desk.queue("notices");
    let topic = desk.calls.call("sns", "CreateTopic", json!({"Name": "notices"}));
    let topic = text(&topic["TopicArn"]);
    let subscribe = json!({"TopicArn": topic, "Protocol": "sqs", "Endpoint": arn});
    desk.calls.call("sns", "Subscribe", subscribe);
    let allow = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage",
        "Resource": arn}]});
    let policy = json!({"QueueUrl": url, "Attributes": {"Policy": allow.to_string()}});
    desk.calls.call("sqs", "SetQueueAttributes", policy);
    desk.group("told", [0, 2, 0], &json!({}));
    let kinds = json!({"TopicARN": topic, "NotificationTypes":
        ["autoscaling:EC2_INSTANCE_LAUNCH", "autoscaling:EC2_INSTANCE_TERMINATE"]});
    desk.say("PutNotificationConfiguration", "told", &kinds);
    desk.desire("told", 1);
    let id = desk.rests("told", 1, 30)[0].id.clone();
    desk.desire("told", 0);
    desk.rests("told", 0, 30);
    let mut heard = Vec::new();
    until("both notices", 20, || {
        for letter in desk.letters(&url) {
            let body: Json = serde_json::from_str(&text(&letter["Message"])).expect("JSON");
            if body["EC2InstanceId"] == id.as_str() {
                heard.push((text(&body["Event"]), text(&letter["Subject"])));
            }
        }
        (heard.len() == 2).then_some(())
    });
    heard.sort();
    let expected = [("LAUNCH", "launch"), ("TERMINATE", "termination")].map(|(event, word)| {
        let subject = format!("Auto Scaling: {word} for group \"told\"");
        (format!("autoscaling:EC2_INSTANCE_{event}"), subject)
    });
    assert_eq!(heard, expected);
}

/// Every instance is replaced by one of the new version, one after another.
fn refresh(desk: &mut Desk) {
    desk.group("fresh", [0, 4, 3], &json!({}));
    let before: Vec<String> = desk.rests("fresh", 3, 30).into_iter().map(|one| one.id).collect();
    let version = json!({"LaunchTemplateId": desk.template, "SourceVersion": "1",
        "LaunchTemplateData": {"InstanceType": "t3.small"}});
    let made = desk.calls.ec2("CreateLaunchTemplateVersion", version);
    let number = made["LaunchTemplateVersion"]["VersionNumber"].to_string();
    let wanted = json!({"LaunchTemplate":
        {"LaunchTemplateId": desk.template, "Version": number}});
    let asked = json!({"DesiredConfiguration": wanted,
        "Preferences": {"MinHealthyPercentage": 66, "InstanceWarmup": 0}});
    let begun = desk.say("StartInstanceRefresh", "fresh", &asked);
    let named = json!({"InstanceRefreshIds": [begun["InstanceRefreshId"]]});
    let mut least = 3;
    until("the refresh is done", 90, || {
        least = least.min(desk.serving("fresh").len());
        let shown = desk.say("DescribeInstanceRefreshes", "fresh", &named);
        let state = text(&shown["InstanceRefreshes"][0]["Status"]);
        assert!(["Pending", "InProgress", "Successful"].contains(&state.as_str()), "{shown}");
        (state == "Successful").then_some(())
    });
    assert!(least >= 1, "{least} of 3 served");
    let after = desk.rests("fresh", 3, 30);
    assert!(after.iter().all(|one| !before.contains(&one.id) && one.version.to_string() == number));
    let kind = desk.calls.instance(&after[0].id)["InstanceType"].clone();
    assert_eq!(kind, "t3.small");
    let causes = desk.causes("fresh");
    assert!(causes.contains("in response to an instance refresh"), "{causes}");
}

/// At its moment, which is real whatever the pace, a group gets its bounds.
fn schedule(desk: &mut Desk) {
    desk.group("clock", [0, 1, 0], &json!({}));
    let at = std::time::SystemTime::now() + Duration::from_secs(3);
    let at = at.duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    let action = json!({"ScheduledActionName": "up", "StartTime": at, "MinSize": 1,
        "MaxSize": 3, "DesiredCapacity": 2});
    desk.say("PutScheduledUpdateGroupAction", "clock", &action);
    assert_eq!(desk.shown("clock")["DesiredCapacity"], 0);
    desk.rests("clock", 2, 30);
    let shown = desk.shown("clock");
    assert_eq!((&shown["MinSize"], &shown["MaxSize"]), (&json!(1), &json!(3)));
    let causes = desk.causes("clock");
    let part = "a scheduled action update of AutoScalingGroup constraints to min: 1, max: 3";
    assert!(causes.contains(part), "{causes}");
}

#[test]
fn what_is_suspended_does_not_happen_and_the_rest_does() {
    Seed::take("row 26, suspended");
    let (subject, mut desk) = region("row26-suspended", 60);
    desk.group("g", [0, 6, 2], &json!({}));
    let first = desk.rests("g", 2, 30)[0].id.clone();
    // Launch: the wanted number is noted, nobody comes; shrinking goes on.
    suspend(&mut desk, "Launch");
    desk.desire("g", 3);
    stays(&mut desk, 2);
    resume(&mut desk, "Launch");
    desk.rests("g", 3, 30);
    // Terminate: nobody goes; growing goes on.
    suspend(&mut desk, "Terminate");
    desk.desire("g", 2);
    stays(&mut desk, 3);
    desk.desire("g", 4);
    desk.rests("g", 4, 30);
    desk.desire("g", 2);
    resume(&mut desk, "Terminate");
    let left = desk.rests("g", 2, 30);
    let id = left.last().map_or(first, |one| one.id.clone());
    // ReplaceUnhealthy: it is marked, and stays.
    suspend(&mut desk, "ReplaceUnhealthy");
    sick(&mut desk, &id);
    stays(&mut desk, 2);
    let shown = desk.shown("g");
    let all = shown["Instances"].as_array().expect("instances");
    let marked = all.iter().find(|one| one["InstanceId"] == id.as_str()).expect("it stays");
    assert_eq!(marked["HealthStatus"], "Unhealthy");
    resume(&mut desk, "ReplaceUnhealthy");
    desk.replaced("g", std::slice::from_ref(&id), 2);
    let all = desk.rests("g", 2, 30);
    // HealthCheck: what has ended is not noticed.
    suspend(&mut desk, "HealthCheck");
    let gone = all[0].id.clone();
    desk.calls.ec2("TerminateInstances", json!({"InstanceIds": [gone]}));
    desk.calls.in_state(&gone, "terminated");
    stays(&mut desk, 2);
    resume(&mut desk, "HealthCheck");
    desk.replaced("g", &[gone], 2);
    desk.rests("g", 2, 30);
    alarms_and_schedules(&mut desk);
    zones(&mut desk);
    desk.delete(&["g"]);
    subject.finish();
}

fn suspend(desk: &mut Desk, process: &str) {
    desk.say("SuspendProcesses", "g", &json!({"ScalingProcesses": [process]}));
    let shown = desk.shown("g");
    assert_eq!(shown["SuspendedProcesses"][0]["ProcessName"], process);
    let reason = text(&shown["SuspendedProcesses"][0]["SuspensionReason"]);
    assert!(reason.starts_with("User suspended at "), "{reason}");
}

fn resume(desk: &mut Desk, process: &str) {
    desk.say("ResumeProcesses", "g", &json!({"ScalingProcesses": [process]}));
    assert_eq!(desk.shown("g")["SuspendedProcesses"], json!([]));
}

/// For a second and a half, a minute and a half here, so many serve.
fn stays(desk: &mut Desk, count: usize) {
    let end = Instant::now() + Duration::from_millis(1500);
    while Instant::now() < end {
        let all = desk.members("g");
        assert!(all.len() == count && all.iter().all(|one| one.state == "InService"), "{all:?}");
        sleep(Duration::from_millis(50));
    }
}

fn sick(desk: &mut Desk, id: &str) {
    let sick = json!({"InstanceId": id, "HealthStatus": "Unhealthy",
        "ShouldRespectGracePeriod": false});
    desk.asg("SetInstanceHealth", sick);
}

fn alarms_and_schedules(desk: &mut Desk) {
    alarm(
        desk,
        "g",
        "busy",
        "simple",
        &json!({"PolicyType": "SimpleScaling",
        "AdjustmentType": "ChangeInCapacity", "ScalingAdjustment": 1, "Cooldown": 3600}),
    );
    suspend(desk, "AlarmNotification");
    speak(desk, "g", "busy", 90.0, 2);
    stays(desk, 2);
    resume(desk, "AlarmNotification");
    speak(desk, "g", "busy", 90.0, 3);
    desk.rests("g", 3, 30);
    desk.say("DeletePolicy", "g", &json!({"PolicyName": "simple"}));
    desk.desire("g", 2);
    desk.rests("g", 2, 30);
    suspend(desk, "ScheduledActions");
    let at = std::time::SystemTime::now() + Duration::from_secs(2);
    let at = at.duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    let action = json!({"ScheduledActionName": "up", "StartTime": at, "DesiredCapacity": 4});
    desk.say("PutScheduledUpdateGroupAction", "g", &action);
    sleep(Duration::from_millis(2000));
    stays(desk, 2);
    resume(desk, "ScheduledActions");
    stays(desk, 2);
}

/// All in one zone, then a second one is added: only unsuspended they are made equal.
fn zones(desk: &mut Desk) {
    let one = json!({"VPCZoneIdentifier": desk.subnets[0]});
    desk.desire("g", 0);
    desk.rests("g", 0, 30);
    desk.say("UpdateAutoScalingGroup", "g", &one);
    desk.desire("g", 4);
    desk.rests("g", 4, 30);
    suspend(desk, "AZRebalance");
    let two = json!({"VPCZoneIdentifier": desk.subnets[..2].join(",")});
    desk.say("UpdateAutoScalingGroup", "g", &two);
    stays(desk, 4);
    assert_eq!(desk.by_zone("g")[group::ZONES[0]], 4);
    resume(desk, "AZRebalance");
    until("two and two", 60, || {
        let counts = desk.by_zone("g");
        (counts[group::ZONES[0]] == 2 && counts[group::ZONES[1]] == 2).then_some(())
    });
    desk.rests("g", 4, 30);
}

/// A policy, and an alarm of a custom metric that names it.
fn alarm(desk: &mut Desk, group: &str, metric: &str, policy: &str, data: &Json) {
    let mut input = json!({"PolicyName": policy});
    for (name, value) in data.as_object().expect("members by name") {
        input[name] = value.clone();
    }
    let made = desk.say("PutScalingPolicy", group, &input);
    let alarm = json!({"AlarmName": format!("{group}-{policy}"), "Namespace": "Exam",
        "MetricName": metric, "Statistic": "Average", "Period": 60, "EvaluationPeriods": 1,
        "Threshold": 50.0, "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "AlarmActions": [made["PolicyARN"]]});
    desk.calls.call("cloudwatch", "PutMetricAlarm", alarm);
}

/// Puts a value many times a second until so many are wanted, or for three seconds if they are.
fn speak(desk: &mut Desk, group: &str, metric: &str, value: f64, until_desired: usize) {
    let (begun, mut wanted) = (Instant::now(), 0);
    let least = Duration::from_secs(3);
    while begun.elapsed() < Duration::from_secs(60) {
        let data = json!({"Namespace": "Exam", "MetricData":
            [{"MetricName": metric, "Value": value}]});
        desk.calls.call("cloudwatch", "PutMetricData", data);
        let shown = desk.shown(group)["DesiredCapacity"].as_u64().expect("a number") as usize;
        let same = shown == until_desired;
        if same && (shown != wanted && wanted != 0 || begun.elapsed() > least) {
            return;
        }
        wanted = shown;
        sleep(Duration::from_millis(80));
    }
    panic!("{group} wants {wanted} and not {until_desired}, at {value}");
}

#[test]
fn policies_of_every_kind_follow_their_alarms() {
    Seed::take("row 26, policies");
    let (subject, mut desk) = region("row26-policies", 60);
    desk.group("custom", [1, 4, 1], &json!({}));
    desk.group("steps", [1, 5, 1], &json!({}));
    desk.group("burns", [1, 2, 1], &json!({}));
    let burner = desk.rests("burns", 1, 30)[0].id.clone();
    let track = |metric: Json, target: f64| {
        let mut tracking = metric;
        tracking["TargetValue"] = json!(target);
        json!({"PolicyName": "track", "PolicyType": "TargetTrackingScaling",
            "TargetTrackingConfiguration": tracking, "EstimatedInstanceWarmup": 0})
    };
    let cpu = json!({"PredefinedMetricSpecification":
        {"PredefinedMetricType": "ASGAverageCPUUtilization"}});
    let made = desk.say("PutScalingPolicy", "burns", &track(cpu, 20.0));
    assert_eq!(made["Alarms"].as_array().map(Vec::len), Some(2), "{made}");
    let burn = "nohup sh -c 'while :; do :; done' > /dev/null 2>&1 &";
    live::eventually(&subject, &["as", &burner, "--", "sh", "-c", burn]);
    let own = json!({"CustomizedMetricSpecification": {"Namespace": "Exam",
        "MetricName": "jobs", "Statistic": "Average"}});
    desk.say("PutScalingPolicy", "custom", &track(own, 10.0));
    desk.rests("custom", 1, 30);
    speak(&mut desk, "custom", "jobs", 35.0, 4);
    desk.rests("custom", 4, 30);
    let causes = desk.causes("custom");
    assert!(causes.contains("a monitor alarm TargetTracking-custom-AlarmHigh-"), "{causes}");
    assert!(causes.contains("in state ALARM triggered policy track changing"), "{causes}");
    until("a busy processor brings another instance", 60, || {
        (desk.serving("burns").len() == 2).then_some(())
    });
    let begun = Instant::now();
    speak(&mut desk, "custom", "jobs", 1.0, 1);
    eprintln!("row 26: custom metric, in after {:?}", begun.elapsed());
    desk.rests("custom", 1, 30);
    steps(&mut desk);
    desk.delete(&["custom", "steps", "burns"]);
    subject.finish();
}

/// Twenty above the threshold is the second step; while its instances warm nothing more comes.
fn steps(desk: &mut Desk) {
    alarm(
        desk,
        "steps",
        "queue",
        "up",
        &json!({"PolicyType": "StepScaling",
        "AdjustmentType": "ChangeInCapacity", "EstimatedInstanceWarmup": 600,
        "StepAdjustments": [
            {"MetricIntervalLowerBound": 0.0, "MetricIntervalUpperBound": 20.0,
                "ScalingAdjustment": 1},
            {"MetricIntervalLowerBound": 20.0, "ScalingAdjustment": 2}]}),
    );
    desk.rests("steps", 1, 30);
    speak(desk, "steps", "queue", 55.0, 2);
    desk.rests("steps", 2, 30);
    // The first step again changes nothing; the second adds what is missing to two.
    speak(desk, "steps", "queue", 55.0, 2);
    speak(desk, "steps", "queue", 75.0, 3);
    desk.rests("steps", 3, 30);
}

#[test]
fn a_newcomer_with_the_aws_cli_gets_what_the_manual_says() {
    let subject = Subject::up("row26-newcomer");
    let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/group.sh");
    let mut command = subject.client("bash");
    command.arg(script);
    let said: exam::Said = command.output().expect("bash is here").into();
    assert!(said.code == 0 && said.out.contains("all as a newcomer expects"), "{said:?}");
    subject.finish();
}
