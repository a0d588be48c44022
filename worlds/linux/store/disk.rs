//! Disks and snapshots as directories of one state directory. Every change is a rename, so a crash
//! leaves the old state or the new one. Blocking: a copy takes as long as its bytes.

use crate::copy::{self, Trees};
use crate::still::Still;
use crate::{During, Layer, Root, host, seal};
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Error, ErrorKind};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use world::{Disk, Form, Id, Snapshot, Source, Zone};

/// What is written beside the bytes of a disk or snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The zone of a disk; none for a snapshot.
    pub zone: Option<Zone>,
    /// The disk that a snapshot was taken of.
    pub disk: Option<Id>,
    /// Bytes.
    pub size: u64,
    /// The shape.
    pub form: Form,
    /// The image that lies under a tree.
    pub image: Option<String>,
}

/// The disks, snapshots and images of one state directory.
#[derive(Debug, Clone)]
pub struct Store {
    at: PathBuf,
}

const RECORD: &str = "record.json";
const BLOCK: &str = "block";

impl Store {
    /// Opens or makes a store in a directory; what an interrupted change left is cleared away.
    pub fn open(at: &Path) -> io::Result<Store> {
        let mut interrupted = false;
        for kind in ["disks", "snapshots", "images"] {
            let path = at.join(kind);
            fs::create_dir_all(&path).during(path.display())?;
            // What a machine's root made set-user-id is nothing for the host's other users.
            fs::set_permissions(&path, Permissions::from_mode(0o700)).during(path.display())?;
            for entry in fs::read_dir(&path)? {
                let entry = entry?;
                if left_behind(&entry.file_name().to_string_lossy()) {
                    interrupted = true;
                    fs::remove_dir_all(entry.path()).during(entry.path().display())?;
                }
            }
        }
        let store = Store { at: at.canonicalize()? };
        if interrupted {
            for (id, _) in store.disks()? {
                store.block(&id).iter().for_each(|block| Still::release(block));
            }
        }
        Ok(store)
    }

    /// Makes a disk with what its source holds; a disk that exists grows if it is too small.
    pub fn create_disk(&self, id: &Id, disk: &Disk) -> io::Result<()> {
        let path = self.disk_path(id)?;
        if path.exists() {
            return self.grow(id, disk.size);
        }
        let mut record = Record {
            zone: Some(disk.zone.clone()),
            disk: None,
            size: disk.size,
            form: disk.form,
            image: None,
        };
        let new = self.begin("disks", id)?;
        match (&disk.source, disk.form) {
            (Source::Snapshot(snapshot), form) => {
                let from = self.snapshot_path(snapshot)?;
                let taken = read_record(&from).during(format_args!("snapshot {snapshot}"))?;
                if taken.form != form {
                    return Err(Error::other("a snapshot of the other form"));
                }
                record.image = taken.image;
                record.size = record.size.max(taken.size);
                copy_bytes(&from, &new)?;
            }
            (Source::Image(name), Form::Tree) => {
                self.image_layers(name)?;
                record.image = Some(name.clone());
            }
            (Source::Image(_), Form::Block) => {
                return Err(Error::new(ErrorKind::Unsupported, "no block device from an image"));
            }
            (Source::Blank, _) => {}
        }
        match disk.form {
            Form::Tree => tree_directories(&new)?,
            Form::Block => set_size(&new.join(BLOCK), record.size)?,
        }
        self.finish(&new, &path, &record)
    }

    /// Removes a disk and its bytes. Idempotent.
    pub fn remove_disk(&self, id: &Id) -> io::Result<()> {
        self.vanish(&self.disk_path(id)?)
    }

    /// Keeps what a disk holds now. A snapshot that exists stays as it is.
    pub fn create_snapshot(&self, id: &Id, snapshot: &Snapshot) -> io::Result<()> {
        let path = self.snapshot_path(id)?;
        if path.exists() {
            return Ok(());
        }
        let from = self.disk_path(&snapshot.disk)?;
        let mut record = read_record(&from).during(format_args!("disk {}", snapshot.disk))?;
        record.zone = None;
        record.disk = Some(snapshot.disk.clone());
        let new = self.begin("snapshots", id)?;
        copy_bytes(&from, &new)?;
        self.finish(&new, &path, &record)
    }

    /// Removes a snapshot. Idempotent.
    pub fn remove_snapshot(&self, id: &Id) -> io::Result<()> {
        self.vanish(&self.snapshot_path(id)?)
    }

