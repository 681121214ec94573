//! Finished points of a sweep, kept in a folder so that the same command goes on where it was interrupted.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use knee::experiment::Store;

use super::{Failure, files, terminal};

/// The folder, and what became of it.
pub(crate) struct Points {
    /// None: nothing is kept.
    folder: Option<PathBuf>,
    found: AtomicUsize,
    /// The first point that could not be kept, and why.
    lost: Mutex<Option<String>>,
}

impl Points {
    /// Points are kept in `points`, beside the results.
    pub(crate) fn new(output: Option<&Path>) -> Result<Points, Failure> {
        let folder = output.map(|output| output.join("points"));
        folder.as_deref().map_or(Ok(()), files::folder)?;
        if let Some(folder) = &folder {
            files::sweep_up(folder, |_| true);
        }
        Ok(Points { folder, found: AtomicUsize::new(0), lost: Mutex::new(None) })
    }

    /// Works with the store that keeps points there.
    pub(crate) fn with<T>(&self, work: impl FnOnce(Store<'_>) -> T) -> T {
        let Some(folder) = &self.folder else { return work(Store::NOTHING) };
        let file = |name: &str| folder.join(format!("{name}.point"));
        let get = |name: &str| fs::read(file(name)).ok();
        let found = || {
            self.found.fetch_add(1, Ordering::Relaxed);
        };
        let put = |name: &str, bytes: &[u8]| {
            if let Err(Failure::Other(why)) = files::keep(&file(name), bytes) {
                self.lose(why);
            }
        };
        work(Store { get: &get, put: &put, found: &found })
    }

    /// Says how many of all points were there already, and whether one could not be kept.
    pub(crate) fn conclude(&self, all: usize, quiet: bool) {
        let found = self.found.load(Ordering::Relaxed);
        if found > 0 && !quiet {
            terminal::complain(&format!("{found} of {all} points were finished before\n"));
        }
        if let Ok(Some(why)) = self.lost.lock().as_deref() {
            terminal::warning(&format!("{why}: the same command would simulate such points again"));
        }
    }

    fn lose(&self, why: String) {
        if let Ok(mut lost) = self.lost.lock() {
            lost.get_or_insert(why);
        }
    }
}
