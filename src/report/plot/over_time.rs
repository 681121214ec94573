//! What happened over time: lines for workloads and stations, with what the scenario let happen and when alerts were on.

use super::marks::Mark;
use super::panel::{Panel, ends, nothing};
use super::picture::{Color, PALETTE, Picture};
use super::sheet::{CELL, cell};
use crate::experiment::results::{
    AlertFiring, Estimate, Planned, Results, SeriesWindow, StationWindow, WorkloadWindow,
};
use crate::report::chosen::{chosen, of};
use crate::report::graph::run::{NO_TAIL, some};
use crate::report::graph::{Place, Scale, Series};
use crate::report::quantity::{Kind, show};

/// Points of a line that is drawn of many: more of them are mostly noise.
const POINTS: usize = 50;

/// A level from one instant to another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub(super) from: f64,
    pub(super) until: f64,
    pub(super) value: f64,
    ci95: Option<[f64; 2]>,
}

impl Piece {
    /// When, in words.
    pub(super) fn when(&self) -> String {
        span(self.from, self.until)
    }
}

/// How something went.
#[derive(Debug, Clone)]
pub(super) struct Track {
    pub(super) name: String,
    pub(super) pieces: Vec<Piece>,
}

impl Track {
    fn mean(&self) -> f64 {
        let long = |piece: &Piece| piece.until - piece.from;
        let sum: f64 = self.pieces.iter().map(|piece| piece.value * long(piece)).sum();
        sum / self.pieces.iter().map(long).sum::<f64>().max(f64::MIN_POSITIVE)
    }

    /// The same in fewer pieces: neighbours are taken together.
    fn thinned(self, most: usize) -> Track {
        let each = self.pieces.len().div_ceil(most).max(1);
        if each == 1 {
            return self;
        }
        let together = |chunk: &[Piece]| Piece {
            from: chunk[0].from,
            until: chunk[chunk.len() - 1].until,
            value: Track { name: String::new(), pieces: chunk.to_vec() }.mean(),
            ci95: None,
        };
        Track { pieces: self.pieces.chunks(each).map(together).collect(), ..self }
    }

    fn series(&self, color: Color) -> Series {
        let point = |piece: &Piece| ((piece.from + piece.until) / 2.0, piece.value, piece.ci95);
        let mut points: Vec<Place> = Vec::new();
        let mut last = None;
        for piece in &self.pieces {
            // Where nothing is known there is no line.
            let gap = last.filter(|last| piece.from > last + 0.01 * (piece.until - piece.from));
            points.extend(gap.map(|last| ((last + piece.from) / 2.0, f64::NAN, None)));
            points.push(point(piece));
            last = Some(piece.until);
        }
        Series { name: self.name.clone(), color, joined: true, dashed: false, points }
    }
}

fn span(from: f64, until: f64) -> String {
    let show = |time: f64| show(Kind::Time, Some(time));
    format!("{} to {}", show(from), show(until))
}

/// What the scenario let happen, and when alerts were on: what lasts equally long is marked once.
pub(super) fn marks(results: &Results) -> Vec<Mark> {
    let mut planned: Vec<(&Planned, Vec<&str>)> = Vec::new();
    for one in &results.timeline {
        match planned.iter_mut().find(|(known, _)| (known.at_s, known.until_s) == (one.at_s, one.until_s)) {
            Some((_, names)) => names.push(&one.what),
            None => planned.push((one, vec![&one.what])),
        }
    }
    let end = results.scenario.duration_s;
    let planned = planned.into_iter().map(|(one, names)| {
        let name = match &names[..] {
            [name] => (*name).to_owned(),
            names => format!("{} and {} more", names[0], names.len() - 1),
        };
        let until = one.until_s.map(|until| until.min(end));
        let when =
            until.map_or_else(|| format!("at {}", show(Kind::Time, Some(one.at_s))), |until| span(one.at_s, until));
        Mark { until, opacity: 0.13, told: format!("{}, {when}", names.join(", ")), ..Mark::at(one.at_s, &name) }
    });
    planned.chain(results.alerts.iter().map(alert)).collect()
}