    /// All disks, by what is on the disk of the host.
    pub fn disks(&self) -> io::Result<Vec<(Id, Record)>> {
        self.list("disks")
    }

    /// The disks and snapshots whose record is damaged. They are not listed, and not overwritten.
    pub fn damaged(&self) -> io::Result<Vec<Id>> {
        let all = [self.records("disks")?, self.records("snapshots")?].concat();
        Ok(all.into_iter().filter(|(_, record)| record.is_none()).map(|(id, _)| id).collect())
    }

    /// All snapshots.
    pub fn snapshots(&self) -> io::Result<Vec<(Id, Record)>> {
        self.list("snapshots")
    }

    /// Bytes that a disk or snapshot takes on the host, blocks that are shared counted each time.
    pub fn used(&self, id: &Id) -> io::Result<u64> {
        let disk = self.disk_path(id)?;
        let path = if disk.exists() { disk } else { self.snapshot_path(id)? };
        used(&path)
    }

    /// The file with the bytes of a block disk.
    pub fn block(&self, id: &Id) -> io::Result<PathBuf> {
        let path = self.disk_path(id)?.join(BLOCK);
        path.metadata().during(format_args!("disk {id} is no block device"))?;
        Ok(path)
    }

    /// From which directories the machine with this root disk is overlaid.
    pub fn root(&self, id: &Id) -> io::Result<Root> {
        let path = self.disk_path(id)?;
        let record = read_record(&path).during(format_args!("disk {id}"))?;
        if record.form != Form::Tree {
            return Err(Error::other(format!("disk {id} is no tree of files")));
        }
        let layer = |at: &str, name: &str, lowers: Vec<PathBuf>| Layer {
            at: at.to_owned(),
            lowers,
            upper: path.join(name).join("upper"),
            work: path.join(name).join("work"),
        };
        let name = record.image.as_deref().unwrap_or_default();
        let lowers = self.image_layers(name)?;
        let host = name == "host";
        let mut layers = vec![layer("/", "root", lowers)];
        if host {
            let thin = self.host_image()?.join("usr");
            layers.push(layer("/usr", "usr", vec![thin, PathBuf::from("/usr")]));
        }
        Ok(Root { layers, host })
    }

    /// The names of the images that are here; `host` always is.
    pub fn images(&self) -> io::Result<Vec<String>> {
        let mut names = vec!["host".to_owned()];
        for entry in fs::read_dir(self.at.join("images"))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if !name.starts_with('.') {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    pub(crate) fn begin(&self, kind: &str, name: impl std::fmt::Display) -> io::Result<PathBuf> {
        // Unique in this process too: two threads may make the same thing at once.
        static BEGUN: AtomicUsize = AtomicUsize::new(0);
        let number = BEGUN.fetch_add(1, Ordering::Relaxed);
        let name = format!(".new-{number}.{name}-{}", std::process::id());
        let new = self.at.join(kind).join(name);
        if new.exists() {
            fs::remove_dir_all(&new)?;
        }
        fs::create_dir(&new).during(new.display())?;
        Ok(new)
    }

    pub(crate) fn image_path(&self, name: &str) -> PathBuf {
        self.at.join("images").join(name)
    }

    fn image_layers(&self, name: &str) -> io::Result<Vec<PathBuf>> {
        match name {
            "host" => Ok(vec![self.host_image()?.join("root")]),
            "" => {
                let empty = self.image_path(".empty");
                fs::create_dir_all(&empty)?;
                Ok(vec![empty])
            }
            other => {
                crate::safe_name(other)?;
                let path = self.image_path(other);
                path.metadata().during(format_args!("no image {other:?}"))?;
                Ok(vec![path])
            }
        }
    }

    /// The skeleton of the host's image, made when it is first needed.
    fn host_image(&self) -> io::Result<PathBuf> {
        let path = self.image_path(&format!(".host-{}", host::edition()));
        if path.exists() {
            return Ok(path);
        }
        let new = self.begin("images", "host")?;
        host::build(&new).during("making the host's image")?;
        match rename(&new, &path) {
            // Another process was faster.
            Err(_) if path.exists() => fs::remove_dir_all(&new)?,
            other => other?,
        }
        Ok(path)
    }

    fn grow(&self, id: &Id, size: u64) -> io::Result<()> {
        let path = self.disk_path(id)?;
        let mut record = read_record(&path)?;
        if record.size >= size {
            return Ok(());
        }
        if record.form == Form::Block {
            set_size(&path.join(BLOCK), size)?;
        }
        record.size = size;
        write_record(&path, &record)
    }

    fn disk_path(&self, id: &Id) -> io::Result<PathBuf> {
        crate::safe_name(id.as_str())?;
        Ok(self.at.join("disks").join(id.as_str()))
    }

    fn snapshot_path(&self, id: &Id) -> io::Result<PathBuf> {
        crate::safe_name(id.as_str())?;
        Ok(self.at.join("snapshots").join(id.as_str()))
    }

    fn finish(&self, new: &Path, path: &Path, record: &Record) -> io::Result<()> {
        write_record(new, record)?;
        if record.form == Form::Tree && record.disk.is_some() {
            copy::sync_file_system(new)?;
        }
        rename(new, path)
    }

    pub(crate) fn vanish(&self, path: &Path) -> io::Result<()> {
        let Some(name) = path.file_name().filter(|_| path.exists()) else { return Ok(()) };
        // Out of sight first, so that no crash leaves half of it under its name.
        let gone = path.with_file_name(format!(
            ".new-gone-{}-{}",
            name.to_string_lossy(),
            std::process::id()
        ));
        if gone.exists() {
            fs::remove_dir_all(&gone)?;
        }
        fs::rename(path, &gone)?;
        fs::remove_dir_all(&gone).during(gone.display())
    }

    fn list(&self, kind: &str) -> io::Result<Vec<(Id, Record)>> {
        let all = self.records(kind)?.into_iter();
        Ok(all.filter_map(|(id, record)| Some((id, record?))).collect())
    }

    /// Everything of a kind; without its record where that is damaged.
    fn records(&self, kind: &str) -> io::Result<Vec<(Id, Option<Record>)>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(self.at.join(kind))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            let record = match read_record(&entry.path()) {
                Ok(record) => Some(record),
                Err(error) if error.kind() == ErrorKind::InvalidData => None,
                // A file that is gone is as damaged as one that is not right.
                Err(error) if error.kind() == ErrorKind::NotFound => None,
                Err(error) => return Err(error).during(&name),
            };
            found.push((Id::from(&name), record));
        }
        found.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(found)
    }
}

