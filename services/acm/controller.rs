//! What time does to certificates: they are validated, and renewed before their end.

use crate::model::{Authority, Certificate, Origin, Status, issue};
use region::{Controller, Key, Plan, Record, View, deaf};
use world::Time;

pub(crate) const CONTROLLERS: &[Controller] =
    &[Controller { kind: Certificate::KIND, plan, wakes: &[], hear: deaf }];

fn plan(view: &View, key: &Key, plan: &mut Plan) {
    let Some(certificate) = view.store.get::<Certificate>(key) else { return };
    if certificate.origin == Origin::Imported {
        return;
    }
    if certificate.status == Status::Pending {
        let at = certificate.created + view.paced(issue::VALIDATION);
        if at > view.now {
            return plan.again(at);
        }
        let issued = Some(view.now);
        plan.want(
            key.clone(),
            Certificate { status: Status::Issued, issued, ..(**certificate).clone() },
        );
        return;
    }
    let at = Time(issue::renewal(certificate).saturating_mul(1_000_000));
    if at > view.now {
        return plan.again(at);
    }
    if let Some(renewed) = renewed(view, key, certificate) {
        plan.want(key.clone(), renewed);
    }
}

/// The certificate, issued anew: same names and key, a new number and a new end.
pub(crate) fn renewed(view: &View, key: &Key, certificate: &Certificate) -> Option<Certificate> {
    let authority = view.store.get::<Authority>(&Key::new(&key.scope, "authority"))?;
    let mut next = certificate.clone();
    let serial = next_serial(&certificate.serial);
    issue::issue(&mut next, authority, view.now.seconds(), serial)?;
    next.renewed = Some(view.now);
    Some(next)
}

/// A number that follows from the last one: plans have no chance of their own.
fn next_serial(serial: &str) -> [u8; 16] {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(serial);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes
}
