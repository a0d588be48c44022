//! Tests of values, timestamps, names and constraints.

use crate::{
    Checks, FaultKind, Json, Kind, Record, Scalars, TimeFormat, Timestamp, Value, base64,
    from_json, from_json_with, from_text, model, names, to_json, validate, validate_with,
};
use serde_json::json;

fn api() -> &'static crate::Api {
    let model = json!({
        "metadata": { "protocol": "query", "endpointPrefix": "toy", "apiVersion": "2020-01-01" },
        "operations": {
            "Put": { "input": { "shape": "PutIn" }, "errors": [{ "shape": "Gone" }] },
            "Ask": {},
        },
        "allOperations": ["Ask", "Put", "Unbuilt"],
        "shapes": {
            "PutIn": { "type": "structure", "required": ["Name"], "members": {
                "Name": { "shape": "Name" }, "Size": { "shape": "Size" },
                "Big": { "shape": "Long" }, "Tree": { "shape": "Tree" },
                "Tags": { "shape": "Tags" }, "Kind": { "shape": "KindName" },
                "When": { "shape": "When" }, "Data": { "shape": "Data" },
                "Map": { "shape": "Map" }, "Ratio": { "shape": "Double" },
                "On": { "shape": "Boolean" },
            } },
            "Name": { "type": "string", "min": 2, "max": 4 },
            "Size": { "type": "integer", "min": 1, "max": 10 },
            "Long": { "type": "long" }, "Double": { "type": "double" },
            "Boolean": { "type": "boolean" },
            "KindName": { "type": "string", "enum": ["red", "blue"] },
            "When": { "type": "timestamp", "timestampFormat": "iso8601" },
            "Data": { "type": "blob" },
            "Map": { "type": "map", "key": { "shape": "Name" }, "value": { "shape": "Tag" } },
            "Tags": { "type": "list", "max": 2, "member": { "shape": "Tag" } },
            "Tag": { "type": "structure", "required": ["Key"],
                "members": { "Key": { "shape": "Name" } } },
            "Tree": { "type": "structure", "members": { "Branches": { "shape": "Trees" } } },
            "Trees": { "type": "list", "member": { "shape": "Tree" } },
            "Gone": { "type": "structure", "exception": true, "members": {},
                "error": { "code": "ToyGone", "httpStatusCode": 404, "senderFault": true } },
        },
    });
    model::api("toy", &model).unwrap()
}

fn put(json: Json) -> Record {
    from_json(api().operation("Put").unwrap().input, &json).unwrap()
}

#[test]
fn moments_are_written_in_all_formats() {
    let check = |millis, iso, fraction, epoch, http| {
        let at = Timestamp(millis);
        assert_eq!(at.iso8601(), iso);
        assert_eq!(at.iso8601_millis(), fraction);
        assert_eq!(at.epoch(), epoch);
        assert_eq!(at.http_date(), http);
        assert_eq!(Timestamp::parse(fraction), Some(at));
        assert_eq!(Timestamp::parse(epoch), Some(at));
        assert_eq!(Timestamp::parse(http), Some(Timestamp::from_seconds(at.seconds())));
    };
    check(
        0,
        "1970-01-01T00:00:00Z",
        "1970-01-01T00:00:00.000Z",
        "0",
        "Thu, 01 Jan 1970 00:00:00 GMT",
    );
    check(
        951_827_696_789,
        "2000-02-29T12:34:56Z",
        "2000-02-29T12:34:56.789Z",
        "951827696.789",
        "Tue, 29 Feb 2000 12:34:56 GMT",
    );
    check(
        -1,
        "1969-12-31T23:59:59Z",
        "1969-12-31T23:59:59.999Z",
        "-0.001",
        "Wed, 31 Dec 1969 23:59:59 GMT",
    );
    check(
        4_107_542_399_000,
        "2100-02-28T23:59:59Z",
        "2100-02-28T23:59:59.000Z",
        "4107542399",
        "Sun, 28 Feb 2100 23:59:59 GMT",
    );
}

#[test]
fn days_follow_each_other() {
    let mut last = String::new();
    // From the year 0 to the year 2517.
    for day in -719_528..200_000 {
        let at = Timestamp(day * 86_400_000);
        let text = at.iso8601();
        assert_eq!(Timestamp::parse(&text), Some(at), "{text}");
        assert!(last < text, "{last} before {text}");
        last = text;
    }
}

