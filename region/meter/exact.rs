//! Numbers that come back from the journal as exactly what they were: whole ones as integers,
//! others as their shortest text. JSON's own reading of fractions may miss by the last bit.

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Whole numbers up to here are exact.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// A number that is kept exactly. Finite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exact(pub f64);

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if self.0.fract() == 0.0 && self.0.abs() < WHOLE {
            #[expect(clippy::cast_possible_truncation, reason = "whole and small, tested above")]
            return to.serialize_i64(self.0 as i64);
        }
        to.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Exact, D::Error> {
        struct Number;
        impl Visitor<'_> for Number {
            type Value = Exact;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number")
            }

            #[expect(clippy::cast_precision_loss, reason = "written only where it is exact")]
            fn visit_i64<E: Error>(self, number: i64) -> Result<Exact, E> {
                Ok(Exact(number as f64))
            }

            #[expect(clippy::cast_precision_loss, reason = "written only where it is exact")]
            fn visit_u64<E: Error>(self, number: u64) -> Result<Exact, E> {
                Ok(Exact(number as f64))
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Exact, E> {
                Ok(Exact(number))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Exact, E> {
                text.parse().map(Exact).map_err(E::custom)
            }
        }
        from.deserialize_any(Number)
    }
}
