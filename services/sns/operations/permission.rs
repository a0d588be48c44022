//! Policies: kept, not enforced (decisions/0006).

use super::topic_attributes::policy;
use crate::model::refuse;
use crate::model::topic::{arn, find};
use api_sns::{
    AddPermissionInput, AddPermissionOutput, GetDataProtectionPolicyInput,
    GetDataProtectionPolicyResponse, PutDataProtectionPolicyInput, PutDataProtectionPolicyOutput,
    RemovePermissionInput, RemovePermissionOutput,
};
use region::{Call, Refusal, serve};
use serde_json::{Value as Json, json};

/// docs: API_AddPermission
pub fn add_permission(
    call: &mut Call,
    input: AddPermissionInput,
) -> Result<AddPermissionOutput, Refusal> {
    serve!(call, AddPermissionInput { topic_arn, label, aws_account_id, action_name } = input);
    let (key, topic) = find(call, &topic_arn)?;
    let mut document = read(topic.attributes.get("Policy"), &arn(&key), &call.scope.account);
    let Some(statements) = document["Statement"].as_array_mut() else {
        return Err(refuse::invalid("Policy Error: the topic's policy has no statements"));
    };
    if statements.iter().any(|statement| statement["Sid"] == *label) {
        return Err(refuse::invalid("Statement already exists"));
    }
    let accounts = aws_account_id.iter().map(|account| format!("arn:aws:iam::{account}:root"));
    statements.push(json!({
        "Sid": label,
        "Effect": "Allow",
        "Principal": { "AWS": accounts.collect::<Vec<_>>() },
        "Action": action_name.iter().map(|name| format!("SNS:{name}")).collect::<Vec<_>>(),
        "Resource": arn(&key),
    }));
    let mut topic = (*topic).clone();
    topic.attributes.insert("Policy".to_owned(), document.to_string());
    call.put_at(key, topic);
    Ok(AddPermissionOutput::default())
}

/// docs: API_RemovePermission
pub fn remove_permission(
    call: &mut Call,
    input: RemovePermissionInput,
) -> Result<RemovePermissionOutput, Refusal> {
    serve!(call, RemovePermissionInput { topic_arn, label } = input);
    let (key, topic) = find(call, &topic_arn)?;
    let mut document = read(topic.attributes.get("Policy"), &arn(&key), &call.scope.account);
    if let Some(statements) = document["Statement"].as_array_mut() {
        statements.retain(|statement| statement["Sid"] != *label);
    }
    let mut topic = (*topic).clone();
    topic.attributes.insert("Policy".to_owned(), document.to_string());
    call.put_at(key, topic);
    Ok(RemovePermissionOutput::default())
}

fn read(present: Option<&String>, arn: &str, account: &str) -> Json {
    let text = present.cloned().unwrap_or_else(|| policy(arn, account));
    serde_json::from_str(&text).unwrap_or_default()
}

/// docs: API_PutDataProtectionPolicy
pub fn put_data_protection_policy(
    call: &mut Call,
    input: PutDataProtectionPolicyInput,
) -> Result<PutDataProtectionPolicyOutput, Refusal> {
    serve!(call, PutDataProtectionPolicyInput { resource_arn, data_protection_policy } = input);
    let (key, topic) = find(call, &resource_arn)?;
    if serde_json::from_str::<Json>(&data_protection_policy).is_err() {
        return Err(refuse::invalid("DataProtectionPolicy"));
    }
    let mut topic = (*topic).clone();
    topic.data_protection = Some(data_protection_policy);
    call.put_at(key, topic);
    Ok(PutDataProtectionPolicyOutput::default())
}

/// docs: API_GetDataProtectionPolicy
pub fn get_data_protection_policy(
    call: &mut Call,
    input: GetDataProtectionPolicyInput,
) -> Result<GetDataProtectionPolicyResponse, Refusal> {
    serve!(call, GetDataProtectionPolicyInput { resource_arn } = input);
    let (_, topic) = find(call, &resource_arn)?;
    let data_protection_policy = topic.data_protection.clone();
    Ok(GetDataProtectionPolicyResponse { data_protection_policy })
}
