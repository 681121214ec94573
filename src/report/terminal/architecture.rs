//! The architecture as a tree: workloads, whom they call, and so on.
//!
//! Everything is drawn once, where it is met first, breadth first; who calls it as well is said by a line that points
//! there. Of a large system the busiest components are drawn, and whoever leads to them; the others are counted.

use std::collections::BTreeMap;

use super::ink::{Ink, Tone};
use super::{WIDTH, shortened};
use crate::experiment::explain::{Component, Explanation, Link, Source};
use crate::report::folding::{Folding, component_of};
use crate::report::quantity::{Kind, show};

/// As many components as a reader takes in.
const MOST_DRAWN: usize = 36;
/// Width of the bar that shows a load.
const BAR: usize = 10;
/// Beside what saturates first.
const MARK: &str = " ◀ bottleneck";
/// Width of all but the two texts: gaps, the bar, a percentage, and the mark.
const BESIDE: usize = 2 + 2 + BAR + 6 + 13;

/// The drawing; empty where nobody asks anything.
pub(super) fn architecture(explanation: &Explanation, ink: Ink) -> String {
    let tree = Tree::new(explanation);
    let mut rows = Vec::new();
    for root in explanation.components.iter().filter(|component| component.kind == "workload") {
        tree.draw(&root.name, String::new(), String::new(), &mut rows);
    }
    let longest = |text: fn(&Row) -> &str| rows.iter().map(|row| text(row).chars().count()).max().unwrap_or(0);
    let label = longest(|row| &row.label).min(WIDTH / 2 - 4);
    let said = longest(|row| if row.load.is_some() { &row.said } else { "" }).min(WIDTH - label - BESIDE);
    rows.iter().map(|row| row.render((label, said), ink) + "\n").collect()
}

/// One line of the drawing.
struct Row {
    label: String,
    said: String,
    load: Option<f64>,
    limits: bool,
    dim: bool,
}

impl Row {
    fn render(&self, (width, room): (usize, usize), ink: Ink) -> String {
        let label = shortened(&self.label, width);
        let blanks = " ".repeat(width - label.chars().count());
        if self.dim {
            return ink.paint(Tone::Dim, format!("{label}{blanks}  {}", self.said).trim_end());
        }
        let mark = if self.limits { ink.paint(Tone::Head, MARK) } else { String::new() };
        let Some(load) = self.load else {
            let room = WIDTH - width - 2 - MARK.chars().count();
            return format!("{label}{blanks}  {}{mark}", shortened(&self.said, room)).trim_end().to_string();
        };
        let (said, load) = (format!("{:room$}", shortened(&self.said, room)), bar(load, ink));
        format!("{label}{blanks}  {said}  {load}{mark}").trim_end().to_string()
    }
}

fn bar(load: f64, ink: Ink) -> String {
    let full = ((load * BAR as f64).round() as usize).min(BAR);
    let drawn = format!("{}{}", "█".repeat(full), "░".repeat(BAR - full));
    let percent = format!("{:.0} %", load * 100.0);
    ink.paint(Tone::of_utilization(load), &format!("{drawn} {percent:>5}"))
}

/// Who is drawn below whom.
struct Tree<'a> {
    explanation: &'a Explanation,
    components: BTreeMap<&'a str, &'a Component>,
    folding: Folding<'a>,
    limiting: Option<&'a str>,
}

impl<'a> Tree<'a> {
    fn new(explanation: &'a Explanation) -> Tree<'a> {
        let components = explanation.components.iter().map(|component| (component.name.as_str(), component)).collect();
        let first = explanation.bottleneck.as_ref();
        let limiting = first.and_then(|first| component_of(explanation, &first.station));
        Tree { explanation, components, folding: Folding::new(explanation, MOST_DRAWN), limiting }
    }

    fn draw(&self, name: &str, lead: String, below: String, rows: &mut Vec<Row>) {
        if !self.folding.shown.contains(name) {
            return;
        }
        rows.push(self.row(name, lead));
        let links = self.folding.links.get(name).map_or(&[][..], Vec::as_slice);
        let own = |link: &&&Link| self.folding.parent.get(link.to.as_str()) == Some(&name);
        let is_drawn = |link: &&&Link| self.folding.shown.contains(link.to.as_str());
        let shown: Vec<&&Link> = links.iter().filter(is_drawn).collect();
        let hidden = links
            .iter()
            .filter(|link| own(link) && !is_drawn(link))
            .map(|link| self.folding.size(&link.to))
            .sum::<usize>();
        for (index, link) in shown.iter().enumerate() {
            let last = index + 1 == shown.len() && hidden == 0;
            let (lead, under) = if last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            match own(link) {
                true => self.draw(&link.to, format!("{below}{lead}"), format!("{below}{under}"), rows),
                false => rows.push(reference(link, format!("{below}{lead}"))),
            }
        }
        if hidden > 0 {
            let said = if hidden == 1 { "1 more, less busy".into() } else { format!("{hidden} more, less busy") };
            rows.push(Row { label: format!("{below}└─ …"), said, load: None, limits: false, dim: true });
        }
    }

    fn row(&self, name: &str, lead: String) -> Row {
        let Some(component) = self.components.get(name) else {
            return Row { label: lead + name, said: String::new(), load: None, limits: false, dim: false };
        };
        let limits = self.limiting == Some(name);
        let said = match self.explanation.workloads.get(name).map(|plan| plan.source) {
            Some(Source::Open { rate }) => format!("{} from outside", show(Kind::Rate, Some(rate))),
            Some(Source::Replayed { rate }) => format!("{} replayed", show(Kind::Rate, Some(rate))),
            Some(Source::Closed { users, think_time }) if think_time > 0.0 => {
                format!("{users} users, think {}", show(Kind::Time, Some(think_time)))
            }
            Some(Source::Closed { users, .. }) => format!("{users} users"),
            None => format!("{} {}", many(component), show(Kind::Rate, Some(component.calls))),
        };
        Row { label: lead + name, said, load: component.load, limits, dim: false }
    }
}

/// `service ×3`.
fn many(component: &Component) -> String {
    match component.replicas {
        Some(replicas) if replicas > 1 => format!("{} ×{replicas}", component.kind),
        _ => component.kind.to_string(),
    }
}

/// A call to somebody who is drawn elsewhere.
fn reference(link: &Link, lead: String) -> Row {
    let said = format!("also from here: {}", show(Kind::Rate, Some(link.rate)));
    Row { label: format!("{lead}{}", link.to), said, load: None, limits: false, dim: true }
}
