//! Whatever the bytes, reading and verifying end in a value: no panic, nothing accepted.

use signature::{ALLOWED_SKEW_MS, Request, claim, verify};

/// A small generator with a fixed seed (xorshift64): the run is the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below as u64) as usize
    }

    /// Up to 200 characters, mostly pieces that the readers look for.
    fn text(&mut self) -> String {
        const PIECES: &[&str] = &[
            "AWS4-HMAC-SHA256",
            "AWS",
            " ",
            ",",
            "=",
            "/",
            ";",
            "%",
            "%2",
            "%2F",
            "%ff",
            "+",
            "&",
            "Credential=",
            "SignedHeaders=",
            "Signature=",
            "host",
            "x-amz-date",
            "20150830",
            "20150830T123600Z",
            "aws4_request",
            "s3",
            "sqs",
            "X-Amz-Algorithm=",
            "X-Amz-Date=",
            "X-Amz-Credential=",
            "X-Amz-Signature=",
            "X-Amz-SignedHeaders=",
            "X-Amz-Expires=",
            "é",
            "\u{0}",
            "\u{10FFFF}",
            "..",
            ".",
            "99999999999999999999",
            "-1",
            "T",
            "Z",
            ":",
            "K/20150830/r/s3/aws4_request",
            "Sun, 30 Aug 2015 12:36:00 GMT",
            "UNSIGNED-PAYLOAD",
        ];
        let mut text = String::new();
        for _ in 0..self.roll(14) {
            text.push_str(PIECES[self.roll(PIECES.len())]);
        }
        text
    }
}

#[test]
fn noise_is_refused_calmly() {
    const NAMES: &[&str] = &[
        "authorization",
        "x-amz-date",
        "date",
        "host",
        "x-amz-content-sha256",
        "X-Amz-é",
        "",
        "x-amz-security-token",
        "content-type",
    ];
    let mut dice = Dice(0x5eed_1234_5678_9abc);
    let mut claims = 0;
    for _ in 0..60_000 {
        let count = dice.roll(5);
        let headers: Vec<(String, String)> =
            (0..count).map(|_| (NAMES[dice.roll(NAMES.len())].to_owned(), dice.text())).collect();
        let (method, path, query) = (dice.text(), dice.text(), dice.text());
        let body = dice.text();
        let request = Request {
            method: &method,
            path: &path,
            query: &query,
            headers: &headers,
            body: body.as_bytes(),
        };
        let Ok(claimed) = claim(&request) else { continue };
        claims += usize::from(claimed.signed().is_some());
        for now_ms in [1_440_938_160_000, i64::MIN, i64::MAX] {
            let proof = verify(&claimed, &request, "secret", None, now_ms, ALLOWED_SKEW_MS);
            assert!(proof.is_err(), "{request:?}");
        }
    }
    eprintln!("{claims} pieces of noise looked like a signature");
}
