//! What is inside an instance, seen as its owner sees it: SSH with key pairs, console output, the
//! metadata service, and images that carry their files.

mod live;

use exam::{Said, Script, Subject, scratch};
use live::{Calls, eventually, launch, run_for, text, until};
use serde_json::{Value as Json, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// A group that lets everybody in by SSH.
fn open_group(calls: &mut Calls) -> Json {
    let vpcs = calls.ec2("DescribeVpcs", json!({}));
    let made = json!({"VpcId": vpcs["Vpcs"][0]["VpcId"], "GroupName": "ssh", "Description": "s"});
    let group = calls.ec2("CreateSecurityGroup", made)["GroupId"].clone();
    let open = json!({"GroupId": group, "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 22,
        "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]});
    calls.ec2("AuthorizeSecurityGroupIngress", open);
    group
}

fn ssh(subject: &Subject, key: &Path, address: &str) -> Said {
    let (key, who) = (key.to_string_lossy(), format!("ec2-user@{address}"));
    let words = ["as", "internet", "--", "ssh", "-i", &key, "-o", "StrictHostKeyChecking=no", "-o"];
    let more = ["UserKnownHostsFile=/dev/null", "-o", "BatchMode=yes", "-o", "ConnectTimeout=5"];
    let only = ["-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-F", "/dev/null", &who];
    let words = [&words[..], &more, &only, &["id; hostname"]].concat();
    run_for(subject, &words, Duration::from_secs(20))
}

fn keygen(folder: &Path, kind: &str) -> std::path::PathBuf {
    let file = folder.join(kind);
    let mut command = Command::new("ssh-keygen");
    command.args(["-q", "-t", kind, "-N", "", "-f"]).arg(&file);
    if kind == "rsa" {
        // The 3072 bits that it would take are none that EC2 takes.
        command.args(["-b", "2048"]);
    }
    assert!(command.status().expect("OpenSSH is installed").success());
    file
}

#[test]
fn ssh_lets_the_key_pair_in_and_nobody_else() {
    let subject = Subject::up("ssh");
    let doctor = subject.maquette(&["doctor"]).out;
    if doctor.contains("without SSH into instances") {
        eprintln!("skipped: {doctor}");
        return subject.finish();
    }
    let mut calls = Calls::of(&subject);
    let image = calls.image();
    let group = open_group(&mut calls);
    let folder = scratch("ssh-keys");
    let stranger = keygen(&folder, "ed25519");
    let own = folder.join("own.pem");
    let made = calls.ec2("CreateKeyPair", json!({"KeyName": "own", "KeyType": "ed25519"}));
    fs::write(&own, text(&made["KeyMaterial"])).expect("it can be written");
    fs::set_permissions(&own, fs::Permissions::from_mode(0o600)).expect("it is ours");
    let imported = keygen(&folder, "rsa");
    let public = fs::read_to_string(imported.with_extension("pub")).expect("it was made");
    // boto3 encodes it.
    let import = json!({"KeyName": "imported", "PublicKeyMaterial": public});
    calls.ec2("ImportKeyPair", import);
    let servers: Vec<(String, String, &Path)> = [("own", &own), ("imported", &imported)]
        .into_iter()
        .map(|(name, key)| {
            let members = json!({"KeyName": name, "SecurityGroupIds": [group]});
            let id = launch(&mut calls, &image, &members);
            let found = calls.in_state(&id, "running");
            (id, text(&found["PublicIpAddress"]), key.as_path())
        })
        .collect();
    for (id, address, key) in &servers {
        let mut last = None;
        let said = until(&format!("{id} lets {} in", key.display()), 20, || {
            let said = ssh(&subject, key, address);
            let fine = (said.code == 0).then(|| said.out.clone());
            if fine.is_none() && last.as_ref() != Some(&said.err) {
                eprintln!("{}", said.err);
                last = Some(said.err);
            }
            fine
        });
        assert!(said.contains("(ec2-user)") && said.contains("ip-172-31-"), "{said}");
        let said = ssh(&subject, &stranger, address);
        assert!(said.code != 0 && said.err.contains("Permission denied"), "{said:?}");
    }
    let (first, second) = (&servers[0], &servers[1]);
    let said = ssh(&subject, first.2, &second.1);
    assert!(said.err.contains("Permission denied"), "another pair's key: {said:?}");
    let said = subject.maquette(&["ssh", &first.0, "--", "id"]);
    assert!(said.code == 0 && said.out.starts_with("uid="), "{said:?}");
    let said = subject.maquette(&["ssh", &first.0, "--", "sh", "-c", "exit 7"]);
    assert_eq!(said.code, 7, "{said:?}");
    fs::remove_dir_all(&folder).expect("it can be removed");
    subject.finish();
}

#[test]
fn console_output_holds_what_user_data_says() {
    let subject = Subject::up("console");
    let mut calls = Calls::of(&subject);
    let image = calls.image();
    let data = "#!/bin/sh\necho a word from user data on $(hostname)\necho ran >> /root/ran\n";
    let id = launch(&mut calls, &image, &json!({"UserData": data}));
    let output = until("user data has spoken", 20, || {
        let console = calls.ec2("GetConsoleOutput", json!({"InstanceId": id, "Latest": true}));
        let output = console["Output"].as_str().unwrap_or_default().to_owned();
        output.contains("a word from user data on ip-172-31-").then_some(output)
    });
    assert!(output.contains(&id) || output.contains("boot 1"), "{output}");
    // It runs once, not at every start.
    calls.ec2("RebootInstances", json!({"InstanceIds": [id]}));
    until("it has booted again", 20, || {
        let console = calls.ec2("GetConsoleOutput", json!({"InstanceId": id, "Latest": true}));
        console["Output"].as_str().is_some_and(|output| output.contains("boot 2")).then_some(())
    });
    let said = eventually(&subject, &["as", &id, "--", "cat", "/root/ran"]);
    assert_eq!(said.out, "ran\n");
    subject.finish();
}

fn token(subject: &Subject, id: &str) -> String {
    let words = ["as", id, "--", "curl", "-s", "-X", "PUT", "-H"];
    let more = ["X-aws-ec2-metadata-token-ttl-seconds: 600"];
    let words = [&words[..], &more, &["http://169.254.169.254/latest/api/token"]].concat();
    let said = eventually(subject, &words);
    assert_eq!(said.out.trim().len(), 56, "{said:?}");
    said.out.trim().to_owned()
}

fn profile(calls: &mut Calls) {
    let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
        "Action":"sts:AssumeRole","Principal":{"Service":"ec2.amazonaws.com"}}]}"#;
    let role = json!({"RoleName": "web", "AssumeRolePolicyDocument": trust});
    calls.call("iam", "CreateRole", role);
    calls.call("iam", "CreateInstanceProfile", json!({"InstanceProfileName": "web"}));
    let both = json!({"InstanceProfileName": "web", "RoleName": "web"});
    calls.call("iam", "AddRoleToInstanceProfile", both);
}

