//! Frames under damage, and lists under filters and pages.

use crate::frame::{self, MAGIC, Reading};
use crate::listing::{self, Filter};

fn journal(payloads: &[&[u8]]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    for (number, payload) in payloads.iter().enumerate() {
        frame::write(&mut bytes, number as u64, 1 << number, payload);
    }
    bytes
}

fn payloads(reading: &Reading) -> Vec<Vec<u8>> {
    reading.frames.iter().map(|frame| frame.payload.to_vec()).collect()
}

const THREE: &[&[u8]] = &[b"first", b"the second one", b"third"];

#[test]
fn what_was_written_is_read() {
    let bytes = journal(THREE);
    let reading = frame::read(&bytes);
    assert_eq!(payloads(&reading), THREE);
    assert!(reading.damage.is_empty() && reading.torn_at.is_none());
}

#[test]
fn a_cut_anywhere_is_a_torn_tail_and_never_damage() {
    let bytes = journal(THREE);
    for length in 0..bytes.len() {
        let reading = frame::read(&bytes[..length]);
        assert!(reading.damage.is_empty(), "cut at {length}: {:?}", reading.damage);
        assert!(reading.frames.len() <= 3);
        for (found, written) in reading.frames.iter().zip(THREE) {
            assert_eq!(found.payload, *written, "cut at {length}");
        }
        if let Some(at) = reading.torn_at {
            let again = frame::read(&bytes[..at as usize]);
            assert_eq!(again.torn_at, None, "cut at {length}: one cut is enough");
        }
    }
}

#[test]
fn a_flipped_byte_is_named_or_in_the_tail_and_never_served() {
    let bytes = journal(THREE);
    for at in 0..bytes.len() {
        for bit in [0, 3, 7] {
            let mut bad = bytes.clone();
            bad[at] ^= 1 << bit;
            let reading = frame::read(&bad);
            for found in &reading.frames {
                let number = found.number as usize;
                assert_eq!(found.payload, THREE[number], "byte {at} was flipped");
            }
            let lost = reading.frames.len() < 3;
            let said = !reading.damage.is_empty() || reading.torn_at.is_some();
            assert!(!lost || said, "byte {at}: a frame is lost in silence");
            let second = bytes.len() - 2 * (64 + 5) - 9;
            if at >= MAGIC.len() && at < second {
                assert!(!reading.damage.is_empty(), "byte {at}: damage before whole frames");
                assert_eq!(reading.damage[0].rooms & 1, 1, "byte {at}: its room is named");
            }
        }
    }
}

/// Damage of one room must not become everybody's when the journal goes on behind it.
#[test]
fn a_frame_behind_a_damaged_last_one_is_no_further_damage() {
    for at in 0..32 + THREE[2].len() {
        let mut bytes = journal(THREE);
        let third = bytes.len() - THREE[2].len() - 64;
        // Anything of it but its tail; what has no tail is torn and was cut before.
        bytes[third + at] ^= 0x10;
        let before = frame::read(&bytes);
        assert_eq!((before.damage.len(), before.next), (1, 3), "byte {at}");
        let (damage, next) = (before.damage, before.next);
        frame::write(&mut bytes, next, 8, b"fourth");
        let after = frame::read(&bytes);
        assert_eq!(after.damage, damage, "byte {at}");
        assert_eq!(after.frames.last().map(|frame| frame.payload), Some(&b"fourth"[..]));
    }
}

#[test]
fn frames_out_of_their_order_are_named() {
    let mut bytes = journal(THREE);
    frame::write(&mut bytes, 1, 1, b"again");
    let reading = frame::read(&bytes);
    assert_eq!(reading.damage[0].what, "frame 1 comes where 3 should be");
}

#[test]
fn missing_frames_are_named() {
    let mut bytes = journal(&THREE[..1]);
    frame::write(&mut bytes, 2, 4, b"third");
    let reading = frame::read(&bytes);
    assert_eq!(reading.frames.len(), 2);
    assert_eq!(reading.damage[0].rooms, u64::MAX);
}

#[test]
fn wild_cards_match_as_ec2_says() {
    for (pattern, text, is) in [
        ("*", "", true),
        ("al2023-*", "al2023-ami", true),
        ("a?c", "abc", true),
        ("a?c", "ac", false),
        ("*b*d", "abcd", true),
        ("*b*d", "abc", false),
        (r"a\*c", "a*c", true),
        (r"a\*c", "abc", false),
        ("", "", true),
        ("", "a", false),
    ] {
        assert_eq!(listing::wild(pattern, text), is, "{pattern} on {text}");
    }
}

#[test]
fn filters_that_nobody_offers_are_refused_by_name() {
    let filters = [Filter { name: "colour".into(), values: vec!["blue".into()] }];
    let refusal = listing::filter(vec![1], &filters, &[], |_| Vec::new()).unwrap_err();
    assert!(refusal.message.contains("colour"));
}

#[test]
fn pages_give_every_item_once() {
    let items: Vec<String> = (0..25).map(|number| format!("{number:03}")).collect();
    let mut token = None;
    let mut seen = Vec::new();
    loop {
        let all = items.clone();
        let page = listing::page(all, String::clone, token.as_deref(), Some(7)).unwrap();
        seen.extend(page.0);
        token = page.1;
        if token.is_none() {
            break;
        }
    }
    assert_eq!(seen, items);
    assert!(listing::page(items, String::clone, Some("nonsense"), None).is_err());
}
