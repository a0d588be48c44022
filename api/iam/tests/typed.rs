//! Generated structs to records and back.
#![allow(clippy::unwrap_used, reason = "a test may end where it cannot go on")]

#[path = "../../../wire/tests/properties/random.rs"]
mod random;

use random::Random;
use shape::{Operation, Shaped};

/// What a struct gives is what it was made from, for every operation of the model.
fn comes_back<T: Shaped>(random: &mut Random) {
    for _ in 0..4 {
        let record = random.record(T::schema(), 0).expect("the outermost may be empty");
        // Random records lack required members now and then: those are refused, and found before.
        match T::from_record(record.clone()) {
            Ok(made) => {
                let present: Vec<_> = made.present();
                assert_eq!(present.len(), record.present().count());
                assert_eq!(made.into_record(), record);
            }
            Err(bad) => {
                assert_eq!(bad.found, "absent", "{bad}");
                let faults = shape::validate_with(&record, NOTHING_BUT_PRESENCE).unwrap_err();
                assert_eq!(faults[0].kind, shape::FaultKind::Missing);
            }
        }
    }
}

const NOTHING_BUT_PRESENCE: shape::Checks = shape::Checks { enums: false, limits: false };

macro_rules! all_come_back {
    ($($name:ident)*) => {
        $(
            comes_back::<<api_iam::operation::$name as Operation>::Input>(&mut Random::new(1));
            comes_back::<<api_iam::operation::$name as Operation>::Output>(&mut Random::new(2));
        )*
    };
}

#[test]
fn every_struct_comes_back() {
    api_iam::for_each_operation!(all_come_back);
}
