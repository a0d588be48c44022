//! Alarms as customers ask for them.

use super::{CompositeRule, Query, Source, State};
use region::meter::{Exact, Statistic};
use region::record;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use world::Time;

/// An alarm looks at so many windows more than EvaluationPeriods when some are empty. The guide's
/// tables show five for three; docs: alarms-and-missing-data.
pub const LOWEST_RANGE: u32 = 2;

/// An alarm; its key is its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alarm {
    /// AlarmName.
    pub name: String,
    /// AlarmDescription.
    pub description: Option<String>,
    /// Whether actions are carried out.
    pub actions_enabled: bool,
    /// What happens on the way to OK.
    pub ok_actions: Vec<String>,
    /// What happens on the way to ALARM.
    pub alarm_actions: Vec<String>,
    /// What happens on the way to INSUFFICIENT_DATA.
    pub insufficient_data_actions: Vec<String>,
    /// AlarmConfigurationUpdatedTimestamp.
    pub configured: Time,
    /// Tags.
    pub tags: BTreeMap<String, String>,
    /// When it is in which state.
    pub rule: Rule,
}

/// When an alarm is in which state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Rule {
    /// By a metric or an expression over metrics.
    Metric(MetricRule),
    /// By the states of other alarms.
    Composite(CompositeRule),
}

/// A static threshold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MetricRule {
    /// What is looked at; one query without id for a single metric.
    pub queries: Vec<Query>,
    /// ComparisonOperator.
    pub comparison: Comparison,
    /// With what values are compared.
    pub threshold: Exact,
    /// EvaluationPeriods, N.
    pub periods: u32,
    /// DatapointsToAlarm, M, where it was said.
    pub datapoints: Option<u32>,
    /// TreatMissingData, where it was said.
    pub missing: Option<Missing>,
    /// EvaluateLowSampleCountPercentile, where it was said.
    pub low_samples: Option<String>,
}

/// ComparisonOperator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    /// `>=`
    GreaterThanOrEqualToThreshold,
    /// `>`
    GreaterThanThreshold,
    /// `<`
    LessThanThreshold,
    /// `<=`
    LessThanOrEqualToThreshold,
}

/// TreatMissingData.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Missing {
    /// As missing; the default.
    Missing,
    /// The alarm keeps its state.
    Ignore,
    /// As bad.
    Breaching,
    /// As good.
    NotBreaching,
}

record!(Alarm, "cloudwatch/alarm", 1);

impl Alarm {
    /// The actions on the way to a state.
    pub fn actions(&self, state: State) -> &[String] {
        match state {
            State::Ok => &self.ok_actions,
            State::Alarm => &self.alarm_actions,
            State::InsufficientData => &self.insufficient_data_actions,
        }
    }

    /// The rule of a metric alarm.
    pub fn metric(&self) -> Option<&MetricRule> {
        match &self.rule {
            Rule::Metric(rule) => Some(rule),
            Rule::Composite(_) => None,
        }
    }
}

impl MetricRule {
    /// Seconds.
    pub fn period(&self) -> u32 {
        let mut periods = self.queries.iter().filter_map(Query::period);
        periods.next().unwrap_or(60)
    }

    /// The one metric that a single-metric alarm looks at.
    pub fn single(&self) -> Option<&Query> {
        self.queries.first().filter(|query| query.id.is_empty())
    }

    /// M.
    pub fn datapoints_to_alarm(&self) -> u32 {
        self.datapoints.unwrap_or(self.periods)
    }

    /// The percentile, where a single metric's is looked at.
    pub fn percentile(&self) -> Option<f64> {
        match &self.single()?.source {
            Source::Stat { statistic, .. } => match Statistic::parse(statistic)? {
                Statistic::Percentile(percent) => Some(percent),
                _ => None,
            },
            Source::Expression(_) => None,
        }
    }
}

impl Comparison {
    /// AWS's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Comparison::GreaterThanOrEqualToThreshold => "GreaterThanOrEqualToThreshold",
            Comparison::GreaterThanThreshold => "GreaterThanThreshold",
            Comparison::LessThanThreshold => "LessThanThreshold",
            Comparison::LessThanOrEqualToThreshold => "LessThanOrEqualToThreshold",
        }
    }

    /// From AWS's word; those for anomaly detection have no static threshold.
    pub fn parse(text: &str) -> Option<Comparison> {
        let all = [
            Comparison::GreaterThanOrEqualToThreshold,
            Comparison::GreaterThanThreshold,
            Comparison::LessThanThreshold,
            Comparison::LessThanOrEqualToThreshold,
        ];
        all.into_iter().find(|one| one.as_str() == text)
    }

    /// As reasons say it.
    pub fn words(self) -> &'static str {
        match self {
            Comparison::GreaterThanOrEqualToThreshold => "greater than or equal to",
            Comparison::GreaterThanThreshold => "greater than",
            Comparison::LessThanThreshold => "less than",
            Comparison::LessThanOrEqualToThreshold => "less than or equal to",
        }
    }

    /// Whether a value is outside of the threshold.
    pub fn breaches(self, value: f64, threshold: f64) -> bool {
        match self {
            Comparison::GreaterThanOrEqualToThreshold => value >= threshold,
            Comparison::GreaterThanThreshold => value > threshold,
            Comparison::LessThanThreshold => value < threshold,
            Comparison::LessThanOrEqualToThreshold => value <= threshold,
        }
    }
}

impl Missing {
    /// AWS's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Missing::Missing => "missing",
            Missing::Ignore => "ignore",
            Missing::Breaching => "breaching",
            Missing::NotBreaching => "notBreaching",
        }
    }

    /// From AWS's word.
    pub fn parse(text: &str) -> Option<Missing> {
        let all = [Missing::Missing, Missing::Ignore, Missing::Breaching, Missing::NotBreaching];
        all.into_iter().find(|one| one.as_str() == text)
    }
}
