//! Pictures within a page: SVG whose colours are the page's, whose lines can be hidden, and whose points tell their numbers.

use super::markup::Markup;
use super::numbers;
use crate::report::plot::extent;
use crate::report::plot::picture::{
    Anchor, BLACK, Color, GREY, Group, PALE, PALETTE, Picture, Point, SHADE, Shape, Text, Told, WHITE,
};

/// A picture with the table of its numbers below.
pub(super) fn figure(picture: &Picture) -> Markup {
    let names = names(&picture.shapes);
    let label = heading(&picture.shapes).unwrap_or_else(|| "picture".into());
    let wide = if picture.width > WIDE { "wide" } else { "" };
    let page = Page { names: &names, width: picture.width };
    let drawn = Markup::all(picture.shapes.iter().map(|shape| page.drawn(shape)));
    let size = format!("0 0 {} {}", round(picture.width), round(picture.height));
    let width = format!("--w:{}", round(picture.width));
    let mut attributes = vec![("viewBox", size.as_str()), ("aria-label", label.as_str()), ("style", width.as_str())];
    // Whoever has no pointer walks along the points with the arrow keys.
    let lines = series(&picture.shapes);
    let walked = !lines.is_empty();
    attributes.extend(if walked { [("role", "group"), ("tabindex", "0")].as_slice() } else { &[("role", "img")] });
    let scrolled = if wide.is_empty() { "picture" } else { "picture wide" };
    let mut holder = vec![("class", scrolled)];
    if !wide.is_empty() {
        holder.extend([("tabindex", "0"), ("role", "region"), ("aria-label", label.as_str())]);
    }
    let svg = Markup::element("div", &holder, Markup::element("svg", &attributes, drawn));
    let tip = Markup::fixed("<div class=\"tip\" role=\"status\" aria-live=\"polite\" hidden></div>");
    let numbers = numbers::table(&label, &lines);
    Markup::element("figure", &[("class", wide)], Markup::all([svg, tip, numbers]))
}

/// Wider pictures are scrolled where there is not enough room, rather than made too small to be read.
const WIDE: f64 = 600.0;

/// A line of a picture: its name and its points.
pub(super) type Line<'a> = (&'a str, &'a [Told]);

/// The lines that have points which tell something.
fn series(shapes: &[Shape]) -> Vec<Line<'_>> {
    let mut all = Vec::new();
    for shape in shapes {
        match shape {
            Shape::Group(Group::Series(name, _, points), _) if !points.is_empty() => {
                all.push((name.as_str(), points.as_slice()));
            }
            Shape::Group(_, inside) => all.extend(series(inside)),
            _ => {}
        }
    }
    all
}

/// The first heavy words.
fn heading(shapes: &[Shape]) -> Option<String> {
    shapes.iter().find_map(|shape| match shape {
        Shape::Text(text) if text.bold => Some(text.text.clone()),
        Shape::Group(_, inside) => heading(inside),
        _ => None,
    })
}

/// The names of lines with their colours, in the order in which they appear.
fn names(shapes: &[Shape]) -> Vec<(String, Color)> {
    let mut found: Vec<(String, Color)> = Vec::new();
    for shape in shapes {
        let more = match shape {
            Shape::Group(Group::Series(name, color, _), _) if !name.is_empty() => vec![(name.clone(), *color)],
            Shape::Group(_, inside) => names(inside),
            _ => Vec::new(),
        };
        found.extend(more.into_iter().filter(|new| !found.contains(new)).collect::<Vec<_>>());
    }
    found
}

/// What a shape has to know of the picture it is in.
#[derive(Debug, Clone, Copy)]
struct Page<'a> {
    /// The names of lines with their colours.
    names: &'a [(String, Color)],
    width: f64,
}

impl Page<'_> {
    fn drawn(self, shape: &Shape) -> Markup {
        match shape {
            Shape::Line(points, color, width) => {
                let (class, width) = (format!("l {}", class(*color, "s")), round(*width));
                path(points, &[("class", &class), ("stroke-width", &width), ("stroke", &hex(*color))])
            }
            Shape::Area(points, color, opacity) => {
                let (class, opacity) = (class(*color, "f"), round(*opacity));
                path(points, &[("class", &class), ("fill-opacity", &opacity), ("fill", &hex(*color))])
            }
            Shape::Dot((x, y), radius, color) => {
                let (class, [x, y, r]) = (class(*color, "f"), [*x, *y, *radius].map(round));
                let at = [("class", class.as_str()), ("cx", &x), ("cy", &y), ("r", &r), ("fill", &hex(*color))];
                Markup::open("circle", &at).closed()
            }
            Shape::Text(text) => words(text, self.width),
            Shape::Group(group, inside) => {
                let inside = Markup::all(inside.iter().map(|shape| self.drawn(shape)));
                grouped(group, inside, self.names)
            }
        }
    }
}

