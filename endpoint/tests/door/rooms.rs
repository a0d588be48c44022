//! Rooms of one or two operations over AWS's own models, which say what reached them.

use api_ec2::{DescribeVpcsRequest, DescribeVpcsResult, Reservation, RunInstancesRequest, Vpc};
use api_iam::{AccessKey, CreateUserResponse};
use api_iam::{CreateAccessKeyRequest, CreateAccessKeyResponse, CreateUserRequest, User};
use api_sqs::{
    CreateQueueRequest, CreateQueueResult, Message, ReceiveMessageRequest, ReceiveMessageResult,
};
use api_ssm::{PutParameterRequest, PutParameterResult};
use api_sts::{
    GetCallerIdentityRequest, GetCallerIdentityResponse, GetSessionTokenRequest,
    GetSessionTokenResponse,
};
use region::{Call, Credential, Principal, Refusal, Service, operations, serve};
use world::Span;

fn create_queue(call: &mut Call, input: CreateQueueRequest) -> Result<CreateQueueResult, Refusal> {
    serve!(call, CreateQueueRequest { queue_name, attributes, tags } = input);
    if queue_name == "taken" {
        let message = "A queue already exists with the same name";
        return Err(Refusal::new("QueueNameExists", message));
    }
    let labels = attributes.into_iter().chain(tags).flatten();
    let labels: String = labels.map(|(name, value)| format!(";{name}={value}")).collect();
    let region = &call.scope.region;
    let url = format!("{}/{region}/{}/{queue_name}{labels}", call.origin, call.scope.account);
    Ok(CreateQueueResult { queue_url: Some(url) })
}

fn receive(call: &mut Call, input: ReceiveMessageRequest) -> Result<ReceiveMessageResult, Refusal> {
    serve!(call, ReceiveMessageRequest { queue_url, attribute_names } = input);
    let names = attribute_names.unwrap_or_default().join(",");
    let message = Message { body: Some(queue_url), message_id: Some(names), ..Default::default() };
    Ok(ReceiveMessageResult { messages: Some(vec![message]) })
}

fn run(call: &mut Call, input: RunInstancesRequest) -> Result<Reservation, Refusal> {
    serve!(call, RunInstancesRequest { instance_type, min_count, max_count } = input);
    let owner_id = instance_type.map(|name| format!("{name} {min_count} {max_count}"));
    Ok(Reservation { owner_id, ..Default::default() })
}

fn vpcs(call: &mut Call, input: DescribeVpcsRequest) -> Result<DescribeVpcsResult, Refusal> {
    serve!(call, DescribeVpcsRequest { vpc_ids, max_results } = input);
    let vpc = |id| Vpc { vpc_id: Some(id), ..Default::default() };
    let vpcs = vpc_ids.map(|ids| ids.into_iter().map(vpc).collect());
    Ok(DescribeVpcsResult { vpcs, next_token: max_results.map(|most| most.to_string()) })
}

fn create_user(call: &mut Call, input: CreateUserRequest) -> Result<CreateUserResponse, Refusal> {
    serve!(call, CreateUserRequest { user_name } = input);
    let arn = Some(call.scope.global().arn("iam", &format!("user/{user_name}")));
    let user = User { user_name: Some(user_name), arn, ..Default::default() };
    Ok(CreateUserResponse { user: Some(user) })
}

/// A key whose id is `AKIA` and the user's name, secret `hidden`; not active for `asleep`.
fn create_access_key(
    call: &mut Call,
    input: CreateAccessKeyRequest,
) -> Result<CreateAccessKeyResponse, Refusal> {
    serve!(call, CreateAccessKeyRequest { user_name } = input);
    let name = user_name.unwrap_or_default();
    let arn = format!("arn:aws:iam::{}:user/{name}", call.scope.account);
    let credential = Credential {
        key_id: format!("AKIA{name}"),
        secret: "hidden".into(),
        principal: Principal { account: call.scope.account.clone(), arn, user_id: name.clone() },
        session_token: None,
        expires: None,
        active: name != "asleep",
    };
    call.put_at(Credential::key(&credential.key_id), credential.clone());
    let key = AccessKey { access_key_id: Some(credential.key_id), ..Default::default() };
    Ok(CreateAccessKeyResponse { access_key: Some(key) })
}

fn who(
    call: &mut Call,
    input: GetCallerIdentityRequest,
) -> Result<GetCallerIdentityResponse, Refusal> {
    serve!(call, GetCallerIdentityRequest {} = input);
    Ok(GetCallerIdentityResponse {
        account: Some(call.scope.account.to_string()),
        arn: Some(call.principal.arn.clone()),
        user_id: Some(call.principal.user_id.clone()),
    })
}

/// Always the key `ASIASESSION`, secret `hidden`, token `open sesame`.
fn session(
    call: &mut Call,
    input: GetSessionTokenRequest,
) -> Result<GetSessionTokenResponse, Refusal> {
    serve!(call, GetSessionTokenRequest { duration_seconds } = input);
    let seconds = duration_seconds.unwrap_or(3600).unsigned_abs();
    let credential = Credential {
        key_id: "ASIASESSION".into(),
        secret: "hidden".into(),
        principal: call.principal.clone(),
        session_token: Some("open sesame".into()),
        expires: Some(call.now + Span::seconds(seconds.into())),
        active: true,
    };
    call.put_at(Credential::key("ASIASESSION"), credential);
    Ok(GetSessionTokenResponse::default())
}

fn put(call: &mut Call, input: PutParameterRequest) -> Result<PutParameterResult, Refusal> {
    serve!(call, PutParameterRequest { name, value, r#type, tags } = input);
    let length = name.len() + value.len() + r#type.map_or(0, |kind| kind.len());
    let tags = tags.map_or(0, |tags| tags.len());
    Ok(PutParameterResult { version: Some((length + tags) as i64), ..Default::default() })
}

macro_rules! room {
    ($room:ident, $name:literal, $api:ident, $($operation:ident => $run:path),*) => {
        static $room: Service = Service {
            name: $name,
            api: &$api::API,
            operations: operations![$($operation => $run),*],
            keeps: &[],
            controllers: &[],
            furnish: None,
        };
    };
}

room!(SQS, "sqs", api_sqs, CreateQueue => create_queue, ReceiveMessage => receive);
// Two rooms behind one API.
room!(EC2, "ec2", api_ec2, RunInstances => run);
room!(VPC, "vpc", api_ec2, DescribeVpcs => vpcs);
room!(IAM, "iam", api_iam, CreateUser => create_user, CreateAccessKey => create_access_key);
room!(STS, "sts", api_sts, GetCallerIdentity => who, GetSessionToken => session);
room!(SSM, "ssm", api_ssm, PutParameter => put);

/// All of them.
pub const ROOMS: &[&Service] = &[&SQS, &EC2, &VPC, &IAM, &STS, &SSM];
