//! Imports images: a directory, a tar archive (plain, gzip, zstd) of a root file system, or an OCI
//! or Docker archive. What an archive names is resolved inside the new tree, so none gets out.

use crate::copy::Trees;
use crate::disk::rename;
use crate::{During, Store, unpack};
use serde::Deserialize;
use std::fs::{self, File};
use std::io::{self, Error, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// OCI's index and manifest, Docker's list of manifests; only what is used.
#[derive(Deserialize)]
struct Index {
    manifests: Vec<Descriptor>,
}

#[derive(Deserialize)]
struct Manifest {
    layers: Vec<Descriptor>,
}

#[derive(Deserialize)]
struct Descriptor {
    digest: String,
    platform: Option<Platform>,
}

#[derive(Deserialize)]
struct Platform {
    architecture: String,
    os: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DockerManifest {
    layers: Vec<String>,
}

/// An index may name another index, once.
const INDEX_DEPTH_MAX: usize = 3;

/// Whether a name may be that of a file: letters, digits, `-`, `_`, `.`, not first a dot.
pub fn safe_name(name: &str) -> io::Result<()> {
    let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() || name.len() > 128 || name.starts_with('.') || !name.chars().all(fine) {
        return Err(Error::new(ErrorKind::InvalidInput, format!("not a name: {name:?}")));
    }
    Ok(())
}

impl Store {
    /// Makes an image of what is at `from`. An image of that name must not exist.
    pub fn import(&self, name: &str, from: &Path) -> io::Result<()> {
        safe_name(name)?;
        let path = self.image_path(name);
        if name == "host" || path.exists() {
            let reason = format!("an image {name:?} exists");
            return Err(Error::new(ErrorKind::AlreadyExists, reason));
        }
        let new = self.begin("images", name)?;
        let tree = new.join("tree");
        let made = fill(&new, &tree, from).and_then(|()| look(&tree));
        let made = made.and_then(|()| {
            crate::copy::sync_file_system(&tree)?;
            rename(&tree, &path)
        });
        // Also the scratch of an import that went well.
        let _ = fs::remove_dir_all(&new);
        made.during(format_args!("importing {}", from.display()))
    }

    /// Removes an image that no disk and no snapshot stands on.
    pub fn remove_image(&self, name: &str) -> io::Result<()> {
        safe_name(name)?;
        let users = self.disks()?.into_iter().chain(self.snapshots()?);
        for (id, record) in users {
            if record.image.as_deref() == Some(name) {
                let reason = format!("{id} stands on image {name}");
                return Err(Error::new(ErrorKind::ResourceBusy, reason));
            }
        }
        self.vanish(&self.image_path(name))
    }
}

fn fill(scratch: &Path, tree: &Path, from: &Path) -> io::Result<()> {
    if from.is_dir() {
        if from.join("index.json").is_file() && from.join("oci-layout").is_file() {
            return layers(from, tree);
        }
        return Trees::all().copy(from, tree);
    }
    let first = scratch.join("first");
    fs::create_dir(&first)?;
    unpack::archive(open(from)?, &first, false)?;
    if first.join("index.json").is_file() || first.join("manifest.json").is_file() {
        return layers(&first, tree);
    }
    fs::rename(&first, tree)
}

/// An image without a shell or an init is of no use, and likely not a root file system.
fn look(tree: &Path) -> io::Result<()> {
    let has = |name: &str| tree.join(name).symlink_metadata().is_ok();
    if ["bin", "usr/bin", "sbin"].into_iter().any(has) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::InvalidData, "no root file system: neither bin nor usr/bin in it"))
}

/// Unpacks the layers of an OCI or Docker image one over the other.
fn layers(image: &Path, tree: &Path) -> io::Result<()> {
    fs::create_dir(tree)?;
    for layer in layer_files(image)? {
        unpack::archive(open(&layer)?, tree, true).during(layer.display())?;
    }
    Ok(())
}

