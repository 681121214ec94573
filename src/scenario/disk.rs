//! `disk` of a machine, and the step that uses it.

use serde_json::{Value as Json, json};

use super::Distribution;
use super::check::{above_zero, at_most};
use crate::diagnostic::{Diagnostic, Span};
use crate::distribution::Law;
use crate::syntax::{At, Count, Decode, Decoder, Node, SchemaBuilder, Value, choice, table};
use crate::units::{Bandwidth, Bytes, Duration};

/// The disk of a machine: a preset, a preset with some of its keys replaced, or keys.
#[derive(Debug, Clone, PartialEq)]
pub struct Disk(pub DiskParameters);

choice! {
    /// A disk by its kind, with published numbers.
    #[derive(Copy)]
    pub enum DiskPreset {
        /// A spinning disk of 7200 rpm: seek U(0, 17 ms), of mean 8.5 ms; rotation 8.33 ms; 150 MB/s; 0.1 ms for the
        /// controller (Ruemmler and Wilkes 1994; data sheets of 7200 rpm drives, such as Seagate's
        /// Barracuda 7200.14 of 2012: 8.5 ms, 156 MB/s).
        Hdd,
        /// A solid-state disk on SATA: 100 µs, 8 channels, 500 MB/s, 32 commands at once, as SATA's NCQ allows. That is
        /// 80 000 reads a second of 4 KiB, as data sheets have it; Dean's list of latency numbers, as revised in 2012,
        /// has 150 µs for one of 4 KiB.
        Ssd,
        /// A solid-state disk on PCI Express: 80 µs, 48 reads at once, 3 GB/s. That is 600 000 reads a second of 4 KiB,
        /// as data sheets have it, such as that of Intel's P4500 of 2017: 85 µs, 490 000 to 645 000 reads a second, 3.2 GB/s.
        Nvme,
    }
}

table! {
    /// What a disk is made of. A disk that seeks or rotates is one server, whose service is seek + U(0, rotation) +
    /// latency + size / bandwidth. Any other has min(channels, queue-depth) servers for the latency, and after
    /// them one for the transfer; where there is only one server, it does both.
    pub struct DiskParameters {
        /// Time that a read takes besides its transfer; of a write too, unless `write-latency` says otherwise.
        pub latency: Option<At<Distribution>> = None,
        /// Time that a write takes besides its transfer. Default: `latency`.
        pub write_latency: Option<At<Distribution>> = None,
        /// How fast data is transferred. Default: at once.
        pub bandwidth: Option<At<Bandwidth>> = None,
        /// Commands that the disk takes at once. Default: as many as there are channels.
        pub queue_depth: Option<At<Count>> = None,
        /// Commands that the disk works on at once. Default: `queue-depth`, or 1.
        pub channels: Option<At<Count>> = None,
        /// Time that the arm moves.
        pub seek: Option<At<Distribution>> = None,
        /// Time of one revolution: the data is anywhere on it.
        pub rotation: Option<At<Duration>> = None,
        /// How many such disks form an array; with `raid`.
        pub disks: Option<At<Count>> = None,
        /// How they do: 0, 1, 5, 6 or 10 (Patterson, Gibson and Katz 1988); with `disks`.
        pub raid: Option<At<u32>> = None,
    }
}

choice! {
    /// What a request asks of the disk.
    #[derive(Copy)]
    pub enum DiskStep {
        /// To read so much.
        Read(At<Bytes>),
        /// To write so much.
        Write(At<Bytes>),
    } check check_step
}

fn check_step(step: &DiskStep, _: Span, cx: &mut Decoder) {
    let (DiskStep::Read(size) | DiskStep::Write(size)) = step;
    above_zero(size.value.0, size.span, "the size", cx);
}

/// A revolution at 7200 rpm, in seconds.
const ROTATION: f64 = 60.0 / 7200.0;
/// Most disks of one machine.
const MOST_DISKS: u32 = 1000;

impl DiskPreset {
    fn parameters(self) -> DiskParameters {
        let constant = |seconds| Law::constant(seconds).ok();
        let uniform = |seconds| Law::uniform(0.0, seconds).ok();
        match self {
            DiskPreset::Hdd => DiskParameters {
                seek: uniform(0.017).map(law),
                rotation: Some(At::new(Duration(ROTATION))),
                ..solid(constant(100e-6), 150e6, None, None)
            },
            DiskPreset::Ssd => solid(constant(100e-6), 500e6, Some(8), Some(32)),
            DiskPreset::Nvme => solid(constant(80e-6), 3e9, Some(48), None),
        }
    }
}

fn law(law: Law) -> At<Distribution> {
    At::new(Distribution::Law(law))
}

fn solid(latency: Option<Law>, bandwidth: f64, channels: Option<u32>, queue_depth: Option<u32>) -> DiskParameters {
    let count = |count: Option<u32>| count.map(|count| At::new(Count(count)));
    DiskParameters {
        latency: latency.map(law),
        write_latency: None,
        bandwidth: Some(At::new(Bandwidth(bandwidth))),
        queue_depth: count(queue_depth),
        channels: count(channels),
        seek: None,
        rotation: None,
        disks: None,
        raid: None,
    }
}

