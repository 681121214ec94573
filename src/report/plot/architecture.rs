//! The picture of an architecture: boxes in layers, arrows between them.

use super::layered::{Layout, Size, layout};
use super::picture::{Anchor, BLACK, Color, GREY, Group, PALE, PALETTE, Picture, Point, WHITE};
use super::render::width;
use super::words::{fitted, wrapped};
use crate::experiment::explain::{Component, Explanation, Link, Source};
use crate::report::folding::{Folding, component_of};
use crate::report::quantity::{Kind, show};
use crate::report::reading::number;

/// As many boxes as a page shows.
const MOST_DRAWN: usize = 60;
/// As many demands as are told of a box.
const MOST_DEMANDS: usize = 6;
/// Beyond so many arrows labels would cover each other.
const MOST_LABELS: usize = 45;

const TITLE: f64 = 16.0;
/// Height of a line of the title.
const LINE: f64 = 20.0;
const MARGIN: f64 = 28.0;
const TOP: f64 = 84.0;
const BELOW: f64 = 48.0;
const PADDING: f64 = 12.0;
const BOX: f64 = 42.0;
/// A box with a bar that shows how busy it is.
const TALL: f64 = 60.0;
/// What saturates first.
const HOT: Color = PALETTE[1];

/// The whole page: its title, in as many lines as it takes, above the drawing.
pub(in crate::report) fn picture(explanation: &Explanation) -> Picture {
    let drawn = drawn(explanation);
    let lines = wrapped(&explanation.scenario.title, drawn.width - 2.0 * MARGIN, TITLE, true);
    let more = LINE * lines.len().saturating_sub(1) as f64;
    let mut picture = Picture::new(drawn.width, drawn.height + more);
    for (index, line) in lines.iter().enumerate() {
        picture.heading((MARGIN, 28.0 + LINE * index as f64), line, TITLE);
    }
    picture.place((0.0, more), drawn);
    picture
}

/// Everything but the title, for which there is room for one line.
fn drawn(explanation: &Explanation) -> Picture {
    let folding = Folding::new(explanation, MOST_DRAWN);
    let shown: Vec<&Component> =
        explanation.components.iter().filter(|component| folding.shown.contains(component.name.as_str())).collect();
    let place = |name: &str| shown.iter().position(|component| component.name == name);
    let both = |link: &&Link| place(&link.from).is_some() && place(&link.to).is_some() && link.from != link.to;
    let links: Vec<&Link> = explanation.links.iter().filter(both).collect();
    let ends = |link: &&Link| Some((place(&link.from)?, place(&link.to)?));
    let arrows: Vec<(usize, usize)> = links.iter().filter_map(ends).collect();
    let sizes: Vec<Size> = shown.iter().map(|component| size(explanation, component)).collect();
    let found = layout(&sizes, &arrows);
    let page = found.size.width.max(width(&note(1))) + 2.0 * MARGIN;
    let mut picture = Picture::new(page, TOP + found.size.height + BELOW);
    picture.text((MARGIN, 50.0), &fitted(&said(explanation), page - 2.0 * MARGIN), GREY, Anchor::Start);
    let drawing = Drawing { sizes: &sizes, found: &found, links: &links, arrows: &arrows };
    drawing.arrows(&mut picture);
    let first = explanation.bottleneck.as_ref().and_then(|first| component_of(explanation, &first.station));
    for ((component, &size), &(x, y)) in shown.iter().zip(&sizes).zip(&found.centres) {
        let corner = (x + MARGIN - size.width / 2.0, y + TOP - size.height / 2.0);
        picture.group(Group::Told(told(explanation, component)), |picture| {
            node(picture, explanation, component, corner, size, first == Some(component.name.as_str()));
        });
    }
    let hidden = explanation.components.len() - shown.len();
    let bottom = picture.height - 16.0;
    picture.text((MARGIN, bottom), &fitted(&note(hidden), page - 2.0 * MARGIN), GREY, Anchor::Start);
    picture
}

/// All that is known of a component.
fn told(explanation: &Explanation, component: &Component) -> String {
    let replicas = component.replicas.map(|count| format!("{count} replica{}", if count == 1 { "" } else { "s" }));
    let demand = |name: &String| explanation.stations.get(name).filter(|station| !station.held);
    let demands = component.stations.iter().filter_map(|name| Some((name, demand(name)?)));
    let demands = demands.flat_map(|(name, station)| {
        let asks = station.demand_s.iter().filter(|ask| *ask.1 > 0.0);
        asks.map(move |(workload, ask)| format!("{workload} asks {} of {name}", show(Kind::Time, Some(*ask))))
    });
    let load = component.load.map(|load| format!("busiest station {}", show(Kind::Ratio, Some(load))));
    let calls =
        (component.kind != "workload").then(|| format!("{} calls and visits", show(Kind::Rate, Some(component.calls))));
    let kind = match explanation.workloads.contains_key(&component.name) {
        true => format!("workload, {}", kind(explanation, component)),
        false => component.kind.to_owned(),
    };
    let said: Vec<String> =
        std::iter::once(kind).chain(replicas).chain(load).chain(calls).chain(demands.take(MOST_DEMANDS)).collect();
    format!("{}: {}", component.name, said.join(", "))
}

