//! Disks, snapshots and imports in a scratch directory; nothing here needs root.

use crate::Store;
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use tar::{Builder, EntryType, Header};
use world::{Disk, Form, Id, Snapshot, Source, Zone};

/// A directory that goes when the test does.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let at = std::env::temp_dir().join(format!("maquette-store-{name}-{}", std::process::id()));
        fs::create_dir_all(&at).unwrap();
        Scratch(at)
    }

    fn store(&self) -> Store {
        Store::open(&self.0.join("store")).unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn disk(form: Form, source: Source) -> Disk {
    Disk { zone: Zone::from("a"), size: 1 << 20, form, source }
}

fn snapshot(disk: &str, form: Form) -> Snapshot {
    Snapshot { disk: Id::from(disk), form }
}

#[test]
fn a_block_disk_is_copied_with_its_holes_and_grows() {
    let scratch = Scratch::new("block");
    let store = scratch.store();
    let (vol, snap, copy) = (Id::from("vol-1"), Id::from("snap-1"), Id::from("vol-2"));
    let mut big = disk(Form::Block, Source::Blank);
    big.size = 64 << 20;
    store.create_disk(&vol, &big).unwrap();
    let mut file = File::options().write(true).open(store.block(&vol).unwrap()).unwrap();
    file.seek(SeekFrom::Start(33 << 20)).unwrap();
    file.write_all(b"data").unwrap();
    store.create_snapshot(&snap, &snapshot("vol-1", Form::Block)).unwrap();
    store.remove_disk(&vol).unwrap();
    // A volume may be larger than its snapshot, never smaller.
    store.create_disk(&copy, &disk(Form::Block, Source::Snapshot(snap.clone()))).unwrap();
    let mut file = File::open(store.block(&copy).unwrap()).unwrap();
    assert_eq!(file.metadata().unwrap().len(), 64 << 20);
    file.seek(SeekFrom::Start(33 << 20)).unwrap();
    let mut text = [0; 4];
    file.read_exact(&mut text).unwrap();
    assert_eq!(&text, b"data");
    assert!(store.used(&copy).unwrap() < 1 << 20, "the holes were filled");
    big.size = 96 << 20;
    store.create_disk(&copy, &big).unwrap();
    assert_eq!(store.block(&copy).unwrap().metadata().unwrap().len(), 96 << 20);
    assert_eq!(store.disks().unwrap()[0].1.size, 96 << 20);
    assert!(store.root(&copy).is_err());
}

#[test]
fn a_store_that_was_interrupted_shows_nothing_half_made() {
    let scratch = Scratch::new("crash");
    let store = scratch.store();
    store.create_disk(&Id::from("vol-1"), &disk(Form::Tree, Source::Blank)).unwrap();
    fs::create_dir_all(scratch.0.join("store/disks/.new-vol-2-999999999/root")).unwrap();
    let at_work = scratch.0.join(format!("store/disks/.new-vol-3-{}", std::process::id()));
    fs::create_dir(&at_work).unwrap();
    let store = scratch.store();
    assert!(at_work.exists(), "another process' work was cleared away");
    let names: Vec<Id> = store.disks().unwrap().into_iter().map(|(id, _)| id).collect();
    assert_eq!(names, [Id::from("vol-1")]);
    assert!(!scratch.0.join("store/disks/.new-vol-2-999999999").exists());
    // Removing twice, and what never was, is well.
    store.remove_disk(&Id::from("vol-1")).unwrap();
    store.remove_disk(&Id::from("vol-1")).unwrap();
    assert!(store.disks().unwrap().is_empty());
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    let scratch = Scratch::new("names");
    let store = scratch.store();
    for name in ["../x", "a/b", "", ".hidden", "a\0b"] {
        assert!(store.create_disk(&Id::from(name), &disk(Form::Tree, Source::Blank)).is_err());
        assert!(store.import(name, Path::new("/nowhere")).is_err());
    }
    assert!(store.import("host", Path::new("/")).is_err());
    let unknown = disk(Form::Tree, Source::Image("unknown".to_owned()));
    assert!(store.create_disk(&Id::from("vol-1"), &unknown).is_err());
    assert!(store.disks().unwrap().is_empty());
}

/// An archive of (name, kind, link or content).
fn tar(entries: &[(&str, EntryType, &str)]) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for (name, kind, text) in entries {
        let mut header = Header::new_gnu();
        header.set_entry_type(*kind);
        header.set_mode(0o755);
        header.set_uid(0);
        header.set_gid(0);
        let body = if kind.is_file() { text.as_bytes() } else { &[] };
        header.set_size(body.len() as u64);
        if !kind.is_file() && !text.is_empty() {
            header.set_link_name_literal(text).unwrap();
        }
        // By hand: the library refuses to write what an attacker would.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        builder.append(&header, body).unwrap();
    }
    builder.into_inner().unwrap()
}

