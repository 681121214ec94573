//! Files are written whole or not at all.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::Failure;

/// Writes all the files, or none: each under a temporary name first, then renamed.
pub(crate) fn write(files: &[(PathBuf, Vec<u8>)]) -> Result<(), Failure> {
    let temporary: Vec<PathBuf> = files.iter().map(|(path, _)| beside(path)).collect();
    let written = write_and_rename(files, &temporary);
    if written.is_err() {
        for path in &temporary {
            // It may not be there; then there is nothing to clean up.
            let _ = fs::remove_file(path);
        }
    }
    written
}

/// Finds out whether the file can be written, and leaves nothing behind.
pub(crate) fn test(path: &Path) -> Result<(), Failure> {
    if path.is_dir() {
        return Err(cannot("write", path, &ErrorKind::IsADirectory.into()));
    }
    let temporary = beside(path);
    let written = fs::write(&temporary, []).and_then(|()| fs::remove_file(&temporary));
    written.map_err(|error| cannot("write", path, &error))
}

/// Makes the folder, unless it is there.
pub(crate) fn folder(path: &Path) -> Result<(), Failure> {
    fs::create_dir_all(path).map_err(|error| cannot("make the folder", path, &error))
}

/// Removes what programs that were killed have left in the folder: files that they had not finished. One that is still
/// at work there fails to write a file that it has just begun.
pub(crate) fn sweep_up(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let names = entries.filter_map(|entry| Some(entry.ok()?.path()));
    for path in names.filter(|path| path.extension().is_some_and(|extension| extension == "part")) {
        // Somebody else may have done so.
        let _ = fs::remove_file(path);
    }
}

fn write_and_rename(files: &[(PathBuf, Vec<u8>)], temporary: &[PathBuf]) -> Result<(), Failure> {
    for ((path, bytes), temporary) in files.iter().zip(temporary) {
        fs::write(temporary, bytes).map_err(|error| cannot("write", path, &error))?;
    }
    for ((path, _), temporary) in files.iter().zip(temporary) {
        fs::rename(temporary, path).map_err(|error| cannot("write", path, &error))?;
    }
    Ok(())
}

/// A name in the same folder, so that renaming cannot cross file systems.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.part", std::process::id()))
}

fn cannot(what: &str, path: &Path, error: &std::io::Error) -> Failure {
    Failure::Other(format!("cannot {what} {}: {error}", path.display()))
}