/// What saturates first, in a line.
fn said(explanation: &Explanation) -> String {
    let Some(first) = &explanation.bottleneck else { return "nothing ever saturates".into() };
    match &explanation.highest {
        Some(highest) => {
            format!("{} saturates first, at {:.3} × today's load", first.station, highest.factor)
        }
        None => {
            let rate = first.throughput.values().sum();
            format!("{} saturates first, at {}", first.station, show(Kind::Rate, Some(rate)))
        }
    }
}

fn note(hidden: usize) -> String {
    let all = "arrows: calls and visits per second; bars: how busy the busiest station is";
    if hidden == 0 { all.into() } else { format!("{all}; {hidden} less busy components are not drawn") }
}

fn size(explanation: &Explanation, component: &Component) -> Size {
    let text = (1.12 * width(&component.name)).max(width(&kind(explanation, component)));
    let height = if component.load.is_some() { TALL } else { BOX };
    Size { width: (text + 2.0 * PADDING).max(86.0), height }
}

/// The second line of a box.
fn kind(explanation: &Explanation, component: &Component) -> String {
    match explanation.workloads.get(&component.name).map(|plan| plan.source) {
        Some(Source::Open { rate } | Source::Replayed { rate }) => show(Kind::Rate, Some(rate)),
        Some(Source::Closed { users, think_time }) if think_time > 0.0 => {
            format!("{users} users, think {}", show(Kind::Time, Some(think_time)))
        }
        Some(Source::Closed { users, .. }) => format!("{users} users"),
        None => match component.replicas.filter(|count| *count > 1) {
            Some(count) => format!("{} ×{count}", component.kind),
            None => component.kind.into(),
        },
    }
}

/// A colour for each kind.
fn color(kind: &str) -> Color {
    match kind {
        "workload" => PALETTE[0],
        "database" => PALETTE[2],
        "cache" => PALETTE[4],
        "queue" => PALETTE[3],
        "balancer" | "link" => GREY,
        _ => PALETTE[5],
    }
}

fn node(picture: &mut Picture, explanation: &Explanation, component: &Component, corner: Point, size: Size, hot: bool) {
    let tint = color(component.kind);
    let radius = if component.kind == "workload" { size.height / 2.0 } else { 6.0 };
    let border = rounded(corner, size, radius);
    picture.area(border.clone(), WHITE, 1.0);
    picture.area(border.clone(), tint, 0.14);
    picture.line(border, if hot { HOT } else { tint }, if hot { 3.0 } else { 1.2 });
    let (x, y) = (corner.0 + size.width / 2.0, corner.1);
    picture.bold((x, y + 15.0), &component.name, BLACK);
    picture.text((x, y + 31.0), &kind(explanation, component), GREY, Anchor::Middle);
    if let Some(load) = component.load {
        bar(picture, (corner.0 + PADDING, y + 45.0), size.width - 2.0 * PADDING, load);
    }
    if hot {
        picture.text((x, y - 10.0), "saturates first", HOT, Anchor::Middle);
    }
}

/// How busy: a bar, and the percentage in it.
fn bar(picture: &mut Picture, at: Point, width: f64, load: f64) {
    let rectangle = |width: f64| {
        vec![(at.0, at.1 - 6.0), (at.0 + width, at.1 - 6.0), (at.0 + width, at.1 + 6.0), (at.0, at.1 + 6.0)]
    };
    picture.area(rectangle(width), PALE, 1.0);
    let tint = if load >= 0.9 {
        HOT
    } else if load >= 0.7 {
        PALETTE[4]
    } else {
        PALETTE[2]
    };
    picture.area(rectangle(width * load.min(1.0)), tint, 0.55);
    picture.text((at.0 + width / 2.0, at.1), &format!("{:.0} %", load * 100.0), BLACK, Anchor::Middle);
}

/// The outline of a box with round corners.
fn rounded((x, y): Point, size: Size, radius: f64) -> Vec<Point> {
    let mut points = Vec::new();
    let corners = [
        (x + size.width - radius, y + radius, -90.0f64),
        (x + size.width - radius, y + size.height - radius, 0.0),
        (x + radius, y + size.height - radius, 90.0),
        (x + radius, y + radius, 180.0),
    ];
    for (x, y, from) in corners {
        for step in 0..=12 {
            let angle = (from + f64::from(step) * 90.0 / 12.0).to_radians();
            points.push((x + radius * libm::cos(angle), y + radius * libm::sin(angle)));
        }
    }
    points.push(points[0]);
    points
}

/// Where the rate of an arrow may stand, in twentieths of its way.
const PLACES: [usize; 7] = [11, 9, 13, 7, 15, 5, 17];

/// Left, top, right, bottom.
type Area = [f64; 4];

fn touch(a: Area, b: Area) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

/// Who calls whom, and how often.
fn calls(link: &Link) -> String {
    let each = number(link.per_request);
    format!("{} → {}: {}, {each} for each request", link.from, link.to, show(Kind::Rate, Some(link.rate)))
}

