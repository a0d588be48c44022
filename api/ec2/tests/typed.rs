//! Generated structs to records and back, and where they refuse.
#![allow(clippy::unwrap_used, reason = "a test may end where it cannot go on")]

use api_contract::come_back;
use api_ec2::operation::*;
use api_ec2::{API, Reservation, RunInstancesRequest, Tag, TagSpecification, Vpc};
use shape::{Operation, Record, Shaped, Timestamp, Value, from_json, to_json};

#[test]
fn a_struct_goes_to_a_record_and_back() {
    let tag = Tag { key: Some("Name".into()), value: Some("web".into()) };
    let input = RunInstancesRequest {
        image_id: Some("ami-1".into()),
        min_count: 1,
        max_count: 2,
        tag_specifications: Some(vec![TagSpecification {
            resource_type: Some("instance".into()),
            tags: Some(vec![tag]),
        }]),
        security_group_ids: Some(vec![]),
        ..Default::default()
    };
    let present =
        ["image_id", "max_count", "min_count", "security_group_ids", "tag_specifications"];
    assert_eq!(input.present(), present);
    let record = input.clone().into_record();
    assert_eq!(record.get("MaxCount"), Some(&Value::Int(2)));
    assert_eq!(record.get("SecurityGroupIds"), Some(&Value::List(vec![])));
    assert_eq!(record.get("SubnetId"), None);
    let json = to_json(&record);
    assert_eq!(json["TagSpecifications"][0]["Tags"][0]["Key"], "Name");
    let again = from_json(RunInstances::schema().input, &json).unwrap();
    assert_eq!(RunInstancesRequest::from_record(again), Ok(input));
}

#[test]
fn a_record_that_is_not_of_the_shape_is_refused_with_its_path() {
    let record = Record::new(RunInstancesRequest::schema());
    let bad = RunInstancesRequest::from_record(record.clone()).unwrap_err();
    assert_eq!((bad.path.as_str(), bad.found), ("MaxCount", "absent"));
    let mut record = record;
    record.set("MaxCount", 1);
    record.set("MinCount", 1);
    record.set("ImageId", 5);
    let bad = RunInstancesRequest::from_record(record.clone()).unwrap_err();
    assert_eq!(bad.to_string(), "ImageId: integer where string belongs");
    record.set("ImageId", "ami-1");
    record.set("MaxCount", i64::from(i32::MAX) + 1);
    assert!(RunInstancesRequest::from_record(record).is_err());
    assert!(Vpc::from_record(Record::new(Reservation::schema())).is_err());
}

#[test]
fn markers_tie_names_types_and_schemas() {
    assert_eq!(RunInstances::NAME, "RunInstances");
    let schema = API.operation("RunInstances").unwrap();
    assert!(std::ptr::eq(schema, RunInstances::schema()));
    assert!(std::ptr::eq(schema.input, RunInstancesRequest::schema()));
    assert!(std::ptr::eq(schema.output, <RunInstances as Operation>::Output::schema()));
    assert!(API.knows("CreateVpnGateway") && API.operation("CreateVpnGateway").is_none());
    assert!(!API.knows("MakeCoffee"));
}

#[test]
fn times_and_lists_keep_their_kinds() {
    let instance =
        api_ec2::Instance { launch_time: Some(Timestamp::from_seconds(5)), ..Default::default() };
    let reservation = Reservation { instances: Some(vec![instance]), ..Default::default() };
    let record = reservation.clone().into_record();
    assert_eq!(Reservation::from_record(record), Ok(reservation));
}

#[test]
fn every_struct_comes_back() {
    api_ec2::for_each_operation!(come_back);
}
