//! What alarms did: their history, newest last.

use region::{Key, Plane, Scope};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use world::{Span, Time};

/// History is kept so long. docs: API_DescribeAlarmHistory
const KEPT: Span = Span::seconds(30 * 24 * 3600);

/// And so many items of it in one account and region.
const MOST: usize = 20_000;

/// HistoryItemType.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// The alarm was made, changed or deleted.
    ConfigurationUpdate,
    /// Its state changed.
    StateUpdate,
    /// It did something.
    Action,
}

impl Kind {
    /// AWS's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::ConfigurationUpdate => "ConfigurationUpdate",
            Kind::StateUpdate => "StateUpdate",
            Kind::Action => "Action",
        }
    }
}

/// One AlarmHistoryItem.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// When.
    pub at: Time,
    /// AlarmName.
    pub alarm: String,
    /// Whether it is a composite alarm.
    pub composite: bool,
    /// HistoryItemType.
    pub kind: Kind,
    /// HistorySummary.
    pub summary: String,
    /// HistoryData, JSON.
    pub data: String,
}

/// What can happen to the history. Persisted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Event {
    /// Something happened.
    Added(Vec<Item>),
}

/// The history of all alarms of an account in a region.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct History {
    items: VecDeque<Item>,
}

impl History {
    /// Where the history of a scope is.
    pub fn key(scope: &Scope) -> Key {
        Key::new(scope, "alarm-history")
    }

    /// Oldest first.
    pub fn items(&self) -> impl DoubleEndedIterator<Item = &Item> + ExactSizeIterator {
        self.items.iter()
    }
}

impl Plane for History {
    const KIND: &'static str = "cloudwatch/history";
    type Entry = Event;

    fn apply(&mut self, Event::Added(items): &Event) {
        self.items.extend(items.iter().cloned());
        let newest = self.items.back().map_or(Time::PAST, |item| item.at);
        while self.items.len() > MOST
            || self.items.front().is_some_and(|item| item.at + KEPT < newest)
        {
            self.items.pop_front();
        }
    }

    fn entries(&self) -> Vec<Event> {
        vec![Event::Added(self.items.iter().cloned().collect())]
    }
}
