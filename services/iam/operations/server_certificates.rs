//! Server certificates: UploadServerCertificate, GetServerCertificate, ListServerCertificates,
//! UpdateServerCertificate, DeleteServerCertificate.

use super::answer;
use super::tags::checked;
use super::x509;
use crate::model::refuse;
use crate::model::{Entity, ServerCertificate, exists, find, list, unique};
use api_iam::{
    DeleteServerCertificateOutput, DeleteServerCertificateRequest, GetServerCertificateRequest,
    GetServerCertificateResponse, ListServerCertificatesRequest, ListServerCertificatesResponse,
    ServerCertificateMetadata, UpdateServerCertificateOutput, UpdateServerCertificateRequest,
    UploadServerCertificateRequest, UploadServerCertificateResponse,
};
use region::{Call, Refusal, Scope, serve};
use shape::Timestamp;

/// Server certificates of one account (AWS: IAM quotas).
const CERTIFICATES: usize = 20;

fn line(scope: &Scope, one: &ServerCertificate) -> ServerCertificateMetadata {
    ServerCertificateMetadata {
        path: Some(one.path.clone()),
        server_certificate_name: Some(one.name.clone()),
        server_certificate_id: Some(one.id.clone()),
        arn: Some(one.arn(scope)),
        upload_date: answer::time(one.uploaded),
        expiration: Some(Timestamp::from_seconds(one.expires)),
    }
}

fn taken(name: &str) -> Refusal {
    refuse::taken(format!("The Server Certificate with name {name} already exists."))
}

fn malformed(what: &str) -> Refusal {
    let message = format!("Unable to parse {what}. Please ensure the {what} is in PEM format.");
    Refusal::new("MalformedCertificate", message)
}

/// docs: API_UploadServerCertificate
pub(crate) fn upload_server_certificate(
    call: &mut Call,
    input: UploadServerCertificateRequest,
) -> Result<UploadServerCertificateResponse, Refusal> {
    serve!(
        call,
        UploadServerCertificateRequest {
            server_certificate_name,
            path,
            certificate_body,
            private_key,
            certificate_chain,
            tags,
        } = input
    );
    refuse::name(&server_certificate_name, "serverCertificateName")?;
    let path = refuse::path(path)?;
    let tags = checked(&Default::default(), tags.unwrap_or_default())?;
    let expires = x509::not_after(&certificate_body).ok_or_else(|| malformed("certificate"))?;
    if !x509::is_private_key(&private_key) {
        return Err(malformed("private key"));
    }
    if certificate_chain.as_ref().is_some_and(|chain| !x509::is_chain(chain)) {
        return Err(malformed("certificate chain"));
    }
    if exists::<ServerCertificate>(call, &server_certificate_name) {
        return Err(taken(&server_certificate_name));
    }
    if list::<ServerCertificate>(call, None).len() >= CERTIFICATES {
        return Err(refuse::quota("ServerCertificatesPerAccount", CERTIFICATES));
    }
    let certificate = ServerCertificate {
        id: unique(call, "ASCA"),
        name: server_certificate_name,
        path,
        uploaded: call.now,
        expires,
        body: certificate_body,
        chain: certificate_chain,
        private_key,
        tags,
    };
    let shown = UploadServerCertificateResponse {
        server_certificate_metadata: Some(line(&call.scope, &certificate)),
        tags: answer::some_tags(&certificate.tags),
    };
    call.put_at(ServerCertificate::key(&call.scope, &certificate.name), certificate);
    Ok(shown)
}

/// docs: API_GetServerCertificate
pub(crate) fn get_server_certificate(
    call: &mut Call,
    input: GetServerCertificateRequest,
) -> Result<GetServerCertificateResponse, Refusal> {
    serve!(call, GetServerCertificateRequest { server_certificate_name } = input);
    let one = find::<ServerCertificate>(call, &server_certificate_name)?;
    let shown = api_iam::ServerCertificate {
        server_certificate_metadata: Some(line(&call.scope, &one)),
        certificate_body: Some(one.body.clone()),
        certificate_chain: one.chain.clone(),
        tags: Some(answer::tags(&one.tags)),
    };
    Ok(GetServerCertificateResponse { server_certificate: Some(shown) })
}

/// docs: API_ListServerCertificates
pub(crate) fn list_server_certificates(
    call: &mut Call,
    input: ListServerCertificatesRequest,
) -> Result<ListServerCertificatesResponse, Refusal> {
    serve!(call, ListServerCertificatesRequest { path_prefix, marker, max_items } = input);
    let all = list::<ServerCertificate>(call, path_prefix.as_deref());
    let (all, is_truncated, marker) =
        answer::page(all, answer::sorted_name::<ServerCertificate>, marker, max_items)?;
    let lines = all.iter().map(|one| line(&call.scope, one)).collect();
    let server_certificate_metadata_list = Some(lines);
    Ok(ListServerCertificatesResponse { server_certificate_metadata_list, is_truncated, marker })
}

/// docs: API_UpdateServerCertificate
pub(crate) fn update_server_certificate(
    call: &mut Call,
    input: UpdateServerCertificateRequest,
) -> Result<UpdateServerCertificateOutput, Refusal> {
    serve!(
        call,
        UpdateServerCertificateRequest {
            server_certificate_name,
            new_path,
            new_server_certificate_name,
        } = input
    );
    let mut one = (*find::<ServerCertificate>(call, &server_certificate_name)?).clone();
    if let Some(path) = new_path {
        one.path = refuse::path(Some(path))?;
    }
    if let Some(name) = new_server_certificate_name {
        refuse::name(&name, "newServerCertificateName")?;
        let same = name.eq_ignore_ascii_case(&server_certificate_name);
        if !same && exists::<ServerCertificate>(call, &name) {
            return Err(taken(&name));
        }
        one.name = name;
    }
    let old = ServerCertificate::key(&call.scope, &server_certificate_name);
    call.forget_at::<ServerCertificate>(&old);
    call.put_at(ServerCertificate::key(&call.scope, &one.name), one);
    Ok(UpdateServerCertificateOutput::default())
}

/// docs: API_DeleteServerCertificate
pub(crate) fn delete_server_certificate(
    call: &mut Call,
    input: DeleteServerCertificateRequest,
) -> Result<DeleteServerCertificateOutput, Refusal> {
    serve!(call, DeleteServerCertificateRequest { server_certificate_name } = input);
    let one = find::<ServerCertificate>(call, &server_certificate_name)?;
    call.forget_at::<ServerCertificate>(&ServerCertificate::key(&call.scope, &one.name));
    Ok(DeleteServerCertificateOutput::default())
}
