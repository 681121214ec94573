//! Names for which there is no room: cut, and as different as they were.

use std::collections::BTreeMap;

/// What ends a word within a name.
const ENDS: [char; 7] = ['-', '_', '.', '/', ' ', '[', ':'];

/// What a name is cut to so that a letter is seen: by the places of the name, and of the letter.
pub(crate) type Around<'a> = &'a dyn Fn(usize, usize) -> String;

/// Each name as `cut` leaves it. Where this would make different names the same, they are shown `around` the letter from which
/// on they differ.
pub(crate) fn apart(names: &[&str], cut: &dyn Fn(usize) -> String, around: Around<'_>) -> Vec<String> {
    let mut shown: Vec<String> = (0..names.len()).map(cut).collect();
    let all: Vec<usize> = (0..names.len()).collect();
    for group in alike(&all, names, &shown) {
        separate(&group, names, around, &mut shown);
    }
    shown
}

/// The places of different names that are shown alike.
fn alike(places: &[usize], names: &[&str], shown: &[String]) -> Vec<Vec<usize>> {
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    places.iter().for_each(|&place| groups.entry(&shown[place]).or_default().push(place));
    let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
    groups.retain(|group| group.iter().any(|&place| names[place] != names[group[0]]));
    groups
}

fn separate(group: &[usize], names: &[&str], around: Around<'_>, shown: &mut [String]) {
    let from = common(group, names);
    for &place in group {
        shown[place] = around(place, from);
    }
    // Names of more than two may be alike for longer than all of them are.
    for smaller in alike(group, names, shown) {
        if common(&smaller, names) > from {
            separate(&smaller, names, around, shown);
        }
    }
}

/// How many letters these names begin with in common.
fn common(group: &[usize], names: &[&str]) -> usize {
    let first = names[group[0]];
    let same = |name: &&str| first.chars().zip(name.chars()).take_while(|(a, b)| a == b).count();
    group.iter().map(|&place| same(&names[place])).min().unwrap_or(0)
}

/// A name from the word on in which its letter at `from` is, as much of it as `fits`; from this letter on, if it would not be
/// seen otherwise.
pub(crate) fn starting(name: &str, from: usize, fits: &dyn Fn(&str) -> bool) -> String {
    let letters: Vec<char> = name.chars().collect();
    let before = letters.iter().take(from);
    let word = before.enumerate().filter(|(_, letter)| ENDS.contains(letter)).map(|(at, _)| at + 1).next_back();
    let piece = |start: usize, end: usize| {
        let [lead, tail] = [start > 0, end < letters.len()].map(|cut| if cut { "…" } else { "" });
        format!("{lead}{}{tail}", letters[start..end].iter().collect::<String>())
    };
    let ends = |start: usize| ((from + 1).min(letters.len())..=letters.len()).rev().map(move |end| (start, end));
    let mut all = ends(word.unwrap_or(0)).chain(ends(from)).map(|(start, end)| piece(start, end));
    all.find(|text| fits(text)).unwrap_or_else(|| "…".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cut to so many letters, without their beginnings.
    fn shown(names: &[&str], most: usize) -> Vec<String> {
        let long = |text: &str| text.chars().count();
        let cut = |place: usize| match long(names[place]) <= most {
            true => names[place].to_owned(),
            false => format!("…{}", names[place].chars().skip(long(names[place]) + 1 - most).collect::<String>()),
        };
        apart(names, &cut, &|place, from| starting(names[place], from, &|text| long(text) <= most))
    }

    #[test]
    fn names_that_are_cut_stay_different() {
        let names = ["the-customers-of-the-northern-region", "the-customers-of-the-southern-region", "desk"];
        assert_eq!(shown(&names, 12), ["…northern-r…", "…southern-r…", "desk"]);
        assert_eq!(shown(&names, 99), names);
        assert_eq!(shown(&["group-with-a-long-name-1", "group-with-a-long-name-2"], 9), ["…g-name-1", "…g-name-2"]);
    }

    #[test]
    fn within_a_group_there_may_be_a_smaller_one() {
        let names = ["aaaa-bbbbbbbb-1-cccccccccccc", "aaaa-bbbbbbbb-2-cccccccccccc", "dddd-bbbbbbbb-1-cccccccccccc"];
        let shown = shown(&names, 10);
        assert_eq!(shown, ["…1-cccccc…", "…2-cccccc…", "dddd-bbbb…"]);
    }

    #[test]
    fn the_same_name_twice_is_the_same_and_no_room_is_no_room() {
        assert_eq!(shown(&["a-long-name", "a-long-name"], 6), ["…-name", "…-name"]);
        assert_eq!(shown(&["one-name", "two-name"], 1), ["…", "…"]);
    }

    #[test]
    fn a_name_that_is_the_beginning_of_another_stays_whole() {
        let names = ["a-name-of-many-letters", "a-name-of-many-letters-a-name-of-many-letters"];
        let shown = shown(&names, 12);
        assert!(shown[0] != shown[1], "{shown:?}");
    }
}
