//! What fuzzers have found (`.ci/fuzz`) does no harm: each input is read again.

#[path = "corpus/mod.rs"]
mod corpus;
#[path = "corpus/peak.rs"]
mod peak;

use std::fs;
use std::path::PathBuf;

use corpus::{TARGETS, Target};
use peak::peak;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus");

/// The size of a block of a tar archive.
const BLOCK: usize = 512;

/// The contents of the files in a tar archive (POSIX.1-1988, ustar).
fn unpacked(mut archive: &[u8]) -> Vec<&[u8]> {
    let mut files = Vec::new();
    while archive.len() >= BLOCK && archive[0] != 0 {
        let (head, rest) = archive.split_at(BLOCK);
        let size = std::str::from_utf8(&head[124..135]).expect("digits");
        let size = usize::from_str_radix(size, 8).expect("a size");
        // A folder is a file without contents.
        files.extend((size > 0).then(|| &rest[..size]));
        archive = &rest[size.next_multiple_of(BLOCK)..];
    }
    files
}

fn target(name: &str) -> Target {
    TARGETS.into_iter().find(|target| target.0 == name).expect("a target").1
}

fn archive(name: &str) -> Vec<u8> {
    fs::read(format!("{FOLDER}/{name}.tar")).expect("an archive")
}

/// Reads the corpus of a target. So many of its inputs are good for something, or else what fuzzers know has grown stale.
fn replay(name: &str, least: usize) {
    let archive = archive(name);
    let inputs = unpacked(&archive);
    let good = inputs.iter().filter(|input| target(name)(input)).count();
    println!("{good} of {} inputs for {name} are good", inputs.len());
    assert!(good >= least, "{good} of {} inputs for {name} are good", inputs.len());
    // Of all targets so far: they share the process.
    let peak = peak();
    assert!(peak.is_none_or(|bytes| bytes < 1 << 30), "{peak:?} bytes");
}

#[test]
fn there_are_as_many_inputs_as_is_said() {
    let count = TARGETS.map(|(name, _)| unpacked(&archive(name)).len()).iter().sum::<usize>();
    assert!(count > 6000, "{count}");
}

#[test]
fn scenarios() {
    replay("scenario", 100);
}

#[test]
fn overrides() {
    replay("overrides", 8);
}

#[test]
fn tables() {
    replay("csv", 400);
}

#[test]
fn logs() {
    replay("logs", 300);
}

#[test]
fn points() {
    replay("points", 10);
}

/// What once did harm, by target: `scenario-long-word.toml`.
#[test]
fn what_did_harm_does_none() {
    let entries = fs::read_dir(format!("{FOLDER}/found")).expect("a folder");
    let paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    assert!(!paths.is_empty());
    for path in paths {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        println!("{name}");
        target(name.split('-').next().expect("a word"))(&fs::read(&path).expect("a readable file"));
    }
}
