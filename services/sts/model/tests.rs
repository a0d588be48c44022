//! Sessions of instances: the same from the same, and nothing tells one from another.

use super::instance_session;
use iam::model::{Grants, Role};
use region::{GLOBAL, Scope};
use shape::base64;
use std::collections::BTreeSet;
use world::Time;

fn role(id: &str) -> Role {
    Role {
        name: "web".into(),
        id: id.into(),
        path: "/app/".into(),
        created: Time(0),
        trust: "{}".into(),
        description: None,
        max_session: 3600,
        boundary: None,
        grants: Grants::default(),
        service: None,
        tags: Default::default(),
    }
}

#[test]
fn a_session_of_an_instance() {
    let scope = Scope::new("111122223333", "eu-west-3");
    let end = Time::from_millis(1_700_000_000_900);
    let made = instance_session(&scope, &role("AROAX"), "i-1", &[7; 32], end);
    assert_eq!(made.principal.arn, "arn:aws:sts::111122223333:assumed-role/web/i-1");
    assert_eq!(made.principal.user_id, "AROAX:i-1");
    assert_eq!(made.expires, Some(Time::from_millis(1_700_000_000_000)), "a whole second");
    assert!(made.key_id.starts_with("ASIA") && made.key_id.len() == 20, "{}", made.key_id);
    assert_eq!(made.secret.len(), 40);
    assert!(made.active);
    let again =
        instance_session(&Scope::new("111122223333", GLOBAL), &role("AROAX"), "i-1", &[7; 32], end);
    assert_eq!(made, again, "planning twice plans the same");
}

#[test]
fn no_two_sessions_are_alike() {
    let scope = Scope::new("111122223333", "eu-west-3");
    let at = Time::from_millis;
    let made = [
        instance_session(&scope, &role("AROAX"), "i-1", &[7; 32], at(5_000)),
        instance_session(&scope, &role("AROAX"), "i-1", &[7; 32], at(6_000)),
        instance_session(&scope, &role("AROAX"), "i-1", &[8; 32], at(5_000)),
        instance_session(&scope, &role("AROAX"), "i-2", &[7; 32], at(5_000)),
        instance_session(&scope, &role("AROAY"), "i-1", &[7; 32], at(5_000)),
    ];
    let ids: BTreeSet<&String> = made.iter().map(|one| &one.key_id).collect();
    let secrets: BTreeSet<&String> = made.iter().map(|one| &one.secret).collect();
    let tokens: BTreeSet<&String> =
        made.iter().filter_map(|one| one.session_token.as_ref()).collect();
    assert_eq!((ids.len(), secrets.len(), tokens.len()), (5, 5, 5));
}

#[test]
fn a_token_does_not_give_the_secret_away() {
    let scope = Scope::new("111122223333", "eu-west-3");
    let made = instance_session(&scope, &role("AROAX"), "i-1", &[7; 32], Time(0));
    let token = base64::decode(made.session_token.as_deref().unwrap()).unwrap();
    let secret = base64::decode(&made.secret).unwrap();
    let shared = |bytes: &[u8]| token.windows(8).any(|window| window == bytes);
    assert!(!secret.windows(8).any(shared));
    assert!(!shared(&[7; 8]), "nor the seed");
}
