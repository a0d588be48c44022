//! What EC2's three rooms share of the API's form: ids and their errors, filters and pages, tags.
//! Knows no operation.

use api_ec2::{Filter, Tag, TagSpecification};
use region::{Call, Key, Record, Refusal, Scope, Store, TAGS_PER_RESOURCE, Tags, listing};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use world::{Id, Ipv4Net};

/// A kind of resource, as ids and errors name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noun {
    /// What its ids begin with: `vpc-`.
    pub prefix: &'static str,
    /// The error codes' first part: `InvalidVpcID`.
    pub code: &'static str,
    /// In "The vpc ID '…' does not exist".
    pub name: &'static str,
    /// As tags name it: `vpc`.
    pub resource_type: &'static str,
}

macro_rules! nouns {
    ($($noun:ident $prefix:literal $code:literal $name:literal $tagged:literal;)*) => {
        $(#[doc = concat!("`", $prefix, "…`")]
        pub const $noun: Noun = Noun {
            prefix: $prefix, code: $code, name: $name, resource_type: $tagged,
        };)*
        /// Every kind of this room that can carry tags or is found by id.
        pub const NOUNS: &[Noun] = &[$($noun),*];
    };
}

// Codes and wordings: EC2 API reference, "Error codes for the Amazon EC2 API".
nouns! {
    VPC "vpc-" "InvalidVpcID" "vpc ID" "vpc";
    SUBNET "subnet-" "InvalidSubnetID" "subnet ID" "subnet";
    ROUTE_TABLE "rtb-" "InvalidRouteTableID" "routeTable ID" "route-table";
    INTERNET_GATEWAY "igw-" "InvalidInternetGatewayID" "internetGateway ID" "internet-gateway";
    SECURITY_GROUP "sg-" "InvalidGroup" "security group" "security-group";
    GROUP_RULE "sgr-" "InvalidSecurityGroupRuleId" "security group rule ID" "security-group-rule";
    NETWORK_ACL "acl-" "InvalidNetworkAclID" "networkAcl ID" "network-acl";
    NETWORK_INTERFACE "eni-" "InvalidNetworkInterfaceID" "networkInterface ID" "network-interface";
    ALLOCATION "eipalloc-" "InvalidAllocationID" "allocation ID" "elastic-ip";
    DHCP_OPTIONS "dopt-" "InvalidDhcpOptionID" "dhcpOption ID" "dhcp-options";
    ADDRESS_ASSOCIATION "eipassoc-" "InvalidAssociationID" "association ID" "";
    TABLE_ASSOCIATION "rtbassoc-" "InvalidAssociationID" "association ID" "";
    ACL_ASSOCIATION "aclassoc-" "InvalidAssociationID" "association ID" "";
    ATTACHMENT "eni-attach-" "InvalidAttachmentID" "attachment ID" "";
    INSTANCE "i-" "InvalidInstanceID" "instance ID" "instance";
}

/// Where the code of a malformed id begins otherwise than that of an unknown one (same page).
const MALFORMED: &[(&str, &str)] = &[
    ("sg-", "InvalidGroupId"),
    ("igw-", "InvalidInternetGatewayId"),
    ("rtb-", "InvalidRouteTableId"),
    ("acl-", "InvalidNetworkAclId"),
    ("eni-", "InvalidNetworkInterfaceId"),
    ("eni-attach-", "InvalidNetworkInterfaceAttachmentId"),
    ("dopt-", "InvalidDhcpOptionsId"),
    ("vol-", "InvalidVolumeID"),
    ("snap-", "InvalidSnapshotID"),
];

impl Noun {
    /// Refuses an id that no resource of this kind could have.
    pub fn check(&self, id: &str) -> Result<(), Refusal> {
        let digits = id.strip_prefix(self.prefix).unwrap_or_default();
        let hex = digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'));
        if hex && !digits.is_empty() {
            return Ok(());
        }
        // AWS publishes no code for malformed allocation ids.
        if *self == ALLOCATION {
            return Err(self.unknown(id));
        }
        let message = format!("Invalid id: \"{id}\" (expecting \"{}...\")", self.prefix);
        let own = MALFORMED.iter().find(|(prefix, _)| *prefix == self.prefix);
        let code = own.map_or(self.code, |(_, code)| code);
        Err(Refusal::new(format!("{code}.Malformed"), message))
    }

    /// Says that no resource has this id.
    pub fn unknown(&self, id: &str) -> Refusal {
        let message = format!("The {} '{id}' does not exist", self.name);
        Refusal::new(format!("{}.NotFound", self.code), message)
    }

    /// Says that no resource has these ids.
    pub fn unknown_all(&self, ids: &[&str]) -> Refusal {
        match ids {
            [id] => self.unknown(id),
            _ => {
                let message = format!("The {}s '{}' do not exist", self.name, ids.join(", "));
                Refusal::new(format!("{}.NotFound", self.code), message)
            }
        }
    }

    /// The record of this id; refuses a malformed and an unknown one.
    pub fn find<R: Record>(&self, call: &Call, id: &str) -> Result<Arc<R>, Refusal> {
        self.check(id)?;
        call.find::<R>(id).ok_or_else(|| self.unknown(id))
    }

