//! A random customer does whatever comes to mind, the control plane dies now and then, and what
//! must always hold holds.

use iam::model::{AccessKey, Group, Holder, InstanceProfile, Policy, Role, User, role};
use region::{Credential, DEFAULT_ACCOUNT, GLOBAL, Record, Scope, Store};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use stories::Bench;
use world::Span;

const SEEDS: u64 = 6;
const STEPS: usize = 400;
const NAMES: [&str; 4] = ["ada", "Ada", "bob", "cyd"];

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) as usize % sides
    }

    fn name(&mut self) -> &'static str {
        NAMES[self.roll(NAMES.len())]
    }

    fn arn(&mut self) -> String {
        match self.roll(5) {
            0 => "arn:aws:iam::aws:policy/ReadOnlyAccess".into(),
            _ => format!("arn:aws:iam::{DEFAULT_ACCOUNT}:policy/{}", self.name()),
        }
    }
}

fn document(trust: bool) -> String {
    let end = if trust {
        json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"})
    } else {
        json!({"Effect": "Allow", "Action": "s3:*", "Resource": "*"})
    };
    json!({"Statement": [end]}).to_string()
}

/// An operation and its input.
fn wish(dice: &mut Dice) -> (&'static str, Json) {
    let (name, other, arn) = (dice.name(), dice.name(), dice.arn());
    let policy = document(false);
    match dice.roll(34) {
        0 | 1 => ("CreateUser", json!({"UserName": name, "PermissionsBoundary": arn})),
        2 | 3 => ("CreateUser", json!({"UserName": name})),
        4 => ("DeleteUser", json!({"UserName": name})),
        5 => ("UpdateUser", json!({"UserName": name, "NewUserName": other, "NewPath": "/x/"})),
        6 | 7 => ("CreateGroup", json!({"GroupName": name})),
        8 => ("DeleteGroup", json!({"GroupName": name})),
        9 => ("UpdateGroup", json!({"GroupName": name, "NewGroupName": other})),
        10 | 11 => ("AddUserToGroup", json!({"GroupName": name, "UserName": other})),
        12 => ("RemoveUserFromGroup", json!({"GroupName": name, "UserName": other})),
        13 | 14 => {
            let trust = document(true);
            ("CreateRole", json!({"RoleName": name, "AssumeRolePolicyDocument": trust}))
        }
        15 => ("DeleteRole", json!({"RoleName": name})),
        16 | 17 => ("CreateInstanceProfile", json!({"InstanceProfileName": name})),
        18 => ("DeleteInstanceProfile", json!({"InstanceProfileName": name})),
        19 | 20 => {
            let input = json!({"InstanceProfileName": name, "RoleName": other});
            ("AddRoleToInstanceProfile", input)
        }
        21 => {
            let input = json!({"InstanceProfileName": name, "RoleName": other});
            ("RemoveRoleFromInstanceProfile", input)
        }
        22 | 23 => ("CreatePolicy", json!({"PolicyName": name, "PolicyDocument": policy})),
        24 => ("DeletePolicy", json!({"PolicyArn": arn})),
        25 => {
            let default = dice.roll(2) == 0;
            let input =
                json!({"PolicyArn": arn, "PolicyDocument": policy, "SetAsDefault": default});
            ("CreatePolicyVersion", input)
        }
        26 => {
            let version = format!("v{}", dice.roll(9));
            ("DeletePolicyVersion", json!({"PolicyArn": arn, "VersionId": version}))
        }
        27 => ("AttachUserPolicy", json!({"UserName": name, "PolicyArn": arn})),
        28 => ("DetachUserPolicy", json!({"UserName": name, "PolicyArn": arn})),
        29 => ("AttachRolePolicy", json!({"RoleName": name, "PolicyArn": arn})),
        30 => ("DetachRolePolicy", json!({"RoleName": name, "PolicyArn": arn})),
        31 => ("AttachGroupPolicy", json!({"GroupName": name, "PolicyArn": arn})),
        32 => ("DetachGroupPolicy", json!({"GroupName": name, "PolicyArn": arn})),
        _ => ("CreateAccessKey", json!({"UserName": name})),
    }
}

fn scope() -> Scope {
    Scope::new(DEFAULT_ACCOUNT, GLOBAL)
}

fn every<R: Record>(store: &Store, scope: &Scope) -> Vec<Arc<R>> {
    store.list::<R>(scope).map(|(_, row)| row.clone()).collect()
}

fn holders<H: Holder>(store: &Store, arns: &BTreeSet<String>) {
    for holder in every::<H>(store, &scope()) {
        let bound = holder.boundary().map(str::to_owned);
        for arn in holder.grants().attached.iter().chain(&bound) {
            let known = arn.starts_with("arn:aws:iam::aws:") || arns.contains(arn);
            assert!(known, "{} has {arn}, which is not there", holder.name());
        }
    }
}

