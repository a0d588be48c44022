//! The truth table of routing: records and checks are made by calls, what is ordered of the name
//! servers is read, and their own chooser answers. Sources: developer guide, "How Amazon Route 53
//! chooses records when health checking is configured"; "Values that you specify", by policy.

use names::health::{counts, judge};
use names::name::Name;
use names::places::{Asker, city};
use names::{Book, Question, choose};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use stories::Bench;
use world::{Id, Names, Program, Thing};

/// One case. Records: `NAME POLICY ANSWER[,ANSWER] [@CHECK]`, with `->NAME` for an alias, `=>NAME`
/// for one that evaluates its target's health. Checks begin with a letter: `x` looks at an
/// endpoint, `!x` is its inversion, `-x` disabled, `~x` both, `c2:x+y` calculated (`!c2:`
/// inverted).
struct Case {
    what: &'static str,
    records: &'static [&'static str],
    /// Endpoints that are not well; with `?` before it nothing is known of it.
    bad: &'static [&'static str],
    from: &'static str,
    /// All values that some answer has.
    answers: &'static [&'static str],
    /// How many values each answer has.
    size: usize,
}

const fn case(
    what: &'static str,
    records: &'static [&'static str],
    bad: &'static [&'static str],
    answers: &'static [&'static str],
) -> Case {
    Case {
        what,
        records,
        bad,
        from: "paris",
        answers,
        size: if answers.is_empty() { 0 } else { 1 },
    }
}

const fn from(case: Case, from: &'static str) -> Case {
    Case { from, ..case }
}

const fn of_size(case: Case, size: usize) -> Case {
    Case { size, ..case }
}

const TEN: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
const MANY: &[&str] = &[
    "www multi 0 @x0",
    "www multi 1 @x1",
    "www multi 2 @x2",
    "www multi 3 @x3",
    "www multi 4 @x4",
    "www multi 5 @x5",
    "www multi 6 @x6",
    "www multi 7 @x7",
    "www multi 8 @x8",
    "www multi 9 @x9",
];
const PAIR: &[&str] = &["www P 1 @x", "www S 2 @y"];
const EVEN: &[&str] = &["www w=1 1 @x", "www w=1 2 @y"];
const ZERO: &[&str] = &["www w=1 1 @x", "www w=0 2 @y"];
const NEAR: &[&str] = &["www l=eu-west-3 1 @x", "www l=us-east-1 2 @y"];
const GEO: &[&str] = &["www c=FR 1 @x", "www k=EU 2 @y", "www c=* 3 @z"];
const GROUPS: &[&str] = &["www w=1 =>b", "www w=1 =>g", "b w=1 1 @x", "b w=1 2 @y", "g w=1 3 @z"];
const TREE: &[&str] = &["www P =>b", "www S =>g", "b w=1 1 @x", "b w=1 2 @y", "g w=1 3 @z"];
const DEEP: &[&str] = &["www P =>a", "www S 9", "a simple =>b", "b simple =>c", "c w=1 1 @x"];