/// Whether a name is that of a change whose process has ended: another one may be at work in the
/// same store.
fn left_behind(name: &str) -> bool {
    let maker = name.strip_prefix(".new-").and_then(|name| name.rsplit('-').next());
    maker.is_some_and(|pid| !Path::new("/proc").join(pid).exists())
}

fn tree_directories(at: &Path) -> io::Result<()> {
    for layer in ["root", "usr"] {
        for part in ["upper", "work"] {
            fs::create_dir_all(at.join(layer).join(part))?;
        }
    }
    Ok(())
}

/// Copies what a disk or snapshot holds, not its record and not overlayfs' working directories.
fn copy_bytes(from: &Path, to: &Path) -> io::Result<()> {
    let block = from.join(BLOCK);
    if block.exists() {
        let still = Still::hold(&block).during("holding the disk's file system still")?;
        copy::file(&block, &to.join(BLOCK), 0o600).during(block.display())?;
        drop(still);
        return File::open(to.join(BLOCK))?.sync_all();
    }
    tree_directories(to)?;
    for layer in ["root", "usr"] {
        let upper = Path::new(layer).join("upper");
        Trees::all().copy(&from.join(&upper), &to.join(&upper))?;
    }
    Ok(())
}

fn set_size(path: &Path, size: u64) -> io::Result<()> {
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
    if file.metadata()?.len() < size {
        file.set_len(size).during(path.display())?;
    }
    file.sync_all()
}

fn write_record(at: &Path, record: &Record) -> io::Result<()> {
    let text = seal::seal(record)?;
    let new = at.join(".record.new");
    fs::write(&new, text)?;
    File::open(&new)?.sync_all()?;
    rename(&new, &at.join(RECORD))
}

fn read_record(at: &Path) -> io::Result<Record> {
    let bytes = fs::read(at.join(RECORD))?;
    seal::open(&bytes).ok_or_else(|| Error::new(ErrorKind::InvalidData, "a damaged record"))
}

fn used(path: &Path) -> io::Result<u64> {
    use std::os::unix::fs::MetadataExt;
    let meta = path.symlink_metadata()?;
    let mut sum = meta.blocks() * 512;
    if meta.is_dir() {
        for entry in fs::read_dir(path)? {
            sum += used(&entry?.path())?;
        }
    }
    Ok(sum)
}

/// Renames and makes the rename durable.
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to).during(to.display())?;
    let parent = to.parent().ok_or_else(|| Error::other("a path without a parent"))?;
    File::open(parent)?.sync_all()
}
