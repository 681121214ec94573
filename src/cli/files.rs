//! Files are written whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::Failure;

/// A file, and what is to be in it.
pub(crate) type Content = (PathBuf, Vec<u8>);

/// Writes all the files, or none: each under a temporary name first, then renamed.
pub(crate) fn write(files: &[Content]) -> Result<(), Failure> {
    let mut parts = Vec::new();
    for (path, bytes) in files {
        let written = match is_special(path) {
            true => fs::write(path, bytes),
            false => begin(path, bytes).map(|part| parts.push((path, part))),
        };
        written.map_err(|error| cannot("write", path, &error))?;
    }
    for (path, part) in parts {
        part.finish().map_err(|error| cannot("write", path, &error))?;
    }
    Ok(())
}

/// Writes a file that is checked when it is read, so that nobody waits for the disk.
pub(crate) fn keep(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let kept = Part::begin(path).and_then(|part| part.fill(bytes)).and_then(Part::finish);
    kept.map_err(|error| cannot("write", path, &error))
}

/// Only what has reached the disk is given a name that says that it is whole, also after a power cut.
fn begin(path: &Path, bytes: &[u8]) -> io::Result<Part> {
    let part = Part::begin(path)?.fill(bytes)?;
    part.file.sync_all()?;
    Ok(part)
}

/// Finds out whether all the files can be written, before there is anything to write: each of them once, and none over
/// what was read. Leaves nothing behind, neither of its own nor of programs that were killed.
pub(crate) fn prepare(outputs: &[PathBuf], inputs: &[PathBuf]) -> Result<(), Failure> {
    let inputs: Vec<PathBuf> = inputs.iter().filter_map(|path| path.canonicalize().ok()).collect();
    let outputs: Vec<&PathBuf> = outputs.iter().filter(|path| !is_special(path)).collect();
    let places: Vec<PathBuf> = outputs.iter().map(|path| place(path)).collect();
    for (index, (path, place)) in outputs.iter().zip(&places).enumerate() {
        let refused = |what: &str| Err(Failure::Usage(format!("{} {what}", path.display())));
        if inputs.contains(place) {
            return refused("is one of the inputs: it would be written over; write to another file or folder");
        }
        if places[..index].contains(place) {
            return refused("would be written twice: give each output a name of its own");
        }
    }
    for (path, place) in outputs.iter().zip(&places) {
        sweep_up(place.parent().unwrap_or(Path::new("")), |of| Part::name(place) == of);
        Part::begin(path).map_err(|error| cannot("write", path, &error))?;
    }
    Ok(())
}

/// Folders that this command has made, the outer ones first.
static MADE: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Makes the folder, unless it is there.
pub(crate) fn folder(path: &Path) -> Result<(), Failure> {
    let missing = path.ancestors().filter(|folder| *folder != Path::new("") && !folder.exists());
    let mut missing: Vec<PathBuf> = missing.map(Path::to_owned).collect();
    missing.reverse();
    MADE.lock().unwrap_or_else(PoisonError::into_inner).extend(missing);
    fs::create_dir_all(path).map_err(|error| cannot("make the folder", path, &error))
}

/// Takes away the folders that this command has made and not used: it has failed.
pub(crate) fn take_back_folders() {
    for folder in MADE.lock().unwrap_or_else(PoisonError::into_inner).drain(..).rev() {
        // What has something in it stays.
        let _ = fs::remove_dir(folder);
    }
}

