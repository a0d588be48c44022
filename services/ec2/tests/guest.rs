//! What happens inside: guests that switch themselves off, files that stay, metadata.

use crate::bench::Bench;
use region::Credential;
use serde_json::json;
use world::{Id, Span, World};

#[test]
fn a_guest_that_switches_itself_off_is_stopped_or_terminated_as_was_chosen() {
    for (behaviour, state) in [("stop", "stopped"), ("terminate", "terminated")] {
        let mut bench = Bench::new(1);
        let id = bench.launch(json!({"InstanceInitiatedShutdownBehavior": behaviour}));
        bench.region().world.switch_off(&Id::from(&id));
        bench.settle();
        let shown = bench.show(&id);
        assert_eq!(shown["State"]["Name"], state);
        assert_eq!(shown["StateReason"]["Code"], "Client.InstanceInitiatedShutdown");
        bench.check();
    }
}

#[test]
fn files_stay_through_stop_and_start_and_go_into_an_image() {
    let mut bench = Bench::new(2);
    let id = bench.launch(json!({}));
    assert!(bench.region().world.write_file(&Id::from(&id), "/srv/page", b"hello"));
    bench.call("StopInstances", &json!({"InstanceIds": [id]}));
    bench.settle();
    bench.call("StartInstances", &json!({"InstanceIds": [id]}));
    bench.settle();
    assert_eq!(bench.region().world.read_file(&Id::from(&id), "/srv/page").unwrap(), b"hello");
    let made = bench.call("CreateImage", &json!({"InstanceId": id, "Name": "golden"}));
    bench.settle();
    assert_eq!(bench.state(&id), "running", "rebooted for the image");
    bench.call("TerminateInstances", &json!({"InstanceIds": [id]}));
    bench.settle();
    let copy = bench.launch(json!({"ImageId": made["ImageId"]}));
    assert_eq!(bench.region().world.read_file(&Id::from(&copy), "/srv/page").unwrap(), b"hello");
    bench.check();
}

#[test]
fn files_go_with_a_copy_of_a_snapshot() {
    let mut bench = Bench::new(3);
    let id = bench.launch(json!({}));
    bench.region().world.write_file(&Id::from(&id), "/srv/page", b"hello");
    let volume = bench.show(&id)["BlockDeviceMappings"][0]["Ebs"]["VolumeId"].clone();
    let snapshot = bench.call("CreateSnapshot", &json!({"VolumeId": volume}));
    bench.settle();
    let source = json!({"SourceRegion": "us-east-1", "SourceSnapshotId": snapshot["SnapshotId"]});
    let copy = bench.call("CopySnapshot", &source);
    // Deleted while it is being copied: the copy is whole nevertheless.
    bench.call("DeleteSnapshot", &json!({"SnapshotId": snapshot["SnapshotId"]}));
    bench.settle();
    let copy = Id::from(copy["SnapshotId"].as_str().unwrap());
    let content = bench.region().world.content(&copy).unwrap();
    assert_eq!(content.files.get("/srv/page").unwrap(), b"hello");
    bench.wait(Span::seconds(5));
    bench.check();
}

#[test]
fn user_data_runs_when_it_is_a_script_and_is_shown_when_it_is_not() {
    let mut bench = Bench::new(4);
    let script =
        bench.launch(json!({"UserData": shape::base64::encode(b"#!/bin/sh\necho it works\n")}));
    assert_eq!(bench.guest(&script).first_boot.unwrap(), b"#!/bin/sh\necho it works\n");
    let output = bench.call("GetConsoleOutput", &json!({"InstanceId": script}));
    let output = shape::base64::decode(output["Output"].as_str().unwrap()).unwrap();
    let output = String::from_utf8(output).unwrap();
    assert!(output.contains("it works"), "{output}");
    let plain = bench.launch(json!({"UserData": shape::base64::encode(b"hello")}));
    let guest = bench.guest(&plain);
    assert_eq!((guest.first_boot, guest.card.user_data), (None, Some(b"hello".to_vec())));
}

