//! Security policies of TLS listeners: which protocols and ciphers each has.

/// A security policy (ELB guide, "Security policies for your Application Load Balancer").
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// `ELBSecurityPolicy-TLS13-1-2-2021-06`.
    pub name: &'static str,
    /// Newest first.
    pub protocols: &'static [&'static str],
    /// Best first.
    pub ciphers: &'static [&'static [&'static str]],
}

/// What a listener has when nothing else is said (API: the default is this one).
pub const DEFAULT: &str = "ELBSecurityPolicy-2016-08";

const TLS13: &[&str] =
    &["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"];
const GCM: &[&str] = &["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256"];
const GCM256: &[&str] = &["ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384"];
const CBC: &[&str] = &["ECDHE-ECDSA-AES128-SHA256", "ECDHE-RSA-AES128-SHA256"];
const CBC256: &[&str] = &["ECDHE-ECDSA-AES256-SHA384", "ECDHE-RSA-AES256-SHA384"];
const SHA: &[&str] = &[
    "ECDHE-ECDSA-AES128-SHA",
    "ECDHE-RSA-AES128-SHA",
    "ECDHE-RSA-AES256-SHA",
    "ECDHE-ECDSA-AES256-SHA",
];
const RSA: &[&str] =
    &["AES128-GCM-SHA256", "AES128-SHA256", "AES128-SHA", "AES256-GCM-SHA384", "AES256-SHA256"];
const RSA_SHA: &[&str] = &["AES256-SHA"];

const V13: &[&str] = &["TLSv1.3"];
const V13_12: &[&str] = &["TLSv1.3", "TLSv1.2"];
const V13_11: &[&str] = &["TLSv1.3", "TLSv1.2", "TLSv1.1"];
const V13_10: &[&str] = &["TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1"];
const V12: &[&str] = &["TLSv1.2"];
const V12_11: &[&str] = &["TLSv1.2", "TLSv1.1"];
const V12_10: &[&str] = &["TLSv1.2", "TLSv1.1", "TLSv1"];

/// All policies. Nodes speak TLS 1.2 and 1.3 with strong ciphers only: what a policy has beyond
/// that is listed and never agreed on.
pub const ALL: &[Policy] = &[
    Policy {
        name: DEFAULT,
        protocols: V12_10,
        ciphers: &[GCM, CBC, SHA, GCM256, CBC256, RSA, RSA_SHA],
    },
    Policy {
        name: "ELBSecurityPolicy-TLS13-1-2-2021-06",
        protocols: V13_12,
        ciphers: &[TLS13, GCM, CBC, GCM256, CBC256],
    },
    Policy {
        name: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
        protocols: V13_12,
        ciphers: &[TLS13, GCM, GCM256],
    },
    Policy {
        name: "ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06",
        protocols: V13_12,
        ciphers: &[TLS13, GCM, CBC, GCM256, CBC256, RSA],
    },
    Policy {
        name: "ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06",
        protocols: V13_12,
        ciphers: &[TLS13, GCM, CBC, SHA, GCM256, CBC256, RSA, RSA_SHA],
    },
    Policy {
        name: "ELBSecurityPolicy-TLS13-1-1-2021-06",
        protocols: V13_11,
        ciphers: &[TLS13, GCM, CBC, SHA, GCM256, CBC256, RSA, RSA_SHA],
    },
    Policy {
        name: "ELBSecurityPolicy-TLS13-1-0-2021-06",
        protocols: V13_10,
        ciphers: &[TLS13, GCM, CBC, SHA, GCM256, CBC256, RSA, RSA_SHA],
    },
    Policy { name: "ELBSecurityPolicy-TLS13-1-3-2021-06", protocols: V13, ciphers: &[TLS13] },
    Policy {
        name: "ELBSecurityPolicy-TLS-1-2-2017-01",
        protocols: V12,
        ciphers: &[GCM, CBC, GCM256, CBC256, RSA],
    },
    Policy {
        name: "ELBSecurityPolicy-TLS-1-2-Ext-2018-06",
        protocols: V12,
        ciphers: &[GCM, CBC, SHA, GCM256, CBC256, RSA, RSA_SHA],
    },
    Policy {
        name: "ELBSecurityPolicy-TLS-1-1-2017-01",
        protocols: V12_11,
        ciphers: &[GCM, CBC, SHA, GCM256, CBC256, RSA, RSA_SHA],
    },
    Policy {
        name: "ELBSecurityPolicy-FS-2018-06",
        protocols: V12_10,
        ciphers: &[GCM, CBC, SHA, GCM256, CBC256],
    },
    Policy {
        name: "ELBSecurityPolicy-FS-1-1-2019-08",
        protocols: V12_11,
        ciphers: &[GCM, CBC, SHA, GCM256, CBC256],
    },
    Policy {
        name: "ELBSecurityPolicy-FS-1-2-2019-08",
        protocols: V12,
        ciphers: &[GCM, CBC, SHA, GCM256, CBC256],
    },
    Policy {
        name: "ELBSecurityPolicy-FS-1-2-Res-2019-08",
        protocols: V12,
        ciphers: &[GCM, CBC, GCM256, CBC256],
    },
    Policy {
        name: "ELBSecurityPolicy-FS-1-2-Res-2020-10",
        protocols: V12,
        ciphers: &[GCM, GCM256],
    },
    Policy {
        name: "ELBSecurityPolicy-2015-05",
        protocols: V12_10,
        ciphers: &[GCM, CBC, SHA, GCM256, CBC256, RSA, RSA_SHA],
    },
];

/// The policy of this name.
pub fn named(name: &str) -> Option<&'static Policy> {
    ALL.iter().find(|policy| policy.name == name)
}
