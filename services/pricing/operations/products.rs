//! DescribeServices, GetAttributeValues, GetProducts: the price list, in AWS's own form of JSON.

use super::dimension::{code, operation};
use crate::model::prices::{List, REGIONS, date, lines, prefix, units};
use api_pricing::reserved::{Fees, TERMS, Terms};
use api_pricing::{
    AttributeValue, DescribeServicesRequest, DescribeServicesResponse, Filter,
    GetAttributeValuesRequest, GetAttributeValuesResponse, GetProductsRequest, GetProductsResponse,
    Service,
};
use ec2::model::types;
use region::zone::RegionInfo;
use region::{Call, Refusal, listing, serve};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// Codes of services that have products here.
const SERVICES: [&str; 6] =
    ["AWSDataTransfer", "AWSELB", "AmazonCloudWatch", "AmazonEC2", "AmazonRoute53", "AmazonVPC"];

/// A product: its attributes, its price and its unit; of instances, what reserving costs.
struct Product {
    attributes: BTreeMap<String, String>,
    price: f64,
    unit: &'static str,
    reserved: Vec<(&'static Terms, Fees)>,
}

fn products(service: &str) -> Vec<Product> {
    let mut found = Vec::new();
    for region in REGIONS {
        let list = List::of(region);
        let mut add = |key: &str, more: Vec<(&str, String)>, reserved| {
            let Some((price, unit)) = list.price(key) else { return };
            let usage = match key.split_once(':') {
                Some(("application" | "network" | "classic" | "Transfer", usage)) => usage,
                _ => key,
            };
            let title = RegionInfo::named(region).map_or(region, |info| info.title);
            let mut attributes = BTreeMap::from([
                ("servicecode".to_owned(), service.to_owned()),
                ("servicename".to_owned(), title_of(service).to_owned()),
                ("regionCode".to_owned(), region.to_owned()),
                ("location".to_owned(), title.to_owned()),
                ("locationType".to_owned(), "AWS Region".to_owned()),
                ("usagetype".to_owned(), format!("{}{usage}", prefix(region))),
            ]);
            let operation = operation(key).map(|name| ("operation", name.to_owned()));
            let all = more.into_iter().chain(operation);
            attributes.extend(all.map(|(name, value)| (name.to_owned(), value)));
            found.push(Product { attributes, price, unit, reserved });
        };
        if service == "AmazonEC2" {
            for kind in types::all() {
                let fees = |terms| Some((terms, list.fees(kind.name, terms)?));
                let reserved = TERMS.iter().filter_map(fees).collect();
                add(&format!("BoxUsage:{}", kind.name), instance(&kind), reserved);
            }
        }
        for line in lines().filter(|line| !line.key.starts_with("family:")) {
            if code(line.key) == service {
                add(line.key, described(line.key), Vec::new());
            }
        }
    }
    found
}

/// AWS's own name of a service.
fn title_of(service: &str) -> &'static str {
    match service {
        "AWSDataTransfer" => "AWS Data Transfer",
        "AWSELB" => "Elastic Load Balancing",
        "AmazonCloudWatch" => "Amazon CloudWatch",
        "AmazonEC2" => "Amazon Elastic Compute Cloud",
        "AmazonRoute53" => "Amazon Route 53",
        _ => "Amazon Virtual Private Cloud",
    }
}

fn instance(kind: &types::InstanceType) -> Vec<(&'static str, String)> {
    let purpose = match kind.family().chars().next() {
        Some('c') => "Compute optimized",
        Some('r') => "Memory optimized",
        _ => "General purpose",
    };
    let size = kind.name.split_once('.').and_then(|(_, size)| units(size)).unwrap_or_default();
    vec![
        ("productFamily", "Compute Instance".to_owned()),
        ("instanceType", kind.name.to_owned()),
        ("instanceFamily", purpose.to_owned()),
        ("currentGeneration", if kind.current { "Yes" } else { "No" }.to_owned()),
        ("vcpu", kind.vcpus.to_string()),
        ("memory", format!("{} GiB", f64::from(kind.mib) / 1_024.0)),
        ("storage", "EBS only".to_owned()),
        ("networkPerformance", kind.network.to_owned()),
        ("processorArchitecture", "64-bit".to_owned()),
        ("normalizationSizeFactor", size.to_string()),
        ("operatingSystem", "Linux".to_owned()),
        ("tenancy", "Shared".to_owned()),
        ("preInstalledSw", "NA".to_owned()),
        ("capacitystatus", "Used".to_owned()),
        ("marketoption", "OnDemand".to_owned()),
        ("licenseModel", "No License required".to_owned()),
    ]
}

