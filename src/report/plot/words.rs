//! Words that have to fit.

use super::picture::TEXT_SIZE;
use super::render::{extent, width};
use crate::report::names::{self, starting};

/// The name, without its beginning where it is wider than this: names differ at their ends.
pub(super) fn fitted(name: &str, room: f64) -> String {
    fitted_as(name, room, TEXT_SIZE, false)
}

/// Names that are no wider than this, and different where the names are.
pub(super) fn fitted_apart(names: &[&str], room: f64) -> Vec<String> {
    fitted_apart_in(names, &|_| room)
}

/// The same with room of its own for each.
pub(super) fn fitted_apart_in(names: &[&str], room: &dyn Fn(usize) -> f64) -> Vec<String> {
    let cut = |index: usize| fitted(names[index], room(index));
    names::apart(names, &cut, &|index, from| starting(names[index], from, &|text| width(text) <= room(index)))
}

/// The same of another size.
pub(super) fn fitted_as(name: &str, room: f64, size: f64, bold: bool) -> String {
    let tails = name.char_indices().skip(1).map(|(start, _)| format!("…{}", &name[start..]));
    let mut all = std::iter::once(name.to_owned()).chain(tails);
    all.find(|text| extent(text, size, bold) <= room).unwrap_or_else(|| "…".into())
}

/// Words in lines that are no wider than this; a word that is wider has a line of its own, without its beginning.
pub(super) fn wrapped(words: &str, room: f64, size: f64, bold: bool) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        let longer = lines.last().map(|line| format!("{line} {word}"));
        match (longer.filter(|longer| extent(longer, size, bold) <= room), lines.last_mut()) {
            (Some(longer), Some(line)) => *line = longer,
            _ => lines.push(fitted_as(word, room, size, bold)),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_keep_their_ends() {
        let long = "a-service-with-a-very-long-name-indeed.cpu";
        let short = fitted(long, 60.0);
        assert!(short.starts_with('…') && short.ends_with(".cpu") && width(&short) <= 60.0, "{short}");
        assert_eq!(fitted("desk", 60.0), "desk");
    }

    #[test]
    fn names_that_end_alike_are_told_apart() {
        let names = ["the-customers-of-the-northern-region-aa", "the-customers-of-the-southern-region-aa"];
        let shown = fitted_apart(&names, 92.0);
        assert!(shown[0].starts_with("…northern") && shown[1].starts_with("…southern"), "{shown:?}");
        assert!(shown.iter().all(|name| width(name) <= 92.0), "{shown:?}");
    }

    #[test]
    fn lines_are_no_wider_than_there_is_room() {
        let title = "What happens when a-word-that-is-wider-than-any-line comes by in a title";
        let lines = wrapped(title, 120.0, 16.0, true);
        assert!(lines.len() > 3 && lines.iter().all(|line| extent(line, 16.0, true) <= 120.0), "{lines:?}");
        assert_eq!(wrapped("two words", 400.0, 11.0, false), ["two words"]);
    }
}
