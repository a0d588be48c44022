//! What one instance may know about itself. Plain data, sent to the server as part of a snapshot.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;

/// One instance's metadata and how it may be read.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// `HttpEndpoint`: false refuses everything with 403.
    pub enabled: bool,
    /// `HttpTokens`: true is `required`, false is `optional`.
    pub tokens_required: bool,
    /// `HttpPutResponseHopLimit`, 1..=64: the IP time to live of the packets that carry a token.
    pub hop_limit: u8,
    /// `InstanceMetadataTags`: false hides `meta-data/tags`.
    pub tags_enabled: bool,
    /// Paths below the version, without a leading slash, each with its text:
    /// `meta-data/instance-id`, `dynamic/instance-identity/document`,
    /// `meta-data/iam/security-credentials/ROLE`, `meta-data/tags/instance/KEY`. A key pair is
    /// written `meta-data/public-keys/0=NAME/openssh-key`: it is listed as `0=NAME` and read as
    /// `public-keys/0/openssh-key`, as on AWS. Directories follow from the paths.
    pub tree: BTreeMap<String, String>,
    /// User data, decoded; none or empty: 404. Base64 in serialized form.
    #[serde(serialize_with = "encode", deserialize_with = "decode", default)]
    pub user_data: Option<Vec<u8>>,
}

impl Default for Card {
    /// The strictest that answers at all: tokens required, hop limit 1, tags hidden, no data.
    fn default() -> Card {
        Card {
            enabled: true,
            tokens_required: true,
            hop_limit: 1,
            tags_enabled: false,
            tree: BTreeMap::new(),
            user_data: None,
        }
    }
}

impl fmt::Debug for Card {
    /// Credentials and user data are secrets: only their size is shown.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Card")
            .field("enabled", &self.enabled)
            .field("tokens_required", &self.tokens_required)
            .field("hop_limit", &self.hop_limit)
            .field("tags_enabled", &self.tags_enabled)
            .field("paths", &self.tree.keys())
            .field("user_data_bytes", &self.user_data.as_ref().map(Vec::len))
            .finish()
    }
}

fn encode<S: Serializer>(bytes: &Option<Vec<u8>>, out: S) -> Result<S::Ok, S::Error> {
    bytes.as_ref().map(|bytes| STANDARD.encode(bytes)).serialize(out)
}

fn decode<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Vec<u8>>, D::Error> {
    let text: Option<String> = Deserialize::deserialize(input)?;
    text.map(|text| STANDARD.decode(text)).transpose().map_err(serde::de::Error::custom)
}
