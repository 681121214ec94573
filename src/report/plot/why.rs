//! Where requests spent their time: a bar for all, for those around p50, and for those around p99.

use std::collections::BTreeSet;

use super::picture::{Anchor, BLACK, Color, GREY, Group, PALETTE, Picture};
use super::render::width;
use super::sheet::CELL;
use super::words::{fitted, wrapped};
use crate::experiment::results::{Band, Why, WhyPart, WhyWorkload};
use crate::report::quantity::{Kind, show};

const BAR: f64 = 20.0;
/// From bar to bar, with the words above each.
const STEP: f64 = 46.0;
const LEFT: f64 = 24.0;
const WIDTH: f64 = CELL.0 - 2.0 * LEFT;
const HEADING: f64 = 13.0;
/// Height of a row of the key.
const KEY: f64 = 16.0;
/// Parts with colours of their own; the rest is grey.
const MOST_PARTS: usize = 6;
/// On dark colours; like the next, it is the same whatever the colour of the page.
const LIGHT: Color = (0xfd, 0xfd, 0xfd);
/// On light colours.
const DARK: Color = (0x12, 0x12, 0x12);

/// Three bars for each of these workloads of which there are enough requests to tell.
pub(in crate::report) fn pictures(why: &Why, shown: &[&str]) -> Vec<Picture> {
    let known = shown.iter().filter_map(|name| Some((name, why.workloads.get(*name)?)));
    let told = known.filter(|(_, own)| [&own.mean, &own.p50, &own.p99].iter().any(|band| band.withheld.is_none()));
    told.map(|(name, workload)| picture(name, workload)).collect()
}

fn picture(name: &str, workload: &WhyWorkload) -> Picture {
    let mut picture = Picture::new(CELL.0, 26.0);
    let heading = format!("Where requests of {name} spend their time");
    for line in wrapped(&heading, WIDTH, HEADING, true) {
        picture.heading((LEFT, picture.height), &line, HEADING);
        picture.height += 18.0;
    }
    let bands = [("mean", &workload.mean), ("around p50", &workload.p50), ("around p99", &workload.p99)];
    let legend = legend(&bands.map(|(_, band)| band));
    picture.height += 4.0;
    key(&mut picture, &legend);
    for (label, band) in bands {
        bar(&mut picture, label, band, &legend);
    }
    picture.height += 8.0;
    picture
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

/// What the colours mean, in as many rows as it takes.
fn key(picture: &mut Picture, legend: &[String]) {
    let mut x = LEFT;
    for (name, color) in legend.iter().zip(PALETTE) {
        let name = fitted(name, WIDTH - 15.0);
        let long = 15.0 + width(&name);
        if x > LEFT && x + long > LEFT + WIDTH {
            (x, picture.height) = (LEFT, picture.height + KEY);
        }
        rectangle(picture, (x, picture.height - 5.0), (10.0, 10.0), color);
        picture.text((x + 15.0, picture.height), &name, BLACK, Anchor::Start);
        x += long + 18.0;
    }
    picture.height += KEY + 8.0;
}

fn bar(picture: &mut Picture, name: &str, band: &Band, legend: &[String]) {
    let (y, top) = (picture.height, picture.height + 11.0);
    picture.height += STEP;
    picture.text((LEFT, y), &format!("{name}: {}", show(Kind::Time, band.latency_s)), BLACK, Anchor::Start);
    if band.withheld.is_some() {
        return picture.text((LEFT, top + BAR / 2.0), "too few requests to tell", GREY, Anchor::Start);
    }
    let place = |part: &WhyPart| legend.iter().position(|known| *known == label(part)).unwrap_or(legend.len());
    let mut parts: Vec<(usize, &WhyPart)> = band.parts.iter().map(|part| (place(part), part)).collect();
    parts.sort_by_key(|(place, _)| *place);
    let mut x = LEFT;
    for (place, part) in parts {
        let color = PALETTE.get(place).copied().filter(|_| place < legend.len()).unwrap_or(GREY);
        piece(picture, (x, top), part, color);
        x += part.share * WIDTH;
    }
}

/// A part of a bar: as long as its share.
fn piece(picture: &mut Picture, (x, y): (f64, f64), part: &WhyPart, color: Color) {
    let (long, share) = (part.share * WIDTH, format!("{:.0} %", part.share * 100.0));
    let told = format!("{}: {}, {share}", label(part), show(Kind::Time, Some(part.time_s)));
    picture.group(Group::Told(told), |picture| {
        rectangle(picture, (x, y), (long, BAR), color);
        if long > width(&share) + 6.0 {
            picture.text((x + long / 2.0, y + BAR / 2.0), &share, ink(color), Anchor::Middle);
        }
    });
}

/// What is legible on this colour: by its relative luminance, as in WCAG 2.
fn ink((red, green, blue): Color) -> Color {
    let linear = |part: u8| libm::pow(f64::from(part) / 255.0, 2.2);
    let luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    if luminance > 0.2 { DARK } else { LIGHT }
}

fn rectangle(picture: &mut Picture, (x, y): (f64, f64), (width, height): (f64, f64), color: Color) {
    picture.area(vec![(x, y), (x + width, y), (x + width, y + height), (x, y + height)], color, 1.0);
}
