//! A graph in letters: axes with round ticks, lines of dots with their names at their ends.

use super::super::ink::{Ink, Tone};
use super::super::{WIDTH, shortened};
use super::canvas::{ACROSS, Canvas, DOWN};
use super::strokes::{MARKERS, Stroke, path};
use crate::report::graph::apart::{above, apart};
use crate::report::graph::color::{Color, GREY};
use crate::report::graph::{Graph, Names, Scale, Series};
use crate::report::names;

/// Most columns of a name beside the lines.
const LONGEST: usize = 22;
/// Lines of so few points have them marked.
const FEW: usize = 24;

/// The graph with so many rows between its axes; three more lie below them and one above.
pub(super) fn draw(graph: &Graph, rows: usize, ink: Ink) -> String {
    if graph.is_empty() {
        return format!("{}{}\n", heading(graph, ink), graph.nothing);
    }
    let ticks = graph.y.ticks();
    let labels = ticks.iter().map(|(_, label)| label.chars().count()).max().unwrap_or(0);
    // In a column a piece of the line comes before its name, elsewhere a dot or nothing.
    let lead = if graph.names == Names::InColumn && graph.lines.len() > 1 { 4 } else { 2 };
    let named = graph.lines.iter().filter(|line| !line.points.is_empty());
    let names = named.map(|line| line.name.chars().count() + lead);
    let names = names.chain(graph.horizontals.iter().map(|(_, name)| name.chars().count()));
    let margin = names.max().unwrap_or(0).min(LONGEST) + 2;
    let columns = WIDTH - labels - 2 - margin;
    let mut plot = Plot { canvas: Canvas::new(columns + margin, rows), graph, columns, rows, ink, names: Vec::new() };
    plot.draw();
    let mut text = heading(graph, ink);
    for (row, line) in plot.canvas.lines(ink).into_iter().enumerate() {
        let tick = ticks.iter().find(|(value, _)| plot.row(*value) == row);
        let label = tick.map_or("", |(_, label)| label);
        let axis = if tick.is_some() { '┤' } else { '│' };
        text += &format!("{label:>labels$} {axis}{line}\n");
    }
    let lead = " ".repeat(labels + 1);
    let [axis, values] = below(&graph.x, columns);
    text += &format!("{lead}└{axis}\n{}\n", format!("{lead} {values}").trim_end());
    let name = shortened(&graph.says[2], columns);
    let before = lead.len() + 1 + columns.saturating_sub(name.chars().count()) / 2;
    let name = if name.is_empty() { name } else { format!("{}{}\n", " ".repeat(before), ink.paint(Tone::Dim, &name)) };
    text + &name
}

/// What it shows, and what the vertical axis means.
fn heading(graph: &Graph, ink: Ink) -> String {
    let [what, meaning, _] = &graph.says;
    let what = shortened(what, WIDTH);
    let meaning = shortened(meaning, WIDTH.saturating_sub(what.chars().count() + 2).max(1));
    format!("{}  {}", ink.paint(Tone::Head, &what), ink.paint(Tone::Dim, &meaning)).trim_end().to_owned() + "\n"
}

/// The horizontal axis with its ticks, and their labels where there is room.
pub(super) fn below(scale: &Scale, columns: usize) -> [String; 2] {
    let (mut axis, mut labels) = (vec!['─'; columns], vec![' '; columns + 8]);
    let room = scale.room().map_or(usize::MAX, |share| ((share * columns as f64) as usize).saturating_sub(1).max(1));
    let mut free = 0;
    for (value, label) in scale.ticks() {
        let Some(place) = scale.place(value).filter(|place| (-0.001..=1.001).contains(place)) else { continue };
        let column = (place.clamp(0.0, 1.0) * (columns - 1) as f64).round() as usize;
        axis[column] = '┬';
        let label = shortened(&label, room);
        let start = column.saturating_sub(label.chars().count() / 2);
        let end = start + label.chars().count();
        if (start >= free || free == 0) && end <= labels.len() {
            labels[start..end].iter_mut().zip(label.chars()).for_each(|(cell, letter)| *cell = letter);
            free = end + 1;
        }
    }
    [axis.into_iter().collect(), labels.into_iter().collect::<String>().trim_end().to_owned()]
}

