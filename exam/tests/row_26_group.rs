//! Row 26, at AWS's own pace and shortened: Auto Scaling groups replace what dies or is sick, keep
//! their zones equal, survive the death of the control plane, and decide as the guide says.

mod group;
mod live;

use exam::{Process, Seed, Subject, size};
use group::reference::{Candidate, right};
use group::{Desk, KILL, Member, ZONES, inside, kill};
use live::{text, until};
use serde_json::{Value as Json, json};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// From death to service of what comes instead, at pace 1.
const SOON: Duration = Duration::from_secs(15);

#[test]
fn the_dead_are_replaced_zones_fail_and_the_control_plane_may_die() {
    let mut seed = Seed::take("row 26, deaths");
    let mut subject = Subject::up("row26");
    let mut desk = Desk::of(&subject);
    let count = size(3, 12) as usize;
    desk.group("web", [0, count, count], &json!({}));
    desk.rests("web", count, 60);
    for round in 0..size(2, 6) {
        let dead = desk.ids("web")[..(count / 10).max(1)].to_vec();
        if round % 2 == 0 {
            dead.iter().for_each(|id| kill(&subject, id));
        } else {
            desk.calls.ec2("TerminateInstances", json!({"InstanceIds": dead}));
        }
        let took = desk.replaced("web", &dead, count);
        eprintln!("row 26: {dead:?} replaced after {took:?}");
        assert!(took < SOON, "{took:?}");
        desk.rests("web", count, 30);
    }
    let causes = desk.causes("web");
    for part in [
        "an instance was taken out of service in response to an EC2 instance \
         status checks failure.",
        "an instance was taken out of service in response to an EC2 health check indicating it has \
         been terminated or stopped.",
        "an instance was launched in response to an unhealthy instance needing to be replaced.",
    ] {
        assert!(causes.contains(part), "{part} is not in\n{causes}");
    }
    a_zone_goes_dark(&subject, &mut desk, count);
    nothing_happens_without_a_control_plane(&mut subject, &mut desk, count);
    killed_in_the_middle(&mut subject, &mut desk, &mut seed, count);
    desk.delete(&["web"]);
    assert_eq!(desk.instances("web"), Vec::<String>::new());
    subject.finish();
}

/// Capacity comes back elsewhere, and afterwards the zones are equal again.
fn a_zone_goes_dark(subject: &Subject, desk: &mut Desk, count: usize) {
    let dark = ZONES[1];
    assert_eq!(subject.maquette(&["az", "fail", dark]).code, 0);
    let begun = Instant::now();
    until("the other zones serve for all", 60, || {
        let lit = desk.serving("web").iter().filter(|one| one.zone != dark).count();
        (lit >= count).then_some(())
    });
    let took = begun.elapsed();
    eprintln!("row 26: a zone went dark; whole again after {took:?}");
    assert!(took < SOON, "{took:?}");
    assert_eq!(subject.maquette(&["az", "heal", dark]).code, 0);
    let margin = (count / 10).max(1);
    until("the zones are equal again", 90, || {
        let all = desk.members("web");
        let running = all.iter().filter(|one| !one.state.starts_with("Terminating")).count();
        assert!(running <= count + margin, "{running} of {count}: {all:?}");
        let counts = desk.by_zone("web");
        let (most, least) = (counts.values().max()?, counts.values().min()?);
        let rests = all.iter().all(|one| one.state == "InService") && all.len() == count;
        (most - least <= 1 && rests).then_some(())
    });
    eprintln!("row 26: equal again {:?} after the failure", begun.elapsed());
    let causes = desk.causes("web");
    assert!(causes.contains("instances were launched to balance instances in zones"), "{causes}");
}

/// Static stability: an instance dies meanwhile, and only afterwards it is replaced.
fn nothing_happens_without_a_control_plane(subject: &mut Subject, desk: &mut Desk, count: usize) {
    let before = desk.ids("web");
    let dead = vec![before[0].clone()];
    let doomed = inside(subject, &dead[0]);
    let others: Vec<Process> =
        before[1..].iter().flat_map(|id| inside(subject, id)).filter(|one| one.alive()).collect();
    subject.kill();
    doomed.iter().for_each(|one| one.signal(KILL));
    sleep(Duration::from_secs(20));
    assert!(others.len() + 1 >= count, "hardly anything runs: {others:?}");
    let ended: Vec<&Process> = others.iter().filter(|one| !one.alive()).collect();
    assert!(ended.is_empty(), "ended with the control plane: {ended:?}");
    subject.start();
    let took = desk.replaced("web", &dead, count);
    eprintln!(
        "row 26: died while nobody looked; replaced {took:?} after the control plane is back"
    );
    assert!(took < SOON, "{took:?}");
    let after: Vec<String> = desk.rests("web", count, 30).into_iter().map(|one| one.id).collect();
    assert!(before[1..].iter().all(|id| after.contains(id)), "{before:?}, and then {after:?}");
}

