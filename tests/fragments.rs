//! Where a lesson, a step of the ladder or a story of growth shows a part of a scenario, that part stands in a scenario to which
//! the page links, whatever the comments and the line breaks: what is explained is what is run.

#[path = "pages/files.rs"]
#[expect(dead_code, reason = "other tests look at every page")]
mod files;

use std::fs;
use std::path::{Path, PathBuf};

use files::{ROOT, below};

/// Where pages have scenarios of their own.
const PLACES: [&str; 2] = ["docs/lessons", "docs/growth"];

/// Blocks of code that are parts of scenarios: they open with a table.
fn fragments(text: &str) -> Vec<String> {
    let blocks = text.split("\n```").skip(1).step_by(2);
    let parts = blocks.filter_map(|block| block.split_once('\n'));
    let parts =
        parts.filter(|(language, code)| matches!(*language, "toml" | "text") && code.trim_start().starts_with('['));
    parts.map(|(_, code)| code.to_owned()).collect()
}

/// Without comments and blanks.
fn bare(code: &str) -> Vec<String> {
    let line = |line: &str| -> String {
        let mut quoted = false;
        let code = line.chars().take_while(|c| {
            quoted ^= *c == '"';
            quoted || *c != '#'
        });
        code.filter(|c| !c.is_whitespace()).collect()
    };
    code.lines().map(line).filter(|line| !line.is_empty() && line != "…").collect()
}

/// Lines put together until their brackets are closed; a comma before a closing bracket means nothing.
fn statements(code: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut depth = 0_i32;
    for line in bare(code) {
        let last = all.last_mut().expect("one");
        last.push_str(&line);
        depth += line.chars().map(|c| i32::from("[{".contains(c)) - i32::from("]}".contains(c))).sum::<i32>();
        if depth == 0 {
            *last = last.replace(",]", "]").replace(",}", "}");
            all.push(String::new());
        }
    }
    all.retain(|statement| !statement.is_empty());
    all
}

/// The scenarios to which a page links.
fn scenarios(page: &Path, text: &str) -> Vec<PathBuf> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let targets = targets.filter(|target| target.ends_with(".toml"));
    targets.map(|target| page.parent().expect("a folder").join(target)).collect()
}

#[test]
fn shown_parts_of_scenarios_are_in_scenarios_that_the_page_links_to() {
    let (mut shown, mut wrong) = (0, Vec::new());
    for page in PLACES.iter().flat_map(|place| below(place, ".md")) {
        let path = Path::new(ROOT).join(&page);
        let text = fs::read_to_string(&path).expect("a page");
        let linked = scenarios(&path, &text);
        let known: Vec<String> =
            linked.iter().flat_map(|path| statements(&fs::read_to_string(path).expect("a scenario"))).collect();
        for statement in fragments(&text).iter().flat_map(|code| statements(code)) {
            shown += 1;
            if !known.contains(&statement) {
                wrong.push(format!("{page}: {statement}"));
            }
        }
    }
    assert!(shown > 100, "{shown} statements");
    assert!(wrong.is_empty(), "in no scenario that the page links to:\n{}", wrong.join("\n"));
}

#[test]
fn comments_and_line_breaks_make_no_difference() {
    let one = "[a.b]  # what\nsteps = [\n  { x = \"#1\" },   # first\n  { y = 2 },\n]\n";
    let other = "[a.b]\nsteps = [{ x = \"#1\" }, { y = 2 }]";
    assert_eq!(statements(one), statements(other));
    assert_ne!(statements(one), statements("[a.b]\nsteps = [{ x = \"#2\" }, { y = 2 }]"));
}
