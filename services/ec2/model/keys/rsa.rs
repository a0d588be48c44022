//! RSA key pairs of 2048 bits in the private key file that AWS gives (PKCS #1, RFC 8017). Takes a
//! tenth of a second, most of it finding primes.

use super::layout::{der, integer, pem};
use super::{Made, RSA_ENCRYPTION, colons, line};
use crypto_bigint::{NonZero, U1024, U2048};
use crypto_primes::hazmat::{SetBits, SmallFactorsSieveFactory};
use crypto_primes::{Flavor, is_prime, sieve_and_find};
use rand_core::{TryCryptoRng, TryRng};
use sha1::{Digest as _, Sha1};
use sha2::Sha256;
use std::convert::Infallible;

/// The public exponent of every RSA key that AWS makes.
const EXPONENT: u32 = 65_537;

/// A key pair from 32 random bytes.
pub(crate) fn make(seed: [u8; 32], comment: &str) -> Made {
    let mut stream = Stream { seed, count: 0 };
    loop {
        let (p, q) = (prime(&mut stream), prime(&mut stream));
        if let Some(made) = pair(&p, &q, comment) {
            return made;
        }
    }
}

/// None for two primes that do not go together, which is as good as never.
fn pair(p: &U1024, q: &U1024, comment: &str) -> Option<Made> {
    let (p1, q1) = (p.wrapping_sub(&U1024::ONE), q.wrapping_sub(&U1024::ONE));
    let modulus: U2048 = p.concatenating_mul(q);
    let totient = NonZero::new(p1.concatenating_mul::<16, 32>(&q1)).into_option()?;
    let exponent = U2048::from(EXPONENT);
    let private = exponent.invert_mod(&totient).into_option()?;
    let wide = |number: &U1024| NonZero::new(number.resize::<32>()).into_option();
    let coefficient = q.invert_mod(&NonZero::new(*p).into_option()?).into_option()?;
    let numbers = [
        vec![0],
        bytes(&modulus),
        bytes(&exponent),
        bytes(&private),
        bytes(&p.resize()),
        bytes(&q.resize()),
        bytes(&private.rem(&wide(&p1)?)),
        bytes(&private.rem(&wide(&q1)?)),
        bytes(&coefficient.resize()),
    ];
    let key = der(0x30, &numbers.map(|number| integer(&number)).concat());
    // AWS's fingerprint of RSA keys that it made: SHA-1 of the private key in PKCS #8.
    let wrapped = [integer(&[0]), RSA_ENCRYPTION.to_vec(), der(0x04, &key)].concat();
    let fingerprint = colons(&Sha1::digest(der(0x30, &wrapped)));
    let (public, _) = line("ssh-rsa", &[&plain(&exponent), &plain(&modulus)], comment);
    Some(Made { public, private: pem("RSA PRIVATE KEY", &key, 64), fingerprint })
}

fn bytes(number: &U2048) -> Vec<u8> {
    number.to_be_bytes().as_ref().to_vec()
}

/// As SSH writes numbers (RFC 4251, `mpint`): like DER's, without its head.
fn plain(number: &U2048) -> Vec<u8> {
    let digits = bytes(number).into_iter().skip_while(|byte| *byte == 0).collect::<Vec<_>>();
    let sign = digits.first().is_some_and(|first| *first >= 0x80);
    if sign { [vec![0], digits].concat() } else { digits }
}

fn prime(stream: &mut Stream) -> U1024 {
    // Both upper bits, so that the product of two has 2048.
    let sieve = SmallFactorsSieveFactory::new(Flavor::Any, U1024::BITS, SetBits::TwoMsb);
    let sieve = sieve.expect("1024 bits are enough for a prime");
    let found = sieve_and_find(stream, sieve, |_, candidate| is_prime(Flavor::Any, candidate));
    found.expect("1024 bits fit").expect("there is no end of primes")
}

/// Random bytes from a seed: SHA-256 of the seed and a counter.
struct Stream {
    seed: [u8; 32],
    count: u64,
}

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_be_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_be_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for part in out.chunks_mut(32) {
            self.count += 1;
            let block = Sha256::digest([&self.seed[..], &self.count.to_be_bytes()].concat());
            part.copy_from_slice(&block[..part.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Stream {}
