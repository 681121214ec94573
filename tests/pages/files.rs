//! Files of the project.

use std::fs;
use std::path::Path;

/// The folder of the project.
pub(crate) const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The pages, as paths from the root of the project.
pub(crate) fn pages() -> Vec<String> {
    let mut pages = below("docs", ".md");
    pages.retain(|page| page != "docs/SUMMARY.md");
    pages.push("README.md".into());
    pages
}

/// The files with this ending, `.md`, in a folder and in its folders, as paths from the root of the project, sorted.
pub(crate) fn below(folder: &str, ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(Path::new(ROOT).join(folder)).expect("a folder") {
        let name = entry.expect("an entry").file_name().into_string().expect("a name in Unicode");
        let path = format!("{folder}/{name}");
        if Path::new(ROOT).join(&path).is_dir() {
            found.extend(below(&path, ending));
        } else if name.ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}