fn laws(store: &Store) {
    let scope = scope();
    let users = every::<User>(store, &scope);
    let groups: BTreeSet<String> =
        every::<Group>(store, &scope).iter().map(|group| group.name.clone()).collect();
    for user in &users {
        assert!(user.groups.is_subset(&groups), "{} is in groups that are there", user.name);
    }
    for profile in every::<InstanceProfile>(store, &scope) {
        let carried = profile.role.as_ref();
        assert!(carried.is_none_or(|name| role(store, &scope, name).is_some()), "{profile:?}");
    }
    let policies = every::<Policy>(store, &scope);
    for policy in &policies {
        assert!(policy.versions.contains_key(&policy.default), "{policy:?}");
        assert!(policy.versions.len() <= 5 && !policy.versions.contains_key(&policy.next));
    }
    let arns = policies.iter().map(|policy| policy.arn.clone()).collect();
    holders::<User>(store, &arns);
    holders::<Group>(store, &arns);
    holders::<Role>(store, &arns);
    keys(store, &users);
}

/// Keys, credentials and those whom they prove belong together.
fn keys(store: &Store, users: &[Arc<User>]) {
    let scope = scope();
    let keys = every::<AccessKey>(store, &scope);
    for key in &keys {
        let credential = store.get::<Credential>(&Credential::key(&key.id)).expect("a credential");
        let owner = users.iter().find(|user| Some(&user.name) == key.user.as_ref());
        let owner = owner.expect("a key of a user who is there");
        assert_eq!(credential.principal.arn, owner.arn(&scope));
        assert_eq!(credential.principal.user_id, owner.id);
        let beside = keys.iter().filter(|other| other.user == key.user).count();
        assert!(beside <= 2, "{} has {beside} keys", owner.name);
    }
    let roles = every::<Role>(store, &scope);
    for credential in every::<Credential>(store, &Scope::new("", GLOBAL)) {
        let id = credential.principal.user_id.split(':').next().expect("a first part");
        match credential.session_token.is_some() {
            true => assert!(roles.iter().any(|role| role.id == id), "a session of nobody"),
            false => assert!(keys.iter().any(|key| key.id == credential.key_id)),
        }
    }
}

fn everything(bench: &mut Bench) -> Json {
    let input = json!({"MaxItems": 1000});
    bench.call("iam", "GetAccountAuthorizationDetails", &input).expect("an answer")
}

#[test]
fn a_random_customer_breaks_no_law() {
    let (mut served, mut sessions) = (0, 0);
    for seed in 1..=SEEDS {
        let mut bench =
            Bench::of(vec![&iam::SERVICE, &sts::SERVICE], seed, sim::Settings::default());
        let mut dice = Dice(seed);
        for _ in 0..STEPS {
            let (operation, input) = wish(&mut dice);
            let before = everything(&mut bench);
            match bench.call("iam", operation, &input) {
                Ok(_) => served += 1,
                Err(refused) => {
                    assert_ne!(refused.code, "InternalFailure", "{operation} {input}");
                    assert_eq!(before, everything(&mut bench), "{operation} {input} {refused:?}");
                }
            }
            match dice.roll(40) {
                0 => bench.crash(),
                1 => bench.wait(Span::seconds(1800)),
                2..=8 => {
                    let arn = format!("arn:aws:iam::{DEFAULT_ACCOUNT}:role/{}", dice.name());
                    let input = json!({"RoleArn": arn, "RoleSessionName": "run"});
                    sessions += usize::from(bench.call("sts", "AssumeRole", &input).is_ok());
                }
                9..=12 => delete_key(&mut bench, dice.name()),
                _ => {}
            }
            laws(bench.region().store());
        }
        let before = everything(&mut bench);
        bench.crash();
        assert_eq!(before, everything(&mut bench), "what was answered survives");
        bench.wait(Span::seconds(3 * 3600));
        let left = every::<Credential>(bench.region().store(), &Scope::new("", GLOBAL));
        assert!(left.iter().all(|one| one.expires.is_none()), "sessions that ended are forgotten");
    }
    assert!(served > STEPS, "only {served} wishes were fulfilled");
    assert!(sessions > 50, "only {sessions} sessions");
}

fn delete_key(bench: &mut Bench, user: &str) {
    let Ok(keys) = bench.call("iam", "ListAccessKeys", &json!({"UserName": user})) else { return };
    let Some(id) = keys["AccessKeyMetadata"][0]["AccessKeyId"].as_str() else { return };
    let input = json!({"UserName": user, "AccessKeyId": id});
    bench.call("iam", "DeleteAccessKey", &input).expect("a key that is listed can go");
}
