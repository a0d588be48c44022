//! AWS's own images: names, owners, parameters. Data, and ids made from it.

use region::Refusal;

/// The world's image behind all of them.
pub const WORLD_IMAGE: &str = "host";

/// A public image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicImage {
    /// `ami-…`, other in each region, the same in each Maquette.
    pub id: String,
    /// The snapshot that the API shows behind it.
    pub snapshot: String,
    /// As tools filter it.
    pub name: &'static str,
    /// For a person.
    pub title: &'static str,
    /// Account that publishes it on AWS.
    pub owner: &'static str,
    /// `amazon`, or nothing.
    pub alias: Option<&'static str>,
    /// `/dev/xvda`.
    pub root_device: &'static str,
    /// GiB.
    pub gib: u32,
    /// Type of its root volume.
    pub kind: &'static str,
    /// ISO 8601.
    pub created: &'static str,
    /// IMDSv2 only.
    pub imds_v2: bool,
    /// SSM public parameters that resolve to it.
    pub parameters: &'static [&'static str],
}

struct Line {
    name: &'static str,
    title: &'static str,
    owner: &'static str,
    root_device: &'static str,
    gib: u32,
    kind: &'static str,
    created: &'static str,
    imds_v2: bool,
    parameters: &'static [&'static str],
}

const AMAZON: &str = "137112412989";
const CANONICAL: &str = "099720109477";
const DEBIAN: &str = "136693071363";

// Names in the form that AWS's own have, so that tools' filters find them; the dates are ours.
const LINES: &[Line] = &[
    Line {
        name: "al2023-ami-2023.9.20251117.1-kernel-6.1-x86_64",
        title: "Amazon Linux 2023 AMI 2023.9.20251117.1 x86_64 HVM kernel-6.1",
        owner: AMAZON,
        root_device: "/dev/xvda",
        gib: 8,
        kind: "gp3",
        created: "2025-11-18T00:12:09.000Z",
        imds_v2: true,
        parameters: &[
            "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-x86_64",
            "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
            "/aws/service/ami-amazon-linux-latest/al2023-ami-minimal-kernel-6.1-x86_64",
            "/aws/service/ami-amazon-linux-latest/al2023-ami-minimal-kernel-default-x86_64",
        ],
    },
    Line {
        name: "amzn2-ami-hvm-2.0.20251110.1-x86_64-gp2",
        title: "Amazon Linux 2 AMI 2.0.20251110.1 x86_64 HVM gp2",
        owner: AMAZON,
        root_device: "/dev/xvda",
        gib: 8,
        kind: "gp2",
        created: "2025-11-12T19:30:02.000Z",
        imds_v2: false,
        parameters: &[
            "/aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-ebs",
            "/aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-gp2",
        ],
    },
    Line {
        name: "amzn2-ami-kernel-5.10-hvm-2.0.20251110.1-x86_64-gp2",
        title: "Amazon Linux 2 Kernel 5.10 AMI 2.0.20251110.1 x86_64 HVM gp2",
        owner: AMAZON,
        root_device: "/dev/xvda",
        gib: 8,
        kind: "gp2",
        created: "2025-11-12T19:31:40.000Z",
        imds_v2: false,
        parameters: &[
            "/aws/service/ami-amazon-linux-latest/amzn2-ami-kernel-5.10-hvm-x86_64-ebs",
            "/aws/service/ami-amazon-linux-latest/amzn2-ami-kernel-5.10-hvm-x86_64-gp2",
        ],
    },
    Line {
        name: "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-20251015",
        title: "Canonical, Ubuntu, 22.04, amd64 jammy image",
        owner: CANONICAL,
        root_device: "/dev/sda1",
        gib: 8,
        kind: "gp2",
        created: "2025-10-15T09:02:51.000Z",
        imds_v2: false,
        parameters: &[
            "/aws/service/canonical/ubuntu/server/22.04/stable/current/amd64/hvm/ebs-gp2/ami-id",
        ],
    },
    Line {
        name: "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20251022",
        title: "Canonical, Ubuntu, 24.04, amd64 noble image",
        owner: CANONICAL,
        root_device: "/dev/sda1",
        gib: 8,
        kind: "gp3",
        created: "2025-10-22T08:11:37.000Z",
        imds_v2: true,
        parameters: &[
            "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id",
        ],
    },
    Line {
        name: "debian-12-amd64-20251112-2294",
        title: "Debian 12 (20251112-2294)",
        owner: DEBIAN,
        root_device: "/dev/xvda",
        gib: 8,
        kind: "gp3",
        created: "2025-11-12T12:18:26.000Z",
        imds_v2: false,
        parameters: &["/aws/service/debian/release/12/latest/amd64"],
    },
];

/// The public images of a region.
pub fn public_images(region: &str) -> Vec<PublicImage> {
    let image = |line: &Line| PublicImage {
        id: format!("ami-0{:016x}", number(region, line.name)),
        snapshot: format!("snap-0{:016x}", number(line.name, region)),
        name: line.name,
        title: line.title,
        owner: line.owner,
        alias: (line.owner == AMAZON).then_some("amazon"),
        root_device: line.root_device,
        gib: line.gib,
        kind: line.kind,
        created: line.created,
        imds_v2: line.imds_v2,
        parameters: line.parameters,
    };
    LINES.iter().map(image).collect()
}

/// The image that `resolve:ssm:PARAMETER` names, as AWS lets a launch say; none for anything else.
/// Parameters of a customer's own are not read here.
pub(crate) fn of_parameter(region: &str, id: &str) -> Result<Option<String>, Refusal> {
    let Some(name) = id.strip_prefix("resolve:ssm:") else { return Ok(None) };
    let mut all = public_images(region).into_iter();
    let named = all.find(|image| image.parameters.contains(&name));
    let what = "resolve:ssm of a parameter that is not AWS's own";
    named.map(|image| Some(image.id)).ok_or_else(|| Refusal::not_implemented(what))
}

/// FNV-1a, 64 bits: the same ids in every build.
fn number(one: &str, other: &str) -> u64 {
    let bytes = one.bytes().chain([0]).chain(other.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
