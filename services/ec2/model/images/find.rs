//! One view of public images and customers' own.

use super::{PublicImage, WORLD_IMAGE, public_images};
use crate::model::{Image, ImageDisk, RootSource};
use ebs::model::Snapshot;
use region::{Key, Scope, Store};
use std::sync::Arc;

/// An image that a scope may use.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// AWS's.
    Public(PublicImage),
    /// A customer's, this account's or one shared with it.
    Own(Key, Arc<Image>),
}

/// The image of this id that the scope may use.
pub fn find(store: &Store, scope: &Scope, id: &str) -> Option<Found> {
    visible(store, scope).into_iter().find(|found| found.id() == id)
}

/// The account's own image of this id.
pub fn own(store: &Store, scope: &Scope, id: &str) -> Option<Arc<Image>> {
    store.get::<Image>(&Key::new(scope, id)).cloned()
}

/// Every image that the scope may use: public ones, its own, and those shared with it.
pub fn visible(store: &Store, scope: &Scope) -> Vec<Found> {
    let public = public_images(&scope.region).into_iter().map(Found::Public);
    let own = store.all::<Image>().filter(|(key, image)| {
        key.scope == *scope || key.scope.region == scope.region && image.visible.to(&scope.account)
    });
    public.chain(own.map(|(key, image)| Found::Own(key.clone(), image.clone()))).collect()
}

impl Found {
    /// `ami-…`
    pub fn id(&self) -> &str {
        match self {
            Found::Public(image) => &image.id,
            Found::Own(key, _) => key.id.as_str(),
        }
    }

    /// `/dev/xvda`.
    pub fn root_device(&self) -> &str {
        match self {
            Found::Public(image) => image.root_device,
            Found::Own(_, image) => &image.root_device,
        }
    }

    /// Its disks, the root device's first.
    pub fn disks(&self) -> Vec<ImageDisk> {
        match self {
            Found::Own(_, image) => image.disks.clone(),
            Found::Public(image) => vec![ImageDisk {
                device: image.root_device.to_owned(),
                source: RootSource::World(WORLD_IMAGE.to_owned()),
                gib: image.gib,
                kind: image.kind.to_owned(),
                iops: None,
                throughput: None,
                delete_on_termination: true,
            }],
        }
    }

    /// Whether instances of it require session tokens of the metadata service.
    pub fn imds_v2(&self) -> bool {
        match self {
            Found::Public(image) => image.imds_v2,
            Found::Own(_, image) => image.imds_v2,
        }
    }

    /// A snapshot behind it. Who may use an image may use what is behind it, whosever it is.
    pub fn behind(&self, store: &Store, scope: &Scope, id: &str) -> Option<Arc<Snapshot>> {
        let owner = match self {
            Found::Own(key, _) => store.get::<Snapshot>(&Key::new(&key.scope, id)).cloned(),
            Found::Public(_) => None,
        };
        owner.or_else(|| Snapshot::find(store, scope, id).map(|(_, snapshot)| snapshot))
    }

    /// The snapshot that the API shows behind a disk.
    pub fn snapshot_of(&self, disk: &ImageDisk) -> Option<String> {
        match (self, &disk.source) {
            (_, RootSource::Snapshot(id)) => Some(id.clone()),
            (Found::Public(image), RootSource::World(_)) => Some(image.snapshot.clone()),
            _ => None,
        }
    }
}
