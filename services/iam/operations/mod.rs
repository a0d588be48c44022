//! What is served: the table of contents is in `table`.

mod absent;
mod access_keys;
mod account;
mod answer;
mod details;
mod grants;
mod groups;
mod instance_profiles;
mod policies;
mod roles;
mod server_certificates;
mod service_linked;
mod table;
mod tags;
mod trust;
mod users;
mod versions;
mod x509;

pub(crate) use table::OPERATIONS;
