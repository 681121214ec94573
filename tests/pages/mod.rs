//! The pages for users, and a place to do what they say.

#[path = "files.rs"]
pub(crate) mod files;
#[path = "words.rs"]
mod words;

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use files::{ROOT, pages};
pub(crate) use words::words;

/// Pages looked at at once: the program uses several threads by itself.
const THREADS: usize = 2;

/// What is to be said about each page: its name and its text are given, and a folder that has the scenarios and the
/// samples.
pub(crate) fn on_every_page<T: Send>(test: &str, look: impl Fn(&str, &str, &Path) -> T + Sync) -> Vec<T> {
    let threads = rayon::ThreadPoolBuilder::new().num_threads(THREADS).build().expect("threads");
    let looked = |page: &String| {
        let text = fs::read_to_string(Path::new(ROOT).join(page)).expect("a page");
        let folder = scratch(&format!("{test}-{}", page.replace('/', "-")));
        look(page, &text, &folder)
    };
    threads.install(|| pages().par_iter().with_max_len(1).map(looked).collect())
}

/// A new folder with the scenarios and, beside them, the samples.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    copy(&Path::new(ROOT).join("scenarios"), &folder.join("scenarios"));
    copy(&Path::new(ROOT).join("docs/samples"), &folder);
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("files") {
        let path = entry.expect("a file").path();
        let to = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, to).expect("a copy");
        }
    }
}
