//! GetSubscriptionAttributes and SetSubscriptionAttributes.

use crate::model::subscription::{arn, find};
use crate::model::{Filter, Protocol, Subscription, refuse};
use api_sns::{
    GetSubscriptionAttributesInput, GetSubscriptionAttributesResponse,
    SetSubscriptionAttributesInput, SetSubscriptionAttributesOutput,
};
use region::{Arn, Call, Refusal, serve};
use serde_json::Value as Json;

/// Sets one attribute; an empty value removes it.
pub(super) fn set(subscription: &mut Subscription, name: &str, value: &str) -> Result<(), Refusal> {
    match name {
        "RawMessageDelivery" => {
            subscription.raw = match value {
                "true" => true,
                "" | "false" => false,
                _ => return Err(refuse::invalid("Attributes Reason: RawMessageDelivery")),
            };
        }
        "FilterPolicy" | "FilterPolicyScope" => {
            let known = matches!(value, "" | "MessageAttributes" | "MessageBody");
            if name == "FilterPolicyScope" && !known {
                let reason = format!("FilterPolicyScope: Invalid value [{value}].");
                return Err(refuse::invalid(reason));
            }
        }
        "RedrivePolicy" => subscription.dead = dead(value)?,
        "DeliveryPolicy" if subscription.protocol != Protocol::Sqs => {
            if serde_json::from_str::<Json>(value).is_err() {
                return Err(refuse::invalid("DeliveryPolicy: failed to parse JSON."));
            }
        }
        _ => return Err(refuse::invalid("AttributeName")),
    }
    match value {
        "" => drop(subscription.attributes.remove(name)),
        value => drop(subscription.attributes.insert(name.to_owned(), value.to_owned())),
    }
    Ok(())
}

/// Reads the filter policy anew, after everything was set: its scope may come after it.
pub(super) fn refilter(subscription: &mut Subscription) -> Result<(), Refusal> {
    let scope = subscription.attributes.get("FilterPolicyScope");
    let body = scope.is_some_and(|scope| scope == "MessageBody");
    let text = subscription.attributes.get("FilterPolicy");
    let text = text.filter(|text| text.as_str() != "{}");
    let filter = text.map(|text| Filter::parse(text, body)).transpose();
    subscription.filter = filter.map_err(refuse::invalid)?;
    Ok(())
}

fn dead(value: &str) -> Result<Option<String>, Refusal> {
    if value.is_empty() {
        return Ok(None);
    }
    let policy: Option<Json> = serde_json::from_str(value).ok();
    let policy = policy.ok_or_else(|| refuse::invalid("RedrivePolicy: failed to parse JSON."))?;
    let target = policy["deadLetterTargetArn"].as_str().unwrap_or_default();
    match Arn::parse(target).filter(|arn| arn.service == "sqs") {
        Some(_) => Ok(Some(target.to_owned())),
        None => {
            Err(refuse::invalid("RedrivePolicy: deadLetterTargetArn is an invalid arn".to_owned()))
        }
    }
}

/// docs: API_SetSubscriptionAttributes
pub fn set_subscription_attributes(
    call: &mut Call,
    input: SetSubscriptionAttributesInput,
) -> Result<SetSubscriptionAttributesOutput, Refusal> {
    serve!(
        call,
        SetSubscriptionAttributesInput { subscription_arn, attribute_name, attribute_value } =
            input
    );
    let (key, subscription) = find(call, &subscription_arn)?;
    let mut subscription = (*subscription).clone();
    set(&mut subscription, &attribute_name, attribute_value.as_deref().unwrap_or_default())?;
    refilter(&mut subscription)?;
    call.put_at(key, subscription);
    Ok(SetSubscriptionAttributesOutput::default())
}

/// docs: API_GetSubscriptionAttributes
pub fn get_subscription_attributes(
    call: &mut Call,
    input: GetSubscriptionAttributesInput,
) -> Result<GetSubscriptionAttributesResponse, Refusal> {
    serve!(call, GetSubscriptionAttributesInput { subscription_arn } = input);
    let (key, subscription) = find(call, &subscription_arn)?;
    let mut attributes = subscription.attributes.clone();
    let mut add = |name: &str, value: String| drop(attributes.insert(name.to_owned(), value));
    let flag = |on: bool| on.to_string();
    add("SubscriptionArn", arn(&key, &subscription));
    add("TopicArn", key.scope.arn("sns", &subscription.topic));
    add("Owner", subscription.owner.clone());
    add("Protocol", subscription.protocol.as_str().to_owned());
    add("Endpoint", subscription.endpoint.clone());
    add("RawMessageDelivery", flag(subscription.raw));
    add("PendingConfirmation", flag(!subscription.confirmed));
    add("ConfirmationWasAuthenticated", flag(subscription.authenticated));
    add("SubscriptionPrincipal", format!("arn:aws:iam::{}:root", subscription.owner));
    if subscription.filter.is_some() && !subscription.attributes.contains_key("FilterPolicyScope") {
        add("FilterPolicyScope", "MessageAttributes".to_owned());
    }
    Ok(GetSubscriptionAttributesResponse { attributes: Some(attributes) })
}
