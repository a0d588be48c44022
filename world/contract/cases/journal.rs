//! What may be acknowledged once it is written, and what a crash leaves of the rest.

use crate::Site;
use world::{Event, Fault, Span};

fn read(site: &mut Site<'_>) -> Vec<u8> {
    site.ground.world().journal().read().expect("a journal can be read")
}

fn append(site: &mut Site<'_>, bytes: &[u8]) {
    site.ground.world().journal().append(bytes);
}

fn sync(site: &mut Site<'_>) {
    let mark = site.ground.world().journal().sync();
    until(site, mark);
}

fn until(site: &mut Site<'_>, mark: u64) {
    site.wait(&format!("the journal up to {mark}"), |site| site.synced >= mark);
}

fn replace(site: &mut Site<'_>, bytes: &[u8]) {
    let mark = site.ground.world().journal().replace(bytes.to_vec());
    until(site, mark);
}

/// Synced bytes are read back after a crash; what was not synced is a part from its head.
pub(super) fn synced_bytes_come_back(site: &mut Site<'_>) {
    replace(site, b"base");
    append(site, b" one");
    append(site, b" two");
    sync(site);
    append(site, b" never synced");
    assert_eq!(read(site), b"base one two never synced", "own writes are read");
    site.restart();
    let left = read(site);
    assert!(left.starts_with(b"base one two"), "lost: {:?}", String::from_utf8_lossy(&left));
    assert!(b"base one two never synced".starts_with(&left), "grew or changed");
    append(site, b"!");
    let expected = [left, b"!".to_vec()].concat();
    assert_eq!(read(site), expected, "appends go behind what was found");
}

/// Marks rise, and the event for one covers all before it.
pub(super) fn a_sync_covers_earlier_marks(site: &mut Site<'_>) {
    replace(site, b"");
    let mut last = 0;
    for number in 0..20_u8 {
        append(site, &[number]);
        let mark = site.ground.world().journal().sync();
        assert!(mark > last, "marks rise: {last} then {mark}");
        last = mark;
    }
    until(site, last);
    site.restart();
    assert_eq!(read(site), (0..20).collect::<Vec<u8>>());
}

/// After a crash either the old or the new generation is there, never a mixture.
pub(super) fn a_replacement_is_whole(site: &mut Site<'_>) {
    replace(site, b"old generation");
    replace(site, b"new");
    append(site, b" and more");
    sync(site);
    site.restart();
    assert_eq!(read(site), b"new and more");
    site.ground.world().journal().replace(b"newest".to_vec());
    assert_eq!(read(site), b"newest", "own writes are read");
    site.restart();
    let left = read(site);
    assert!(left == b"newest" || left == b"new and more", "{:?}", String::from_utf8_lossy(&left));
}

pub(super) fn a_cut_drops_the_tail(site: &mut Site<'_>) {
    replace(site, b"good tail torn");
    site.ground.world().journal().cut(9).expect("a journal can be cut");
    assert_eq!(read(site), b"good tail");
    append(site, b" again");
    sync(site);
    site.restart();
    assert_eq!(read(site), b"good tail again");
}

pub(super) fn a_slow_disk_syncs_late(site: &mut Site<'_>) {
    let slow = Fault::SlowDisk(Span::millis(150));
    replace(site, b"");
    site.inject(slow.clone());
    let before = site.ground.world().now();
    append(site, b"x");
    sync(site);
    let took = site.ground.world().now().since(before);
    assert!(took >= Span::millis(150), "took {took:?}");
    site.heal(&slow);
}

/// A full disk is told, nothing more is acknowledged, and a replacement after the healing works.
pub(super) fn a_full_disk_says_so(site: &mut Site<'_>) {
    replace(site, b"kept");
    site.inject(Fault::FullDisk);
    append(site, b"does not fit");
    let mark = site.ground.world().journal().sync();
    site.wait("the journal to be stuck", |site| site.stuck);
    let end = site.ground.world().now() + site.ground.quiet();
    loop {
        match site.ground.world().next(end) {
            Event::Synced(synced) => assert!(synced < mark, "acknowledged on a full disk"),
            Event::Time if site.ground.world().now() >= end => break,
            _ => {}
        }
    }
    assert!(read(site).starts_with(b"kept"), "what was durable is still there");
    site.heal(&Fault::FullDisk);
    site.stuck = false;
    replace(site, b"healed");
    assert!(!site.stuck, "stuck after healing");
    site.restart();
    assert_eq!(read(site), b"healed");
}