impl DiskParameters {
    /// These, with those of `base` where nothing is said.
    fn over(self, base: DiskParameters) -> DiskParameters {
        DiskParameters {
            latency: self.latency.or(base.latency),
            write_latency: self.write_latency.or(base.write_latency),
            bandwidth: self.bandwidth.or(base.bandwidth),
            queue_depth: self.queue_depth.or(base.queue_depth),
            channels: self.channels.or(base.channels),
            seek: self.seek.or(base.seek),
            rotation: self.rotation.or(base.rotation),
            disks: self.disks.or(base.disks),
            raid: self.raid.or(base.raid),
        }
    }

    /// How many commands it works on at once.
    pub(crate) fn parallelism(&self) -> u32 {
        let counts = [self.channels, self.queue_depth];
        counts.iter().flatten().map(|count| count.value.0).min().unwrap_or(1)
    }

    fn check(&self, span: Span, cx: &mut Decoder) {
        if let Some(bandwidth) = self.bandwidth {
            above_zero(bandwidth.value.0, bandwidth.span, "`bandwidth`", cx);
        }
        if let Some(rotation) = self.rotation {
            above_zero(rotation.value.0, rotation.span, "`rotation`", cx);
        }
        let has_time = self.latency.is_some() || self.bandwidth.is_some() || self.seek.is_some();
        if !has_time && self.rotation.is_none() && !cx.has_problem_in(span) {
            let found = Diagnostic::error(span, "this disk takes no time");
            cx.push(found.help("add `latency = \"80us\"` or `bandwidth = \"2GB/s\"`, or use `disk = \"ssd\"`"));
        }
        self.check_arm(cx);
        self.check_array(cx);
    }

    /// A spinning disk has one arm, which does one thing at a time.
    fn check_arm(&self, cx: &mut Decoder) {
        let arm = [self.seek.as_ref().map(|seek| seek.span), self.rotation.map(|rotation| rotation.span)];
        let many = [self.channels.map(|count| count.span), self.queue_depth.map(|count| count.span)];
        let (Some(arm), Some(many)) = (arm.into_iter().flatten().max(), many.into_iter().flatten().max()) else {
            return;
        };
        // What a preset says was written nowhere.
        let (at, other) = if many == Span::default() { (arm, many) } else { (many, arm) };
        let found = Diagnostic::error(at, "a disk that seeks or rotates does one thing at a time");
        let found = if other == Span::default() { found } else { found.note(other, "it does here") };
        cx.push(found.help("leave out `channels` and `queue-depth`, or `seek` and `rotation`"));
    }

    fn check_array(&self, cx: &mut Decoder) {
        let (disks, raid) = match (self.disks, self.raid) {
            (None, None) => return,
            (Some(disks), None) => {
                let found = Diagnostic::error(disks.span, "how these disks work together is not said");
                return cx.push(found.help("add `raid = 0`, or 1, 5, 6 or 10"));
            }
            (None, Some(raid)) => {
                let found = Diagnostic::error(raid.span, "how many disks the array has is not said");
                return cx.push(found.help("add `disks = 8`, or another number"));
            }
            (Some(disks), Some(raid)) => (disks, raid),
        };
        at_most(disks.value.0, MOST_DISKS, disks.span, "disks", cx);
        let needs = match raid.value {
            0 => return,
            1 => (2, false),
            5 => (3, false),
            6 => (4, false),
            10 => (4, true),
            other => {
                let found = Diagnostic::error(raid.span, format!("there is no RAID {other} here"));
                return cx.push(found.label("0, 1, 5, 6 or 10"));
            }
        };
        check_count(disks, raid, needs, cx);
    }
}

fn check_count(disks: At<Count>, raid: At<u32>, (least, even): (u32, bool), cx: &mut Decoder) {
    let count = disks.value.0;
    if count >= least && !(even && count % 2 == 1) {
        return;
    }
    let label = if even { format!("an even number, at least {least}") } else { format!("at least {least}") };
    let message = format!("RAID {} cannot be made of {count} disk{}", raid.value, if count == 1 { "" } else { "s" });
    cx.push(Diagnostic::error(disks.span, message).label(label).note(raid.span, "asked for here"));
}

/// The preset whose word this is.
fn preset(word: &str) -> Option<DiskPreset> {
    match word {
        "hdd" => Some(DiskPreset::Hdd),
        "ssd" => Some(DiskPreset::Ssd),
        "nvme" => Some(DiskPreset::Nvme),
        _ => None,
    }
}

impl Decode for Disk {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<Disk> {
        let parameters = match &node.value {
            Value::String(_) => DiskPreset::decode(node, cx)?.parameters(),
            Value::Table(table) => match table.entries.as_slice() {
                [(key, changes)] if preset(&key.name).is_some() => {
                    let base = preset(&key.name)?.parameters();
                    DiskParameters::decode(changes, cx)?.over(base)
                }
                _ => DiskParameters::decode(node, cx)?,
            },
            _ => return cx.mismatch(node, "a disk", &Self::example()),
        };
        parameters.check(node.span, cx);
        Some(Disk(parameters))
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        let (word, keys) = (DiskPreset::schema(s), DiskParameters::schema(s));
        let changed = json!({
            "type": "object",
            "properties": { "hdd": keys.clone(), "ssd": keys.clone(), "nvme": keys.clone() },
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": false,
            "title": "a preset with some keys replaced",
        });
        let doc = "The disk of a machine: a preset, a preset with some of its keys replaced, or keys.";
        s.define("Disk", doc, json!({ "oneOf": [word, changed, keys] }))
    }

    fn example() -> String {
        "\"ssd\"".to_owned()
    }
}