#[test]
fn the_metadata_service_answers_as_on_aws() {
    let subject = Subject::up("row39-metadata");
    let mut calls = Calls::of(&subject);
    let image = calls.image();
    profile(&mut calls);
    let members = |tokens: &str, hops: u64| {
        json!({"IamInstanceProfile": {"Name": "web"}, "UserData": "#!/bin/true\n",
            "MetadataOptions": {"HttpTokens": tokens, "HttpPutResponseHopLimit": hops}})
    };
    let strict = launch(&mut calls, &image, &members("required", 1));
    let lax = launch(&mut calls, &image, &members("optional", 5));
    let (of_strict, of_lax) = (token(&subject, &strict), token(&subject, &lax));
    for (id, other, hops) in [(&strict, &of_lax, 1), (&lax, &of_strict, 5)] {
        let text = include_str!("../clients/metadata.sh");
        let text = format!("OTHER='{other}' HOPS={hops}\n{text}");
        let said =
            run_for(&subject, &["as", id, "--", "bash", "-c", &text], Duration::from_secs(60));
        assert_eq!(said.code, 0, "{said:?}");
        let mut wrong: Vec<&str> = said.out.lines().collect();
        assert!(wrong.pop().is_some_and(|line| line.starts_with("cases 3")), "{said:?}");
        // Where no token is needed, its absence is no fault.
        let without = |line: &&&str| line.ends_with("/instance-id") || line.ends_with("/nothing");
        if id == &lax {
            assert_eq!(wrong.iter().filter(without).count(), 2, "{wrong:?}");
            wrong.retain(|line| !without(&line));
        }
        assert!(wrong.is_empty(), "{id}: {wrong:#?}");
    }
    credentials_work(&subject, &strict, &of_strict);
    // From the internet the address leads nowhere.
    let words = ["as", "internet", "--", "curl", "-s", "-m", "1", "http://169.254.169.254/"];
    assert_ne!(subject.maquette(&words).code, 0);
    // Switched off, it says so.
    let off = json!({"InstanceId": strict, "HttpEndpoint": "disabled"});
    calls.ec2("ModifyInstanceMetadataOptions", off);
    let url = "http://169.254.169.254/latest/meta-data/instance-id";
    let head = format!("X-aws-ec2-metadata-token: {of_strict}");
    let words = ["as", &strict, "--", "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}"];
    let words = [&words[..], &["-H", &head, url]].concat();
    until("it is off", 5, || (subject.maquette(&words).out == "403").then_some(()));
    subject.finish();
}

/// What the instance profile gives signs calls as the role's session.
fn credentials_work(subject: &Subject, id: &str, token: &str) {
    let head = format!("X-aws-ec2-metadata-token: {token}");
    let url = "http://169.254.169.254/latest/meta-data/iam/security-credentials/web";
    let words = ["as", id, "--", "curl", "-s", "-H", &head, url];
    let said = subject.maquette(&words);
    let found: Json = serde_json::from_str(&said.out).unwrap_or_else(|_| panic!("{said:?}"));
    assert_eq!(found["Code"], "Success", "{found}");
    let words: Vec<String> =
        ["AccessKeyId", "SecretAccessKey", "Token"].map(|name| text(&found[name])).into();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let said = Script::start(subject, "whoami", &words).rest(Duration::from_secs(30));
    let arn = text(&said[0]["arn"]);
    assert!(arn.ends_with(&format!(":assumed-role/web/{id}")), "{arn}");
}