/// The inside of the axes, and the names to the right of it.
struct Plot<'a> {
    canvas: Canvas,
    graph: &'a Graph,
    columns: usize,
    rows: usize,
    ink: Ink,
    /// Where a line ends, its name, its colour.
    names: Vec<((usize, f64), String, Color)>,
}

impl Plot<'_> {
    fn draw(&mut self) {
        let graph = self.graph;
        self.shades();
        for (at, _) in &graph.verticals {
            if let Some((_, column)) = self.upright(*at) {
                (0..self.rows).for_each(|row| self.canvas.back(column, row, '┊', GREY));
            }
        }
        for (at, name) in &graph.horizontals {
            let row = self.row(*at);
            (0..self.columns).for_each(|column| self.canvas.back(column, row, '┄', GREY));
            self.names.push(((self.columns, row as f64), name.clone(), GREY));
        }
        let (mut drawn, mut dotted) = (0, 0);
        for line in &graph.lines {
            match line.joined {
                true => self.line(line, Stroke::of(line.dashed, drawn, self.ink)),
                false => self.markers(line, MARKERS[dotted % MARKERS.len()]),
            }
            drawn += usize::from(line.joined && !line.dashed);
            dotted += usize::from(!line.joined);
        }
        for &(x, y, color) in &graph.rings {
            let (column, row) = self.cell(x, y);
            self.canvas.text(column, row, "◎", color);
        }
        self.write_names();
        for (at, name) in &graph.verticals {
            self.write_beside(*at, name);
        }
    }

    /// The whole region; where several curves have one each, a row for each.
    fn shades(&mut self) {
        for shade in &self.graph.shades {
            let place = |x: f64| self.graph.x.place(x).unwrap_or(0.0).clamp(0.0, 1.0) * self.columns as f64;
            let (from, to) = (place(shade.from).round() as usize, place(shade.to).round() as usize);
            for row in shade.row.map_or(0..self.rows, |row| row..row + 1) {
                (from..to).for_each(|column| self.canvas.back(column, row, '░', shade.color));
            }
            let why = if shade.why.is_empty() { String::new() } else { format!(" {} ", shade.why) };
            let (width, room) = (why.chars().count(), to.saturating_sub(from));
            // In the middle, or before a region that is too narrow for it.
            let start = if width <= room { from + (room - width) / 2 } else { from.saturating_sub(width) };
            let color = if shade.row.is_some() { shade.color } else { GREY };
            self.canvas.text(start, shade.row.unwrap_or(self.rows - 1), &why, color);
        }
    }

    /// Where a vertical is: its place between the axes, and its column.
    fn upright(&self, at: f64) -> Option<(f64, usize)> {
        let place = self.graph.x.place(at).filter(|place| (0.0..=1.0).contains(place))?;
        Some((place, (place * (self.columns - 1) as f64).round() as usize))
    }

    /// The name of a vertical on the side where there is more room, as near to the top as nothing else is there.
    fn write_beside(&mut self, at: f64, name: &str) {
        let Some((place, column)) = self.upright(at) else { return };
        let long = name.chars().count();
        let start = if place > 0.6 { column.saturating_sub(long + 1) } else { column + 2 };
        let row = (0..self.rows).find(|&row| self.canvas.is_free(start, row, long));
        self.canvas.text(start, row.unwrap_or(0), name, GREY);
    }

    fn line(&mut self, line: &Series, stroke: Stroke) {
        let points: Vec<(usize, usize)> = line.points.iter().map(|&(x, y, _)| self.dot(x, y)).collect();
        for (index, at) in path(&points).into_iter().enumerate() {
            if stroke.is_on(index) {
                self.canvas.dot(at, line.color);
            }
        }
        if points.len() <= FEW && !line.dashed {
            for &(x, y) in &points {
                let corner = (x.saturating_sub(x % ACROSS), y.saturating_sub(y % 2));
                let dots = [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(right, down)| (corner.0 + right, corner.1 + down));
                dots.into_iter().for_each(|dot| self.canvas.dot(dot, line.color));
            }
        }
        let sample = stroke.sample();
        self.name(line, if self.graph.names == Names::InColumn && self.graph.lines.len() > 1 { &sample } else { "" });
    }

    /// Points by themselves, with their intervals.
    fn markers(&mut self, line: &Series, marker: &str) {
        for &(x, y, interval) in &line.points {
            if let Some(ends) = interval {
                let [(x, low), (_, high)] = ends.map(|end| self.dot(x, end));
                (high..=low).for_each(|y| self.canvas.dot((x, y), line.color));
            }
            let (column, row) = self.cell(x, y);
            self.canvas.text(column, row, marker, line.color);
        }
        // A name beside a point needs no other.
        self.name(line, if self.graph.is_named_at_its_end(line) { "" } else { marker });
    }

    fn name(&mut self, line: &Series, sample: &str) {
        if let (Some(&(x, y, _)), false) = (line.points.last(), line.name.is_empty()) {
            let ((column, _), dot) = (self.cell(x, y), self.dot(x, y).1);
            let column = if self.graph.is_named_at_its_end(line) { column } else { self.columns - 1 };
            let name = format!("{sample} {}", line.name);
            self.names.push(((column, dot as f64 / DOWN as f64 - 0.4), name.trim_start().to_owned(), line.color));
        }
    }

    /// At the ends of the lines, moved apart where they would touch; or in a column where they end close together.
    fn write_names(&mut self) {
        let mut names = std::mem::take(&mut self.names);
        let in_column = self.graph.names == Names::InColumn && names.len() > 1;
        match in_column {
            true => names.sort_by_key(|name| std::cmp::Reverse(name.0.0)),
            false => names.sort_by(|a, b| a.0.1.total_cmp(&b.0.1)),
        }
        let lower = if self.graph.names == Names::BelowEnds { 1.5 } else { 0.0 };
        let wanted: Vec<f64> = names.iter().map(|(at, ..)| at.1 + lower).collect();
        let heights = above(apart(&wanted, 1.0), self.rows as f64 - 1.0, 1.0);
        let whole: Vec<&str> = names.iter().map(|(_, name, _)| name.as_str()).collect();
        let fits = |text: &str| text.chars().count() <= LONGEST;
        let around = |index: usize, from: usize| names::starting(whole[index], from, &fits);
        let shown = names::apart(&whole, &|index| shortened(whole[index], LONGEST), &around);
        for (index, ((((end, _), _, color), text), height)) in names.iter().zip(shown).zip(heights).enumerate() {
            let (column, row) =
                if in_column { (self.columns + 1, index) } else { (end + 2, height.round().max(0.0) as usize) };
            self.canvas.text(column, row, &text, *color);
        }
    }

    /// The dot at a place, kept inside the axes.
    fn dot(&self, x: f64, y: f64) -> (usize, usize) {
        let place = |scale: &Scale, value: f64| scale.place(value).unwrap_or(0.0).clamp(0.0, 1.0);
        let across = place(&self.graph.x, x) * (self.columns * ACROSS - 1) as f64;
        let down = (1.0 - place(&self.graph.y, y)) * (self.rows * DOWN - 1) as f64;
        (across.round() as usize, down.round() as usize)
    }

    fn cell(&self, x: f64, y: f64) -> (usize, usize) {
        let (x, y) = self.dot(x, y);
        (x / ACROSS, y / DOWN)
    }

    fn row(&self, y: f64) -> usize {
        let place = self.graph.y.place(y).unwrap_or(0.0).clamp(0.0, 1.0);
        ((1.0 - place) * (self.rows * DOWN - 1) as f64).round() as usize / DOWN
    }
}
