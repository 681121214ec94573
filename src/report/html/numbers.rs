//! The numbers of a picture as a table, for those who do not see the picture or want them exactly.

use super::drawing::Line;
use super::markup::Markup;

/// More rows than this tell no more: then they are some, evenly among all.
const MOST: usize = 40;

/// A table that unfolds: a row for each place from left to right, a column for each line.
pub(super) fn table(label: &str, lines: &[Line<'_>]) -> Markup {
    // A line without a name belongs to one with a name, unless there is none.
    let named: Vec<Line<'_>> = lines.iter().copied().filter(|(name, _)| !name.is_empty()).collect();
    let lines = if named.is_empty() { lines } else { &named };
    let places = places(lines);
    if places.is_empty() {
        return Markup::default();
    }
    let every = places.len().div_ceil(MOST);
    let columns = columns(lines);
    let names = columns.iter().map(|(name, _)| cell("th", "col", if name.is_empty() { "value" } else { name }));
    let head = Markup::element("tr", &[], Markup::all(std::iter::once(cell("th", "col", "at")).chain(names)));
    let row = |place: &&str| {
        let values = columns.iter().map(|(_, lines)| {
            let told = lines.iter().flat_map(|line| line.1).find(|told| told.x == **place);
            Markup::of("td", told.map_or("", |told| &told.y))
        });
        Markup::element("tr", &[], Markup::all(std::iter::once(cell("th", "row", place)).chain(values)))
    };
    let rows = Markup::all(places.iter().step_by(every).map(row));
    let caption = Markup::of("caption", label);
    let parts = [caption, Markup::element("thead", &[], head), Markup::element("tbody", &[], rows)];
    let table = Markup::element("table", &[], Markup::all(parts));
    let attributes = [("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", label)];
    let scroll = Markup::element("div", &attributes, table);
    let says = if every > 1 { "The numbers (some of them)" } else { "The numbers" };
    Markup::element("details", &[("class", "numbers")], Markup::all([Markup::of("summary", says), scroll]))
}

/// Lines of the same name, which share a column.
fn columns<'a>(lines: &[Line<'a>]) -> Vec<(&'a str, Vec<Line<'a>>)> {
    let mut columns: Vec<(&str, Vec<Line<'_>>)> = Vec::new();
    for line in lines {
        match columns.iter_mut().find(|column| column.0 == line.0) {
            Some(column) => column.1.push(*line),
            None => columns.push((line.0, vec![*line])),
        }
    }
    columns
}

fn cell(name: &'static str, scope: &str, text: &str) -> Markup {
    Markup::element(name, &[("scope", scope)], Markup::text(text))
}

/// What stands below the points of all lines, in the order of the first that has it.
fn places<'a>(lines: &[Line<'a>]) -> Vec<&'a str> {
    let mut all: Vec<(f64, &str)> = Vec::new();
    for told in lines.iter().flat_map(|(_, points)| points.iter()) {
        if !all.iter().any(|known| known.1 == told.x) {
            all.push((told.at.0, &told.x));
        }
    }
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all.into_iter().map(|(_, words)| words).collect()
}