fn alert(firing: &AlertFiring) -> Mark {
    let range = (firing.at_s, firing.at_s + firing.for_s);
    let told = format!("alert {}, {} (first replication)", firing.name, span(range.0, range.1));
    Mark { color: PALETTE[1], opacity: 0.1, told, ..Mark::span(range, &format!("alert: {}", firing.name)) }
}

/// What is drawn: of which kind it is, the heading, what it means, and what is said where there is nothing.
type Says<'a> = (Kind, &'a str, &'a str, &'a str);

/// Lines against time of the first few; intervals are bands.
fn lines(results: &Results, (kind, heading, meaning, why): Says<'_>, tracks: &[Track]) -> Picture {
    let (mut picture, frame) = cell(CELL);
    let ends_at = tracks.iter().flat_map(|track| &track.pieces).map(|piece| piece.until);
    let end = ends_at.chain(results.series.last().map(|window| window.to_s)).fold(0.0, f64::max);
    let x = Scale::clock(end);
    let all: Vec<Series> = tracks.iter().zip(PALETTE).map(|(track, color)| track.series(color)).collect();
    if all.iter().all(|line| line.points.is_empty()) {
        nothing(&mut picture, frame, [heading, meaning], why);
        return picture;
    }
    let most = all.iter().flat_map(|line| &line.points).map(|point| point.1).fold(0.0, f64::max);
    // An interval of few replications is not allowed to make everything else flat.
    let reach = all.iter().flat_map(|line| &line.points).flat_map(ends).filter(|end| *end <= 2.0 * most);
    let y = match kind {
        Kind::Ratio => Scale::linear(kind, [0.0, 1.0].into_iter()),
        _ => Scale::linear(kind, reach.filter(|end| *end >= 0.0).chain([0.0])),
    };
    let mut panel = Panel::new(&mut picture, frame, (x, y), [heading, meaning, "time since warm-up"]);
    panel.marks(&marks(results));
    panel.axes();
    all.iter().for_each(|line| panel.band(line));
    all.iter().rev().for_each(|line| panel.line(line, true));
    panel.finish_beside();
    picture
}

/// How busy stations are.
pub(super) fn utilization(results: &Results) -> Picture {
    stations(results, (Kind::Ratio, "How busy stations are", "utilization"), &busy(results, POINTS))
}

/// A line for each of the busiest stations, which come first.
fn stations(results: &Results, (kind, heading, meaning): (Kind, &str, &str), tracks: &[Track]) -> Picture {
    let shown = tracks.len().min(PALETTE.len());
    let meaning = format!("{meaning}{}", of(shown, tracks.len(), "stations, the busiest"));
    lines(results, (kind, heading, &meaning, "no station has servers that could be busy"), tracks)
}

/// How long lines are; without windows of time, how many there are at stations.
pub(super) fn queues(results: &Results) -> Picture {
    match results.series.is_empty() {
        true => {
            let says = (Kind::Count, "How many are at stations", "waiting and in service");
            let saturates = |name: &str| results.curves.utilization.iter().any(|(known, _)| known == name);
            let mut tracks = of_curves(&results.curves.in_system);
            tracks.retain(|track| saturates(&track.name));
            stations(results, says, &in_order(results, tracks))
        }
        false => {
            let says = (Kind::Count, "How long lines are", "customers waiting");
            let mut tracks = of_stations(results, |station| station.queue_length);
            tracks.retain(|track| results.stations.get(&track.name).is_some_and(|station| station.servers.is_some()));
            stations(results, says, &in_order(results, tracks))
        }
    }
}

/// In the order of utilization, so that a station has the same colour everywhere.
fn in_order(results: &Results, mut tracks: Vec<Track>) -> Vec<Track> {
    let order: Vec<String> = busy(results, 1).into_iter().map(|track| track.name).collect();
    let place = |track: &Track| order.iter().position(|name| *name == track.name).unwrap_or(order.len());
    tracks.sort_by_key(place);
    tracks.into_iter().map(|track| track.thinned(POINTS)).collect()
}

/// How much is answered.
pub(super) fn answered(results: &Results) -> Picture {
    let meaning = format!("successes per second{}", some(results));
    let says = (Kind::Rate, "What is answered over time", meaning.as_str(), "nothing was answered");
    let mut tracks = of_workloads(results, |own| own.throughput);
    if tracks.iter().flat_map(|track| &track.pieces).all(|piece| piece.value == 0.0) {
        tracks.clear();
    }
    lines(results, says, &tracks)
}