#[test]
fn moments_are_read_in_many_forms() {
    let at = Some(Timestamp(1_576_540_098_000));
    for text in [
        "2019-12-16T23:48:18Z",
        "2019-12-16T23:48:18",
        "2019-12-16t23:48:18.000000z",
        "2019-12-16T22:48:18-01:00",
        "2019-12-17T00:48:18+0100",
        " 1576540098 ",
        "1.576540098e9",
        "Mon, 16 Dec 2019 23:48:18 GMT",
        "Mon, 16 Dec 2019 23:48:18.000 GMT",
    ] {
        assert_eq!(Timestamp::parse(text), at, "{text}");
    }
    assert_eq!(Timestamp::parse("2019-12-16"), Some(Timestamp(1_576_454_400_000)));
    for text in [
        "",
        "x",
        "2019-13-01",
        "2019-02-29",
        "2019-12-16T24:00:00Z",
        "2019-12-16T23:48:18+1:é",
        "2019-1é-16",
        "2019-12-16T23:48:1éZ",
        "Mon, 16 Dez 2019 23:48:18 GMT",
        "1e300",
        "-",
        "+",
        "2019-12-16T23:48:18.Z",
        "2019-12-16T23:48:18.é9Z",
        "99999999999999999999",
    ] {
        assert_eq!(Timestamp::parse(text), None, "{text}");
    }
}

#[test]
fn a_format_of_the_shape_decides() {
    let at = Timestamp(1500);
    assert_eq!(at.format(TimeFormat::Iso8601), "1970-01-01T00:00:01.500Z");
    assert_eq!(Timestamp(2000).format(TimeFormat::Iso8601), "1970-01-01T00:00:02Z");
    assert_eq!(at.format(TimeFormat::Epoch), "1.500");
}

