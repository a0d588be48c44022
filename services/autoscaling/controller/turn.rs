//! One planning of a group: a copy that changes, and the activities that change with it.

use crate::model::{Activity, Group, Status, text};
use region::{Key, Plan, View};
use std::collections::BTreeMap;
use world::{Id, Time};

/// A group while it is planned, or while it hears.
pub(super) struct Turn<'a> {
    pub(super) view: View<'a>,
    pub(super) key: Key,
    pub(super) plan: &'a mut Plan,
    pub(super) group: Group,
    activities: BTreeMap<u64, Activity>,
}

impl<'a> Turn<'a> {
    /// None when the group is gone.
    pub(super) fn begin(view: &View<'a>, key: &Key, plan: &'a mut Plan) -> Option<Turn<'a>> {
        let group = (**view.store.get::<Group>(key)?).clone();
        Some(Turn { view: *view, key: key.clone(), plan, group, activities: BTreeMap::new() })
    }

    pub(super) fn now(&self) -> Time {
        self.view.now
    }

    pub(super) fn name(&self) -> &str {
        self.key.id.as_str()
    }

    /// The key of another record in the group's scope.
    pub(super) fn beside(&self, id: &str) -> Key {
        Key::new(&self.key.scope, id)
    }

    /// The instance of a member.
    pub(super) fn instance(&self, id: &Id) -> Option<&'a ec2::model::Instance> {
        let key = Key::new(&self.key.scope, id.clone());
        self.view.store.get::<ec2::model::Instance>(&key).map(|one| &**one)
    }

    /// Begins an activity.
    pub(super) fn open(&mut self, description: String, cause: String, details: String) -> u64 {
        let activity =
            Activity::open(&mut self.group, &self.key, self.view.now, description, cause, details);
        let number = activity.number;
        self.activities.insert(number, activity);
        number
    }

    /// The activity of this number, to change it.
    pub(super) fn activity(&mut self, number: u64) -> Option<&mut Activity> {
        if !self.activities.contains_key(&number) {
            let key = self.beside(&Activity::id_of(self.name(), number));
            let found = self.view.store.get::<Activity>(&key)?;
            self.activities.insert(number, (**found).clone());
        }
        self.activities.get_mut(&number)
    }

    /// Ends an activity; returns it as it is now.
    pub(super) fn end(&mut self, number: Option<u64>, status: Status, why: Option<String>) {
        let now = self.view.now;
        let Some(activity) = number.and_then(|number| self.activity(number)) else { return };
        if let Some(at) = activity.description.find(" - Waiting For") {
            activity.description.truncate(at);
        }
        activity.end(status, now);
        activity.message = why;
    }

    /// `At TIME SENTENCE`.
    pub(super) fn at(&self, sentence: &str) -> String {
        format!("At {} {sentence}", text::at(self.view.now))
    }

    /// Makes what changed so.
    pub(super) fn finish(self) {
        for activity in self.activities.into_values() {
            let id = Activity::id_of(&activity.group, activity.number);
            self.plan.want(Key::new(&self.key.scope, id), activity);
        }
        self.plan.want(self.key, self.group);
    }
}

impl Activity {
    /// A new activity of a group.
    pub(crate) fn open(
        group: &mut Group,
        key: &Key,
        now: Time,
        description: String,
        cause: String,
        details: String,
    ) -> Activity {
        let number = group.number();
        Activity {
            group: key.id.to_string(),
            arn: group.arn.clone(),
            number,
            id: text::uuid(key, &group.arn, number),
            description,
            cause,
            began: now,
            ended: None,
            status: Status::InProgress,
            message: None,
            progress: 0,
            details,
            orphan: false,
        }
    }
}

/// `{"Subnet ID":"subnet-…","Availability Zone":"us-east-1a"}`.
pub(crate) fn details(subnet: &str, zone: &str) -> String {
    match subnet.is_empty() {
        true => format!("{{\"Availability Zone\":\"{zone}\"}}"),
        false => format!("{{\"Subnet ID\":\"{subnet}\",\"Availability Zone\":\"{zone}\"}}"),
    }
}