/// A scale-out is cut anywhere: afterwards there is the wanted number, and nobody else.
fn killed_in_the_middle(subject: &mut Subject, desk: &mut Desk, seed: &mut Seed, count: usize) {
    let more = count + size(4, 12) as usize;
    desk.say("UpdateAutoScalingGroup", "web", &json!({"MaxSize": more}));
    for _ in 0..size(2, 8) {
        desk.desire("web", more);
        sleep(Duration::from_millis(seed.between(0, 1200)));
        subject.kill();
        subject.start();
        let all = desk.rests("web", more, 60);
        let mut named: Vec<String> = all.into_iter().map(|one| one.id).collect();
        named.sort();
        assert_eq!(desk.instances("web"), named, "an orphan, or one that is not there");
        until("as many machines run", 30, || {
            let status = subject.status();
            let machines = status["machines"].as_array().expect("machines").clone();
            let is = |one: &&Json| one["id"].as_str().is_some_and(|id| id.starts_with("i-"));
            (machines.iter().filter(is).count() == more).then_some(())
        });
        desk.desire("web", count);
        desk.rests("web", count, 60);
    }
}

#[test]
fn the_sick_are_replaced_a_tenth_at_a_time() {
    Seed::take("row 26, sickness");
    let mut subject = Subject::new("row26-sick");
    subject.pace = 2;
    subject.start();
    let mut desk = Desk::of(&subject);
    let target = behind_a_balancer(&mut desk);
    let elb = |grace: u32| {
        json!({"TargetGroupARNs": [target], "HealthCheckType": "ELB",
            "HealthCheckGracePeriod": grace})
    };
    let count = size(4, 20) as usize;
    desk.group("prompt", [0, 4, 1], &elb(0));
    desk.group("patient", [0, 4, 1], &elb(60));
    desk.group("tenth", [0, count, count], &json!({}));
    let prompt = desk.rests("prompt", 1, 60)[0].id.clone();
    let patient = desk.rests("patient", 1, 60)[0].id.clone();
    let since = Instant::now();
    for id in [&prompt, &patient] {
        live::eventually(&subject, &["as", id, "--", "touch", "/root/sick"]);
    }
    a_tenth_at_a_time(&mut desk, count);
    desk.replaced("prompt", &[prompt], 1);
    let took = since.elapsed();
    eprintln!("row 26: told by the balancer, replaced after {took:?}");
    // Grace is 60 s from service on, at pace 2.
    if took < Duration::from_secs(25) {
        assert_eq!(desk.rests("patient", 1, 1)[0].id, patient, "within its grace");
    }
    desk.replaced("patient", &[patient], 1);
    assert!(since.elapsed() > Duration::from_secs(27), "its grace was not over");
    let causes = desk.causes("prompt");
    assert!(causes.contains("in response to an ELB system health check failure."), "{causes}");
    desk.delete(&["prompt", "patient", "tenth"]);
    subject.finish();
}

/// All are called unhealthy at once.
fn a_tenth_at_a_time(desk: &mut Desk, count: usize) {
    let first: Vec<String> = desk.rests("tenth", count, 90).into_iter().map(|m| m.id).collect();
    for id in &first {
        let sick = json!({"InstanceId": id, "HealthStatus": "Unhealthy",
            "ShouldRespectGracePeriod": false});
        desk.asg("SetInstanceHealth", sick);
    }
    let margin = (count / 10).max(1);
    let mut least = count;
    until("all are replaced", 60 + 10 * (count / margin) as u64, || {
        let all = desk.serving("tenth");
        least = least.min(all.len());
        assert!(all.len() + margin >= count, "{} of {count} serve", all.len());
        let new = all.iter().filter(|one| !first.contains(&one.id)).count();
        (new == count).then_some(())
    });
    assert!(least < count, "nobody was seen to go");
    let causes = desk.causes("tenth");
    assert!(causes.contains("in response to a user health-check."), "{causes}");
}

/// The ARN of a target group behind an application balancer.
fn behind_a_balancer(desk: &mut Desk) -> String {
    let vpcs = desk.calls.ec2("DescribeVpcs", json!({}));
    let made = json!({"Name": "web", "Protocol": "HTTP", "Port": 80,
        "VpcId": vpcs["Vpcs"][0]["VpcId"], "HealthCheckIntervalSeconds": 5,
        "HealthCheckTimeoutSeconds": 2, "HealthyThresholdCount": 2,
        "UnhealthyThresholdCount": 2});
    let made = desk.calls.call("elbv2", "CreateTargetGroup", made);
    let target = text(&made["TargetGroups"][0]["TargetGroupArn"]);
    let attributes = json!([{"Key": "deregistration_delay.timeout_seconds", "Value": "0"}]);
    let delay = json!({"TargetGroupArn": target, "Attributes": attributes});
    desk.calls.call("elbv2", "ModifyTargetGroupAttributes", delay);
    let made = json!({"Name": "front", "Subnets": desk.subnets});
    let made = desk.calls.call("elbv2", "CreateLoadBalancer", made);
    let listener = json!({"LoadBalancerArn": made["LoadBalancers"][0]["LoadBalancerArn"],
        "Protocol": "HTTP", "Port": 80,
        "DefaultActions": [{"Type": "forward", "TargetGroupArn": target}]});
    desk.calls.call("elbv2", "CreateListener", listener);
    target
}