fn grouped(group: &Group, drawn: Markup, names: &[(String, Color)]) -> Markup {
    let place = |name: &str, color: &Color| {
        // A line without a name goes with the one of its colour.
        let known = names.iter().position(|known| known.1 == *color && (known.0 == name || name.is_empty()));
        known.map_or_else(String::new, |index| index.to_string())
    };
    match group {
        Group::Series(name, color, points) => {
            let (of, points) = (place(name, color), told(points));
            let mut attributes = vec![("class", "series"), ("data-of", of.as_str()), ("data-name", name.as_str())];
            if !points.is_empty() {
                attributes.push(("data-points", &points));
            }
            Markup::element("g", &attributes, drawn)
        }
        // What is written at the end of a limit hides nothing.
        Group::Name(name, color) if place(name, color).is_empty() => drawn,
        Group::Name(name, color) => {
            let (of, label) = (place(name, color), format!("show {name}"));
            let attributes = [
                ("class", "name"),
                ("data-of", of.as_str()),
                ("role", "button"),
                ("tabindex", "0"),
                ("aria-pressed", "true"),
                ("aria-label", label.as_str()),
            ];
            Markup::element("g", &attributes, drawn)
        }
        Group::Told(text) => Markup::element("g", &[("class", "told"), ("data-tip", text)], drawn),
    }
}

/// Points as the script reads them: `[[x, y, "words", "words"], …]`.
fn told(points: &[Told]) -> String {
    if points.is_empty() {
        return String::new();
    }
    let point = |told: &Told| serde_json::json!([tenth(told.at.0), tenth(told.at.1), told.x, told.y]);
    let places: Vec<Point> = points.iter().map(|told| told.at).collect();
    let seen = seen(&places, TOLD).into_iter().map(|index| point(&points[index]));
    serde_json::Value::Array(seen.collect()).to_string()
}

/// Points of a line that tell their numbers are so far apart …
const TOLD: f64 = 2.0;
/// … and those that it is drawn through.
const DRAWN: f64 = 0.4;

/// The points that are farther than this from the one before, and the last: nobody sees the others.
fn seen(points: &[Point], least: f64) -> Vec<usize> {
    let mut kept: Vec<usize> = Vec::new();
    for (index, &(x, y)) in points.iter().enumerate() {
        let near = kept.last().is_some_and(|&last| libm::hypot(points[last].0 - x, points[last].1 - y) < least);
        if !near || index + 1 == points.len() {
            kept.push(index);
        }
    }
    kept
}

fn path(points: &[Point], attributes: &[(&'static str, &str)]) -> Markup {
    let mut d = String::new();
    for (index, (x, y)) in seen(points, DRAWN).into_iter().map(|index| points[index]).enumerate() {
        let letter = if index == 0 { 'M' } else { 'L' };
        d.push_str(&format!("{letter}{} {}", round(x), round(y)));
    }
    let mut all = vec![("d", d.as_str())];
    all.extend(attributes);
    Markup::open("path", &all).closed()
}

/// So much wider than ours the font of a browser may be.
const WIDER: f64 = 1.3;

/// Text; where a wider font would be cut at the edge of the picture, as wide as was measured, whatever the font.
fn words(text: &Text, page: f64) -> Markup {
    let wide = extent(&text.text, text.size, text.bold);
    let reach = |share: f64| [text.at.0 - share * WIDER * wide, text.at.0 + (1.0 - share) * WIDER * wide];
    let [left, right] = match text.anchor {
        Anchor::Start => reach(0.0),
        Anchor::Middle => reach(0.5),
        Anchor::End => reach(1.0),
    };
    let length = round(wide);
    let fixed: &[(&str, &str)] = match left < 0.0 || right > page {
        true => &[("textLength", &length), ("lengthAdjust", "spacingAndGlyphs")],
        false => &[],
    };
    let anchor = match text.anchor {
        Anchor::Start => "start",
        Anchor::Middle => "middle",
        Anchor::End => "end",
    };
    let class = format!("{}{}", class(text.color, "t"), if text.bold { " b" } else { "" });
    let [x, y, size] = [text.at.0, text.at.1, text.size].map(round);
    let attributes = [
        ("class", class.as_str()),
        ("x", &x),
        ("y", &y),
        ("text-anchor", anchor),
        ("font-size", &size),
        ("fill", &hex(text.color)),
    ];
    Markup::element("text", &[&attributes, fixed].concat(), Markup::text(&text.text))
}

/// The colour's class, whose style the page gives it, light or dark: `s` for strokes, `f` for fills, `t` for text.
fn class(color: Color, of: &str) -> String {
    let named = [(BLACK, "ink"), (GREY, "grey"), (PALE, "pale"), (WHITE, "page"), (SHADE, "shade")];
    let known = named.iter().find(|known| known.0 == color).map(|known| known.1.to_owned());
    let own = || PALETTE.iter().position(|known| *known == color).map(|index| index.to_string());
    known.or_else(own).map_or_else(String::new, |name| format!("{of}-{name}"))
}

fn hex((red, green, blue): Color) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn tenth(x: f64) -> f64 {
    libm::round(x * 10.0) / 10.0
}

/// With two decimals at most.
fn round(x: f64) -> String {
    format!("{}", libm::round(x * 100.0) / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_that_nobody_sees_are_left_out() {
        let close = [(0.0, 0.0), (0.1, 0.0), (0.3, 0.0), (1.0, 0.0), (1.1, 0.0)];
        assert_eq!(seen(&close, 0.4), [0, 3, 4]);
        assert_eq!(seen(&[], 0.4), [0_usize; 0]);
    }

    #[test]
    fn words_at_an_edge_are_as_wide_as_was_measured() {
        let mut picture = Picture::new(200.0, 40.0);
        picture.text((10.0, 20.0), "near the left", GREY, Anchor::Start);
        picture.text((110.0, 20.0), "up to the very edge", GREY, Anchor::Start);
        let page = figure(&picture).into_string();
        assert!(page.contains(">near the left<") && page.matches("textLength").count() == 1, "{page}");
        assert!(page.contains("spacingAndGlyphs\">up to the very edge<"), "{page}");
    }
}
