//! What the pages show of sessions is what the program prints: every block that begins with `$ knee` is run, and its output
//! compared. A line of `…` stands for any lines. `KNEE_BLESS=1` writes the others anew: look at them before they stay.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use assert_cmd::cargo::CommandCargoExt;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// What a session begins with.
const FENCES: [&str; 2] = ["```text\n$ knee ", "```console\n$ knee "];

/// The pages for users.
fn pages() -> Vec<PathBuf> {
    let folder = fs::read_dir(Path::new(ROOT).join("docs")).expect("there are pages");
    let paths = folder.map(|entry| entry.expect("a page").path());
    let mut pages: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect();
    pages.push(Path::new(ROOT).join("README.md"));
    pages.sort();
    pages
}

/// A folder with the scenarios and the samples that sessions use.
fn folder(page: &Path) -> PathBuf {
    let name = page.file_stem().expect("a name").to_string_lossy();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("session-{name}"));
    let _ = fs::remove_dir_all(&folder);
    for (from, to) in [("scenarios", "scenarios"), ("docs/samples", ".")] {
        fs::create_dir_all(folder.join(to)).expect("a folder");
        for file in fs::read_dir(Path::new(ROOT).join(from)).expect("files") {
            let file = file.expect("a file").path();
            fs::copy(&file, folder.join(to).join(file.file_name().expect("a name"))).expect("a copy");
        }
    }
    folder
}

/// The words of a command, as a shell splits them.
fn words(command: &str) -> Vec<String> {
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

fn output(folder: &Path, command: &str) -> String {
    let mut program = Command::cargo_bin("knee").expect("the program");
    let output = program.current_dir(folder).args(words(command)).output().expect("it starts");
    let said = String::from_utf8(output.stdout).expect("text");
    assert!(!said.is_empty(), "knee {command}:\n{}", String::from_utf8_lossy(&output.stderr));
    said
}

/// Whether the lines are those expected, where `…` stands for any.
fn is_like(found: &[&str], expected: &[&str]) -> bool {
    match expected.split_first() {
        None => found.is_empty(),
        Some((&"…", rest)) => (0..=found.len()).any(|skipped| is_like(&found[skipped..], rest)),
        Some((line, rest)) => found.first() == Some(line) && is_like(&found[1..], rest),
    }
}

#[test]
fn sessions_are_what_the_program_prints() {
    let (mut sessions, mut wrong) = (0, Vec::new());
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a page");
        let folder = folder(&page);
        let (mut written, mut rest) = (String::new(), text.as_str());
        while let Some((start, fence)) = FENCES.iter().filter_map(|fence| Some((rest.find(fence)?, *fence))).min() {
            let (before, session) = rest.split_at(start + fence.len());
            let (session, after) = session.split_once("```").expect("the end of a block");
            let (command, shown) = session.split_once('\n').expect("a command");
            let found = output(&folder, command);
            let (found, shown) = (found.trim_end(), shown.trim_end());
            sessions += 1;
            if !is_like(&found.lines().collect::<Vec<_>>(), &shown.lines().collect::<Vec<_>>()) {
                wrong.push(format!("{}: knee {command}\n{found}", page.display()));
            }
            let kept = if shown.lines().any(|line| line == "…") { shown } else { found };
            written += &format!("{before}{command}\n{kept}\n```");
            rest = after;
        }
        written += rest;
        if std::env::var_os("KNEE_BLESS").is_some() && written != text {
            fs::write(&page, written).expect("the page can be written");
            wrong.clear();
        }
    }
    assert!(sessions > 0);
    assert!(wrong.is_empty(), "KNEE_BLESS=1 accepts it:\n{}", wrong.join("\n\n"));
}
