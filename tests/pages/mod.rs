//! The pages for users, and a place to do what they say.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

pub(crate) const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// Pages looked at at once: the program uses several threads by itself.
const THREADS: usize = 2;

/// The pages, as paths from the root of the project.
fn pages() -> Vec<String> {
    let mut pages = below("docs", "md");
    pages.push("README.md".into());
    pages
}

/// The files with this ending in a folder and in its folders, as paths from the root of the project, sorted.
pub(crate) fn below(folder: &str, ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(Path::new(ROOT).join(folder)).expect("a folder") {
        let name = entry.expect("an entry").file_name().into_string().expect("a name in Unicode");
        let path = format!("{folder}/{name}");
        if Path::new(ROOT).join(&path).is_dir() {
            found.extend(below(&path, ending));
        } else if name.ends_with(&format!(".{ending}")) {
            found.push(path);
        }
    }
    found.sort();
    found
}

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

/// The words of a command, as a shell splits them.
pub(crate) fn words(command: &str) -> Vec<String> {
    let (mut words, mut quoted) = (vec![String::new()], false);
    for c in command.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().expect("a word").push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