    /// A copy of the record of this id, to change and put back.
    pub fn take<R: Record>(&self, call: &Call, id: &str) -> Result<R, Refusal> {
        self.find::<R>(call, id).map(|record| (*record).clone())
    }
}

/// The account that owns what is made in a scope.
pub fn owner(scope: &Scope) -> Option<String> {
    Some(scope.account.to_string())
}

/// Owned text, for answers.
pub fn text(text: impl ToString) -> Option<String> {
    Some(text.to_string())
}

/// The values of an optional part of an answer, for filters.
pub fn list<T: ToString>(part: &Option<T>) -> Vec<String> {
    part.iter().map(T::to_string).collect()
}

/// One of two parameters must be there.
pub fn missing(parameter: &str) -> Refusal {
    let message = format!("The request must contain the parameter {parameter}");
    Refusal::new("MissingParameter", message)
}

/// A value that cannot be: AWS's `InvalidParameterValue`.
pub fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidParameterValue", message)
}

/// Two parameters that do not go together.
pub fn combination(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidParameterCombination", message)
}

// === lists ===

/// How a Describe operation lists answers of one type.
pub struct List<T: 'static> {
    /// What is listed.
    pub noun: Noun,
    /// An answer's id.
    pub id: fn(&T) -> &Option<String>,
    /// An answer's tags.
    pub tags: fn(&T) -> &Option<Vec<Tag>>,
    /// Its filters besides those by tag. They read the answers themselves, so that a filter and
    /// what is shown cannot disagree.
    pub fields: &'static [listing::Field<T>],
}

/// What a Describe operation asks for besides its own parameters.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// Only these; each must exist.
    pub ids: Option<Vec<String>>,
    /// Only what matches all of these.
    pub filters: Option<Vec<Filter>>,
    /// At most so many.
    pub max_results: Option<i32>,
    /// After these.
    pub next_token: Option<String>,
}

impl<T> List<T> {
    /// Answers a Describe operation from everything there is: ids, filters, one page in the order
    /// of ids, and the token of the next.
    pub fn page(&self, all: Vec<T>, query: Query) -> Result<(Vec<T>, Option<String>), Refusal> {
        let all = self.chosen(all, query.ids.as_deref(), query.max_results)?;
        let mut all =
            listing::filter(all, &filters(query.filters)?, self.fields, |item| self.pairs(item))?;
        all.sort_by(|a, b| self.id(a).cmp(self.id(b)));
        let limit = query.max_results.map(|limit| limit.max(1) as usize);
        listing::page(all, |item| self.id(item).to_owned(), query.next_token.as_deref(), limit)
    }

    fn id<'a>(&self, item: &'a T) -> &'a str {
        (self.id)(item).as_deref().unwrap_or_default()
    }

    /// Keeps what was named; refuses malformed and unknown ids, and a page size beside ids.
    fn chosen(
        &self,
        mut all: Vec<T>,
        ids: Option<&[String]>,
        max_results: Option<i32>,
    ) -> Result<Vec<T>, Refusal> {
        let ids = ids.unwrap_or_default();
        if ids.is_empty() {
            return Ok(all);
        }
        if max_results.is_some() {
            let message = "The parameter MaxResults cannot be used with a list of ids";
            return Err(combination(message));
        }
        ids.iter().try_for_each(|id| self.noun.check(id))?;
        let ids: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
        all.retain(|item| ids.contains(self.id(item)));
        let found: BTreeSet<&str> = all.iter().map(|item| self.id(item)).collect();
        let unknown: Vec<&str> = ids.difference(&found).copied().collect();
        if unknown.is_empty() { Ok(all) } else { Err(self.noun.unknown_all(&unknown)) }
    }

    /// Tags of an answer as key and value.
    fn pairs(&self, item: &T) -> Vec<(String, String)> {
        let tags = (self.tags)(item).iter().flatten();
        let own = |text: &Option<String>| text.clone().unwrap_or_default();
        tags.map(|tag| (own(&tag.key), own(&tag.value))).collect()
    }
}

/// Filter values in one request (EC2 API reference, "Filter").
const FILTER_VALUES: usize = 200;

/// Filters of a request as lists take them.
pub fn filters(filters: Option<Vec<Filter>>) -> Result<Vec<listing::Filter>, Refusal> {
    let mut taken = Vec::new();
    let mut count = 0;
    for filter in filters.unwrap_or_default() {
        let name =
            filter.name.filter(|name| !name.is_empty()).ok_or_else(|| missing("Filter.Name"))?;
        let values = filter.values.unwrap_or_default();
        if values.is_empty() {
            return Err(invalid(format!("The filter '{name}' must have at least one value")));
        }
        count += values.len();
        taken.push(listing::Filter { name, values });
    }
    if count > FILTER_VALUES {
        let message =
            format!("The maximum number of filter values on a single call is {FILTER_VALUES}");
        return Err(Refusal::new("FilterLimitExceeded", message));
    }
    Ok(taken)
}

// === tags ===