const CASES: &[Case] = &[
    case("one value", &["www simple 1"], &[], &["1"]),
    of_size(case("two values", &["www simple 1,2"], &[], &["1", "2"]), 2),
    case("a wildcard", &["* simple 1"], &[], &["1"]),
    case("the name itself wins", &["* simple 1", "www simple 2"], &[], &["2"]),
    case("no such name", &["other simple 1"], &[], &[]),
    case("weights", EVEN, &[], &["1", "2"]),
    case("weight 0 is not chosen", ZERO, &[], &["1"]),
    case("all weights 0", &["www w=0 1", "www w=0 2"], &[], &["1", "2"]),
    case("an unwell one is not chosen", EVEN, &["x"], &["2"]),
    case("weight 0 when all others are unwell", ZERO, &["x"], &["2"]),
    case("all unwell are all well", EVEN, &["x", "y"], &["1", "2"]),
    case("all unwell, and weight 0 still last", ZERO, &["x", "y"], &["1"]),
    case("no check is always well", &["www w=1 1", "www w=9 2 @y"], &["y"], &["1"]),
    case("an unwell one of weight 0", ZERO, &["y"], &["1"]),
    case("unknown is well", EVEN, &["?x", "?y"], &["1", "2"]),
    case("inverted", &["www w=1 1 @!x", "www w=1 2"], &[], &["2"]),
    case("inverted and bad is well", &["www w=1 1 @!x", "www w=1 2 @y"], &["x", "y"], &["1"]),
    case("inverted and unknown is unwell", &["www w=1 1 @!x", "www w=1 2"], &["?x"], &["2"]),
    case("disabled is well", &["www w=1 1 @-x", "www w=1 2 @y"], &["x", "y"], &["1"]),
    case("disabled and inverted is unwell", &["www w=1 1 @~x", "www w=1 2"], &[], &["2"]),
    case("the primary", PAIR, &[], &["1"]),
    case("the secondary when the primary is unwell", PAIR, &["x"], &["2"]),
    case("the primary when both are unwell", PAIR, &["x", "y"], &["1"]),
    case("an unwell secondary changes nothing", PAIR, &["y"], &["1"]),
    case("a secondary without a check", &["www P 1 @x", "www S 2"], &["x"], &["2"]),
    case("a primary without a check", &["www P 1", "www S 2 @y"], &["y"], &["1"]),
    case("an unknown primary", PAIR, &["?x"], &["1"]),
    case("an unknown secondary", PAIR, &["x", "?y"], &["2"]),
    case("an inverted primary", &["www P 1 @!x", "www S 2"], &[], &["2"]),
    case("the nearest region", NEAR, &[], &["1"]),
    from(case("the nearest region from elsewhere", NEAR, &[], &["2"]), "n-virginia"),
    case("the next region when it is unwell", NEAR, &["x"], &["2"]),
    case("the nearest region when all are unwell", NEAR, &["x", "y"], &["1"]),
    from(
        case("the third region", &["www l=eu-west-3 1", "www l=ap-northeast-2 2"], &[], &["2"]),
        "tokyo",
    ),
    case("the country", GEO, &[], &["1"]),
    from(case("the continent", GEO, &[], &["2"]), "frankfurt"),
    from(case("the default place", GEO, &[], &["3"]), "tokyo"),
    case("the continent when the country is unwell", GEO, &["x"], &["2"]),
    case("the default when both are unwell", GEO, &["x", "y"], &["3"]),
    case("the country when all are unwell", GEO, &["x", "y", "z"], &["1"]),
    from(case("no default place", &["www c=FR 1", "www k=EU 2"], &[], &[]), "tokyo"),
    from(case("the state", &["www s=CA 1", "www c=US 2"], &[], &["1"]), "n-california"),
    from(case("not the state", &["www s=CA 1", "www c=US 2"], &[], &["2"]), "ohio"),
    from(case("an unwell state", &["www s=CA 1 @x", "www c=US 2"], &["x"], &["2"]), "n-california"),
    of_size(case("many", &["www multi 1", "www multi 2", "www multi 3"], &[], &["1", "2", "3"]), 3),
    of_size(case("eight of ten", MANY, &[], &TEN), 8),
    of_size(
        case(
            "those that are well",
            MANY,
            &["x0", "x1", "x2"],
            &["3", "4", "5", "6", "7", "8", "9"],
        ),
        7,
    ),
    of_size(
        case(
            "eight of all when all are unwell",
            MANY,
            &["x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9"],
            &TEN,
        ),
        8,
    ),
    of_size(
        case("many, one without a check", &["www multi 1 @x", "www multi 2"], &["x"], &["2"]),
        1,
    ),
    case("an alias", &["www simple ->b", "b simple 1"], &[], &["1"]),
    case("an alias of an alias", &["www simple ->b", "b simple ->c", "c simple 1"], &[], &["1"]),
    case("a group without a well member", GROUPS, &["x", "y"], &["3"]),
    case("a group with one well member", GROUPS, &["x"], &["2", "3"]),
    case(
        "an alias that does not look",
        &["www w=1 ->b", "www w=1 ->g", "b w=1 1 @x", "g w=1 3 @z"],
        &["x"],
        &["1", "3"],
    ),
    case("a tree, well", TREE, &[], &["1", "2"]),
    case("a tree, half", TREE, &["x"], &["2"]),
    case("a tree, other branch", TREE, &["x", "y"], &["3"]),
    case("a tree, nothing well", TREE, &["x", "y", "z"], &["1", "2"]),
    case("a chain that looks, well", DEEP, &[], &["1"]),
    case("a chain that looks, unwell", DEEP, &["x"], &["9"]),
    case("a check beside an alias", &["www P =>b @x", "www S 2", "b simple 1"], &["x"], &["2"]),
    case(
        "a region's group",
        &["www l=eu-west-3 =>b", "www l=us-east-1 =>g", "b w=1 1 @x", "g w=1 2 @y"],
        &["x"],
        &["2"],
    ),
    case("one of two is enough", &["www P 1 @c1:x+y", "www S 2"], &["x"], &["1"]),
    case("two of two are not there", &["www P 1 @c2:x+y", "www S 2"], &["x"], &["2"]),
    case("threshold 0 is always well", &["www P 1 @c0:x+y", "www S 2"], &["x", "y"], &["1"]),
    case("a threshold above all is never well", &["www P 1 @c3:x+y", "www S 2"], &[], &["2"]),
    case("an inverted calculation", &["www P 1 @!c2:x+y", "www S 2"], &["x"], &["1"]),
    case("the nearest place", &["www g=eu-west-3 1", "www g=eu-central-1 2"], &[], &["1"]),
    case("a place with a strong draw", &["www g=eu-west-3 1", "www b=us-east-1 2"], &[], &["1"]),
    from(
        case("drawn from afar", &["www g=eu-central-1 1", "www b=us-east-1 2"], &[], &["2"]),
        "dublin",
    ),
    case("coordinates", &["www o=2.35 1", "www g=us-east-1 2"], &[], &["1"]),
    case("an alarm without data", &["www P 1 @alarm", "www S 2"], &[], &["2"]),
];

