//! What reserving an instance costs, from the shares in `reserved.txt`.

use crate::prices::List;

const TEXT: &str = include_str!("reserved.txt");
/// Hours of a year, as AWS reckons terms.
const YEAR: f64 = 8_760.0;

/// Terms of a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// 1 or 3.
    pub years: u32,
    /// `standard` or `convertible`.
    pub class: &'static str,
    /// `No Upfront`, `Partial Upfront` or `All Upfront`.
    pub payment: &'static str,
    /// AWS's code of these terms in the price list.
    pub code: &'static str,
}

const fn terms(
    years: u32,
    class: &'static str,
    payment: &'static str,
    code: &'static str,
) -> Terms {
    Terms { years, class, payment, code }
}

/// All terms that AWS sells. Codes: the price list of AmazonEC2.
pub const TERMS: [Terms; 12] = [
    terms(1, "standard", "No Upfront", "4NA7Y494T4"),
    terms(1, "standard", "Partial Upfront", "HU7G6KETJZ"),
    terms(1, "standard", "All Upfront", "6QCMYABX3D"),
    terms(3, "standard", "No Upfront", "BPH4J8HBKS"),
    terms(3, "standard", "Partial Upfront", "38NPMPTW36"),
    terms(3, "standard", "All Upfront", "NQ3QZPMQV9"),
    terms(1, "convertible", "No Upfront", "7NE97W5U4E"),
    terms(1, "convertible", "Partial Upfront", "CUZHX8X6JH"),
    terms(1, "convertible", "All Upfront", "VJWZNREJX2"),
    terms(3, "convertible", "No Upfront", "Z2E3P23VKM"),
    terms(3, "convertible", "Partial Upfront", "R5XV2EPZQZ"),
    terms(3, "convertible", "All Upfront", "MZU6U2429S"),
];

/// What one reserved instance costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fees {
    /// USD at the purchase, whole dollars like AWS.
    pub upfront: f64,
    /// USD for each hour of the term, used or not; to five digits like AWS.
    pub hourly: f64,
}

impl Terms {
    /// Of this class and payment, for so many years.
    pub fn find(years: u32, class: &str, payment: &str) -> Option<&'static Terms> {
        let wanted =
            |one: &&Terms| one.years == years && one.class == class && one.payment == payment;
        TERMS.iter().find(wanted)
    }

    /// The column of the payment.
    fn column(&self) -> usize {
        match self.payment {
            "No Upfront" => 0,
            "Partial Upfront" => 1,
            _ => 2,
        }
    }

    /// Costs as a share of the same hours on demand.
    fn share(&self, family: &str) -> Option<f64> {
        let of = |family: &str| {
            TEXT.lines().find_map(|line| {
                let words: Vec<&str> = line.split_whitespace().collect();
                let [first, class, years, shares @ ..] = words.as_slice() else { return None };
                let fits = *first == family && *class == self.class;
                let fits = fits && years.parse() == Ok(self.years);
                fits.then(|| shares.get(self.column())?.parse().ok()).flatten()
            })
        };
        of(family).or_else(|| of("*"))
    }
}

impl List {
    /// What these terms cost for an instance type.
    pub fn fees(&self, kind: &str, terms: &Terms) -> Option<Fees> {
        let (family, _) = kind.split_once('.')?;
        let hour = self.hour(kind)? * terms.share(family)?;
        let whole = hour * YEAR * f64::from(terms.years);
        let cents = |value: f64| (value * 100_000.0).round() / 100_000.0;
        Some(match terms.payment {
            "No Upfront" => Fees { upfront: 0.0, hourly: cents(hour) },
            "Partial Upfront" => Fees { upfront: (whole / 2.0).round(), hourly: cents(hour / 2.0) },
            _ => Fees { upfront: whole.round(), hourly: 0.0 },
        })
    }
}

#[cfg(test)]
mod tests;