#[test]
fn an_image_carries_the_files_of_its_instance() {
    let subject = Subject::up("images");
    let mut calls = Calls::of(&subject);
    let image = calls.image();
    let id = launch(&mut calls, &image, &json!({}));
    calls.in_state(&id, "running");
    let write = "echo carried > /etc/carried; mkdir -p /opt/app; head -c 300000 /dev/zero | \
                 tr '\\0' x > /opt/app/data; chmod 751 /opt/app/data; sync";
    eventually(&subject, &["as", &id, "--", "sh", "-c", write]);
    let made = calls.ec2("CreateImage", json!({"InstanceId": id, "Name": "with-files"}));
    let own = text(&made["ImageId"]);
    let described = json!({"ImageIds": [own]});
    until("the image is available", 20, || {
        let found = calls.ec2("DescribeImages", described.clone());
        (found["Images"][0]["State"] == "available").then_some(())
    });
    // What comes later is not in it.
    eventually(
        &subject,
        &["as", &id, "--", "sh", "-c", "echo later > /etc/later; rm /etc/carried"],
    );
    calls.ec2("TerminateInstances", json!({"InstanceIds": [id]}));
    let copy = launch(&mut calls, &own, &json!({}));
    calls.in_state(&copy, "running");
    let read = "cat /etc/carried; stat -c '%s %a' /opt/app/data; ls /etc/later 2>&1";
    let said = until("the copy can be entered", 20, || {
        let said = subject.maquette(&["as", &copy, "--", "sh", "-c", read]);
        (!said.out.is_empty()).then_some(said)
    });
    assert!(said.out.starts_with("carried\n300000 751\n"), "{said:?}");
    assert!(said.out.contains("No such file"), "{said:?}");
    subject.finish();
}

/// A root file system of a few programs of this machine and what they are linked with.
fn root_file_system(folder: &Path) -> std::path::PathBuf {
    let script = r#"
        set -eu
        cd "$1"; mkdir -p root/bin root/etc root/tmp root/proc root/dev root/sys root/root root/run
        for name in bash cat ls id sleep; do
            cp -L "$(command -v "$name")" root/bin/
            for library in $(ldd "$(command -v "$name")" | grep -o '/[^ ]*'); do
                mkdir -p "root$(dirname "$library")"; cp -L -n "$library" "root$library" || true
            done
        done
        ln -s bash root/bin/sh
        echo 'root:x:0:0:root:/root:/bin/sh' > root/etc/passwd
        echo 'root:x:0:' > root/etc/group
        echo 'from elsewhere' > root/etc/marker
        tar -C root -czf root.tar.gz .
    "#;
    let status = Command::new("bash").args(["-c", script, "bash"]).arg(folder).status();
    assert!(status.expect("bash runs").success());
    folder.join("root.tar.gz")
}

fn import(subject: &Subject, path: &str, name: &str) -> Said {
    let mut command = subject.command();
    command.args(["image", "import", path, "--name", name, "--state"]).arg(&subject.root);
    command.env("AWS_DEFAULT_REGION", "ap-northeast-2");
    command.output().expect("the binary can be started").into()
}

#[test]
fn an_imported_root_file_system_boots() {
    let subject = Subject::up("import");
    let folder = scratch("import");
    let file = root_file_system(&folder);
    let path = file.to_string_lossy();
    let said = import(&subject, &path, "elsewhere");
    assert_eq!(said.code, 0, "{said:?}");
    let image = said.out.trim();
    assert!(image.starts_with("ami-"), "{said:?}");
    let again = import(&subject, &path, "elsewhere");
    assert!(again.code != 0 && again.err.contains("elsewhere"), "{again:?}");
    let broken = folder.join("broken.tar.gz");
    fs::write(&broken, b"\x1f\x8bnothing of the kind").expect("it can be written");
    let said = import(&subject, &broken.to_string_lossy(), "no");
    assert!(said.code == 1 && !said.err.is_empty(), "{said:?}");
    let mut calls = Calls::of(&subject);
    let id = launch(&mut calls, image, &json!({}));
    calls.in_state(&id, "running");
    let words =
        ["as", &id, "--", "/bin/sh", "-c", "cat /etc/marker; ls /usr/bin 2>/dev/null; id -u"];
    let said = eventually(&subject, &words);
    assert!(said.out.starts_with("from elsewhere\n") && said.out.ends_with("0\n"), "{said:?}");
    assert!(!said.out.contains("python"), "nothing of this machine's /usr: {said:?}");
    fs::remove_dir_all(&folder).expect("it can be removed");
    subject.finish();
}
