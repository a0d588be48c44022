//! AWS's member names as Rust field names.

/// AWS's spellings that are one word to a reader.
const WORDS: [(&str, &str); 10] = [
    ("IPv4", "Ipv4"),
    ("IPv6", "Ipv6"),
    ("IPs", "Ips"),
    ("IDs", "Ids"),
    ("ARNs", "Arns"),
    ("URLs", "Urls"),
    ("VCpu", "Vcpu"),
    ("MiB", "Mib"),
    ("GiB", "Gib"),
    ("MBps", "Mbps"),
];

/// `VpcId` to `vpc_id`, `IPv6CidrBlock` to `ipv6_cidr_block`, `EBSOptimized` to `ebs_optimized`.
/// Keywords keep their letters; the generator writes `r#` before them.
pub fn snake(name: &str) -> String {
    let name = WORDS.iter().fold(name.to_owned(), |name, (from, to)| name.replace(from, to));
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 8);
    for (at, letter) in letters.iter().enumerate() {
        if matches!(letter, '.' | '-' | '_' | ':' | ' ') {
            out.push('_');
            continue;
        }
        let before = at.checked_sub(1).map(|at| letters[at]);
        let after = letters.get(at + 1);
        let starts = letter.is_uppercase()
            && before.is_some_and(|before| {
                let word_ends = before.is_lowercase() || before.is_ascii_digit();
                let acronym_ends =
                    before.is_uppercase() && after.is_some_and(|after| after.is_lowercase());
                word_ends || acronym_ends
            });
        if starts && !out.ends_with('_') {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    if out.starts_with(|first: char| first.is_ascii_digit()) {
        out.insert(0, '_');
    }
    out
}
