//! Access keys: CreateAccessKey, ListAccessKeys, UpdateAccessKey, DeleteAccessKey,
//! GetAccessKeyLastUsed. The front door checks signatures with what is written here.

use super::answer;
use super::users::own_name;
use crate::model::refuse;
use crate::model::{self, AccessKey, User, credential_id, find};
use api_iam::{
    AccessKeyLastUsed, AccessKeyMetadata, CreateAccessKeyRequest, CreateAccessKeyResponse,
    DeleteAccessKeyOutput, DeleteAccessKeyRequest, GetAccessKeyLastUsedRequest,
    GetAccessKeyLastUsedResponse, ListAccessKeysRequest, ListAccessKeysResponse,
    UpdateAccessKeyOutput, UpdateAccessKeyRequest,
};
use region::{Call, Credential, Key, Principal, Refusal, serve};
use std::sync::Arc;

/// Access keys of one user (AWS: IAM quotas).
const KEYS: usize = 2;

pub(crate) fn key(call: &Call, id: &str) -> Key {
    Key::new(&call.scope.global(), id)
}

/// The keys of a user, or of the root.
pub(crate) fn of(call: &Call, user: Option<&str>) -> Vec<Arc<AccessKey>> {
    let scope = call.scope.global();
    let all = call.store().list::<AccessKey>(&scope);
    all.filter(|(_, key)| key.user.as_deref() == user).map(|(_, key)| key.clone()).collect()
}

/// Whose keys a call is about: the user it names, else the caller.
fn whose(call: &Call, user_name: Option<String>) -> Result<Option<Arc<User>>, Refusal> {
    let name = match user_name {
        Some(name) => Some(name),
        None => own_name(call)?,
    };
    name.map(|name| find::<User>(call, &name)).transpose()
}

/// A key of that user.
fn one(call: &Call, id: &str, user: Option<&User>) -> Result<Arc<AccessKey>, Refusal> {
    let name = user.map(|user| user.name.as_str());
    let found = call.get::<AccessKey>(&key(call, id)).filter(|key| key.user.as_deref() == name);
    found.ok_or_else(|| refuse::missing(format!("The Access Key with id {id} cannot be found.")))
}

/// docs: API_CreateAccessKey
pub(crate) fn create_access_key(
    call: &mut Call,
    input: CreateAccessKeyRequest,
) -> Result<CreateAccessKeyResponse, Refusal> {
    serve!(call, CreateAccessKeyRequest { user_name } = input);
    let user = whose(call, user_name)?;
    let name = user.as_ref().map(|user| user.name.clone());
    if of(call, name.as_deref()).len() >= KEYS {
        return Err(refuse::quota("AccessKeysPerUser", KEYS));
    }
    let id = credential_id(call, "AKIA");
    let secret = model::secret(call);
    let principal = match &user {
        Some(user) => Principal {
            account: call.scope.account.clone(),
            arn: user.arn(&call.scope),
            user_id: user.id.clone(),
        },
        None => Principal::root(&call.scope.account),
    };
    let credential = Credential {
        key_id: id.clone(),
        secret: secret.clone(),
        principal,
        session_token: None,
        expires: None,
        active: true,
    };
    call.put_at(Credential::key(&id), credential);
    let made = AccessKey { id: id.clone(), user: name.clone(), active: true, created: call.now };
    call.put_at(key(call, &id), made);
    let shown = api_iam::AccessKey {
        user_name: name,
        access_key_id: Some(id),
        status: Some("Active".into()),
        secret_access_key: Some(secret),
        create_date: answer::time(call.now),
    };
    Ok(CreateAccessKeyResponse { access_key: Some(shown) })
}

/// docs: API_ListAccessKeys
pub(crate) fn list_access_keys(
    call: &mut Call,
    input: ListAccessKeysRequest,
) -> Result<ListAccessKeysResponse, Refusal> {
    serve!(call, ListAccessKeysRequest { user_name, marker, max_items } = input);
    let user = whose(call, user_name)?;
    let keys = of(call, user.as_ref().map(|user| user.name.as_str()));
    let (keys, is_truncated, marker) = answer::page(keys, |key| key.id.clone(), marker, max_items)?;
    let line = |key: &Arc<AccessKey>| AccessKeyMetadata {
        user_name: key.user.clone(),
        access_key_id: Some(key.id.clone()),
        status: Some(if key.active { "Active" } else { "Inactive" }.into()),
        create_date: answer::time(key.created),
    };
    let access_key_metadata = Some(keys.iter().map(line).collect());
    Ok(ListAccessKeysResponse { access_key_metadata, is_truncated, marker })
}

/// docs: API_UpdateAccessKey
pub(crate) fn update_access_key(
    call: &mut Call,
    input: UpdateAccessKeyRequest,
) -> Result<UpdateAccessKeyOutput, Refusal> {
    serve!(call, UpdateAccessKeyRequest { user_name, access_key_id, status } = input);
    let user = whose(call, user_name)?;
    let mut changed = (*one(call, &access_key_id, user.as_deref())?).clone();
    changed.active = match status.as_str() {
        "Active" => true,
        "Inactive" => false,
        _ => {
            let message = format!("Value '{status}' at 'status' must be Active or Inactive.");
            return Err(refuse::validation(message));
        }
    };
    let at = Credential::key(&access_key_id);
    if let Some(credential) = call.get::<Credential>(&at) {
        call.put_at(at, Credential { active: changed.active, ..(*credential).clone() });
    }
    call.put_at(key(call, &access_key_id), changed);
    Ok(UpdateAccessKeyOutput::default())
}

/// docs: API_DeleteAccessKey
pub(crate) fn delete_access_key(
    call: &mut Call,
    input: DeleteAccessKeyRequest,
) -> Result<DeleteAccessKeyOutput, Refusal> {
    serve!(call, DeleteAccessKeyRequest { user_name, access_key_id } = input);
    let user = whose(call, user_name)?;
    one(call, &access_key_id, user.as_deref())?;
    call.forget_at::<Credential>(&Credential::key(&access_key_id));
    call.forget_at::<AccessKey>(&key(call, &access_key_id));
    Ok(DeleteAccessKeyOutput::default())
}

/// docs: API_GetAccessKeyLastUsed. Uses are not kept: it says what AWS says of a key of which
/// it knows none.
pub(crate) fn get_access_key_last_used(
    call: &mut Call,
    input: GetAccessKeyLastUsedRequest,
) -> Result<GetAccessKeyLastUsedResponse, Refusal> {
    serve!(call, GetAccessKeyLastUsedRequest { access_key_id } = input);
    let found = call.get::<AccessKey>(&key(call, &access_key_id)).ok_or_else(|| {
        refuse::missing(format!("The Access Key with id {access_key_id} cannot be found."))
    })?;
    let nothing = Some("N/A".to_owned());
    let (region, service_name) = (nothing.clone(), nothing);
    let access_key_last_used = AccessKeyLastUsed { last_used_date: None, region, service_name };
    Ok(GetAccessKeyLastUsedResponse {
        user_name: found.user.clone(),
        access_key_last_used: Some(access_key_last_used),
    })
}