#[test]
fn base64_goes_both_ways() {
    for (plain, text) in
        [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")]
    {
        assert_eq!(base64::encode(plain.as_bytes()), text);
        assert_eq!(base64::decode(text).as_deref(), Some(plain.as_bytes()));
        assert_eq!(base64::decode(text.trim_end_matches('=')).as_deref(), Some(plain.as_bytes()));
    }
    let all: Vec<u8> = (0..=255).collect();
    assert_eq!(base64::decode(&base64::encode(&all)), Some(all));
    assert_eq!(base64::decode("Zm9v\nZm9v").as_deref(), Some("foofoo".as_bytes()));
    for bad in ["Z", "Zm9vY", "Zg==Zg==", "Zm9-", "é", "Zg==="] {
        assert_eq!(base64::decode(bad), None, "{bad}");
    }
}

#[test]
fn names_become_fields() {
    for (name, field) in [
        ("VpcId", "vpc_id"),
        ("VpcIds", "vpc_ids"),
        ("IPv6CidrBlock", "ipv6_cidr_block"),
        ("AssignIpv6AddressOnCreation", "assign_ipv6_address_on_creation"),
        ("EBSOptimized", "ebs_optimized"),
        ("MD5OfMessageBody", "md5_of_message_body"),
        ("DefaultVCpus", "default_vcpus"),
        ("SizeInMiB", "size_in_mib"),
        ("tags", "tags"),
        ("Type", "type"),
        ("SSEKMSKeyId", "ssekms_key_id"),
        ("x-amz-thing", "x_amz_thing"),
        ("1st", "_1st"),
    ] {
        assert_eq!(names::snake(name), field);
    }
}

#[test]
fn the_model_is_read_whole() {
    let api = api();
    assert!(api.knows("Unbuilt") && api.operation("Unbuilt").is_none());
    assert_eq!(api.operation("Ask").unwrap().input.name, "AskInput");
    let gone = api.error("ToyGone").unwrap();
    assert_eq!((gone.shape, gone.status, gone.sender), ("Gone", 404, true));
    assert_eq!(api.error("Gone").unwrap().code, "ToyGone");
    // The knot of a shape inside itself is tied.
    let tree = api.operation("Put").unwrap().input.member("Tree").unwrap();
    let Kind::Structure(tree) = tree.shape.kind else { panic!("a tree is a structure") };
    let Kind::List(trees) = tree.member("Branches").unwrap().shape.kind else { panic!("a list") };
    let Kind::Structure(again) = trees.shape.kind else { panic!("a tree is a structure") };
    assert!(std::ptr::eq(tree, again));
}

#[test]
fn records_answer_by_name() {
    let mut record = put(json!({ "Name": "abc" }));
    assert_eq!(record.get("Name").and_then(Value::as_text), Some("abc"));
    assert!(record.set("Size", 3));
    assert!(!record.set("Nonsense", 3));
    assert_eq!(record.present().collect::<Vec<_>>(), ["Name", "Size"]);
    assert_eq!(record.take("Size"), Some(Value::Int(3)));
    assert_eq!(record.get("Size"), None);
}

#[test]
fn json_goes_both_ways() {
    let json = json!({
        "Name": "abc", "Size": 3, "Big": 5_000_000_000_i64, "Ratio": 0.5, "On": true,
        "Tags": [{ "Key": "ab" }], "When": "1970-01-01T00:00:01Z", "Data": "Zm9v",
        "Map": { "k": { "Key": "cd" } }, "Tree": { "Branches": [{}, { "Branches": [] }] },
    });
    assert_eq!(to_json(&put(json.clone())), json);
    let schema = api().operation("Put").unwrap().input;
    assert_eq!(put(json!({ "Name": null })), Record::new(schema));
    let bad = |json: Json| from_json(schema, &json).unwrap_err().to_string();
    assert_eq!(bad(json!({ "Tags": [{ "Kee": 1 }] })), "Tags.0: Tag has no member Kee");
    assert_eq!(bad(json!({ "Size": 3_000_000_000_u64 })), "Size: 3000000000 is no Size");
    assert_eq!(bad(json!({ "Size": "3" })), "Size: \"3\" is no Size");
    assert!(from_text(schema, "{").is_err());
    let loose = json!({ "Size": "3", "Name": 12, "On": "True", "Ratio": "0.5" });
    let loose = from_json_with(schema, &loose, Scalars::Loose).unwrap();
    assert_eq!(to_json(&loose), json!({ "Size": 3, "Name": "12", "On": true, "Ratio": 0.5 }));
}

#[test]
fn constraints_are_found_with_aws_words() {
    let faults = |json: Json| match validate_with(&put(json), Checks { enums: true, limits: true })
    {
        Ok(()) => Vec::new(),
        Err(faults) => faults.iter().map(ToString::to_string).collect::<Vec<_>>(),
    };
    let one = |json, wanted: &str| {
        assert_eq!(faults(json), [wanted]);
    };
    assert!(faults(json!({ "Name": "abcd", "Size": 10, "Kind": "red" })).is_empty());
    one(json!({}), "Value null at 'name' failed to satisfy constraint: Member must not be null");
    one(
        json!({ "Name": "a" }),
        "Value 'a' at 'name' failed to satisfy constraint: \
         Member must have length greater than or equal to 2",
    );
    one(
        json!({ "Name": "ééééé" }),
        "Value 'ééééé' at 'name' failed to satisfy constraint: \
         Member must have length less than or equal to 4",
    );
    one(
        json!({ "Name": "abc", "Size": 0 }),
        "Value '0' at 'size' failed to satisfy constraint: \
         Member must have value greater than or equal to 1",
    );
    one(
        json!({ "Name": "abc", "Size": 11 }),
        "Value '11' at 'size' failed to satisfy constraint: \
         Member must have value less than or equal to 10",
    );
    one(
        json!({ "Name": "abc", "Kind": "green" }),
        "Value 'green' at 'kind' failed to satisfy constraint: \
         Member must satisfy enum value set: [red, blue]",
    );
    one(
        json!({ "Name": "abc", "Tags": [{ "Key": "ok" }, {}] }),
        "Value null at 'tags.2.member.key' failed to satisfy constraint: Member must not be null",
    );
}

#[test]
fn every_fault_is_found() {
    let faults = validate(&put(json!({ "Size": 0 }))).unwrap_err();
    let paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
    assert_eq!(paths, ["name", "size"]);
}

#[test]
fn enums_and_limits_can_be_left_to_the_caller() {
    assert!(validate(&put(json!({ "Name": "abc", "Kind": "green" }))).is_ok());
    let none = Checks { enums: false, limits: false };
    assert!(validate_with(&put(json!({ "Name": "a", "Size": 99 })), none).is_ok());
    let faults = validate_with(&put(json!({ "Size": 99 })), none).unwrap_err();
    assert_eq!(faults[0].kind, FaultKind::Missing);
    assert_eq!((faults.len(), faults[0].member), (1, "Name"));
}