/// What AWS says of other lines of the list.
fn described(key: &str) -> Vec<(&'static str, String)> {
    let (kind, rest) = key.split_once(':').unwrap_or((key, ""));
    let family = |name: &str| ("productFamily", name.to_owned());
    let volume = |api: &str, kind: &str, media: &str| {
        vec![
            family("Storage"),
            ("volumeApiName", api.to_owned()),
            ("volumeType", kind.to_owned()),
            ("storageMedia", format!("{media}-backed")),
        ]
    };
    match (kind, rest) {
        ("EBS", "VolumeUsage") => volume("standard", "Magnetic", "HDD"),
        ("EBS", "VolumeUsage.gp2") => volume("gp2", "General Purpose", "SSD"),
        ("EBS", "VolumeUsage.gp3") => volume("gp3", "General Purpose", "SSD"),
        ("EBS", "VolumeUsage.piops") => volume("io1", "Provisioned IOPS", "SSD"),
        ("EBS", "VolumeUsage.io2") => volume("io2", "Provisioned IOPS", "SSD"),
        ("EBS", "VolumeUsage.st1") => volume("st1", "Throughput Optimized HDD", "HDD"),
        ("EBS", "VolumeUsage.sc1") => volume("sc1", "Cold HDD", "HDD"),
        ("application", _) => vec![family("Load Balancer-Application")],
        ("network", _) => vec![family("Load Balancer-Network")],
        ("classic", _) => vec![family("Load Balancer")],
        ("Transfer", "DataTransfer-Regional-Bytes") => {
            vec![family("Data Transfer"), ("transferType", "IntraRegion".to_owned())]
        }
        ("Transfer", "DataTransfer-Out-Bytes") => {
            vec![family("Data Transfer"), ("transferType", "AWS Outbound".to_owned())]
        }
        ("Transfer", _) => {
            vec![family("Data Transfer"), ("transferType", "AWS Inbound".to_owned())]
        }
        ("CW", _) => vec![family("Alarm")],
        ("PublicIPv4", _) => {
            vec![family("VpcPublicIPv4"), ("group", "VPCPublicIPv4Address".into())]
        }
        ("Health-Check-AWS", _) => vec![family("DNS Health Check")],
        _ => vec![family("DNS Zone")],
    }
}

fn invalid(message: &str) -> Refusal {
    Refusal::new("InvalidParameterException", message)
}

fn page<T>(
    items: Vec<T>,
    name: impl Fn(&T) -> String,
    token: Option<String>,
    most: Option<i32>,
) -> Result<(Vec<T>, Option<String>), Refusal> {
    let limit = most.and_then(|most| usize::try_from(most).ok()).unwrap_or(100);
    listing::page(items, name, token.as_deref(), Some(limit))
        .map_err(|_| Refusal::new("InvalidNextTokenException", "The NextToken is not valid."))
}

/// docs: API_pricing_DescribeServices
pub(super) fn describe_services(
    call: &mut Call,
    input: DescribeServicesRequest,
) -> Result<DescribeServicesResponse, Refusal> {
    serve!(
        call,
        DescribeServicesRequest { max_results, next_token, service_code }
            unheeded { format_version } = input
    );
    let wanted = |code: &&str| service_code.as_ref().is_none_or(|one| one == code);
    let codes: Vec<&str> = SERVICES.into_iter().filter(wanted).collect();
    if let (Some(code), true) = (&service_code, codes.is_empty()) {
        return Err(Refusal::new(
            "NotFoundException",
            format!("No service {code} is priced here."),
        ));
    }
    let (codes, next_token) = page(codes, |code| (*code).to_owned(), next_token, max_results)?;
    let service = |code: &str| {
        let products = products(code);
        let names = products.iter().flat_map(|one| one.attributes.keys().cloned());
        let names: BTreeSet<String> = names.collect();
        Service {
            attribute_names: Some(names.into_iter().collect()),
            service_code: Some(code.to_owned()),
        }
    };
    Ok(DescribeServicesResponse {
        format_version: Some("aws_v1".to_owned()),
        next_token,
        services: Some(codes.into_iter().map(service).collect()),
    })
}

/// docs: API_pricing_GetAttributeValues
pub(super) fn get_attribute_values(
    call: &mut Call,
    input: GetAttributeValuesRequest,
) -> Result<GetAttributeValuesResponse, Refusal> {
    serve!(
        call,
        GetAttributeValuesRequest { attribute_name, max_results, next_token, service_code } = input
    );
    let all = products(&service_code);
    let values = all.iter().filter_map(|one| one.attributes.get(&attribute_name).cloned());
    let values: BTreeSet<String> = values.collect();
    let (values, next_token) =
        page(values.into_iter().collect(), Clone::clone, next_token, max_results)?;
    let value = |value| AttributeValue { value: Some(value) };
    let attribute_values = Some(values.into_iter().map(value).collect());
    Ok(GetAttributeValuesResponse { attribute_values, next_token })
}

