//! GetMetricData: many series at once, and what metric maths makes of them.

use super::get_metric_statistics::begin;
use super::query::{queries, time, timestamp};
use crate::dataplane::maths::{Frame, Line, answers};
use crate::model::{Query, refuse};
use api_cloudwatch::{GetMetricDataInput, GetMetricDataOutput, LabelOptions, MetricDataResult};
use region::meter::{self, Metrics};
use region::{Call, Refusal, serve};
use world::{Span, Time};

/// A call has this many queries at most, and an answer this many datapoints. docs:
/// API_GetMetricData
const QUERIES: usize = 500;
const DATAPOINTS: usize = 100_800;

/// docs: API_GetMetricData
pub fn get_metric_data(
    call: &mut Call,
    input: GetMetricDataInput,
) -> Result<GetMetricDataOutput, Refusal> {
    serve!(
        call,
        GetMetricDataInput {
            metric_data_queries,
            start_time,
            end_time,
            next_token,
            scan_by,
            max_datapoints,
            label_options
        } = input
    );
    if metric_data_queries.len() > QUERIES {
        let message = "The collection MetricDataQueries must not have a size greater than 500.";
        return Err(refuse::invalid(message));
    }
    let queries = queries(call, metric_data_queries, "MetricDataQueries")?;
    if !queries.iter().any(Query::is_returned) {
        let message = "At least one element of MetricDataQueries must have ReturnData set to true.";
        return Err(refuse::invalid(message));
    }
    let (from, to) = (time(start_time), time(end_time));
    if from >= to {
        let message = "The parameter StartTime must be less than the parameter EndTime.";
        return Err(refuse::invalid(message));
    }
    let ahead = match label_options {
        Some(options) => timezone(call, options)?,
        None => 0,
    };
    let most = most(max_datapoints)?;
    let finest = queries.iter().filter_map(Query::period).min().unwrap_or(60);
    let frame = Frame {
        metrics: call.plane::<Metrics>(&meter::key(&call.scope)),
        from: begin(call.now, from, Span::seconds(finest.into())),
        to,
        pace: 1,
        finest: Span::seconds(finest.into()),
        scope: Some(&call.scope),
        ahead,
    };
    let answers = answers(&frame, &queries).map_err(refuse::invalid)?;
    let ascending = scan_by.as_deref() == Some("TimestampAscending");
    let skip = match next_token.as_deref() {
        None | Some("") => 0,
        Some(token) => token
            .strip_prefix("m1")
            .and_then(|digits| digits.parse::<usize>().ok())
            .ok_or_else(refuse::token)?,
    };
    let mut pager = Pager { skip, left: most, ascending, more: false };
    let mut results = Vec::new();
    for answer in answers {
        for line in &answer.lines {
            results.push(pager.result(&answer.id, line));
        }
    }
    Ok(GetMetricDataOutput {
        metric_data_results: Some(results),
        next_token: pager.more.then(|| format!("m1{}", skip + most)),
        messages: Some(Vec::new()),
    })
}

/// How many datapoints a page holds.
fn most(said: Option<i32>) -> Result<usize, Refusal> {
    match said.map(usize::try_from) {
        None => Ok(DATAPOINTS),
        Some(Ok(most @ 1..=DATAPOINTS)) => Ok(most),
        Some(_) => {
            let message = "The parameter MaxDatapoints must be between 1 and 100800.";
            Err(refuse::invalid(message))
        }
    }
}

/// How far a clock is ahead of UTC, minutes: `+0130`.
fn timezone(call: &mut Call, options: LabelOptions) -> Result<i32, Refusal> {
    serve!(call, LabelOptions { timezone } = options);
    let Some(text) = timezone else { return Ok(0) };
    let read = || {
        let (sign, digits) = match text.split_at_checked(1)? {
            ("+", digits) => (1, digits),
            ("-", digits) => (-1, digits),
            _ => return None,
        };
        let whole = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
        let number: i32 = digits.parse().ok().filter(|_| whole)?;
        (number / 100 < 24 && number % 100 < 60)
            .then_some(sign * (number / 100 * 60 + number % 100))
    };
    read().ok_or_else(|| {
        refuse::invalid(format!("The value {text} for parameter LabelOptions.Timezone is invalid."))
    })
}

/// Cuts a page out of all values of all series, which stand one behind the other.
struct Pager {
    skip: usize,
    left: usize,
    ascending: bool,
    more: bool,
}

impl Pager {
    fn result(&mut self, id: &str, line: &Line) -> MetricDataResult {
        let mut points: Vec<(Time, f64)> =
            line.points.iter().map(|(at, value)| (*at, *value)).collect();
        if !self.ascending {
            points.reverse();
        }
        let skipped = self.skip.min(points.len());
        self.skip -= skipped;
        let taken = self.left.min(points.len() - skipped);
        self.left -= taken;
        let partial = skipped + taken < points.len();
        self.more |= partial;
        let points = &points[skipped..skipped + taken];
        let status = if partial { "PartialData" } else { "Complete" };
        MetricDataResult {
            id: Some(id.to_owned()),
            label: Some(line.label.clone()),
            timestamps: Some(points.iter().map(|(at, _)| timestamp(*at)).collect()),
            values: Some(points.iter().map(|(_, value)| *value).collect()),
            status_code: Some(status.to_owned()),
            messages: None,
        }
    }
}
