//! What users could have on AWS and nobody has here: passwords, MFA devices, SSH keys, signing
//! certificates, credentials for services, identity providers. Lists are empty because nothing
//! can be made; what is named does not exist.

use super::users::own_name;
use crate::model::refuse;
use crate::model::{User, find};
use api_iam::{
    DeactivateMFADeviceOutput, DeactivateMFADeviceRequest, DeleteLoginProfileOutput,
    DeleteLoginProfileRequest, DeleteSSHPublicKeyOutput, DeleteSSHPublicKeyRequest,
    DeleteServiceSpecificCredentialOutput, DeleteServiceSpecificCredentialRequest,
    DeleteSigningCertificateOutput, DeleteSigningCertificateRequest, DeleteVirtualMFADeviceOutput,
    DeleteVirtualMFADeviceRequest, GetLoginProfileRequest, GetLoginProfileResponse,
    GetOpenIDConnectProviderRequest, GetOpenIDConnectProviderResponse, GetSSHPublicKeyRequest,
    GetSSHPublicKeyResponse, ListMFADevicesRequest, ListMFADevicesResponse,
    ListOpenIDConnectProvidersRequest, ListOpenIDConnectProvidersResponse,
    ListSSHPublicKeysRequest, ListSSHPublicKeysResponse, ListServiceSpecificCredentialsRequest,
    ListServiceSpecificCredentialsResponse, ListSigningCertificatesRequest,
    ListSigningCertificatesResponse, ListVirtualMFADevicesRequest, ListVirtualMFADevicesResponse,
};
use region::{Call, Refusal, serve};

/// Refuses a user who does not exist; the caller when none is named.
fn user(call: &Call, name: Option<String>) -> Result<(), Refusal> {
    let name = match name {
        Some(name) => Some(name),
        None => own_name(call)?,
    };
    name.map_or(Ok(()), |name| find::<User>(call, &name).map(drop))
}

fn none<T>(what: &str, id: &str) -> Result<T, Refusal> {
    Err(refuse::missing(format!("The {what} {id} cannot be found.")))
}

/// docs: API_ListMFADevices
pub(crate) fn list_mfa_devices(
    call: &mut Call,
    input: ListMFADevicesRequest,
) -> Result<ListMFADevicesResponse, Refusal> {
    serve!(call, ListMFADevicesRequest { user_name } unheeded { marker, max_items } = input);
    user(call, user_name)?;
    let (mfa_devices, is_truncated) = (Some(Vec::new()), Some(false));
    Ok(ListMFADevicesResponse { mfa_devices, is_truncated, marker: None })
}

/// docs: API_ListVirtualMFADevices
pub(crate) fn list_virtual_mfa_devices(
    call: &mut Call,
    input: ListVirtualMFADevicesRequest,
) -> Result<ListVirtualMFADevicesResponse, Refusal> {
    serve!(call, ListVirtualMFADevicesRequest {}
        unheeded { assignment_status, marker, max_items } = input);
    let (virtual_mfa_devices, is_truncated) = (Some(Vec::new()), Some(false));
    Ok(ListVirtualMFADevicesResponse { virtual_mfa_devices, is_truncated, marker: None })
}

/// docs: API_ListSSHPublicKeys
pub(crate) fn list_ssh_public_keys(
    call: &mut Call,
    input: ListSSHPublicKeysRequest,
) -> Result<ListSSHPublicKeysResponse, Refusal> {
    serve!(call, ListSSHPublicKeysRequest { user_name } unheeded { marker, max_items } = input);
    user(call, user_name)?;
    let (ssh_public_keys, is_truncated) = (Some(Vec::new()), Some(false));
    Ok(ListSSHPublicKeysResponse { ssh_public_keys, is_truncated, marker: None })
}

/// docs: API_ListSigningCertificates
pub(crate) fn list_signing_certificates(
    call: &mut Call,
    input: ListSigningCertificatesRequest,
) -> Result<ListSigningCertificatesResponse, Refusal> {
    serve!(call, ListSigningCertificatesRequest { user_name }
        unheeded { marker, max_items } = input);
    user(call, user_name)?;
    let (certificates, is_truncated) = (Some(Vec::new()), Some(false));
    Ok(ListSigningCertificatesResponse { certificates, is_truncated, marker: None })
}

/// docs: API_ListServiceSpecificCredentials
pub(crate) fn list_service_specific_credentials(
    call: &mut Call,
    input: ListServiceSpecificCredentialsRequest,
) -> Result<ListServiceSpecificCredentialsResponse, Refusal> {
    serve!(call, ListServiceSpecificCredentialsRequest { user_name, all_users }
        unheeded { service_name, marker, max_items } = input);
    if all_users != Some(true) {
        user(call, user_name)?;
    }
    let service_specific_credentials = Some(Vec::new());
    Ok(ListServiceSpecificCredentialsResponse {
        service_specific_credentials,
        ..Default::default()
    })
}

