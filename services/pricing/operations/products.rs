//! DescribeServices, GetAttributeValues, GetProducts: the price list, in AWS's own form of JSON.

use crate::model::prices::{List, REGIONS, date, lines, prefix};
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

/// A product: its attributes, its price and its unit.
struct Product {
    attributes: BTreeMap<String, String>,
    price: f64,
    unit: &'static str,
}

fn products(service: &str) -> Vec<Product> {
    let mut found = Vec::new();
    for region in REGIONS {
        let list = List::of(region);
        let mut add = |key: &str, more: Vec<(&str, String)>| {
            let Some((price, unit)) = list.price(key) else { return };
            let usage = key.trim_start_matches("application:").trim_start_matches("network:");
            let usage = usage.trim_start_matches("classic:").trim_start_matches("Transfer:");
            let title = RegionInfo::named(region).map_or(region, |info| info.title);
            let mut attributes = BTreeMap::from([
                ("servicecode".to_owned(), service.to_owned()),
                ("regionCode".to_owned(), region.to_owned()),
                ("location".to_owned(), title.to_owned()),
                ("locationType".to_owned(), "AWS Region".to_owned()),
                ("usagetype".to_owned(), format!("{}{usage}", prefix(region))),
            ]);
            attributes.extend(more.into_iter().map(|(name, value)| (name.to_owned(), value)));
            found.push(Product { attributes, price, unit });
        };
        if service == "AmazonEC2" {
            for kind in types::all() {
                add(&format!("BoxUsage:{}", kind.name), instance(&kind));
            }
        }
        for line in lines().filter(|line| of(line.key) == service) {
            let family = if service == "AmazonEC2" { "Storage" } else { "Usage" };
            add(line.key, vec![("productFamily", family.to_owned())]);
        }
    }
    found
}

fn instance(kind: &types::InstanceType) -> Vec<(&'static str, String)> {
    vec![
        ("productFamily", "Compute Instance".to_owned()),
        ("instanceType", kind.name.to_owned()),
        ("vcpu", kind.vcpus.to_string()),
        ("operatingSystem", "Linux".to_owned()),
        ("tenancy", "Shared".to_owned()),
        ("preInstalledSw", "NA".to_owned()),
        ("capacitystatus", "Used".to_owned()),
        ("licenseModel", "No License required".to_owned()),
        ("operation", "RunInstances".to_owned()),
    ]
}

/// The service that a line of the list belongs to.
fn of(key: &str) -> &'static str {
    if ["application:", "network:", "classic:"].iter().any(|kind| key.starts_with(kind)) {
        "AWSELB"
    } else if key.starts_with("CW:") {
        "AmazonCloudWatch"
    } else if key.starts_with("Transfer:") {
        "AWSDataTransfer"
    } else if key.starts_with("EBS:") {
        "AmazonEC2"
    } else if key.starts_with("PublicIPv4") {
        "AmazonVPC"
    } else if key.starts_with("reserved:") || key.starts_with("family:") {
        ""
    } else {
        "AmazonRoute53"
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
    // JRTCKXETXF and 6YS6EN2CT7 are AWS's codes of on-demand terms and of their hourly rates.
    let term = format!("{sku}.JRTCKXETXF");
    let rate = format!("{term}.6YS6EN2CT7");
    let mut attributes = product.attributes.clone();
    let family = attributes.remove("productFamily");
    json!({
        "product": { "productFamily": family, "attributes": attributes, "sku": sku },
        "serviceCode": service,
        "terms": { "OnDemand": { &term: {
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
            "offerTermCode": "JRTCKXETXF",
            "termAttributes": {},
        } } },
        "version": date().replace('-', ""),
        "publicationDate": format!("{}T00:00:00Z", date()),
    })
}
