//! What a run costs: a bar for each component that has machines.

use super::picture::{Anchor, BLACK, GREY, Group, PALETTE, Picture};
use super::render::width;
use super::sheet::CELL;
use super::words::fitted_apart;
use crate::experiment::results::Results;
use crate::report::quantity::{Kind, dollars, show};

const LEFT: f64 = 24.0;
const TOP: f64 = 62.0;
const ROW: f64 = 24.0;
const BAR: f64 = 15.0;
/// Room for names, at most.
const NAMES: f64 = 140.0;
/// Room for prices.
const PRICES: f64 = 120.0;
/// Components that have a bar: the dearest ones.
const MOST: usize = 15;

/// The dearest component on top; none where nothing costs anything.
pub(in crate::report) fn picture(results: &Results) -> Option<Picture> {
    let (cost, mut parts) = (&results.cost, results.cost.parts.iter().collect::<Vec<_>>());
    parts.sort_by(|a, b| b.1.total_cmp(a.1));
    let most = **parts.first().map(|(_, price)| price)?;
    let shown = &parts[..parts.len().min(MOST)];
    let mut picture = Picture::new(CELL.0, TOP + shown.len() as f64 * ROW + 16.0);
    picture.heading((LEFT, 26.0), "What it costs", 13.0);
    let requests = cost.per_million_requests.map(|price| format!(", {} a million requests", dollars(price)));
    let said = format!("{} an hour{}", dollars(cost.per_hour), requests.unwrap_or_default());
    picture.text((LEFT, 44.0), &said, GREY, Anchor::Start);
    let names = shown.iter().map(|(name, _)| width(name)).fold(0.0, f64::max).min(NAMES);
    let (left, room) = (LEFT + names + 8.0, CELL.0 - LEFT - names - 8.0 - PRICES);
    let labels = fitted_apart(&shown.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), names);
    for (index, ((name, price), label)) in shown.iter().zip(&labels).enumerate() {
        let (y, right) = (TOP + (index as f64 + 0.5) * ROW, left + room * **price / most);
        let share = show(Kind::Ratio, Some(**price / cost.per_hour));
        picture.group(Group::Told(format!("{name}: {} an hour, {share}", dollars(**price))), |picture| {
            picture.text((left - 8.0, y), label, BLACK, Anchor::End);
            let (top, bottom) = (y - BAR / 2.0, y + BAR / 2.0);
            picture.area(vec![(left, top), (right, top), (right, bottom), (left, bottom)], PALETTE[0], 1.0);
            picture.text((right + 8.0, y), &format!("{}/h, {share}", dollars(**price)), BLACK, Anchor::Start);
        });
    }
    Some(picture)
}
