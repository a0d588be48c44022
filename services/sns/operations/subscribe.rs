//! Subscribe, ConfirmSubscription, Unsubscribe.

use super::deliver::{Post, confirmation, post};
use super::subscription_attributes::{refilter, set};
use crate::model::topic::find;
use crate::model::{Protocol, Subscription, Topic, refuse, subscription, topic};
use api_sns::{
    ConfirmSubscriptionInput, ConfirmSubscriptionResponse, SubscribeInput, SubscribeResponse,
    UnsubscribeInput, UnsubscribeOutput,
};
use region::{Arn, Call, GLOBAL, Refusal, serve};
use std::collections::BTreeMap;

/// docs: API_Subscribe
pub fn subscribe(call: &mut Call, input: SubscribeInput) -> Result<SubscribeResponse, Refusal> {
    serve!(
        call,
        SubscribeInput { topic_arn, protocol, endpoint, attributes, return_subscription_arn } =
            input
    );
    let (topic_key, topic) = find(call, &topic_arn)?;
    let endpoint = endpoint.unwrap_or_default();
    let protocol = self::protocol(&protocol, &endpoint, topic.is_fifo())?;
    let mut fresh = Subscription {
        topic: topic.name.clone(),
        protocol,
        endpoint,
        owner: call.scope.account.to_string(),
        origin: call.origin.clone(),
        // A queue of the same account need not be asked; here all queues are the account's own.
        confirmed: protocol == Protocol::Sqs,
        token: String::new(),
        authenticated: protocol == Protocol::Sqs,
        raw: false,
        filter: None,
        dead: None,
        attributes: BTreeMap::new(),
    };
    for (name, value) in attributes.unwrap_or_default() {
        set(&mut fresh, &name, &value)?;
    }
    refilter(&mut fresh)?;
    let present = subscription::of_topic(call, &topic.name)
        .into_iter()
        .find(|(_, one)| one.protocol == protocol && one.endpoint == fresh.endpoint);
    let (key, fresh) = match present {
        Some((key, present)) if present.confirmed => {
            if present.attributes != fresh.attributes && !fresh.attributes.is_empty() {
                let reason = "Attributes Reason: Subscription already exists with different \
                              attributes";
                return Err(refuse::invalid(reason));
            }
            let subscription_arn = Some(subscription::arn(&key, &present));
            return Ok(SubscribeResponse { subscription_arn });
        }
        Some((key, present)) => (key, Subscription { token: present.token.clone(), ..fresh }),
        None => {
            let token = (0..8).map(|_| format!("{:016x}", call.chance())).collect::<String>();
            let id = uuid(call.chance(), call.chance());
            (call.key(id), Subscription { token, ..fresh })
        }
    };
    let arn = subscription::arn(&key, &fresh);
    if !fresh.confirmed {
        let envelope = confirmation(call, &topic_key, &fresh);
        post(call, Post { subscription: (&key, &fresh), envelope });
    }
    let shown = fresh.confirmed || return_subscription_arn == Some(true);
    call.put_at(key, fresh);
    let subscription_arn = if shown { arn } else { "pending confirmation".to_owned() };
    Ok(SubscribeResponse { subscription_arn: Some(subscription_arn) })
}

/// A UUID of version 4.
pub(super) fn uuid(a: u64, b: u64) -> String {
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        a >> 32,
        a >> 16 & 0xFFFF,
        a & 0xFFF,
        b >> 48 & 0x3FFF | 0x8000,
        b & 0xFFFF_FFFF_FFFF
    )
}

fn protocol(name: &str, endpoint: &str, fifo: bool) -> Result<Protocol, Refusal> {
    if fifo && name != "sqs" {
        let reason = format!("Invalid protocol type: {name}");
        return Err(refuse::invalid(reason));
    }
    let url = |scheme: &str| match endpoint.strip_prefix(scheme) {
        Some(rest) if !rest.is_empty() => Ok(()),
        _ => Err(refuse::invalid("Endpoint must match the specified protocol")),
    };
    match name {
        "sqs" => match Arn::parse(endpoint).filter(|arn| arn.service == "sqs") {
            Some(arn) if arn.resource.ends_with(".fifo") && !fifo => {
                let reason = "Endpoint Reason: FIFO SQS Queues can not be subscribed to standard \
                              SNS topics";
                Err(refuse::invalid(reason))
            }
            Some(arn) if arn.account.is_empty() || arn.region == GLOBAL => {
                Err(refuse::invalid("SQS endpoint ARN"))
            }
            Some(_) => Ok(Protocol::Sqs),
            None => Err(refuse::invalid("SQS endpoint ARN")),
        },
        "http" => url("http://").map(|()| Protocol::Http),
        // The courier speaks no TLS.
        "https" | "email" | "email-json" | "sms" | "application" | "lambda" | "firehose" => {
            Err(Refusal::not_implemented(format!("The protocol {name} of a subscription")))
        }
        other => {
            let reason = format!("Amazon SNS does not support this protocol string: {other}");
            Err(refuse::invalid(reason))
        }
    }
}

/// docs: API_ConfirmSubscription
pub fn confirm_subscription(
    call: &mut Call,
    input: ConfirmSubscriptionInput,
) -> Result<ConfirmSubscriptionResponse, Refusal> {
    serve!(
        call,
        ConfirmSubscriptionInput { topic_arn, token, authenticate_on_unsubscribe } = input
    );
    // Whoever has the token may: the call need not be signed.
    let topic_key = topic::key(&topic_arn).ok_or_else(|| refuse::invalid("TopicArn"))?;
    if call.get::<Topic>(&topic_key).is_none() {
        return Err(refuse::no_topic());
    }
    let found = {
        let mut all = call.store().list::<Subscription>(&topic_key.scope);
        let topic = topic_key.id.as_str();
        let found = all.find(|(_, one)| one.topic == topic && one.token == token);
        found.map(|(key, one)| (key.clone(), (**one).clone()))
    };
    let Some((key, mut subscription)) = found.filter(|_| !token.is_empty()) else {
        return Err(refuse::invalid("Token"));
    };
    subscription.confirmed = true;
    subscription.authenticated =
        authenticate_on_unsubscribe.is_some_and(|text| text.eq_ignore_ascii_case("true"));
    let arn = subscription::arn(&key, &subscription);
    call.put_at(key, subscription);
    Ok(ConfirmSubscriptionResponse { subscription_arn: Some(arn) })
}

/// docs: API_Unsubscribe
pub fn unsubscribe(call: &mut Call, input: UnsubscribeInput) -> Result<UnsubscribeOutput, Refusal> {
    serve!(call, UnsubscribeInput { subscription_arn } = input);
    let arn = subscription_arn;
    let key = subscription::key(&arn);
    let key = key.ok_or_else(|| {
        refuse::invalid(
            "SubscriptionArn Reason: An ARN must have at \
        least 6 elements",
        )
    })?;
    let Some(present) = call.get::<Subscription>(&key) else {
        // AWS: unsubscribing twice is no error.
        return Ok(UnsubscribeOutput::default());
    };
    let own = call.scope.account == key.scope.account;
    let signed = own && !call.principal.arn.is_empty();
    if present.authenticated && !signed {
        return Err(Refusal::new("AuthorizationError", "Only the owner can unsubscribe"));
    }
    let topic_key = region::Key::new(&key.scope, &present.topic);
    if let Some(topic) = call.get::<Topic>(&topic_key) {
        let deleted = topic.deleted + 1;
        call.put_at(topic_key, Topic { deleted, ..(*topic).clone() });
    }
    call.forget_at::<Subscription>(&key);
    Ok(UnsubscribeOutput::default())
}
