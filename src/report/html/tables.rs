//! Tables of numbers with their intervals.

use super::markup::Markup;
use crate::experiment::results::Estimate;
use crate::report::quantity::{Kind, estimate};

/// A column: numbers stand to the right.
#[derive(Debug, Clone, Copy)]
pub(super) enum Column<'a> {
    /// Of words, with this heading.
    Words(&'a str),
    /// Of numbers, with this heading.
    Numbers(&'a str),
}

impl Column<'_> {
    fn head(self) -> Markup {
        let (class, heading) = match self {
            Self::Words(heading) => ("words", heading),
            Self::Numbers(heading) => ("", heading),
        };
        Markup::element("th", &[("scope", "col"), ("class", class)], Markup::text(heading))
    }
}

/// More rows than this nobody reads on a page.
const MOST: usize = 400;

/// A table: what it shows, its columns, and its rows, each with a name first.
pub(super) fn table(caption: &str, columns: &[Column<'_>], mut rows: Vec<Vec<Markup>>) -> Markup {
    if rows.is_empty() {
        return Markup::default();
    }
    let all = rows.len();
    rows.truncate(MOST);
    let caption = match all > MOST {
        true => format!("{caption}: the first {MOST} of {all} rows; --format json has all"),
        false => caption.to_owned(),
    };
    let head = columns.iter().map(|column| column.head());
    let head = Markup::element("thead", &[], Markup::element("tr", &[], Markup::all(head)));
    let body = rows.into_iter().map(|cells| Markup::element("tr", &[], Markup::all(cells)));
    let parts = [Markup::of("caption", &caption), head, Markup::element("tbody", &[], Markup::all(body))];
    let table = Markup::element("table", &[], Markup::all(parts));
    let attributes = [("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", caption.as_str())];
    Markup::element("div", &attributes, table)
}

/// The name of a row.
pub(super) fn name(text: &str) -> Markup {
    Markup::element("th", &[("scope", "row")], Markup::text(text))
}

/// Words.
pub(super) fn words(text: &str) -> Markup {
    Markup::element("td", &[("class", "words")], Markup::text(text))
}

/// Something already written.
pub(super) fn cell(text: &str) -> Markup {
    Markup::of("td", text)
}

/// A number and, smaller, half of its interval.
pub(super) fn number(kind: Kind, value: &Estimate) -> Markup {
    let (value, half) = estimate(kind, value);
    let half = if half.is_empty() { Markup::default() } else { Markup::of("small", &format!(" {half}")) };
    Markup::element("td", &[], Markup::all([Markup::text(&value), half]))
}
