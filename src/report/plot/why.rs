//! Where requests spent their time: a bar for all, for those around p50, and for those around p99.

use std::collections::BTreeSet;

use super::picture::{Anchor, BLACK, Color, GREY, PALETTE, Picture};
use super::render::width;
use crate::experiment::results::{Band, Why, WhyPart};
use crate::report::quantity::{Kind, show};

const BAR: f64 = 22.0;
const STEP: f64 = 32.0;
const LEFT: f64 = 170.0;
const WIDTH: f64 = 620.0;
/// Parts with colours of their own; the rest is grey.
const MOST_PARTS: usize = 6;

/// Three bars for each workload.
pub(in crate::report) fn picture(why: &Why) -> Picture {
    let each = 3.0 * STEP + 78.0;
    let mut picture = Picture::new(960.0, why.workloads.len() as f64 * each);
    draw(&mut picture, why);
    picture
}

fn draw(picture: &mut Picture, why: &Why) {
    let mut y = 0.0;
    for (name, workload) in &why.workloads {
        picture.heading((24.0, y), &format!("Where requests of {name} spend their time"), 13.0);
        let bands = [("mean", &workload.mean), ("around p50", &workload.p50), ("around p99", &workload.p99)];
        let legend = legend(&bands.map(|(_, band)| band));
        key(picture, y + 22.0, &legend);
        for (index, (label, band)) in bands.into_iter().enumerate() {
            bar(picture, y + 46.0 + index as f64 * STEP, label, band, &legend);
        }
        y += 3.0 * STEP + 78.0;
    }
}

/// The parts that take most in some band, in a fixed order.
fn legend(bands: &[&Band]) -> Vec<String> {
    let mut all: Vec<&WhyPart> = bands.iter().flat_map(|band| &band.parts).collect();
    all.sort_by(|a, b| b.share.total_cmp(&a.share));
    let mut seen = BTreeSet::new();
    all.into_iter().map(label).filter(|label| seen.insert(label.clone())).take(MOST_PARTS).collect()
}

fn label(part: &WhyPart) -> String {
    match &part.station {
        Some(station) => format!("{station} {}", part.cause),
        None => part.cause.to_string(),
    }
}

fn key(picture: &mut Picture, y: f64, legend: &[String]) {
    let mut x = 24.0;
    for (name, color) in legend.iter().zip(PALETTE) {
        rectangle(picture, (x, y - 5.0), 10.0, 10.0, color);
        picture.text((x + 15.0, y), name, BLACK, Anchor::Start);
        x += 15.0 + width(name) + 18.0;
    }
}

fn bar(picture: &mut Picture, y: f64, name: &str, band: &Band, legend: &[String]) {
    let latency = show(Kind::Time, band.latency_s);
    picture.text((LEFT - 12.0, y + BAR / 2.0), &format!("{name}: {latency}"), BLACK, Anchor::End);
    if band.withheld.is_some() {
        return picture.text((LEFT, y + BAR / 2.0), "too few requests to tell", GREY, Anchor::Start);
    }
    let place = |part: &WhyPart| legend.iter().position(|known| *known == label(part)).unwrap_or(legend.len());
    let mut parts: Vec<(usize, f64)> = band.parts.iter().map(|part| (place(part), part.share)).collect();
    parts.sort_by_key(|(place, _)| *place);
    let mut x = LEFT;
    for (place, share) in parts {
        let long = share * WIDTH;
        let color = PALETTE.get(place).copied().filter(|_| place < legend.len()).unwrap_or(GREY);
        rectangle(picture, (x, y), long, BAR, color);
        if long > 34.0 {
            let said = format!("{:.0} %", share * 100.0);
            picture.text((x + long / 2.0, y + BAR / 2.0), &said, (0xff, 0xff, 0xff), Anchor::Middle);
        }
        x += long;
    }
}

fn rectangle(picture: &mut Picture, (x, y): (f64, f64), width: f64, height: f64, color: Color) {
    picture.area(vec![(x, y), (x + width, y), (x + width, y + height), (x, y + height)], color, 1.0);
}
