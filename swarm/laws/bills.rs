//! Bills at rest: what costs is what exists, one span of time costs once, and none is yet to come.

use ec2::model::{Instance, State};
use elb::model::LoadBalancer;
use pricing::model::Run;
use region::Store;
use vpc::model::{Address, NetworkInterface};
use world::Time;

pub(super) fn hold(store: &Store, now: Time) -> Result<(), String> {
    for (key, run) in store.all::<Run>() {
        let mut before = None;
        for span in &run.spans {
            let ends = span.to.unwrap_or(now);
            if span.from > ends || ends > now || before.is_some_and(|before| span.from < before) {
                return Err(format!("{} costs twice at once: {:?}", key.id, run.spans));
            }
            before = Some(ends);
        }
        let there = match key.id.as_str().split(['-', '/']).next() {
            Some("i") => store.get::<Instance>(key).is_some_and(|one| one.state == State::Running),
            Some("vol") => store.get::<ebs::model::Volume>(key).is_some(),
            Some("eipalloc") => store.get::<Address>(key).is_some(),
            Some("eni") => {
                store.get::<NetworkInterface>(key).is_some_and(|one| one.public.is_some())
            }
            Some("app" | "net") => store.get::<LoadBalancer>(key).is_some(),
            _ => continue,
        };
        if run.present().is_some() != there {
            return Err(format!("{} costs {:?} and exists: {there}", key.id, run.present()));
        }
    }
    Ok(())
}
