//! DescribeLoadBalancers.

use super::{answer, balancers, refuse};
use crate::model::LoadBalancer;
use api_elbv2::{DescribeLoadBalancersInput, DescribeLoadBalancersOutput};
use region::{Call, Key, Refusal, serve};

/// docs: API_DescribeLoadBalancers
pub fn describe_load_balancers(
    call: &mut Call,
    input: DescribeLoadBalancersInput,
) -> Result<DescribeLoadBalancersOutput, Refusal> {
    serve!(
        call,
        DescribeLoadBalancersInput { load_balancer_arns, names, marker, page_size } = input
    );
    let arns = load_balancer_arns.unwrap_or_default();
    let names = names.unwrap_or_default();
    if !arns.is_empty() && !names.is_empty() {
        let message = "Load balancer names and load balancer ARNs cannot be specified at the same \
                       time";
        return Err(refuse::invalid(message));
    }
    let mut all: Vec<(Key, LoadBalancer)> = Vec::new();
    for arn in &arns {
        let (key, one) = refuse::balancer(call, arn)?;
        all.push((key, (*one).clone()));
    }
    for name in &names {
        all.push(balancers::named(call, name).ok_or_else(|| {
            let message = format!("Load balancers '[{name}]' not found");
            Refusal::new("LoadBalancerNotFound", message)
        })?);
    }
    if arns.is_empty() && names.is_empty() {
        let list = call.list::<LoadBalancer>().into_iter();
        all = list.map(|(id, one)| (call.key(id), (*one).clone())).collect();
    }
    let name = |(key, _): &(Key, LoadBalancer)| key.id.to_string();
    all.sort_by_key(name);
    let (all, next_marker) = refuse::page(all, name, marker, page_size)?;
    let shown = all.iter().map(|(key, one)| answer::balancer(call.store(), key, one)).collect();
    Ok(DescribeLoadBalancersOutput { load_balancers: Some(shown), next_marker })
}
