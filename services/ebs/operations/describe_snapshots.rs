//! DescribeSnapshots.

use crate::model::Snapshot;
use crate::operations::{answer, rules};
use api_ec2::{DescribeSnapshotsRequest, DescribeSnapshotsResult};
use region::{Call, Key, Refusal, serve};
use std::collections::BTreeMap;
use vpc::form::{List, Query, list};

/// docs: API_DescribeSnapshots
pub(super) fn describe_snapshots(
    call: &mut Call,
    input: DescribeSnapshotsRequest,
) -> Result<DescribeSnapshotsResult, Refusal> {
    serve!(
        call,
        DescribeSnapshotsRequest {
            snapshot_ids,
            owner_ids,
            restorable_by_user_ids,
            filters,
            max_results,
            next_token,
        } = input
    );
    let mut all: BTreeMap<Key, api_ec2::Snapshot> = BTreeMap::new();
    for (key, snapshot) in call.store().all::<Snapshot>() {
        let own = key.scope == call.scope;
        let seen = own
            || key.scope.region == call.scope.region && snapshot.visible.to(&call.scope.account);
        let restorable = restorable_by_user_ids.as_ref().is_none_or(|users| {
            users.iter().any(|user| match user.as_str() {
                "self" => own || snapshot.visible.to(&call.scope.account),
                "all" => snapshot.visible.all,
                account => snapshot.visible.accounts.contains(account),
            })
        });
        let owned = owner_ids.as_ref().is_none_or(|owners| {
            owners.iter().any(|owner| match owner.as_str() {
                "self" => own,
                account => *key.scope.account == *account,
            })
        });
        if seen && restorable && owned && !snapshot.deleting {
            let health = call.health(&key.id);
            all.insert(key.clone(), answer::snapshot(call.store(), key, snapshot, health));
        }
    }
    let query = Query { ids: snapshot_ids, filters, max_results, next_token };
    let all = all.into_values().collect();
    let (snapshots, next_token) = LIST.page(all, query)?;
    Ok(DescribeSnapshotsResult { snapshots: Some(snapshots), next_token })
}

const LIST: List<api_ec2::Snapshot> = List {
    noun: rules::SNAPSHOT,
    id: |s| &s.snapshot_id,
    tags: |s| &s.tags,
    fields: &[
        ("description", |s| list(&s.description)),
        ("encrypted", |s| list(&s.encrypted)),
        ("owner-alias", |s| list(&s.owner_alias)),
        ("owner-id", |s| list(&s.owner_id)),
        ("progress", |s| list(&s.progress)),
        ("snapshot-id", |s| list(&s.snapshot_id)),
        ("start-time", |s| list(&s.start_time.map(|at| at.iso8601_millis()))),
        ("status", |s| list(&s.state)),
        ("storage-tier", |s| list(&s.storage_tier)),
        ("volume-id", |s| list(&s.volume_id)),
        ("volume-size", |s| list(&s.volume_size)),
    ],
};