/// The health checks of one case, made when they are first named.
struct Checks<'b> {
    bench: &'b mut Bench,
    case: usize,
    made: BTreeMap<String, String>,
}

impl Checks<'_> {
    fn id(&mut self, name: &str) -> String {
        if let Some(id) = self.made.get(name) {
            return id.clone();
        }
        let (inverted, disabled, plain) = match name.as_bytes()[0] {
            b'!' => (true, false, &name[1..]),
            b'-' => (false, true, &name[1..]),
            b'~' => (true, true, &name[1..]),
            _ => (false, false, name),
        };
        let mut config = match plain.split_once(':') {
            Some((least, children)) => {
                let children: Vec<String> = children.split('+').map(|one| self.id(one)).collect();
                let least: u32 = least[1..].parse().unwrap();
                json!({"Type": "CALCULATED", "HealthThreshold": least,
                    "ChildHealthChecks": children})
            }
            None if plain == "alarm" => json!({"Type": "CLOUDWATCH_METRIC",
                "AlarmIdentifier": {"Region": "eu-west-3", "Name": "none"},
                "InsufficientDataHealthStatus": "Unhealthy"}),
            None => json!({"Type": "HTTP", "IPAddress": "203.0.113.1"}),
        };
        config["Inverted"] = json!(inverted);
        config["Disabled"] = json!(disabled);
        let reference = format!("{}/{name}", self.case);
        let input = json!({"CallerReference": reference, "HealthCheckConfig": config});
        let made = self.bench.call("route53", "CreateHealthCheck", &input).unwrap();
        let id = made["HealthCheck"]["Id"].as_str().unwrap().to_owned();
        self.made.insert(name.to_owned(), id.clone());
        id
    }
}

/// `1` stands for 192.0.2.1.
fn address(value: &str) -> String {
    format!("192.0.2.{value}")
}

fn change(checks: &mut Checks, zone: &str, domain: &str, number: usize, line: &str) -> Json {
    let words: Vec<&str> = line.split(' ').collect();
    let mut set = json!({"Name": format!("{}.{domain}", words[0]), "Type": "A"});
    let (policy, value) = words[1].split_once('=').unwrap_or((words[1], ""));
    match policy {
        "simple" => {}
        "g" => set["GeoProximityLocation"] = json!({"AWSRegion": value}),
        "b" => set["GeoProximityLocation"] = json!({"AWSRegion": value, "Bias": 90}),
        "o" => {
            set["GeoProximityLocation"] =
                json!({"Coordinates": {"Latitude": "48.86", "Longitude": value}});
        }
        "w" => set["Weight"] = json!(value.parse::<u32>().unwrap()),
        "l" => set["Region"] = json!(value),
        "P" => set["Failover"] = json!("PRIMARY"),
        "S" => set["Failover"] = json!("SECONDARY"),
        "k" => set["GeoLocation"] = json!({"ContinentCode": value}),
        "c" => set["GeoLocation"] = json!({"CountryCode": value}),
        "s" => set["GeoLocation"] = json!({"CountryCode": "US", "SubdivisionCode": value}),
        _ => set["MultiValueAnswer"] = json!(true),
    }
    if policy != "simple" {
        set["SetIdentifier"] = json!(number.to_string());
    }
    let alias = words[2].split_once('>');
    match alias {
        Some((how, target)) => {
            set["AliasTarget"] = json!({"HostedZoneId": zone,
                "DNSName": format!("{target}.{domain}"), "EvaluateTargetHealth": how == "="});
        }
        None => {
            let values = words[2].split(',').map(|value| json!({"Value": address(value)}));
            set["ResourceRecords"] = values.collect();
            set["TTL"] = json!(60);
        }
    }
    if let Some(check) = words.get(3) {
        set["HealthCheckId"] = json!(checks.id(&check[1..]));
    }
    json!({"Action": "CREATE", "ResourceRecordSet": set})
}