/// Removes what programs that were killed have left in the folder: files of these names that they had not finished.
pub(crate) fn sweep_up(folder: &Path, is_ours: impl Fn(&str) -> bool) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if Part::of(&name).is_some_and(&is_ours) && Part::is_abandoned(&entry.path()) {
            // Somebody else may have done so.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// A file that is not finished, under a temporary name. It is gone when this is, unless it was given its own name.
struct Part {
    place: PathBuf,
    temporary: PathBuf,
    file: File,
}

/// Between two numbers that are tried: near ones are those of other programs (Knuth 1973, 6.4: a golden section).
const STRIDE: u32 = 0x9e37_79b9;
/// File systems take names of 255 bytes, of which the number and the ending need 16.
const LONGEST: usize = 255 - 16 - 1;

impl Part {
    /// An empty one. The lock says that somebody is at work on it; where a file system has none, it is not swept up.
    fn begin(path: &Path) -> io::Result<Part> {
        let place = place(path);
        match fs::metadata(&place) {
            Ok(found) if found.is_dir() => return Err(ErrorKind::IsADirectory.into()),
            // To rename would not ask.
            Ok(found) if found.permissions().readonly() => return Err(ErrorKind::PermissionDenied.into()),
            _ => {}
        }
        let (temporary, file) = Part::create(&place)?;
        let _ = file.try_lock();
        Ok(Part { place, temporary, file })
    }

    /// A new file in the same folder, so that renaming cannot cross file systems. What has such a name already may be a link to
    /// somewhere else: it is left alone, and another number taken.
    fn create(place: &Path) -> io::Result<(PathBuf, File)> {
        let name = Part::name(place);
        let mut number = std::process::id();
        loop {
            let temporary = place.with_file_name(format!(".{name}.{number}.part"));
            match OpenOptions::new().write(true).create_new(true).open(&temporary) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => number = number.wrapping_add(STRIDE),
                opened => return Ok((temporary, opened?)),
            }
        }
    }

    /// As much of a file's name as there is room for in a temporary one.
    fn name(place: &Path) -> String {
        let mut name = place.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.truncate(name.floor_char_boundary(LONGEST));
        name
    }

    fn fill(mut self, bytes: &[u8]) -> io::Result<Part> {
        self.file.write_all(bytes)?;
        Ok(self)
    }

    fn finish(self) -> io::Result<()> {
        fs::rename(&self.temporary, &self.place)
    }

    /// Which file it is that has this temporary name.
    fn of(temporary: &str) -> Option<&str> {
        let (name, process) = temporary.strip_prefix('.')?.strip_suffix(".part")?.rsplit_once('.')?;
        process.parse::<u32>().is_ok().then_some(name)
    }

    /// Whether nobody is at work on it.
    fn is_abandoned(temporary: &Path) -> bool {
        let is_file = temporary.symlink_metadata().is_ok_and(|found| found.is_file());
        is_file && OpenOptions::new().write(true).open(temporary).is_ok_and(|file| file.try_lock().is_ok())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // After it was renamed, it is not there.
        let _ = fs::remove_file(&self.temporary);
    }
}

/// Where the bytes go: a link stays a link, and two names of one file are one place.
fn place(path: &Path) -> PathBuf {
    let in_folder = || Some(folder_of(path).canonicalize().ok()?.join(path.file_name()?));
    path.canonicalize().ok().or_else(in_folder).unwrap_or_else(|| path.to_owned())
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Whether it is a device or a pipe: nothing can take its place.
fn is_special(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

fn cannot(what: &str, path: &Path, error: &io::Error) -> Failure {
    Failure::Other(format!("cannot {what} {}: {error}{}", path.display(), advice(error)))
}

/// What to do about an error, where that can be said.
pub(crate) fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "; make room, or write elsewhere",
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => "; write where you may",
        ErrorKind::NotFound | ErrorKind::NotADirectory => "; make its folder first",
        ErrorKind::IsADirectory => "; name a file",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temporary_names_say_whose_they_are() {
        assert_eq!(Part::of(".result.json.4711.part"), Some("result.json"));
        let long = format!("{}é.json", "x".repeat(LONGEST - 1));
        assert_eq!(Part::name(Path::new(&long)), "x".repeat(LONGEST - 1));
        for other in ["result.json", ".result.json.part", "result.json.4711.part", ".notes.draft.part"] {
            assert_eq!(Part::of(other), None, "{other}");
        }
    }
}
