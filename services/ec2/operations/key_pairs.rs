//! CreateKeyPair, ImportKeyPair, DescribeKeyPairs, DeleteKeyPair.

use crate::model::keys::{self, Made};
use crate::model::{KeyKind, KeyPair};
use api_ec2::{
    CreateKeyPairRequest, DeleteKeyPairRequest, DeleteKeyPairResult, DescribeKeyPairsRequest,
    DescribeKeyPairsResult, ImportKeyPairRequest, ImportKeyPairResult, KeyPairInfo,
};
use region::{Call, Key, Refusal, serve};
use vpc::form::{
    List, Noun, Query, forget_tags, invalid, list, missing, put_tags, tag_set, tags_for, text,
};
use world::Id;

const NOUN: Noun =
    Noun { prefix: "key-", code: "InvalidKeyPair", name: "key pair ID", resource_type: "key-pair" };

/// docs: API_CreateKeyPair
pub(super) fn create_key_pair(
    call: &mut Call,
    input: CreateKeyPairRequest,
) -> Result<api_ec2::KeyPair, Refusal> {
    serve!(
        call,
        CreateKeyPairRequest { key_name, key_type, key_format, tag_specifications } = input
    );
    let tags = tags_for(tag_specifications, "key-pair")?;
    free(call, &key_name)?;
    crate::operations::rules::one_of(key_format.as_deref(), &["pem"], "KeyFormat")?;
    let kind = match key_type.as_deref() {
        Some("ed25519") => KeyKind::Ed25519,
        _ => KeyKind::Rsa,
    };
    let Made { public, private, fingerprint } = make(call, kind, &key_name);
    let pair = KeyPair {
        name: key_name.clone(),
        kind,
        fingerprint: fingerprint.clone(),
        public,
        created: call.now,
    };
    let id = call.fresh_id("key-");
    call.put(id.clone(), pair);
    put_tags(call, &id, "key-pair", tags)?;
    Ok(api_ec2::KeyPair {
        key_fingerprint: text(fingerprint),
        key_material: text(private),
        key_name: text(key_name),
        key_pair_id: text(&id),
        tags: tag_set(call.store(), &call.scope, id.as_str()),
    })
}

fn make(call: &mut Call, kind: KeyKind, name: &str) -> Made {
    let mut seed = [0; 32];
    for eight in seed.chunks_mut(8) {
        eight.copy_from_slice(&call.chance().to_be_bytes());
    }
    match kind {
        KeyKind::Rsa => keys::make_rsa(seed, name),
        KeyKind::Ed25519 => keys::make_ed25519(seed, (call.chance() >> 32) as u32, name),
    }
}

/// docs: API_ImportKeyPair
pub(super) fn import_key_pair(
    call: &mut Call,
    input: ImportKeyPairRequest,
) -> Result<ImportKeyPairResult, Refusal> {
    serve!(
        call,
        ImportKeyPairRequest { key_name, public_key_material, tag_specifications } = input
    );
    let tags = tags_for(tag_specifications, "key-pair")?;
    free(call, &key_name)?;
    let read = keys::read(&public_key_material)?;
    let pair = KeyPair {
        name: key_name.clone(),
        kind: read.kind,
        fingerprint: read.fingerprint.clone(),
        public: read.public,
        created: call.now,
    };
    let id = call.fresh_id("key-");
    call.put(id.clone(), pair);
    put_tags(call, &id, "key-pair", tags)?;
    Ok(ImportKeyPairResult {
        key_fingerprint: text(read.fingerprint),
        key_name: text(key_name),
        key_pair_id: text(&id),
        tags: tag_set(call.store(), &call.scope, id.as_str()),
    })
}

/// A name that can be given: 1 to 255 ASCII characters, not taken.
fn free(call: &Call, name: &str) -> Result<(), Refusal> {
    let good = (1..=255).contains(&name.len()) && name.is_ascii() && name.trim() == name;
    if !good {
        let message = format!("Value ({name}) for parameter KeyName is invalid.");
        return Err(invalid(message));
    }
    if named(call, name).is_some() {
        let message = format!("The keypair '{name}' already exists.");
        return Err(Refusal::new("InvalidKeyPair.Duplicate", message));
    }
    Ok(())
}

fn named(call: &Call, name: &str) -> Option<Id> {
    let all = call.list::<KeyPair>();
    all.into_iter().find(|(_, pair)| pair.name == name).map(|(id, _)| id)
}

const LIST: List<KeyPairInfo> = List {
    noun: NOUN,
    id: |k| &k.key_pair_id,
    tags: |k| &k.tags,
    fields: &[
        ("fingerprint", |k| list(&k.key_fingerprint)),
        ("key-name", |k| list(&k.key_name)),
        ("key-pair-id", |k| list(&k.key_pair_id)),
    ],
};

/// docs: API_DescribeKeyPairs
pub(super) fn describe_key_pairs(
    call: &mut Call,
    input: DescribeKeyPairsRequest,
) -> Result<DescribeKeyPairsResult, Refusal> {
    serve!(
        call,
        DescribeKeyPairsRequest { key_names, key_pair_ids, filters, include_public_key } = input
    );
    let names = key_names.unwrap_or_default();
    if let Some(name) = names.iter().find(|name| named(call, name).is_none()) {
        return Err(keys::unknown(name));
    }
    let public = include_public_key == Some(true);
    let pairs = call.store().list::<KeyPair>(&call.scope);
    let wanted = pairs.filter(|(_, pair)| names.is_empty() || names.contains(&pair.name));
    let all = wanted.map(|(key, pair)| info(call, key, pair, public)).collect();
    let (pairs, _) = LIST.page(all, Query { ids: key_pair_ids, filters, ..Query::default() })?;
    Ok(DescribeKeyPairsResult { key_pairs: Some(pairs) })
}

fn info(call: &Call, key: &Key, pair: &KeyPair, public: bool) -> KeyPairInfo {
    KeyPairInfo {
        create_time: Some(ebs::answer::moment(pair.created)),
        key_fingerprint: text(&pair.fingerprint),
        key_name: text(&pair.name),
        key_pair_id: text(&key.id),
        key_type: text(pair.kind.name()),
        public_key: public.then(|| pair.public.clone()),
        tags: tag_set(call.store(), &call.scope, key.id.as_str()),
    }
}

/// docs: API_DeleteKeyPair. Deleting what is not there succeeds, as on AWS.
pub(super) fn delete_key_pair(
    call: &mut Call,
    input: DeleteKeyPairRequest,
) -> Result<DeleteKeyPairResult, Refusal> {
    serve!(call, DeleteKeyPairRequest { key_name, key_pair_id } = input);
    let id = match (key_name, key_pair_id) {
        (Some(name), None) => named(call, &name),
        (_, Some(id)) => {
            NOUN.check(&id)?;
            call.find::<KeyPair>(&id).map(|_| Id::from(id))
        }
        (None, None) => return Err(missing("KeyName")),
    };
    if let Some(id) = &id {
        call.forget::<KeyPair>(id.clone());
        forget_tags(call, id);
    }
    Ok(DeleteKeyPairResult { key_pair_id: id.and_then(text), r#return: Some(true) })
}
