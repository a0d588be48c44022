//! Credentials of an instance's role, as the metadata service hands them out: made from a secret
//! of the association and the time, so that planning twice makes the same.

use crate::model::Instance;
use region::{Credential, Key, Plan, View};
use serde_json::json;
use shape::Timestamp;
use world::{Span, Time};

/// New ones come this often, and are good for one such span more, as on AWS.
const STEP: Span = Span::seconds(6 * 3600);

/// What an instance's role lets its machine present, now.
pub(super) struct Present {
    pub(super) role: String,
    credential: Credential,
    since: Time,
}

/// The credentials of an instance whose profile carries a role that EC2 may assume.
pub(super) fn of(view: &View, key: &Key, instance: &Instance) -> Option<Present> {
    let profile = instance.options.profile.as_ref()?;
    let (_, role) = iam::model::profile_role(view.store, &key.scope, &profile.arn)?;
    let role = role.filter(|role| iam::document::allows_service(&role.trust, SERVICE))?;
    let since = Time(view.now.0 / STEP.0 * STEP.0);
    let expires = since + STEP + STEP;
    let seed = profile.seed.0.as_bytes();
    let credential = sts::instance_session(&key.scope, &role, key.id.as_str(), seed, expires);
    Some(Present { role: role.name.clone(), credential, since })
}

const SERVICE: &str = "ec2.amazonaws.com";

impl Present {
    /// Makes them good at the front door, and has them followed by others in time.
    pub(super) fn plan(&self, plan: &mut Plan) {
        plan.want(Credential::key(&self.credential.key_id), self.credential.clone());
        plan.again(self.since + STEP);
    }

    /// As the metadata service shows them.
    pub(super) fn text(&self) -> String {
        let moment = |at: Time| Timestamp::from_seconds(at.seconds() as i64).iso8601();
        let shown = json!({
            "Code": "Success",
            "LastUpdated": moment(self.since),
            "Type": "AWS-HMAC",
            "AccessKeyId": self.credential.key_id,
            "SecretAccessKey": self.credential.secret,
            "Token": self.credential.session_token,
            "Expiration": self.credential.expires.map(moment),
        });
        serde_json::to_string_pretty(&shown).expect("plain JSON")
    }
}
