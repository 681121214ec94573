//! A finished point of a sweep, kept in a file and damaged since.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, Mutex};

use knee::experiment::{self, Control, Options, Store, SweepResults};
use knee::report::{csv, json, terminal};
use knee::scenario::{Source, SweepAxis};

const SWEPT: &str = include_str!("../language/failover.toml");
/// What may be written over a part of a point: CBOR's numbers, lengths and marks (RFC 8949).
const ITEMS: [&[u8]; 16] = [
    b"\xf6",
    b"\xf4",
    b"\x00",
    b"\x20",
    b"\x60",
    b"\x80",
    b"\xa0",
    b"\x9f",
    b"\xbf",
    b"\xff",
    b"\x1b\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\x9b\x7f\xff\xff\xff\xff\xff\xff\xff",
    b"\x7b\x00\x00\x00\x7f\xff\xff\xff\xff",
    b"\xfb\x7f\xf0\x00\x00\x00\x00\x00\x00",
    b"\xfb\x7f\xf8\x00\x00\x00\x00\x00\x00",
    b"\xfb\xff\xef\xff\xff\xff\xff\xff\xff",
];
/// What a point begins with: its checksum.
const CHECKSUM: usize = 16;

/// The point, as it is kept.
static WHOLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let kept = Mutex::new(Vec::new());
    let put = |_: &str, bytes: &[u8]| kept.lock().expect("one thread").extend(bytes);
    sweep(Store { get: &|_| None, put: &put, found: &|| () });
    kept.into_inner().expect("one thread")
});

/// Whether the damaged point is still taken for one. Unless the first byte is 0, its checksum is made right.
pub(crate) fn try_bytes(bytes: &[u8]) -> bool {
    let Some((&first, damages)) = bytes.split_first() else { return false };
    let mut point = WHOLE.clone();
    damages.chunks_exact(4).for_each(|damage| do_harm(&mut point, damage));
    if first > 0 && point.len() > CHECKSUM {
        let sum = checksum(&point[CHECKSUM..]);
        point[..CHECKSUM].copy_from_slice(&sum);
    }
    let is_found = AtomicBool::new(false);
    let found = || is_found.store(true, Ordering::Relaxed);
    let results = sweep(Store { get: &|_| Some(point.clone()), put: &|_, _| (), found: &found });
    terminal::sweep(&results, true);
    terminal::drawing::sweep(&results, true);
    json::object(&results).expect("JSON");
    csv::sweep(&results).expect("CSV");
    is_found.into_inner()
}

/// One damage: where, of which kind, and how much or which.
fn do_harm(point: &mut Vec<u8>, damage: &[u8]) {
    let at = usize::from(u16::from_le_bytes([damage[0], damage[1]])) * point.len() / (1 << 16);
    let (kind, value) = (damage[2], damage[3]);
    let end = |length: usize| (at + length).min(point.len());
    let item = ITEMS[usize::from(value) % ITEMS.len()];
    match kind % 6 {
        0 => point.iter_mut().skip(at).take(1).for_each(|byte| *byte = value),
        1 => drop(point.splice(at..at, [value])),
        2 => drop(point.splice(at..end(1 + usize::from(value) % 16), [])),
        3 => point.truncate(at),
        4 => drop(point.splice(at..end(1), item.iter().copied())),
        _ => drop(point.splice(at..end(item.len()), item.iter().copied())),
    }
}

/// FNV-1a with 128 bits, of the length and the bytes.
fn checksum(bytes: &[u8]) -> [u8; CHECKSUM] {
    let length = (bytes.len() as u64).to_le_bytes();
    let step = |sum: u128, byte: &u8| (sum ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    length.iter().chain(bytes).fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, step).to_be_bytes()
}

/// A sweep of one point.
fn sweep(store: Store<'_>) -> SweepResults {
    let short = ["run.duration=10ms", "run.warm-up=0s", "run.replications=2"].map(str::to_owned).to_vec();
    let source = Source { name: "swept.toml".into(), text: SWEPT.into(), overrides: short };
    let axis = SweepAxis::from_flag("run.seed=7").expect("an axis");
    let options = Options { threads: Some(1), ..Options::default() };
    let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(false) };
    let results = experiment::sweep(&source, &[axis], &|_| Err("no files".into()), &options, &control, store);
    results.unwrap_or_else(|problems| panic!("{}", problems.render(false)))
}
