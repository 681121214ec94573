//! Summaries for people: the verdict first, then the tables, then what to know about the run.

mod admission;
mod architecture;
mod calls;
mod capacity;
mod compare;
mod components;
mod curves;
pub mod drawing;
mod explain;
mod few;
mod fit;
mod fits;
mod ink;
mod law;
mod monitor;
mod optimize;
mod queues;
mod replication;
mod run;
mod scaling;
mod sections;
mod sharding;
mod sweep;
mod table;
mod verify;
mod why;

use crate::experiment::Explanation;
use crate::experiment::law::Answer;
use crate::experiment::results::{
    CapacityResults, CompareResults, OptimizeResults, Results, SweepResults, VerifyResults,
};
use crate::measure::Findings;
use crate::report::names;
use crate::report::toml::Names;

/// The width that summaries keep to, in columns.
const WIDTH: usize = 80;

/// A name, or what is left of it if it has more characters than `longest`: its beginning and its end, since the end says
/// which part of a component it is.
fn shortened(name: &str, longest: usize) -> String {
    let letters: Vec<char> = name.chars().collect();
    if letters.len() <= longest {
        return name.to_owned();
    }
    let room = longest.saturating_sub(1);
    let end = part_of(&letters, room * 3 / 4).unwrap_or(room / 3);
    let (first, last) = (&letters[..room - end], &letters[letters.len() - end..]);
    first.iter().chain(&['…']).chain(last).collect()
}

/// The same for names that stand together: those that would look alike are cut where they differ.
fn shortened_apart(names: &[&str], longest: usize) -> Vec<String> {
    let cut = |index: usize| shortened(names[index], longest);
    names::apart(names, &cut, &|index, at| around(names[index], at, longest))
}

/// What is left of a name that has more characters than `longest`: its beginning, what is from `at` on, and its end, if it is
/// that of a part.
fn around(name: &str, at: usize, longest: usize) -> String {
    let letters: Vec<char> = name.chars().collect();
    let end = part_of(&letters, longest / 2).unwrap_or(0);
    let room = longest.saturating_sub(2 + end);
    let (lead, last) = (room / 3, letters.len() - end);
    let from = at.min(last.saturating_sub(room - lead));
    let until = (from + room - lead).min(last);
    let gap: &[char] = if until < last { &['…'] } else { &[] };
    [&letters[..lead.min(from)], &['…'], &letters[from..until], gap, &letters[last..]].concat().into_iter().collect()
}

/// How many characters the end of a name has that says which part of a component it is, if it is not too long.
fn part_of(letters: &[char], most: usize) -> Option<usize> {
    let ends = letters.iter().enumerate().filter(|(_, letter)| ['.', '['].contains(*letter));
    ends.map(|(at, _)| letters.len() - at).find(|end| *end <= most)
}

/// Text in a tone, broken into lines, each painted by itself and with its end.
fn lines(text: &str, tone: ink::Tone, ink: ink::Ink) -> String {
    wrap(text, 2).lines().map(|line| ink.paint(tone, line) + "\n").collect()
}

/// A line that begins with a mark.
fn marked(mark: &str, line: &str) -> String {
    // The mark is as wide as what stands for it.
    let text = wrap(&format!("- {line}"), 2);
    format!("{mark}{}\n", text.trim_start_matches('-'))
}

/// What was simulated: its title, and the file in which it is.
fn titled(title: &str, file: &str, ink: ink::Ink) -> String {
    let lines = wrap(&format!("{title} ({file})"), 2);
    let lines: Vec<String> = lines.lines().map(|line| ink.paint(ink::Tone::Dim, line)).collect();
    lines.join("\n")
}

/// The summary of a run; with `color`, in ANSI colours.
pub fn run(results: &Results, color: bool) -> String {
    run::summary(results, ink::Ink(color))
}

/// The summary of a sweep: a line per point; with `color`, in ANSI colours.
pub fn sweep(results: &SweepResults, color: bool) -> String {
    sweep::summary(results, ink::Ink(color))
}

/// What is said of a scenario without a run; with `color`, in ANSI colours.
pub fn explanation(explanation: &Explanation, color: bool) -> String {
    explain::summary(explanation, ink::Ink(color))
}

/// The summary of a search for the capacity; with `color`, in ANSI colours.
pub fn capacity(results: &CapacityResults, color: bool) -> String {
    capacity::summary(results, ink::Ink(color))
}

/// The summary of a comparison; with `color`, in ANSI colours.
pub fn compare(results: &CompareResults, color: bool) -> String {
    compare::summary(results, ink::Ink(color))
}

