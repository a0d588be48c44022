//! The journal's frames: any bytes are read without harm, and what was written is never read as
//! something else. The first two bytes say where the rest is put over a sound journal.

#![no_main]

use libfuzzer_sys::fuzz_target;
use region::frame;
use std::sync::OnceLock;

const PAYLOADS: [&[u8]; 4] = [b"one", b"", b"the third, a little longer", b"four"];

fn sound() -> &'static [u8] {
    static MADE: OnceLock<Vec<u8>> = OnceLock::new();
    MADE.get_or_init(|| {
        let mut bytes = frame::MAGIC.to_vec();
        for (number, payload) in PAYLOADS.iter().enumerate() {
            frame::write(&mut bytes, number as u64, 1 << number, payload);
        }
        bytes
    })
}

fuzz_target!(|data: &[u8]| {
    let _ = frame::read(data);
    let [low, high, rest @ ..] = data else { return };
    let mut bytes = sound().to_vec();
    let at = (usize::from(*low) | usize::from(*high) << 8) % bytes.len();
    let end = bytes.len().min(at + rest.len());
    let changed = bytes[at..end] != rest[..end - at];
    bytes[at..end].copy_from_slice(&rest[..end - at]);
    let reading = frame::read(&bytes);
    for frame in &reading.frames {
        // A frame that was made anew has a number or a checksum of its own; those that keep theirs
        // keep their payload.
        if end - at < 64 {
            assert_eq!(PAYLOADS.get(frame.number as usize), Some(&frame.payload));
        }
    }
    let whole = reading.frames.len() == PAYLOADS.len();
    let noticed = !reading.damage.is_empty() || reading.torn_at.is_some();
    assert!(whole || noticed, "a frame is lost and nobody says so");
    assert!(changed || (whole && !noticed), "a sound journal is read as it is");
});
