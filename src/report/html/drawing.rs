//! Pictures within a page: SVG whose colours are the page's, whose lines can be hidden, and whose points tell their numbers.

use super::markup::Markup;
use super::numbers;
use crate::report::plot::picture::{
    Anchor, BLACK, Color, GREY, Group, PALE, PALETTE, Picture, Point, SHADE, Shape, Text, Told, WHITE,
};

/// A picture with the table of its numbers below.
pub(super) fn figure(picture: &Picture) -> Markup {
    let names = names(&picture.shapes);
    let label = heading(&picture.shapes).unwrap_or_else(|| "picture".into());
    let wide = if picture.width > WIDE { "wide" } else { "" };
    let drawn = Markup::all(picture.shapes.iter().map(|shape| drawn(shape, &names)));
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

fn drawn(shape: &Shape, names: &[(String, Color)]) -> Markup {
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
            Markup::open("circle", &[("class", &class), ("cx", &x), ("cy", &y), ("r", &r), ("fill", &hex(*color))])
                .closed()
        }
        Shape::Text(text) => words(text),
        Shape::Group(group, inside) => grouped(group, inside, names),
    }
}

fn grouped(group: &Group, inside: &[Shape], names: &[(String, Color)]) -> Markup {
    let drawn = Markup::all(inside.iter().map(|shape| drawn(shape, names)));
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
    serde_json::Value::Array(points.iter().map(point).collect()).to_string()
}

fn path(points: &[Point], attributes: &[(&'static str, &str)]) -> Markup {
    let mut d = String::new();
    for (index, &(x, y)) in points.iter().enumerate() {
        let letter = if index == 0 { 'M' } else { 'L' };
        d.push_str(&format!("{letter}{} {}", round(x), round(y)));
    }
    let mut all = vec![("d", d.as_str())];
    all.extend(attributes);
    Markup::open("path", &all).closed()
}

fn words(text: &Text) -> Markup {
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
    Markup::element("text", &attributes, Markup::text(&text.text))
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
