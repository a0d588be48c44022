//! Floors: a crate depends on lower floors; on its own floor only where this table says so.

use crate::tree::Tree;
use std::collections::BTreeMap;

/// On one floor, who may know whom, by folder: `from -> to`.
const LEVEL: &[(&str, &str)] = &[
    ("world/contract", "world"),
    // Tests and the build of the models.
    ("api/", "api/"),
    ("wire", "api/"),
    // A request is one thing, to its codec and to its signature.
    ("wire", "wire/signature"),
    ("engines/metadata", "engines/http"),
    // Rooms read each other's models.
    ("services/ebs", "services/vpc"),
    ("services/ec2", "services/vpc"),
    ("services/ec2", "services/ebs"),
    ("services/ec2", "services/iam"),
    ("services/ec2", "services/sts"),
    ("services/route53", "services/vpc"),
    ("services/route53", "services/elb"),
    ("services/route53", "services/cloudwatch"),
    ("services/sts", "services/iam"),
    ("services/ssm", "services/ec2"),
    ("services/fis", "services/cloudwatch"),
    ("services/fis", "services/autoscaling"),
    ("services/fis", "services/ebs"),
    ("services/fis", "services/vpc"),
    ("services/fis", "services/ec2"),
    ("services/pricing", "services/vpc"),
    ("services/pricing", "services/ebs"),
    ("services/pricing", "services/ec2"),
    ("services/pricing", "services/elb"),
    ("services/pricing", "services/route53"),
    ("services/pricing", "services/cloudwatch"),
    ("services/autoscaling", "services/ec2"),
    ("services/autoscaling", "services/vpc"),
    ("services/autoscaling", "services/elb"),
    ("services/autoscaling", "services/cloudwatch"),
    ("services/elb", "services/vpc"),
    ("services/elb", "services/ec2"),
    ("services/elb", "services/acm"),
    ("services/elb", "services/iam"),
    ("worlds/linux", "worlds/linux/"),
    ("worlds/linux/", "worlds/linux/"),
    ("swarm", "stories"),
    ("simulate", "stories"),
    ("maquette", "simulate"),
    ("maquette", "load"),
    ("exam", "stories"),
];

/// The floor of a folder, by its longest prefix here.
pub(crate) const FLOORS: &[(&str, u8)] = &[
    ("world", 0),
    ("api", 1),
    ("wire", 1),
    ("engines", 1),
    ("region", 2),
    ("services", 3),
    ("endpoint", 4),
    ("worlds", 4),
    ("rooms", 4),
    ("maquette", 5),
    ("load", 5),
    ("stories", 5),
    ("simulate", 5),
    ("swarm", 5),
    ("bench", 5),
    ("exam", 5),
    ("xtask", 5),
    ("fuzz", 5),
];

pub(crate) fn check(tree: &Tree) -> Vec<String> {
    let mut folders = BTreeMap::new();
    for (folder, manifest) in tree.crates() {
        match name(&manifest.text) {
            Some(name) => folders.insert(name.to_owned(), folder),
            None => continue,
        };
    }
    let mut found = Vec::new();
    for (folder, manifest) in tree.crates() {
        let Some(floor) = floor(folder) else {
            found.push(format!("{folder}: stands on no floor; give it one in xtask/arrows.rs"));
            continue;
        };
        for dependency in dependencies(&manifest.text) {
            let Some(target) = folders.get(dependency) else { continue };
            let Some(below) = self::floor(target) else { continue };
            let level = LEVEL.iter().any(|(from, to)| fits(folder, from) && fits(target, to));
            if below > floor || (below == floor && !level) {
                found.push(format!("{folder} (floor {floor}) -> {target} (floor {below})"));
            }
        }
    }
    found
}

fn fits(folder: &str, pattern: &str) -> bool {
    folder == pattern || (pattern.ends_with('/') && folder.starts_with(pattern))
}

fn floor(folder: &str) -> Option<u8> {
    let first = folder.split('/').next()?;
    FLOORS.iter().find(|(known, _)| *known == first).map(|(_, floor)| *floor)
}

fn name(manifest: &str) -> Option<&str> {
    let line = manifest.lines().find(|line| line.starts_with("name = "))?;
    line.split('"').nth(1)
}

/// What production code depends on: `[dependencies]`, not dev or build dependencies.
fn dependencies(manifest: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    manifest.lines().filter_map(move |line| {
        if line.starts_with('[') {
            inside = line == "[dependencies]";
            return None;
        }
        let name = line.split(['.', ' ', '=']).next().filter(|name| !name.is_empty());
        name.filter(|_| inside)
    })
}
