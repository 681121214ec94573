//! Points that are finished, kept between runs of the program.

use super::fingerprint::Fingerprint;
use super::grid::GridPoint;
use super::replicate::Options;
use super::results::{Results, Sample};

/// Where finished points are kept. Both functions may be called from several threads at once.
#[derive(Clone, Copy)]
pub struct Store<'a> {
    /// What was put under a name, if it is still there.
    pub get: &'a (dyn Fn(&str) -> Option<Vec<u8>> + Sync),
    /// Keeps bytes under a name: all of them, or nothing.
    pub put: &'a (dyn Fn(&str, &[u8]) + Sync),
    /// Told of each that was there and is whole.
    pub found: &'a (dyn Fn() + Sync),
}

impl Store<'static> {
    /// Keeps nothing.
    pub const NOTHING: Store<'static> = Store { get: &|_| None, put: &|_, _| (), found: &|| () };
}

impl Store<'_> {
    /// The results of a point, if they have been kept and are whole.
    pub(super) fn find(&self, point: &GridPoint, options: &Options) -> Option<Results> {
        let name = name(point, options);
        let results = decode(&name, &(self.get)(&name)?)?;
        (self.found)();
        Some(results)
    }

    /// Keeps the results of a point.
    pub(super) fn keep(&self, point: &GridPoint, options: &Options, results: &Results) {
        let name = name(point, options);
        if let Some(bytes) = encode(&name, results) {
            (self.put)(&name, &bytes);
        }
    }
}

/// A name that no other input has: of other points, values, files, options, or versions.
fn name(point: &GridPoint, options: &Options) -> String {
    let mut all = Fingerprint::default();
    all.add(&point.depends_on.bytes());
    all.add(&[FORMAT, u8::from(options.states)]);
    all.add(format!("{:?}", options.replicas).as_bytes());
    all.hex()
}

/// Changes with the form in which results are kept.
const FORMAT: u8 = 1;

/// The results as CBOR (RFC 8949), whose numbers are exact, behind their fingerprint.
fn encode(name: &str, results: &Results) -> Option<Vec<u8>> {
    let mut kept = Vec::new();
    ciborium::into_writer(&(name, results, &results.samples), &mut kept).ok()?;
    Some([&checksum(&kept)[..], &kept].concat())
}

fn decode(name: &str, bytes: &[u8]) -> Option<Results> {
    let (sum, kept) = bytes.split_at_checked(CHECKSUM)?;
    if checksum(kept) != sum {
        return None;
    }
    let (of, results, samples): (String, Results, Vec<Sample>) = ciborium::from_reader(kept).ok()?;
    (of == name).then_some(Results { samples, ..results })
}

const CHECKSUM: usize = 16;

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM] {
    let mut sum = Fingerprint::default();
    sum.add(bytes);
    sum.bytes()
}
