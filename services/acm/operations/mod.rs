//! The table of contents: every operation that this room serves.

mod configuration;
mod delete;
mod describe;
mod import;
mod list;
mod options;
mod refuse;
mod request;
mod tags;

use region::{Operation, operations};

/// What is served: certificates.
pub(crate) const OPERATIONS: &[Operation] = operations![
    AddTagsToCertificate => tags::add_tags_to_certificate,
    DeleteCertificate => delete::delete_certificate,
    DescribeCertificate => describe::describe_certificate,
    GetAccountConfiguration => configuration::get_account_configuration,
    GetCertificate => describe::get_certificate,
    ImportCertificate => import::import_certificate,
    ListCertificates => list::list_certificates,
    ListTagsForCertificate => tags::list_tags_for_certificate,
    PutAccountConfiguration => configuration::put_account_configuration,
    RemoveTagsFromCertificate => tags::remove_tags_from_certificate,
    RenewCertificate => options::renew_certificate,
    RequestCertificate => request::request_certificate,
    UpdateCertificateOptions => options::update_certificate_options,
];