const POLICIES: &[&[&str]] = &[
    &["Default"],
    &["OldestInstance"],
    &["NewestInstance"],
    &["OldestLaunchTemplate", "NewestInstance"],
    &["ClosestToNextInstanceHour"],
    &["OldestLaunchConfiguration", "OldestInstance"],
    &["AllocationStrategy", "Default"],
];

#[test]
fn thirty_terminations_as_the_reference_model_says() {
    let mut seed = Seed::take("row 26, terminations");
    let mut subject = Subject::new("row26-terminations");
    subject.pace = 60;
    subject.start();
    let mut desk = Desk::of(&subject);
    let latest = json!({"LaunchTemplateId": desk.template, "Version": "$Latest"});
    desk.group("g", [0, 9, 0], &json!({"LaunchTemplate": latest}));
    desk.say("SuspendProcesses", "g", &json!({"ScalingProcesses": ["AZRebalance"]}));
    let mut scenarios = 0;
    while scenarios < size(30, 300) {
        // Three generations of one template, each a second older than the next.
        let has = desk.members("g").len();
        for generation in 0..3 {
            let version = json!({"LaunchTemplateId": desk.template, "SourceVersion": "1",
                "LaunchTemplateData": {"InstanceType": "t3.micro"}});
            desk.calls.ec2("CreateLaunchTemplateVersion", version);
            let count = has.max(1) + 2 * generation;
            desk.desire("g", count);
            desk.rests("g", count, 60);
            sleep(Duration::from_millis(1100));
        }
        for _ in 0..5 {
            scenarios += 1;
            one_goes(&mut desk, &mut seed);
        }
        desk.rests("g", desk_size(has), 60);
    }
    eprintln!("row 26: {scenarios} terminations as the model says");
    desk.delete(&["g"]);
    subject.finish();
}

/// What is left of a round.
fn desk_size(had: usize) -> usize {
    (had.max(1) + 4).saturating_sub(5)
}

fn one_goes(desk: &mut Desk, seed: &mut Seed) {
    let policies = POLICIES[seed.between(0, POLICIES.len() as u64) as usize];
    desk.say("UpdateAutoScalingGroup", "g", &json!({"TerminationPolicies": policies}));
    let all: Vec<Member> = desk.serving("g");
    for one in &all {
        let protect = all.len() > 1 && one.id != all[0].id && seed.between(0, 5) == 0;
        let set = json!({"InstanceIds": [one.id], "ProtectedFromScaleIn": protect});
        desk.say("SetInstanceProtection", "g", &set);
    }
    let all = desk.serving("g");
    let now = Instant::now();
    let ages = launch_times(desk);
    let newest = ages.iter().map(|(_, at)| *at).max().unwrap_or(0);
    let candidate = |one: &Member| {
        let at = ages.iter().find(|(id, _)| *id == one.id).expect("EC2 has it").1;
        Candidate { member: one.clone(), age: newest - at }
    };
    let candidates: Vec<Candidate> = all.iter().map(candidate).collect();
    let right = right(&candidates, policies);
    desk.desire("g", all.len() - 1);
    let left = until("one goes", 20, || {
        let left = desk.serving("g");
        (left.len() + 1 == all.len()).then_some(left)
    });
    let gone = all.iter().find(|one| !left.iter().any(|two| two.id == one.id)).expect("one went");
    assert!(
        right.contains(&gone.id),
        "{policies:?}: {} went instead of {right:?} of {all:?} {ages:?} {:?}",
        gone.id,
        now.elapsed()
    );
}

/// When each instance was launched, in seconds.
fn launch_times(desk: &mut Desk) -> Vec<(String, u64)> {
    let filters = json!([{"Name": "instance-state-name", "Values": ["running"]}]);
    let found = desk.calls.ec2("DescribeInstances", json!({"Filters": filters}));
    let all = found["Reservations"].as_array().expect("reservations").iter();
    let all = all.flat_map(|one| one["Instances"].as_array().expect("instances"));
    all.map(|one| (text(&one["InstanceId"]), seconds(&text(&one["LaunchTime"])))).collect()
}

/// Seconds of a day and of the days of its month; the test does not last over a month's end.
fn seconds(stamp: &str) -> u64 {
    let part = |from: usize, to: usize| stamp[from..to].parse::<u64>().expect("digits");
    ((part(8, 10) * 24 + part(11, 13)) * 60 + part(14, 16)) * 60 + part(17, 19)
}