/// How long the slowest requests take.
pub(super) fn tail(results: &Results) -> Picture {
    let meaning = format!("99th percentile of latency{}", some(results));
    let says = (Kind::Time, "How long it takes over time", meaning.as_str(), NO_TAIL);
    lines(results, says, &of_workloads(results, |own| own.latency_p99))
}

/// Which errors there are, of all workloads together; none where there are none.
pub(super) fn errors(results: &Results) -> Option<Picture> {
    type Kinds = [(&'static str, fn(&WorkloadWindow) -> Estimate); 4];
    let kinds: Kinds = [
        ("rejected", |own| own.errors.rejected),
        ("timed out", |own| own.errors.timed_out),
        ("failed", |own| own.errors.failed),
        ("abandoned", |own| own.errors.abandoned),
    ];
    let alone = results.workloads.len() == 1;
    let tracks = kinds.map(|(name, rate)| {
        let piece = |window: &SeriesWindow| {
            let own: Vec<Estimate> = window.workloads.values().map(rate).collect();
            let value = own.iter().filter_map(|rate| rate.value).sum();
            let ci95 = own.first().filter(|_| alone).and_then(|rate| rate.ci95);
            Piece { from: window.at_s, until: window.to_s, value, ci95 }
        };
        Track { name: name.into(), pieces: results.series.iter().map(piece).collect() }
    });
    let mut tracks = tracks.to_vec();
    tracks.retain(|track| track.pieces.iter().any(|piece| piece.value > 0.0));
    let says = (Kind::Rate, "What is not answered over time", "errors per second", "there are no errors");
    (!tracks.is_empty()).then(|| lines(results, says, &tracks))
}

/// Utilization of every station that can saturate, the busiest first, in so many pieces at most: in windows of time where
/// there are any.
pub(super) fn busy(results: &Results, most: usize) -> Vec<Track> {
    let tracks = match results.series.is_empty() {
        true => of_curves(&results.curves.utilization),
        false => of_stations(results, |station| station.utilization),
    };
    ranked(tracks, most)
}

fn ranked(mut tracks: Vec<Track>, most: usize) -> Vec<Track> {
    tracks.retain(|track| !track.pieces.is_empty());
    tracks.sort_by(|a, b| b.mean().total_cmp(&a.mean()));
    tracks.into_iter().map(|track| track.thinned(most)).collect()
}

/// Curves whose points are the middles of their pieces.
fn of_curves(curves: &[(String, Vec<(f64, f64)>)]) -> Vec<Track> {
    let track = |(name, points): &(String, Vec<(f64, f64)>)| {
        let mut from = 0.0;
        let piece = |&(middle, value): &(f64, f64)| {
            let until = (2.0 * middle - from).max(middle);
            let piece = Piece { from, until, value, ci95: None };
            from = until;
            piece
        };
        Track { name: name.clone(), pieces: points.iter().map(piece).collect() }
    };
    curves.iter().map(track).collect()
}

fn of_stations(results: &Results, value: fn(&StationWindow) -> Estimate) -> Vec<Track> {
    let names = results.stations.0.iter().map(|(name, _)| name.as_str());
    let mut tracks = of_windows(results, names, |window, name| window.stations.get(name).map(value));
    // Windows have the replicas of a station together.
    tracks.retain(|track| !track.pieces.is_empty());
    tracks
}

fn of_workloads(results: &Results, value: fn(&WorkloadWindow) -> Estimate) -> Vec<Track> {
    of_windows(results, chosen(results).into_iter(), |window, name| window.workloads.get(name).map(value))
}

fn of_windows<'a>(
    results: &Results,
    names: impl Iterator<Item = &'a str>,
    value: impl Fn(&SeriesWindow, &str) -> Option<Estimate>,
) -> Vec<Track> {
    let track = |name: &str| {
        let piece = |window: &SeriesWindow| {
            let estimate = value(window, name)?;
            Some(Piece { from: window.at_s, until: window.to_s, value: estimate.value?, ci95: estimate.ci95 })
        };
        Track { name: name.to_owned(), pieces: results.series.iter().filter_map(piece).collect() }
    };
    names.map(track).collect()
}