#[test]
fn an_archive_becomes_an_image() {
    let scratch = Scratch::new("tar");
    let store = scratch.store();
    let bytes = tar(&[
        ("bin/", EntryType::Directory, ""),
        ("bin/sh", EntryType::Regular, "shell"),
        ("lib", EntryType::Symlink, "usr/lib"),
        ("bin/ash", EntryType::Link, "bin/sh"),
    ]);
    let plain = scratch.0.join("a.tar");
    fs::write(&plain, &bytes).unwrap();
    store.import("plain", &plain).unwrap();
    let packed = scratch.0.join("a.tar.gz");
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&bytes).unwrap();
    fs::write(&packed, encoder.finish().unwrap()).unwrap();
    store.import("packed", &packed).unwrap();
    assert_eq!(store.images().unwrap(), ["host", "packed", "plain"]);
    let image = scratch.0.join("store/images/packed");
    assert_eq!(fs::read_to_string(image.join("bin/ash")).unwrap(), "shell");
    assert_eq!(fs::read_link(image.join("lib")).unwrap(), Path::new("usr/lib"));
    store.create_disk(&Id::from("v"), &disk(Form::Tree, Source::Image("plain".into()))).unwrap();
    assert_eq!(store.root(&Id::from("v")).unwrap().layers.len(), 1);
    assert!(store.remove_image("plain").is_err());
    store.remove_image("packed").unwrap();
    assert_eq!(store.images().unwrap(), ["host", "plain"]);
}

#[test]
fn an_archive_cannot_get_out() {
    let scratch = Scratch::new("escape");
    let store = scratch.store();
    let victim = scratch.0.join("victim");
    fs::create_dir(&victim).unwrap();
    let target = victim.display().to_string();
    let attacks: [&[(&str, EntryType, &str)]; 3] = [
        &[("bin/../../../victim/x", EntryType::Regular, "x")],
        &[("bin", EntryType::Symlink, &target), ("bin/x", EntryType::Regular, "x")],
        &[
            ("bin", EntryType::Symlink, "../../../../../../../../tmp"),
            ("bin/maquette-escaped", EntryType::Regular, "x"),
        ],
    ];
    for (number, attack) in attacks.iter().enumerate() {
        let file = scratch.0.join("attack.tar");
        fs::write(&file, tar(attack)).unwrap();
        let _ = store.import(&format!("attack-{number}"), &file);
        assert_eq!(fs::read_dir(&victim).unwrap().count(), 0, "attack {number} got out");
        assert!(!std::env::temp_dir().join("maquette-escaped").exists());
    }
    let leftovers = fs::read_dir(scratch.0.join("store/images")).unwrap().flatten();
    assert!(leftovers.into_iter().all(|e| !e.file_name().to_string_lossy().starts_with('.')));
}

#[test]
fn layers_lie_one_over_the_other() {
    let scratch = Scratch::new("oci");
    let store = scratch.store();
    let layers = [
        tar(&[
            ("bin/", EntryType::Directory, ""),
            ("bin/sh", EntryType::Regular, "old"),
            ("etc/", EntryType::Directory, ""),
            ("etc/gone", EntryType::Regular, "x"),
            ("var/", EntryType::Directory, ""),
            ("var/all", EntryType::Regular, "x"),
        ]),
        tar(&[
            ("bin/sh", EntryType::Regular, "new"),
            ("etc/.wh.gone", EntryType::Regular, ""),
            ("var/.wh..wh..opq", EntryType::Regular, ""),
        ]),
    ];
    let image = scratch.0.join("image");
    let blobs = image.join("blobs/sha256");
    fs::create_dir_all(&blobs).unwrap();
    fs::write(image.join("oci-layout"), "{}").unwrap();
    for (number, layer) in layers.iter().enumerate() {
        fs::write(blobs.join(format!("layer{number}")), layer).unwrap();
    }
    let manifest = r#"{"layers":[{"digest":"sha256:layer0"},{"digest":"sha256:layer1"}]}"#;
    fs::write(blobs.join("manifest"), manifest).unwrap();
    let index = r#"{"manifests":[{"digest":"sha256:manifest"}]}"#;
    fs::write(image.join("index.json"), index).unwrap();
    let mut builder = Builder::new(Vec::new());
    builder.append_dir_all(".", &image).unwrap();
    let archive = scratch.0.join("image.tar");
    fs::write(&archive, builder.into_inner().unwrap()).unwrap();
    for (name, from) in [("directory", &image), ("archive", &archive)] {
        store.import(name, from).unwrap();
        let tree = scratch.0.join("store/images").join(name);
        assert_eq!(fs::read_to_string(tree.join("bin/sh")).unwrap(), "new");
        assert!(!tree.join("etc/gone").exists());
        assert!(!tree.join("var/all").exists());
    }
}

#[test]
fn the_host_s_skeleton_holds_no_secret() {
    let scratch = Scratch::new("skeleton");
    let store = scratch.store();
    store.create_disk(&Id::from("v"), &disk(Form::Tree, Source::Image("host".into()))).unwrap();
    let root = store.root(&Id::from("v")).unwrap();
    let tree = &root.layers[0].lowers[0];
    let shadow = fs::read_to_string(tree.join("etc/shadow")).unwrap();
    assert!(shadow.lines().all(|line| line.split(':').nth(1) == Some("*")));
    for absent in ["etc/ssl/private/x", "etc/sudoers", "etc/hostname", "var/lib/dpkg", "root/.ssh"]
    {
        assert!(!tree.join(absent).exists(), "{absent}");
    }
    assert_eq!(fs::read_dir(tree.join("etc/ssl/private")).unwrap().count(), 0);
    assert_eq!(root.layers[1].at, "/usr");
}
