//! What domains cost by top-level domain. Round figures for a model, in US dollars a year, after
//! AWS's price list "Amazon Route 53 Pricing for Domain Registration" as known in 2024: look there
//! before you spend money.

/// Prices of one top-level domain, dollars.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Price {
    /// `com`.
    pub tld: &'static str,
    /// A year's registration, renewal or transfer.
    pub year: f64,
    /// To get it back after it expired.
    pub restoration: f64,
}

const fn price(tld: &'static str, year: f64, restoration: f64) -> Price {
    Price { tld, year, restoration }
}

/// Sorted by top-level domain.
pub const PRICES: &[Price] = &[
    price("app", 20.0, 80.0),
    price("be", 9.0, 38.0),
    price("click", 3.0, 80.0),
    price("cloud", 27.0, 80.0),
    price("club", 14.0, 80.0),
    price("co.uk", 9.0, 0.0),
    price("com", 14.0, 57.0),
    price("de", 9.0, 32.0),
    price("dev", 17.0, 80.0),
    price("eu", 13.0, 40.0),
    price("fr", 13.0, 34.0),
    price("info", 21.0, 80.0),
    price("io", 71.0, 158.0),
    price("jp", 90.0, 0.0),
    price("link", 5.0, 80.0),
    price("me", 17.0, 133.0),
    price("net", 17.0, 57.0),
    price("org", 14.0, 57.0),
    price("uk", 9.0, 0.0),
    price("xyz", 14.0, 80.0),
];

/// The price of a domain by its name, which ends with a top-level domain that is sold.
pub fn of(domain: &str) -> Option<&'static Price> {
    // The longest ending wins: `co.uk` before `uk`.
    let mut rest = domain;
    while let Some((_, end)) = rest.split_once('.') {
        if let Some(price) = PRICES.iter().find(|price| price.tld == end) {
            return Some(price);
        }
        rest = end;
    }
    None
}
