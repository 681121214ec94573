//! What the pages show of the program is what it does: every block that begins with `$ knee` is run, and its output compared,
//! where a line of `…` stands for any lines; and every picture with a comment that says how it was made is made anew.
//! `KNEE_BLESS=1` writes the others anew: look at them before they stay.

mod pages;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use assert_cmd::cargo::CommandCargoExt;

use pages::files::{ROOT, below};
use pages::{on_every_page, words};

/// What a session begins with.
const FENCES: [&str; 2] = ["```text\n$ knee ", "```console\n$ knee "];
/// What the command that made a picture stands in.
const PICTURE: &str = "<!-- picture: knee ";
const PICTURES: &str = "docs/pictures";

fn is_blessing() -> bool {
    std::env::var_os("KNEE_BLESS").is_some()
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

/// The sessions of one page: how many there are, and what is wrong with them.
fn sessions(page: &str, text: &str, folder: &Path) -> (usize, Vec<String>) {
    let (mut sessions, mut wrong) = (0, Vec::new());
    let (mut written, mut rest) = (String::new(), text);
    while let Some((start, fence)) = FENCES.iter().filter_map(|fence| Some((rest.find(fence)?, *fence))).min() {
        let (before, session) = rest.split_at(start + fence.len());
        let (session, after) = session.split_once("```").expect("the end of a block");
        let (command, shown) = session.split_once('\n').expect("a command");
        let found = output(folder, command);
        let (found, shown) = (found.trim_end(), shown.trim_end());
        sessions += 1;
        if !is_like(&found.lines().collect::<Vec<_>>(), &shown.lines().collect::<Vec<_>>()) {
            wrong.push(format!("{page}: knee {command}\n{found}"));
        }
        let kept = if shown.lines().any(|line| line == "…") { shown } else { found };
        written += &format!("{before}{command}\n{kept}\n```");
        rest = after;
    }
    written += rest;
    if is_blessing() && written != text {
        fs::write(Path::new(ROOT).join(page), written).expect("the page can be written");
        wrong.clear();
    }
    (sessions, wrong)
}

#[test]
fn sessions_are_what_the_program_prints() {
    let looked = on_every_page("session", sessions);
    let wrong: Vec<&str> = looked.iter().flat_map(|(_, wrong)| wrong).map(String::as_str).collect();
    assert!(looked.iter().any(|(sessions, _)| *sessions > 0));
    assert!(wrong.is_empty(), "KNEE_BLESS=1 accepts it:\n{}", wrong.join("\n\n"));
}

/// The pictures of one page that say how they were made: their names, and what is wrong with them.
fn pictures(page: &str, text: &str, folder: &Path) -> (Vec<String>, Vec<String>) {
    let (mut names, mut wrong) = (Vec::new(), Vec::new());
    for rest in text.split(PICTURE).skip(1) {
        let (command, _) = rest.split_once("-->").expect("the end of a comment");
        let command = command.split_whitespace().collect::<Vec<_>>().join(" ");
        let (_, name) = command.rsplit_once("--plot ").expect("a picture");
        output(folder, &command);
        let made = fs::read(folder.join(name)).expect("the picture");
        let kept = Path::new(ROOT).join(PICTURES).join(name);
        if is_blessing() {
            fs::create_dir_all(Path::new(ROOT).join(PICTURES)).expect("a folder");
            fs::write(&kept, &made).expect("the picture can be written");
        }
        if fs::read(&kept).ok().as_ref() != Some(&made) {
            wrong.push(format!("{page}: {PICTURES}/{name} is not what knee {command} makes"));
        }
        if !text.contains(&format!("pictures/{name})")) {
            wrong.push(format!("{page}: {PICTURES}/{name} is made and not shown"));
        }
        names.push(format!("{PICTURES}/{name}"));
    }
    (names, wrong)
}

#[test]
fn pictures_are_what_the_program_draws() {
    let (names, mut wrong): (Vec<_>, Vec<_>) = on_every_page("picture", pictures).into_iter().unzip();
    let names: BTreeSet<String> = names.into_iter().flatten().collect();
    if Path::new(ROOT).join(PICTURES).is_dir() {
        let kept = below(PICTURES, ".svg").into_iter().filter(|name| !names.contains(name));
        wrong.push(kept.map(|name| format!("{name}: no page says how it was made")).collect());
    }
    let wrong = wrong.concat();
    assert!(wrong.is_empty(), "KNEE_BLESS=1 makes them:\n{}", wrong.join("\n"));
}
