//! What every API's types promise, as one body of tests, and random records of any schema.

mod random;

pub use random::Random;

use shape::{Checks, FaultKind, Operation, Shaped, validate_with};

const NOTHING_BUT_PRESENCE: Checks = Checks { enums: false, limits: false };

/// Runs [`comes_back`] on the operations that a crate's `for_each_operation` lists.
#[macro_export]
macro_rules! come_back {
    ($($operation:ident)*) => { $($crate::comes_back::<$operation>();)* };
}

/// What the structs of an operation give is what they were made from.
///
/// # Panics
/// When it is not.
pub fn comes_back<O: Operation>() {
    struct_comes_back::<O::Input>(&mut Random::new(1));
    struct_comes_back::<O::Output>(&mut Random::new(2));
}

fn struct_comes_back<T: Shaped>(random: &mut Random) {
    for _ in 0..4 {
        let record = random.record(T::schema(), 0).expect("the outermost may be empty");
        // Random records lack required members now and then: those are refused, and found before.
        match T::from_record(record.clone()) {
            Ok(made) => {
                assert_eq!(made.present().len(), record.present().count());
                assert_eq!(made.into_record(), record);
            }
            Err(bad) => {
                assert_eq!(bad.found, "absent", "{bad}");
                let faults = validate_with(&record, NOTHING_BUT_PRESENCE);
                let faults = faults.expect_err("what a struct refuses, the schema refuses");
                assert_eq!(faults[0].kind, FaultKind::Missing);
            }
        }
    }
}
