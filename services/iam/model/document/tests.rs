//! Documents that IAM takes and refuses, and callers that a trust policy lets in or not.

use super::{Caller, Kind, Verdict, allows_service, decide, parse, percent_encoded};
use region::Principal;

#[test]
fn identity_policies() {
    let statement =
        |fields: &str| format!(r#"{{"Version":"2012-10-17","Statement":[{{{fields}}}]}}"#);
    let allow = r#""Effect":"Allow","Action":"s3:Get*","Resource":"*""#;
    let cases: &[(&str, String, Option<&str>)] = &[
        ("plain", statement(allow), None),
        ("one statement", format!(r#"{{"Statement":{{{allow}}}}}"#), None),
        ("all", statement(r#""Effect":"Deny","NotAction":["*"],"NotResource":["*"]"#), None),
        (
            "variables",
            statement(
                r#""Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/${aws:username}/*""#,
            ),
            None,
        ),
        (
            "condition",
            statement(&format!(
                r#"{allow},"Condition":{{"ForAnyValue:StringLikeIfExists":{{"aws:TagKeys":["a*"]}},
                "Bool":{{"aws:SecureTransport":true}}}}"#
            )),
            None,
        ),
        ("no json", "{".into(), Some("invalid Json")),
        ("a list", "[]".into(), Some("Syntax errors")),
        ("a word", "\"Allow\"".into(), Some("Syntax errors")),
        ("empty", "{}".into(), Some("Missing required field Statement")),
        ("no statements", r#"{"Statement":[]}"#.into(), Some("Missing required field Statement")),
        ("number", r#"{"Statement":7}"#.into(), Some("Syntax errors")),
        ("other field", format!(r#"{{"Statment":{{{allow}}}}}"#), Some("Syntax errors")),
        (
            "other version",
            format!(r#"{{"Version":"2012-10-18","Statement":{{{allow}}}}}"#),
            Some("version 2012-10-17"),
        ),
        ("no effect", statement(r#""Action":"s3:*","Resource":"*""#), Some("Effect")),
        (
            "other effect",
            statement(r#""Effect":"allow","Action":"s3:*","Resource":"*""#),
            Some("Syntax errors"),
        ),
        ("no action", statement(r#""Effect":"Allow","Resource":"*""#), Some("actions")),
        ("no resource", statement(r#""Effect":"Allow","Action":"s3:*""#), Some("resources")),
        (
            "both actions",
            statement(r#""Effect":"Allow","Action":"s3:*","NotAction":"s3:*","Resource":"*""#),
            Some("Syntax errors"),
        ),
        (
            "no vendor",
            statement(r#""Effect":"Allow","Action":"GetObject","Resource":"*""#),
            Some("prefaced by a vendor"),
        ),
        (
            "no name",
            statement(r#""Effect":"Allow","Action":"s3:","Resource":"*""#),
            Some("prefaced by a vendor"),
        ),
        (
            "resource is no ARN",
            statement(r#""Effect":"Allow","Action":"s3:*","Resource":"bucket""#),
            Some("ARN format"),
        ),
        (
            "principal",
            statement(&format!(r#"{allow},"Principal":"*""#)),
            Some("should not specify a principal"),
        ),
        (
            "operator",
            statement(&format!(r#"{allow},"Condition":{{"Equals":{{"aws:x":"y"}}}}"#)),
            Some("Invalid Condition type"),
        ),
        (
            "condition key",
            statement(&format!(r#"{allow},"Condition":{{"StringEquals":{{"x":"y"}}}}"#)),
            Some("prefaced by a vendor"),
        ),
        ("sid", statement(&format!(r#"{allow},"Sid":"a b""#)), Some("alpha-numeric")),
        (
            "two sids",
            format!(r#"{{"Statement":[{{{allow},"Sid":"a"}},{{{allow},"Sid":"a"}}]}}"#),
            Some("must be unique"),
        ),
        (
            "nested",
            statement(r#""Effect":"Allow","Action":[["s3:*"]],"Resource":"*""#),
            Some("Syntax errors"),
        ),
    ];
    for (name, text, wanted) in cases {
        match (parse(text, Kind::Identity), wanted) {
            (Ok(_), None) => {}
            (Err(refusal), Some(words)) => {
                assert_eq!(refusal.code, "MalformedPolicyDocument", "{name}");
                assert!(refusal.message.contains(words), "{name}: {}", refusal.message);
            }
            (found, _) => panic!("{name}: {found:?}"),
        }
    }
}

fn trust(fields: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow",{fields}}}]}}"#)
}

#[test]
fn trust_policies() {
    let action = r#""Action":"sts:AssumeRole""#;
    let cases: &[(&str, String, Option<&str>)] = &[
        ("everybody", trust(&format!(r#"{action},"Principal":"*""#)), None),
        ("sid", trust(&format!(r#"{action},"Principal":"*","Sid":"any words""#)), None),
        ("nobody", trust(action), Some("Missing required field Principal")),
        (
            "resource",
            trust(&format!(r#"{action},"Principal":"*","Resource":"*""#)),
            Some("prohibited field Resource"),
        ),
        (
            "other action",
            trust(r#""Action":"s3:GetObject","Principal":"*""#),
            Some("STS AssumeRole actions"),
        ),
        ("a name", trust(&format!(r#"{action},"Principal":"me""#)), Some("Invalid principal")),
        (
            "other type",
            trust(&format!(r#"{action},"Principal":{{"User":"me"}}"#)),
            Some("Invalid principal"),
        ),
        ("no one", trust(&format!(r#"{action},"Principal":{{}}"#)), Some("Invalid principal")),
    ];
    for (name, text, wanted) in cases {
        match (parse(text, Kind::Trust), wanted) {
            (Ok(_), None) => {}
            (Err(refusal), Some(words)) => {
                assert!(refusal.message.contains(words), "{name}: {}", refusal.message);
            }
            (found, _) => panic!("{name}: {found:?}"),
        }
    }
}

const USER: &str = "arn:aws:iam::111122223333:user/team/ann";
const ROLE: &str = "arn:aws:iam::111122223333:role/ci";

fn ann() -> Caller {
    let account = "111122223333".into();
    let principal = Principal { account, arn: USER.into(), user_id: "AIDAANN".into() };
    Caller::of(&principal, None).with("sts:ExternalId", None)
}

fn session() -> Caller {
    let arn = "arn:aws:sts::111122223333:assumed-role/ci/run".into();
    let account = "111122223333".into();
    let principal = Principal { account, arn, user_id: "AROACI:run".into() };
    Caller::of(&principal, Some(ROLE.into())).with("sts:ExternalId", None)
}

fn asked(text: &str, caller: &Caller) -> Result<bool, String> {
    let document = parse(text, Kind::Trust).unwrap();
    let verdict = decide(&document, "sts:AssumeRole", caller);
    verdict.map(|verdict| verdict == Verdict::Allowed).map_err(|refusal| refusal.code)
}

#[test]
fn who_may_assume() {
    let aws =
        |name: &str| trust(&format!(r#""Action":"sts:AssumeRole","Principal":{{"AWS":"{name}"}}"#));
    let when = |condition: &str| {
        trust(&format!(r#""Action":"sts:*","Principal":"*","Condition":{condition}"#))
    };
    let blue = r#"{"StringEquals":{"sts:ExternalId":["blue","navy"]}}"#;
    let with = |value: &str| ann().with("sts:externalid", Some(value.into()));
    let cases = [
        (aws("*"), ann(), Ok(true)),
        (aws("111122223333"), ann(), Ok(true)),
        (aws("arn:aws:iam::111122223333:root"), ann(), Ok(true)),
        (aws("arn:aws:iam::999999999999:root"), ann(), Ok(false)),
        (aws(USER), ann(), Ok(true)),
        (aws("arn:aws:iam::111122223333:user/ann"), ann(), Ok(false)),
        (aws(ROLE), ann(), Ok(false)),
        (aws(ROLE), session(), Ok(true)),
        (aws("arn:aws:sts::111122223333:assumed-role/ci/run"), session(), Ok(true)),
        (aws("arn:aws:sts::111122223333:assumed-role/ci/other"), session(), Ok(false)),
        (
            trust(r#""Action":"sts:AssumeRole","Principal":{"Service":"ec2.amazonaws.com"}"#),
            ann(),
            Ok(false),
        ),
        (trust(r#""Action":"sts:TagSession","Principal":"*""#), ann(), Ok(false)),
        (trust(r#""Action":"STS:assumerole","Principal":"*""#), ann(), Ok(true)),
        (when(blue), ann(), Ok(false)),
        (when(blue), with("navy"), Ok(true)),
        (when(blue), with("Blue"), Ok(false)),
        (when(r#"{"StringLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/*"}}"#), ann(), Ok(true)),
        (when(r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/ci"}}"#), session(), Ok(true)),
        (when(r#"{"StringNotEquals":{"aws:PrincipalAccount":"111122223333"}}"#), ann(), Ok(false)),
        (when(r#"{"Null":{"sts:ExternalId":"true"}}"#), ann(), Ok(true)),
        (when(r#"{"Null":{"sts:ExternalId":"false"}}"#), ann(), Ok(false)),
        (when(r#"{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#), ann(), Ok(false)),
        (when(r#"{"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}}"#), ann(), Ok(true)),
        (when(r#"{"StringEquals":{"aws:SourceVpc":"vpc-1"}}"#), ann(), Err("NotImplemented")),
        (
            when(r#"{"DateLessThan":{"aws:userid":"2030-01-01T00:00:00Z"}}"#),
            ann(),
            Err("NotImplemented"),
        ),
    ];
    for (text, caller, wanted) in cases {
        assert_eq!(asked(&text, &caller), wanted.map_err(str::to_owned), "{text} for {caller:?}");
    }
}

#[test]
fn a_denial_goes_before() {
    let text = |first: &str, second: &str| {
        let one = |effect: &str| {
            format!(r#"{{"Effect":"{effect}","Principal":"*","Action":"sts:AssumeRole"}}"#)
        };
        format!(r#"{{"Statement":[{},{}]}}"#, one(first), one(second))
    };
    assert_eq!(asked(&text("Allow", "Deny"), &ann()), Ok(false));
    assert_eq!(asked(&text("Deny", "Allow"), &ann()), Ok(false));
    assert_eq!(asked(&text("Allow", "Allow"), &ann()), Ok(true));
}

#[test]
fn services() {
    let text = trust(
        r#""Action":"sts:AssumeRole",
        "Principal":{"Service":["ec2.amazonaws.com","ecs.amazonaws.com"]}"#,
    );
    assert!(allows_service(&text, "ec2.amazonaws.com"));
    assert!(!allows_service(&text, "rds.amazonaws.com"));
    assert!(!allows_service("nonsense", "ec2.amazonaws.com"));
}

#[test]
fn percent_encoding() {
    assert_eq!(percent_encoded("a-Z_0.9~"), "a-Z_0.9~");
    assert_eq!(percent_encoded("{\"a\": \"é\n*\"}"), "%7B%22a%22%3A%20%22%C3%A9%0A%2A%22%7D");
}
