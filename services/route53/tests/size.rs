//! A zone of ten thousand records is paged in order, and one more is refused.

use crate::truth::ordered;
use serde_json::{Value as Json, json};
use stories::Bench;

fn change(number: usize) -> Json {
    json!({"Action": "CREATE", "ResourceRecordSet": {"Name": format!("n{number}.big.test"),
        "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}})
}

#[test]
fn ten_thousand_records_are_paged_in_order() {
    let mut bench = Bench::of(crate::rooms(), 4, sim::Settings::instant());
    let input = json!({"Name": "big.test", "CallerReference": "1"});
    let zone = bench.call("route53", "CreateHostedZone", &input).unwrap();
    let zone = zone["HostedZone"]["Id"].as_str().unwrap().to_owned();
    let numbers: Vec<usize> = (0..9998).collect();
    for part in numbers.chunks(1000) {
        let changes: Vec<Json> = part.iter().map(|number| change(*number)).collect();
        let batch = json!({"HostedZoneId": zone, "ChangeBatch": {"Changes": changes}});
        bench.call("route53", "ChangeResourceRecordSets", &batch).unwrap();
    }
    let more = json!({"HostedZoneId": zone, "ChangeBatch": {"Changes": [change(9998)]}});
    let refused = bench.call("route53", "ChangeResourceRecordSets", &more).unwrap_err();
    assert!(refused.message.contains("limit of 10000"), "{}", refused.message);
    let (mut seen, mut input) = (Vec::new(), json!({"HostedZoneId": zone}));
    loop {
        let page = bench.call("route53", "ListResourceRecordSets", &input).unwrap();
        for set in page["ResourceRecordSets"].as_array().unwrap() {
            seen.push(set["Name"].as_str().unwrap().to_owned());
        }
        if page["IsTruncated"] == false {
            break;
        }
        input["StartRecordName"] = page["NextRecordName"].clone();
        input["StartRecordType"] = page["NextRecordType"].clone();
    }
    assert_eq!(seen.len(), 10_000);
    assert!(seen[2..].is_sorted(), "names of one length of labels are in the order of letters");
    bench.settle();
    let config = ordered(&mut bench);
    let stated = config.zones.values().find(|zone| zone.name == "big.test.").unwrap();
    assert_eq!(stated.records.len(), 10_000);
}