struct Drawing<'a> {
    sizes: &'a [Size],
    found: &'a Layout,
    links: &'a [&'a Link],
    arrows: &'a [(usize, usize)],
}

impl Drawing<'_> {
    fn arrows(&self, picture: &mut Picture) {
        let most = self.links.iter().map(|link| link.rate).fold(0.0, f64::max);
        let curves: Vec<Vec<Point>> = (0..self.arrows.len()).map(|index| self.curve(index)).collect();
        for (link, curve) in self.links.iter().zip(&curves) {
            let weight = 1.0 + 2.0 * libm::sqrt(link.rate / most);
            picture.group(Group::Told(calls(link)), |picture| {
                head(picture, curve);
                picture.line(curve[..curve.len() - 1].to_vec(), GREY, weight.min(3.0));
            });
        }
        if self.links.len() > MOST_LABELS {
            return;
        }
        let mut taken: Vec<Area> = self.boxes();
        for (link, curve) in self.links.iter().zip(&curves) {
            let text = show(Kind::Rate, Some(link.rate));
            let (half, last) = (width(&text) / 2.0 + 2.0, curve.len().saturating_sub(1));
            let places = PLACES.iter().map(|place| curve[last * place / 20]);
            let boxes = places.map(|(x, y)| ((x, y), [x - half, y - 7.0, x + half, y + 7.0]));
            let free = |found: &(Point, Area)| taken.iter().all(|other| !touch(*other, found.1));
            let Some((at, [left, top, right, bottom])) = boxes.into_iter().find(free) else { continue };
            taken.push([left, top, right, bottom]);
            picture.group(Group::Told(calls(link)), |picture| {
                picture.area(vec![(left, top), (right, top), (right, bottom), (left, bottom)], WHITE, 0.85);
                picture.text(at, &text, BLACK, Anchor::Middle);
            });
        }
    }

    /// What the components take up, with what is written above one.
    fn boxes(&self) -> Vec<Area> {
        let around = |(&(x, y), size): (&Point, &Size)| {
            let (x, y) = (x + MARGIN, y + TOP);
            [x - size.width / 2.0, y - size.height / 2.0 - 16.0, x + size.width / 2.0, y + size.height / 2.0]
        };
        self.found.centres.iter().zip(self.sizes).map(around).collect()
    }

    /// From the right side of the caller to the left side of who is called, level where it leaves and where it arrives.
    fn curve(&self, index: usize) -> Vec<Point> {
        let (from, to) = self.arrows[index];
        let at = |(x, y): Point| (x + MARGIN, y + TOP);
        let (start, end) = (self.found.centres[from], self.found.centres[to]);
        let back = start.0 >= end.0;
        let side = if back { -1.0 } else { 1.0 };
        let start = (start.0 + side * self.sizes[from].width / 2.0, start.1 + self.port(from, index, true));
        let end = (end.0 - side * self.sizes[to].width / 2.0, end.1 + self.port(to, index, false));
        let mut corners = vec![at(start)];
        corners.extend(self.found.bends[index].iter().copied().map(at));
        corners.push(at(end));
        corners.windows(2).flat_map(|pair| ease(pair[0], pair[1])).collect()
    }

    /// How far from the middle of its side an arrow leaves or arrives: those to higher ones leave higher.
    fn port(&self, node: usize, index: usize, leaves: bool) -> f64 {
        let other = |arrow: usize| {
            let ((from, to), bends) = (self.arrows[arrow], &self.found.bends[arrow]);
            let near = if leaves { bends.first() } else { bends.last() };
            near.copied().unwrap_or(self.found.centres[if leaves { to } else { from }]).1
        };
        let here = |arrow: &usize| {
            let (from, to) = self.arrows[*arrow];
            if leaves { from == node } else { to == node }
        };
        let mut all: Vec<usize> = (0..self.arrows.len()).filter(here).collect();
        all.sort_by(|&a, &b| other(a).total_cmp(&other(b)).then(a.cmp(&b)));
        let place = all.iter().position(|&arrow| arrow == index).unwrap_or(0) as f64 + 1.0;
        let share = place / (all.len() as f64 + 1.0) - 0.5;
        share * (self.sizes[node].height - 8.0)
    }
}

/// A curve that is level at both ends.
fn ease((x, y): Point, (to_x, to_y): Point) -> Vec<Point> {
    let at = |step: i32| {
        let t = f64::from(step) / 20.0;
        let (bend, level) = (t * t * (3.0 - 2.0 * t), t);
        (x + (to_x - x) * level, y + (to_y - y) * bend)
    };
    (0..=20).map(at).collect()
}

/// The tip of an arrow.
fn head(picture: &mut Picture, curve: &[Point]) {
    let [.., before, tip] = curve else { return };
    let (dx, dy) = (tip.0 - before.0, tip.1 - before.1);
    let length = libm::hypot(dx, dy).max(1e-9);
    let (dx, dy) = (8.0 * dx / length, 8.0 * dy / length);
    let wing = |side: f64| (tip.0 - dx - side * dy * 0.5, tip.1 - dy + side * dx * 0.5);
    picture.area(vec![*tip, wing(1.0), wing(-1.0)], GREY, 1.0);
}