#[test]
fn the_card_says_what_the_api_says_and_follows_it() {
    let mut bench = Bench::new(5);
    let trust = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
        "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]});
    let role = json!({"RoleName": "reader", "AssumeRolePolicyDocument": trust.to_string()});
    bench.call("CreateRole", &role);
    bench.call("CreateInstanceProfile", &json!({"InstanceProfileName": "web"}));
    let id = bench.launch(json!({
        "IamInstanceProfile": {"Name": "web"},
        "MetadataOptions": {"InstanceMetadataTags": "enabled"},
        "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "a", "Value": "1"}]}],
    }));
    let shown = bench.show(&id);
    let guest = bench.guest(&id);
    let card = guest.card;
    let read = |path: &str| card.tree.get(path).map(String::as_str).unwrap_or_default();
    assert!(card.enabled && card.tokens_required, "Amazon Linux 2023 wants tokens");
    assert_eq!(read("meta-data/instance-id"), id);
    assert_eq!(read("meta-data/local-ipv4"), shown["PrivateIpAddress"]);
    assert_eq!(read("meta-data/public-ipv4"), shown["PublicIpAddress"]);
    assert_eq!(read("meta-data/hostname"), shown["PrivateDnsName"]);
    assert_eq!(read("meta-data/public-hostname"), shown["PublicDnsName"]);
    assert_eq!(guest.hostname, shown["PrivateDnsName"]);
    assert_eq!(read("meta-data/placement/region"), "us-east-1");
    assert_eq!(read("meta-data/security-groups"), "default");
    assert_eq!(read("meta-data/tags/instance/a"), "1");
    let mac = read("meta-data/mac").to_owned();
    let subnet = read(&format!("meta-data/network/interfaces/macs/{mac}/subnet-id")).to_owned();
    assert_eq!(subnet, shown["SubnetId"]);
    let document = read("dynamic/instance-identity/document");
    let document: serde_json::Value = serde_json::from_str(document).unwrap();
    assert_eq!(document["instanceId"], id);
    let info: serde_json::Value = serde_json::from_str(read("meta-data/iam/info")).unwrap();
    assert_eq!(info["InstanceProfileArn"], shown["IamInstanceProfile"]["Arn"]);

    let tags = json!([{"Key": "a", "Value": "2"}]);
    bench.call("CreateTags", &json!({"Resources": [id], "Tags": tags}));
    let eip = bench.call("AllocateAddress", &json!({"Domain": "vpc"}));
    let with = json!({"AllocationId": eip["AllocationId"], "InstanceId": id});
    bench.call("AssociateAddress", &with);
    bench.settle();
    let card = bench.guest(&id).card;
    assert_eq!(card.tree["meta-data/tags/instance/a"], "2");
    assert_eq!(card.tree["meta-data/public-ipv4"], eip["PublicIp"]);
}

#[test]
fn a_launch_that_the_world_cannot_carry_out_ends_and_says_why() {
    let mut bench = Bench::new(6);
    let input = json!({"ImageId": bench.image(), "InstanceType": "t3.micro", "MinCount": 1,
        "MaxCount": 1});
    let made = bench.call("RunInstances", &input);
    let one = &made["Instances"][0];
    let id = one["InstanceId"].as_str().unwrap().to_owned();
    let root = Id::from(one["BlockDeviceMappings"][0]["Ebs"]["VolumeId"].as_str().unwrap());
    bench.region().world.spoil(&root, "no space left");
    bench.settle();
    let shown = bench.show(&id);
    assert_eq!(shown["State"]["Name"], "terminated");
    assert_eq!(shown["StateReason"]["Code"], "Server.InternalError");
    bench.check();
}

#[test]
fn the_role_of_an_instance_gets_credentials_that_the_door_knows_and_that_follow_each_other() {
    let mut bench = Bench::new(7);
    let trust = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
        "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]});
    let role = json!({"RoleName": "reader", "AssumeRolePolicyDocument": trust.to_string()});
    bench.call("CreateRole", &role);
    bench.call("CreateInstanceProfile", &json!({"InstanceProfileName": "web"}));
    let id = bench.launch(json!({"IamInstanceProfile": {"Name": "web"}}));
    let path = "meta-data/iam/security-credentials/reader";
    assert!(!bench.guest(&id).card.tree.contains_key(path), "no role, no credentials");
    let both = json!({"InstanceProfileName": "web", "RoleName": "reader"});
    bench.call("AddRoleToInstanceProfile", &both);
    bench.settle();
    let mut seen = Vec::new();
    for _ in 0..3 {
        let text = bench.guest(&id).card.tree[path].clone();
        let shown: serde_json::Value = serde_json::from_str(&text).unwrap();
        let key = Credential::key(shown["AccessKeyId"].as_str().unwrap());
        let known = bench.region().store().get::<Credential>(&key).unwrap().clone();
        assert_eq!(known.secret, shown["SecretAccessKey"]);
        assert_eq!(known.session_token.as_deref(), shown["Token"].as_str());
        assert!(known.principal.arn.ends_with(&format!("assumed-role/reader/{id}")));
        assert!(known.expires.unwrap() > bench.region().world.now());
        assert!(!seen.contains(&known.secret));
        seen.push(known.secret.clone());
        bench.wait(Span::seconds(6 * 3600));
    }
}