/// Makes a case's zone; its checks by name.
fn make(bench: &mut Bench, number: usize, case: &Case) -> BTreeMap<String, String> {
    let domain = format!("c{number}.test");
    let input = json!({"Name": domain, "CallerReference": number.to_string()});
    let zone = bench.call("route53", "CreateHostedZone", &input).unwrap();
    let zone = zone["HostedZone"]["Id"].as_str().unwrap().trim_start_matches("/hostedzone/");
    let mut checks = Checks { bench, case: number, made: BTreeMap::new() };
    let lines = case.records.iter().enumerate();
    let changes: Vec<Json> =
        lines.map(|(at, line)| change(&mut checks, zone, &domain, at, line)).collect();
    let made = checks.made;
    let input = json!({"HostedZoneId": zone, "ChangeBatch": {"Changes": changes}});
    let done = bench.call("route53", "ChangeResourceRecordSets", &input);
    done.unwrap_or_else(|refused| panic!("{}: {refused:?}", case.what));
    made
}

/// What is ordered of the name servers.
pub fn ordered(bench: &mut Bench) -> Names {
    let mut all = bench.region().ordered();
    let found = all.find(|(id, _)| id.as_str() == route53::model::NAMES);
    match found {
        Some((_, Thing::Machine(machine))) => match &machine.program {
            Program::Names(names) => (**names).clone(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

/// Every value that some answer has, and how many values answers have.
fn draw(
    book: &Book,
    wells: &[bool],
    name: &str,
    city_name: &str,
    times: u64,
) -> (BTreeMap<String, u64>, BTreeSet<usize>) {
    let name = Name::parse(name).unwrap();
    let asker = Asker::of(city(city_name).unwrap());
    let question = Question { name: name.wire(), kind: 1, asker: &asker };
    let mut seed = 1_u64;
    let mut chance = || {
        // SplitMix64.
        seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    };
    let (mut seen, mut sizes) = (BTreeMap::new(), BTreeSet::new());
    for _ in 0..times {
        let answer = choose(book, wells, question, &mut chance);
        let values: Vec<String> = answer
            .answer
            .iter()
            .flat_map(|part| part.values.iter().take(part.most))
            .map(|value| value.text.trim_start_matches("192.0.2.").to_owned())
            .collect();
        sizes.insert(values.len());
        values.into_iter().for_each(|value| *seen.entry(value).or_default() += 1);
    }
    (seen, sizes)
}

#[test]
fn sixty_cases_are_answered_as_route_53_says() {
    assert!(CASES.len() >= 60);
    let mut bench = Bench::of(crate::rooms(), 1, sim::Settings::instant());
    let made: Vec<_> =
        CASES.iter().enumerate().map(|(number, case)| make(&mut bench, number, case)).collect();
    bench.settle();
    let config = ordered(&mut bench);
    let book = Book::new(&config.zones);
    for (number, (case, checks)) in CASES.iter().zip(&made).enumerate() {
        let state = |wanted: &Id| {
            let name = checks.iter().find(|(_, id)| *id == wanted.as_str());
            let name = name.map(|(name, _)| name.trim_start_matches(['!', '-', '~']));
            let bad = |text: &str| case.bad.contains(&text);
            match name {
                Some(name) if bad(&format!("?{name}")) => None,
                Some(name) => Some(!bad(name)),
                None => Some(true),
            }
        };
        let says = judge(&config.checks, &state);
        let wells = book.wells(|id| counts(&config.checks[id], says[id]));
        let name = format!("www.c{number}.test.");
        let (seen, sizes) = draw(&book, &wells, &name, case.from, 400);
        let seen: Vec<&str> = seen.keys().map(String::as_str).collect();
        assert_eq!(seen, case.answers, "case {number}: {}", case.what);
        assert_eq!(sizes, BTreeSet::from([case.size]), "case {number}: {}", case.what);
    }
}

#[test]
fn answers_are_spread_by_weight() {
    let weights = [1_u64, 2, 3, 10, 50];
    let records: Vec<String> =
        weights.iter().enumerate().map(|(at, weight)| format!("www w={weight} {at}")).collect();
    let records: Vec<&'static str> =
        records.into_iter().map(|line| &*Box::leak(line.into_boxed_str())).collect();
    let records: &'static [&'static str] = Box::leak(records.into_boxed_slice());
    let mut bench = Bench::of(crate::rooms(), 2, sim::Settings::instant());
    make(&mut bench, 0, &case("spread", records, &[], &[]));
    bench.settle();
    let config = ordered(&mut bench);
    let book = Book::new(&config.zones);
    let times = 10_000;
    let (seen, _) = draw(&book, &book.wells(|_| true), "www.c0.test.", "paris", times);
    let total: u64 = weights.iter().sum();
    let chi: f64 = weights
        .iter()
        .enumerate()
        .map(|(at, weight)| {
            let expected = (times * weight) as f64 / total as f64;
            let found = seen.get(&at.to_string()).copied().unwrap_or(0) as f64;
            (found - expected).powi(2) / expected
        })
        .sum();
    // Four degrees of freedom, p = 0.01.
    assert!(chi < 13.28, "chi square {chi}");
}