fn layer_files(image: &Path) -> io::Result<Vec<PathBuf>> {
    let index = image.join("index.json");
    if !index.is_file() {
        let list: Vec<DockerManifest> = read(&image.join("manifest.json"))?;
        let first = list.into_iter().next().ok_or_else(|| Error::other("no image inside"))?;
        return first.layers.iter().map(|name| inside(image, name)).collect();
    }
    let mut at = index;
    for _ in 0..INDEX_DEPTH_MAX {
        let text = fs::read(&at).during(at.display())?;
        if let Ok(manifest) = serde_json::from_slice::<Manifest>(&text) {
            return manifest.layers.iter().map(|layer| blob(image, &layer.digest)).collect();
        }
        let index: Index = serde_json::from_slice(&text)?;
        let fits = |found: &&Descriptor| {
            found.platform.as_ref().is_none_or(|platform| {
                platform.os == "linux" && platform.architecture == architecture()
            })
        };
        let chosen = index.manifests.iter().find(fits);
        let chosen = chosen.ok_or_else(|| Error::other("no image for this processor inside"))?;
        at = blob(image, &chosen.digest)?;
    }
    Err(Error::other("indexes of indexes"))
}

/// Go's names, which OCI uses.
fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

fn blob(image: &Path, digest: &str) -> io::Result<PathBuf> {
    let (kind, hash) = digest.split_once(':').ok_or_else(|| Error::other("not a digest"))?;
    safe_name(kind)?;
    safe_name(hash)?;
    Ok(image.join("blobs").join(kind).join(hash))
}

/// A name from a file inside the image, which may not lead out of it.
fn inside(image: &Path, name: &str) -> io::Result<PathBuf> {
    let plain = |part: std::path::Component| matches!(part, std::path::Component::Normal(_));
    if !Path::new(name).components().all(plain) {
        return Err(Error::new(ErrorKind::InvalidData, format!("a path that leads out: {name:?}")));
    }
    let path = image.join(name).canonicalize().during(name)?;
    if !path.starts_with(image.canonicalize()?) {
        return Err(Error::new(ErrorKind::InvalidData, format!("a link that leads out: {name:?}")));
    }
    Ok(path)
}

fn read<T: serde::de::DeserializeOwned>(at: &Path) -> io::Result<T> {
    Ok(serde_json::from_slice(&fs::read(at).during(at.display())?)?)
}

/// Opens an archive, unpacked on the way by its first bytes.
fn open(at: &Path) -> io::Result<Box<dyn Read>> {
    let no_follow = at.symlink_metadata().during(at.display())?;
    if !no_follow.is_file() {
        let at = at.canonicalize()?;
        if !at.is_file() {
            return Err(Error::other(format!("{} is no file", at.display())));
        }
    }
    let mut magic = [0; 4];
    let mut file = File::open(at).during(at.display())?;
    let n = file.read(&mut magic)?;
    let file = File::open(at)?;
    match &magic[..n] {
        [0x1f, 0x8b, ..] => {
            Ok(Box::new(flate2::read::MultiGzDecoder::new(io::BufReader::new(file))))
        }
        [0x28, 0xb5, 0x2f, 0xfd] => {
            let mut child = Command::new("zstd")
                .arg("-dc")
                .stdin(file)
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .during("this archive needs the program `zstd`")?;
            let out = child.stdout.take().ok_or_else(|| Error::other("no output of zstd"))?;
            Ok(Box::new(Unpacker { child, out }))
        }
        [b'B', b'Z', b'h', ..] | [0xfd, b'7', b'z', b'X'] => {
            Err(Error::new(ErrorKind::Unsupported, "bzip2 and xz archives are not understood"))
        }
        _ => Ok(Box::new(io::BufReader::new(file))),
    }
}

/// The output of a program, which is waited for at its end.
struct Unpacker {
    child: std::process::Child,
    out: std::process::ChildStdout,
}

impl Read for Unpacker {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.out.read(buffer)?;
        if n == 0 && !buffer.is_empty() && !self.child.wait()?.success() {
            return Err(Error::new(ErrorKind::InvalidData, "a damaged zstd archive"));
        }
        Ok(n)
    }
}

impl Drop for Unpacker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