/// The tags of a resource for an answer; none when it has none, because EC2 then omits the set.
pub fn tag_set(store: &Store, scope: &Scope, id: &str) -> Option<Vec<Tag>> {
    let tags = Tags::of(store, scope, id);
    let tag = |(key, value)| Tag { key: Some(key), value: Some(value) };
    (!tags.is_empty()).then(|| tags.into_iter().map(tag).collect())
}

/// The same for the kinds of resources whose set EC2 shows empty: route tables, internet gateways,
/// network ACLs and network interfaces (AWS CLI reference, examples of their Describe commands).
pub fn tag_set_or_empty(store: &Store, scope: &Scope, id: &str) -> Option<Vec<Tag>> {
    Some(tag_set(store, scope, id).unwrap_or_default())
}

/// Checks the tags of a create operation that makes things of one type.
pub fn tags_for(
    specifications: Option<Vec<TagSpecification>>,
    resource_type: &str,
) -> Result<BTreeMap<String, String>, Refusal> {
    let mut all = tags_by_type(specifications, &[resource_type])?;
    Ok(all.remove(resource_type).unwrap_or_default())
}

/// Checks the tags of a create operation that makes things of several types.
pub fn tags_by_type(
    specifications: Option<Vec<TagSpecification>>,
    resource_types: &[&str],
) -> Result<BTreeMap<String, BTreeMap<String, String>>, Refusal> {
    let mut all = BTreeMap::new();
    for specification in specifications.unwrap_or_default() {
        let named = specification.resource_type;
        let named = named.ok_or_else(|| missing("TagSpecification.ResourceType"))?;
        if !resource_types.contains(&named.as_str()) {
            let message =
                format!("'{named}' is not a valid taggable resource type for this operation.");
            return Err(invalid(message));
        }
        let tags = checked(specification.tags.unwrap_or_default())?;
        if all.insert(named.clone(), tags).is_some() {
            let message = format!("The resource type '{named}' has more than one set of tags.");
            return Err(invalid(message));
        }
    }
    Ok(all)
}

/// Checks a list of tags: keys and values as AWS allows them, no key twice, not too many.
pub fn checked(tags: Vec<Tag>) -> Result<BTreeMap<String, String>, Refusal> {
    let mut taken = BTreeMap::new();
    for tag in tags {
        let key = tag.key.ok_or_else(|| missing("Tag.Key"))?;
        let value = tag.value.unwrap_or_default();
        Tags::check(&key, &value)?;
        if taken.insert(key.clone(), value).is_some() {
            return Err(invalid(format!("Duplicate tag key '{key}' specified.")));
        }
    }
    limit(taken.len())?;
    Ok(taken)
}

fn limit(count: usize) -> Result<(), Refusal> {
    if count <= TAGS_PER_RESOURCE {
        return Ok(());
    }
    let message = "You have reached the maximum number of tags.";
    Err(Refusal::new("TagLimitExceeded", message))
}

/// Adds tags to a resource, replacing values of keys that it has.
pub fn put_tags(
    call: &mut Call,
    id: &Id,
    resource_type: &str,
    tags: BTreeMap<String, String>,
) -> Result<(), Refusal> {
    if tags.is_empty() {
        return Ok(());
    }
    let mut all = Tags::of(call.store(), &call.scope, id.as_str());
    all.extend(tags);
    limit(all.len())?;
    call.put(id.clone(), Tags { resource_type: resource_type.to_owned(), tags: all });
    Ok(())
}

/// Forgets the tags of a resource that goes.
pub fn forget_tags(call: &mut Call, id: &Id) {
    let key: Key = call.key(id.clone());
    call.forget_at::<Tags>(&key);
}

// === addresses ===

/// An IPv4 block in its canonical form: EC2 clears the bits behind the prefix.
pub fn block(parameter: &str, text: &str) -> Result<Ipv4Net, Refusal> {
    let parsed: Option<Ipv4Net> = text.parse().ok();
    parsed.map(|block| block.trunc()).ok_or_else(|| {
        let message = format!(
            "Value ({text}) for parameter {parameter} is invalid. This is not a valid CIDR block."
        );
        invalid(message)
    })
}

/// An IPv4 address.
pub fn address(parameter: &str, text: &str) -> Result<Ipv4Addr, Refusal> {
    text.parse().map_err(|_| {
        invalid(format!(
            "Value ({text}) for parameter {parameter} is invalid. Invalid IPv4 address"
        ))
    })
}

/// An IPv6 block in its canonical form.
pub fn block_v6(parameter: &str, text: &str) -> Result<String, Refusal> {
    let wrong = || {
        let message = format!("CIDR block {text} is malformed");
        Refusal::new("InvalidParameterValue", format!("{message} (parameter {parameter})"))
    };
    let (address, length) = text.split_once('/').ok_or_else(wrong)?;
    let address: Ipv6Addr = address.parse().map_err(|_| wrong())?;
    let length: u32 = length.parse().ok().filter(|length| *length <= 128).ok_or_else(wrong)?;
    let mask = if length == 0 { 0 } else { u128::MAX << (128 - length) };
    Ok(format!("{}/{length}", Ipv6Addr::from_bits(address.to_bits() & mask)))
}
