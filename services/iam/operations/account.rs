//! The account as a whole: its alias, its password policy and GetAccountSummary.

use super::access_keys;
use super::answer;
use crate::model::refuse;
use crate::model::{
    Account, Entity, Group, InstanceProfile, PasswordPolicy, Policy, Role, ServerCertificate, User,
    list,
};
use api_iam::{
    CreateAccountAliasOutput, CreateAccountAliasRequest, DeleteAccountAliasOutput,
    DeleteAccountAliasRequest, DeleteAccountPasswordPolicyInput, DeleteAccountPasswordPolicyOutput,
    GetAccountPasswordPolicyInput, GetAccountPasswordPolicyResponse, GetAccountSummaryInput,
    GetAccountSummaryResponse, ListAccountAliasesRequest, ListAccountAliasesResponse,
    UpdateAccountPasswordPolicyOutput, UpdateAccountPasswordPolicyRequest,
};
use region::{Call, Key, Refusal, serve};
use std::collections::BTreeMap;

/// docs: API_CreateAccountAlias
pub(crate) fn create_account_alias(
    call: &mut Call,
    input: CreateAccountAliasRequest,
) -> Result<CreateAccountAliasOutput, Refusal> {
    serve!(call, CreateAccountAliasRequest { account_alias } = input);
    let alias = account_alias;
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let number = alias.len() == 12 && alias.bytes().all(|byte| byte.is_ascii_digit());
    let ends = alias.starts_with('-') || alias.ends_with('-') || alias.contains("--");
    if !alias.chars().all(fine) || ends || number {
        return Err(refuse::validation(format!(
            "1 validation error detected: Value '{alias}' at 'accountAlias' failed to satisfy \
             constraint: Member must satisfy regular expression pattern: \
             ^[a-z0-9]([a-z0-9]|-(?!-)){{1,61}}[a-z0-9]$"
        )));
    }
    // An alias is one in all accounts.
    let mine = Account::key(call);
    let other = |key: &Key, other: &Account| *key != mine && other.alias.as_ref() == Some(&alias);
    let taken = call.store().all::<Account>().any(|(key, account)| other(key, account));
    if taken {
        return Err(refuse::taken(format!("The account alias {alias} already exists.")));
    }
    let account = Account { alias: Some(alias), ..(*Account::of(call)).clone() };
    call.put_at(mine, account);
    Ok(CreateAccountAliasOutput::default())
}

/// docs: API_DeleteAccountAlias
pub(crate) fn delete_account_alias(
    call: &mut Call,
    input: DeleteAccountAliasRequest,
) -> Result<DeleteAccountAliasOutput, Refusal> {
    serve!(call, DeleteAccountAliasRequest { account_alias } = input);
    let account = Account::of(call);
    if account.alias.as_ref() != Some(&account_alias) {
        let message = format!("The account alias {account_alias} cannot be found.");
        return Err(refuse::missing(message));
    }
    call.put_at(Account::key(call), Account { alias: None, ..(*account).clone() });
    Ok(DeleteAccountAliasOutput::default())
}

/// docs: API_ListAccountAliases
pub(crate) fn list_account_aliases(
    call: &mut Call,
    input: ListAccountAliasesRequest,
) -> Result<ListAccountAliasesResponse, Refusal> {
    serve!(call, ListAccountAliasesRequest { marker, max_items } = input);
    let aliases = Account::of(call).alias.iter().cloned().collect();
    let (aliases, is_truncated, marker) = answer::page(aliases, String::clone, marker, max_items)?;
    Ok(ListAccountAliasesResponse { account_aliases: Some(aliases), is_truncated, marker })
}

/// docs: API_UpdateAccountPasswordPolicy
pub(crate) fn update_account_password_policy(
    call: &mut Call,
    input: UpdateAccountPasswordPolicyRequest,
) -> Result<UpdateAccountPasswordPolicyOutput, Refusal> {
    serve!(
        call,
        UpdateAccountPasswordPolicyRequest {
            minimum_password_length,
            require_symbols,
            require_numbers,
            require_uppercase_characters,
            require_lowercase_characters,
            allow_users_to_change_password,
            max_password_age,
            password_reuse_prevention,
            hard_expiry,
        } = input
    );
    let require = [
        require_symbols,
        require_numbers,
        require_uppercase_characters,
        require_lowercase_characters,
    ];
    let policy = PasswordPolicy {
        length: minimum_password_length.unwrap_or(6),
        require: require.map(|one| one == Some(true)),
        change: allow_users_to_change_password == Some(true),
        days: max_password_age.filter(|days| *days > 0),
        reuse: password_reuse_prevention.filter(|count| *count > 0),
        hard: hard_expiry,
    };
    let account = Account { passwords: Some(policy), ..(*Account::of(call)).clone() };
    call.put_at(Account::key(call), account);
    Ok(UpdateAccountPasswordPolicyOutput::default())
}