/// What a law answers; with `color`, in ANSI colours.
pub fn law(answer: &Answer, color: bool) -> String {
    law::summary(answer, ink::Ink(color))
}

/// What was found in a log, and the scenario that it becomes, which names these files; with `color`, in ANSI colours.
pub fn fit(findings: &Findings, names: &Names, color: bool) -> String {
    fit::summary(findings, names, ink::Ink(color))
}

/// The summary of a search for the cheapest configuration; with `color`, in ANSI colours.
pub fn optimize(results: &OptimizeResults, color: bool) -> String {
    optimize::summary(results, ink::Ink(color))
}

/// The summary of a verification: a line per case, or, with `all`, every value; with `color`, in ANSI colours.
pub fn verify(results: &VerifyResults, all: bool, color: bool) -> String {
    verify::summary(results, all, ink::Ink(color))
}

/// Breaks the text into lines of at most [`WIDTH`] columns, later ones indented; not between a
/// number and its unit.
fn wrap(text: &str, indent: usize) -> String {
    let mut lines = vec![String::new()];
    for word in words(text) {
        let line = lines.last().map_or(0, |line| line.chars().count());
        if line > indent && line + 1 + word.chars().count() > WIDTH {
            lines.push(" ".repeat(indent));
        } else if line > 0 {
            push(&mut lines, " ");
        }
        push(&mut lines, &word);
    }
    lines.join("\n")
}

/// What follows a number with a blank and belongs to it.
const UNITS: [&str; 9] = ["s", "ms", "µs", "ns", "ps", "%", "k", "M", "G"];

fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(' ').flat_map(|word| pieces(word, WIDTH - MOST_INDENT)) {
        let is_unit = UNITS.contains(&word.as_str().trim_end_matches([',', ';', ')', ':']));
        match words.last_mut() {
            Some(last) if is_unit && last.ends_with(|c: char| c.is_ascii_digit()) => {
                last.push(' ');
                last.push_str(&word);
            }
            _ => words.push(word),
        }
    }
    words
}

/// Later lines are indented by at most this many columns.
const MOST_INDENT: usize = 8;

/// A word that no line has room for, in pieces.
fn pieces(word: &str, longest: usize) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    match letters.len() <= longest {
        true => vec![word.to_owned()],
        false => letters.chunks(longest).map(|piece| piece.iter().collect()).collect(),
    }
}

fn push(lines: &mut [String], text: &str) {
    if let Some(line) = lines.last_mut() {
        line.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_beginning_and_their_end() {
        assert_eq!(shortened("desk", 10), "desk");
        assert_eq!(shortened("a-database-with-a-long-name.cpu", 16), "a-database-….cpu");
        assert_eq!(shortened("  a-database-with-a-long-name[3].cpu", 20), "  a-database…[3].cpu");
        assert_eq!(
            shortened("shoppers-with-a-long-name.latency.p99 < 250ms", 36),
            "shoppers-with-a….latency.p99 < 250ms"
        );
        assert_eq!(shortened("a-workload-with-a-long-name", 13), "a-worklo…name");
        assert_eq!((shortened("long", 1), shortened("long", 2)), ("…".to_owned(), "l…".to_owned()));
    }

    #[test]
    fn names_that_stand_together_stay_different() {
        let names = ["the-customers-of-the-northern-region-aa", "the-customers-of-the-southern-region-aa", "desk"];
        assert_eq!(shortened_apart(&names, 20), ["the-cu…northern-reg…", "the-cu…southern-reg…", "desk"]);
        assert_eq!(shortened_apart(&names[..1], 20), ["the-customers…ion-aa"]);
        let parts =
            ["the-shop-of-the-north[3].cpu", "the-shop-of-the-south[3].cpu", "the-shop-of-the-south[3].threads"];
        assert_eq!(shortened_apart(&parts, 18), ["the…-north[3].cpu", "the…-south[3].cpu", "the-sh…[3].threads"]);
        let many: Vec<String> =
            (0..40).map(|n| format!("a-service-with-a-long-name-{n}-and-an-end-of-its-own")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let shown: std::collections::BTreeSet<String> = shortened_apart(&many, 18).into_iter().collect();
        assert!(shown.len() == 40 && shown.iter().all(|name| name.chars().count() <= 18), "{shown:?}");
    }

    #[test]
    fn words_that_no_line_has_room_for_are_broken() {
        let text = wrap(&format!("see {}", "x".repeat(200)), 2);
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert_eq!(text.matches('x').count(), 200);
    }

    #[test]
    fn long_lines_are_wrapped_and_indented() {
        let text = wrap(&"word ".repeat(30), 2);
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH));
        assert!(text.lines().skip(1).all(|line| line.starts_with("  word")));
    }
}
