//! DescribeAlarmHistory.

use super::query::{time, timestamp};
use crate::dataplane::{History, Item};
use crate::model::refuse;
use api_cloudwatch::{AlarmHistoryItem, DescribeAlarmHistoryInput, DescribeAlarmHistoryOutput};
use region::{Call, Refusal, serve};

/// A page. docs: API_DescribeAlarmHistory
const PAGE: usize = 100;

/// docs: API_DescribeAlarmHistory
pub fn describe_alarm_history(
    call: &mut Call,
    input: DescribeAlarmHistoryInput,
) -> Result<DescribeAlarmHistoryOutput, Refusal> {
    serve!(
        call,
        DescribeAlarmHistoryInput {
            alarm_name,
            alarm_types,
            history_item_type,
            start_date,
            end_date,
            max_records,
            next_token,
            scan_by
        } = input
    );
    let skip = match next_token.as_deref() {
        None | Some("") => 0,
        Some(token) => token
            .strip_prefix("m1")
            .and_then(|digits| digits.parse::<usize>().ok())
            .ok_or_else(refuse::token)?,
    };
    // Without AlarmTypes only metric alarms.
    let types = alarm_types.unwrap_or_default();
    let wanted = |item: &&Item| {
        let of_type = match item.composite {
            true => types.iter().any(|one| one == "CompositeAlarm"),
            false => types.is_empty() || types.iter().any(|one| one == "MetricAlarm"),
        };
        of_type
            && alarm_name.as_ref().is_none_or(|name| *name == item.alarm)
            && history_item_type.as_deref().is_none_or(|kind| kind == item.kind.as_str())
            && start_date.is_none_or(|from| item.at >= time(from))
            && end_date.is_none_or(|to| item.at <= time(to))
    };
    let history = call.plane::<History>(&History::key(&call.scope));
    let items = history.into_iter().flat_map(History::items);
    let mut items: Vec<&Item> = items.filter(wanted).collect();
    if scan_by.as_deref() != Some("TimestampAscending") {
        items.reverse();
    }
    let limit = max_records.and_then(|most| usize::try_from(most).ok()).unwrap_or(PAGE);
    let page: Vec<AlarmHistoryItem> =
        items.iter().skip(skip).take(limit).map(|item| answer(item)).collect();
    let next_token = (skip + limit < items.len()).then(|| format!("m1{}", skip + limit));
    Ok(DescribeAlarmHistoryOutput { alarm_history_items: Some(page), next_token })
}

fn answer(item: &Item) -> AlarmHistoryItem {
    let of = if item.composite { "CompositeAlarm" } else { "MetricAlarm" };
    AlarmHistoryItem {
        alarm_name: Some(item.alarm.clone()),
        alarm_type: Some(of.to_owned()),
        timestamp: Some(timestamp(item.at)),
        history_item_type: Some(item.kind.as_str().to_owned()),
        history_summary: Some(item.summary.clone()),
        history_data: Some(item.data.clone()),
        ..AlarmHistoryItem::default()
    }
}