fn no_password_policy(call: &Call) -> Refusal {
    let account = &call.scope.account;
    refuse::missing(format!("The Password Policy with domain name {account} cannot be found."))
}

/// docs: API_GetAccountPasswordPolicy
pub(crate) fn get_account_password_policy(
    call: &mut Call,
    input: GetAccountPasswordPolicyInput,
) -> Result<GetAccountPasswordPolicyResponse, Refusal> {
    serve!(call, GetAccountPasswordPolicyInput {} = input);
    let account = Account::of(call);
    let policy = account.passwords.as_ref().ok_or_else(|| no_password_policy(call))?;
    let [symbols, numbers, upper, lower] = policy.require;
    let shown = api_iam::PasswordPolicy {
        minimum_password_length: Some(policy.length),
        require_symbols: Some(symbols),
        require_numbers: Some(numbers),
        require_uppercase_characters: Some(upper),
        require_lowercase_characters: Some(lower),
        allow_users_to_change_password: Some(policy.change),
        expire_passwords: Some(policy.days.is_some()),
        max_password_age: policy.days,
        password_reuse_prevention: policy.reuse,
        hard_expiry: policy.hard,
    };
    Ok(GetAccountPasswordPolicyResponse { password_policy: Some(shown) })
}

/// docs: API_DeleteAccountPasswordPolicy
pub(crate) fn delete_account_password_policy(
    call: &mut Call,
    input: DeleteAccountPasswordPolicyInput,
) -> Result<DeleteAccountPasswordPolicyOutput, Refusal> {
    serve!(call, DeleteAccountPasswordPolicyInput {} = input);
    let account = Account::of(call);
    account.passwords.as_ref().ok_or_else(|| no_password_policy(call))?;
    call.put_at(Account::key(call), Account { passwords: None, ..(*account).clone() });
    Ok(DeleteAccountPasswordPolicyOutput::default())
}

/// Names and numbers of quotas (AWS: IAM quotas); nothing of it can be raised here.
const QUOTAS: &[(&str, i32)] = &[
    ("UsersQuota", 5000),
    ("GroupsQuota", 300),
    ("RolesQuota", 1000),
    ("InstanceProfilesQuota", 1000),
    ("PoliciesQuota", 1500),
    ("ServerCertificatesQuota", 20),
    ("AccessKeysPerUserQuota", 2),
    ("GroupsPerUserQuota", 10),
    ("AttachedPoliciesPerUserQuota", 10),
    ("AttachedPoliciesPerRoleQuota", 10),
    ("AttachedPoliciesPerGroupQuota", 10),
    ("UserPolicySizeQuota", 2048),
    ("GroupPolicySizeQuota", 5120),
    ("RolePolicySizeQuota", 10_240),
    ("AssumeRolePolicySizeQuota", 2048),
    ("PolicySizeQuota", 6144),
    ("VersionsPerPolicyQuota", 5),
    ("PolicyVersionsInUseQuota", 10_000),
    ("SigningCertificatesPerUserQuota", 2),
    ("GlobalEndpointTokenVersion", 1),
];

/// What an account here has none of.
const NONE: &[&str] = &[
    "MFADevices",
    "MFADevicesInUse",
    "AccountMFAEnabled",
    "AccountPasswordPresent",
    "AccountSigningCertificatesPresent",
    "Providers",
];

fn count<E: Entity>(call: &Call) -> i32 {
    i32::try_from(list::<E>(call, None).len()).unwrap_or(i32::MAX)
}

/// docs: API_GetAccountSummary
pub(crate) fn get_account_summary(
    call: &mut Call,
    input: GetAccountSummaryInput,
) -> Result<GetAccountSummaryResponse, Refusal> {
    serve!(call, GetAccountSummaryInput {} = input);
    let versions: usize = list::<Policy>(call, None).iter().map(|one| one.versions.len()).sum();
    let root_keys = access_keys::of(call, None);
    let counts = [
        ("Users", count::<User>(call)),
        ("Groups", count::<Group>(call)),
        ("Roles", count::<Role>(call)),
        ("InstanceProfiles", count::<InstanceProfile>(call)),
        ("Policies", count::<Policy>(call)),
        ("ServerCertificates", count::<ServerCertificate>(call)),
        ("PolicyVersionsInUse", i32::try_from(versions).unwrap_or(i32::MAX)),
        ("AccountAccessKeysPresent", i32::from(!root_keys.is_empty())),
    ];
    let none = NONE.iter().map(|name| (*name, 0));
    let all = counts.into_iter().chain(none).chain(QUOTAS.iter().copied());
    let summary: BTreeMap<String, i32> = all.map(|(name, n)| (name.to_owned(), n)).collect();
    Ok(GetAccountSummaryResponse { summary_map: Some(summary) })
}