/// docs: API_pricing_GetProducts
pub(super) fn get_products(
    call: &mut Call,
    input: GetProductsRequest,
) -> Result<GetProductsResponse, Refusal> {
    serve!(
        call,
        GetProductsRequest { filters, max_results, next_token, service_code }
            unheeded { format_version } = input
    );
    if !SERVICES.contains(&service_code.as_str()) {
        return Err(invalid(&format!("The service {service_code} is not priced here.")));
    }
    let mut all = products(&service_code);
    for filter in filters.unwrap_or_default() {
        serve!(call, Filter { field, r#type, value } = filter);
        let wanted = move |found: &str| match r#type.as_str() {
            "EQUALS" | "TERM_MATCH" => found == value,
            "CONTAINS" => found.contains(&value),
            "ANY_OF" => value.split(',').any(|one| one == found),
            _ => !value.split(',').any(|one| one == found),
        };
        all.retain(|one| one.attributes.get(&field).is_some_and(|found| wanted(found)));
    }
    let name = |one: &Product| sku(&one.attributes);
    all.sort_by_key(name);
    let (page, next_token) = page(all, name, next_token, max_results)?;
    Ok(GetProductsResponse {
        format_version: Some("aws_v1".to_owned()),
        next_token,
        price_list: Some(page.iter().map(|one| document(&service_code, one).to_string()).collect()),
    })
}

/// A product's number, in AWS's form: made of what it is.
fn sku(attributes: &BTreeMap<String, String>) -> String {
    let text: String = attributes.iter().map(|(name, value)| format!("{name}={value};")).collect();
    // FNV-1a: any even spread will do, and nobody gains by two products with one number.
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016X}")
}

fn document(service: &str, product: &Product) -> Json {
    let sku = sku(&product.attributes);
    let mut attributes = product.attributes.clone();
    let family = attributes.remove("productFamily");
    let term = |(terms, fees): &(&Terms, Fees)| reserved(&sku, &product.attributes, terms, *fees);
    let reserved: serde_json::Map<String, Json> = product.reserved.iter().map(term).collect();
    let mut sold = json!({ "OnDemand": { format!("{sku}.JRTCKXETXF"): on_demand(&sku, product) } });
    if !reserved.is_empty() {
        sold["Reserved"] = reserved.into();
    }
    json!({
        "product": { "productFamily": family, "attributes": attributes, "sku": sku },
        "serviceCode": service,
        "terms": sold,
        "version": date().replace('-', ""),
        "publicationDate": format!("{}T00:00:00Z", date()),
    })
}

// AWS's codes of on-demand terms, of hourly rates and of upfront fees.
const ON_DEMAND: &str = "JRTCKXETXF";
const HOURLY: &str = "6YS6EN2CT7";
const UPFRONT: &str = "2TG2D8R56U";

fn on_demand(sku: &str, product: &Product) -> Json {
    let rate = format!("{sku}.{ON_DEMAND}.{HOURLY}");
    json!({
        "priceDimensions": { &rate: {
            "unit": product.unit,
            "rateCode": &rate,
            "beginRange": "0",
            "endRange": "Inf",
            "description": format!("${} per {}", product.price, product.unit),
            "appliesTo": [],
            "pricePerUnit": { "USD": format!("{:.10}", product.price) },
        } },
        "sku": sku,
        "effectiveDate": format!("{}T00:00:00Z", date()),
        "offerTermCode": ON_DEMAND,
        "termAttributes": {},
    })
}

fn reserved(
    sku: &str,
    attributes: &BTreeMap<String, String>,
    terms: &Terms,
    fees: Fees,
) -> (String, Json) {
    let name = format!("{sku}.{}", terms.code);
    let kind = attributes.get("instanceType").map(String::as_str).unwrap_or_default();
    let (hourly, upfront) = (format!("{name}.{HOURLY}"), format!("{name}.{UPFRONT}"));
    let mut rates = json!({ &hourly: {
        "unit": "Hrs",
        "rateCode": &hourly,
        "beginRange": "0",
        "endRange": "Inf",
        "description": format!("Linux/UNIX (Amazon VPC), {kind} reserved instance applied"),
        "appliesTo": [],
        "pricePerUnit": { "USD": format!("{:.10}", fees.hourly) },
    } });
    if fees.upfront > 0.0 {
        rates[&upfront] = json!({
            "unit": "Quantity",
            "rateCode": &upfront,
            "description": "Upfront Fee",
            "appliesTo": [],
            "pricePerUnit": { "USD": fees.upfront.to_string() },
        });
    }
    let term = json!({
        "priceDimensions": rates,
        "sku": sku,
        "effectiveDate": format!("{}T00:00:00Z", date()),
        "offerTermCode": terms.code,
        "termAttributes": {
            "LeaseContractLength": format!("{}yr", terms.years),
            "OfferingClass": terms.class,
            "PurchaseOption": terms.payment,
        },
    });
    (name, term)
}
