//! DHCP options as clients see them.

use crate::form::{DHCP_OPTIONS, List, list, owner, tag_set, text};
use crate::model::DhcpOptions;
use api_ec2::{AttributeValue, DhcpConfiguration};
use region::{Scope, Store};
use world::Id;

/// The answer for one.
pub fn options(
    store: &Store,
    scope: &Scope,
    id: &Id,
    options: &DhcpOptions,
) -> api_ec2::DhcpOptions {
    let one = |(key, values): &(String, Vec<String>)| DhcpConfiguration {
        key: text(key),
        values: Some(values.iter().map(|value| AttributeValue { value: text(value) }).collect()),
    };
    api_ec2::DhcpOptions {
        dhcp_configurations: Some(options.options.iter().map(one).collect()),
        dhcp_options_id: text(id),
        owner_id: owner(scope),
        tags: tag_set(store, scope, id.as_str()),
    }
}

/// DescribeDhcpOptions.
pub const LIST: List<api_ec2::DhcpOptions> = List {
    noun: DHCP_OPTIONS,
    id: |options| &options.dhcp_options_id,
    tags: |options| &options.tags,
    fields: &[
        ("dhcp-options-id", |options| list(&options.dhcp_options_id)),
        ("key", |options| {
            options.dhcp_configurations.iter().flatten().flat_map(|one| list(&one.key)).collect()
        }),
        ("value", |options| {
            let all = options.dhcp_configurations.iter().flatten();
            let values = all.flat_map(|one| one.values.iter().flatten());
            values.flat_map(|value| list(&value.value)).collect()
        }),
        ("owner-id", |options| list(&options.owner_id)),
    ],
};