/// docs: API_ListOpenIDConnectProviders
pub(crate) fn list_open_id_connect_providers(
    call: &mut Call,
    input: ListOpenIDConnectProvidersRequest,
) -> Result<ListOpenIDConnectProvidersResponse, Refusal> {
    serve!(call, ListOpenIDConnectProvidersRequest {} = input);
    Ok(ListOpenIDConnectProvidersResponse { open_id_connect_provider_list: Some(Vec::new()) })
}

/// docs: API_GetOpenIDConnectProvider
pub(crate) fn get_open_id_connect_provider(
    call: &mut Call,
    input: GetOpenIDConnectProviderRequest,
) -> Result<GetOpenIDConnectProviderResponse, Refusal> {
    serve!(call, GetOpenIDConnectProviderRequest { open_id_connect_provider_arn } = input);
    none("OpenIDConnect Provider", &open_id_connect_provider_arn)
}

/// docs: API_GetLoginProfile
pub(crate) fn get_login_profile(
    call: &mut Call,
    input: GetLoginProfileRequest,
) -> Result<GetLoginProfileResponse, Refusal> {
    serve!(call, GetLoginProfileRequest { user_name } = input);
    user(call, user_name.clone())?;
    none("Login Profile for User", user_name.as_deref().unwrap_or("root"))
}

/// docs: API_DeleteLoginProfile
pub(crate) fn delete_login_profile(
    call: &mut Call,
    input: DeleteLoginProfileRequest,
) -> Result<DeleteLoginProfileOutput, Refusal> {
    serve!(call, DeleteLoginProfileRequest { user_name } = input);
    user(call, user_name.clone())?;
    none("Login Profile for User", user_name.as_deref().unwrap_or("root"))
}

/// docs: API_DeactivateMFADevice
pub(crate) fn deactivate_mfa_device(
    call: &mut Call,
    input: DeactivateMFADeviceRequest,
) -> Result<DeactivateMFADeviceOutput, Refusal> {
    serve!(call, DeactivateMFADeviceRequest { user_name, serial_number } = input);
    user(call, user_name)?;
    none("MFA Device with serial number", &serial_number)
}

/// docs: API_DeleteVirtualMFADevice
pub(crate) fn delete_virtual_mfa_device(
    call: &mut Call,
    input: DeleteVirtualMFADeviceRequest,
) -> Result<DeleteVirtualMFADeviceOutput, Refusal> {
    serve!(call, DeleteVirtualMFADeviceRequest { serial_number } = input);
    none("VirtualMFADevice with serial number", &serial_number)
}

/// docs: API_GetSSHPublicKey
pub(crate) fn get_ssh_public_key(
    call: &mut Call,
    input: GetSSHPublicKeyRequest,
) -> Result<GetSSHPublicKeyResponse, Refusal> {
    serve!(call, GetSSHPublicKeyRequest { user_name, ssh_public_key_id }
        unheeded { encoding } = input);
    user(call, Some(user_name))?;
    none("Public Key with id", &ssh_public_key_id)
}

/// docs: API_DeleteSSHPublicKey
pub(crate) fn delete_ssh_public_key(
    call: &mut Call,
    input: DeleteSSHPublicKeyRequest,
) -> Result<DeleteSSHPublicKeyOutput, Refusal> {
    serve!(call, DeleteSSHPublicKeyRequest { user_name, ssh_public_key_id } = input);
    user(call, Some(user_name))?;
    none("Public Key with id", &ssh_public_key_id)
}

/// docs: API_DeleteSigningCertificate
pub(crate) fn delete_signing_certificate(
    call: &mut Call,
    input: DeleteSigningCertificateRequest,
) -> Result<DeleteSigningCertificateOutput, Refusal> {
    serve!(call, DeleteSigningCertificateRequest { user_name, certificate_id } = input);
    user(call, user_name)?;
    none("Certificate with id", &certificate_id)
}

/// docs: API_DeleteServiceSpecificCredential
pub(crate) fn delete_service_specific_credential(
    call: &mut Call,
    input: DeleteServiceSpecificCredentialRequest,
) -> Result<DeleteServiceSpecificCredentialOutput, Refusal> {
    serve!(
        call,
        DeleteServiceSpecificCredentialRequest { user_name, service_specific_credential_id } =
            input
    );
    user(call, user_name)?;
    none("Service Specific Credential", &service_specific_credential_id)
}
