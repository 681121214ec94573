//! Published traces, slow models, and what is known of independent requests.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::fixture::Model;
use super::*;
use crate::rng::{self, Rng, unit};

fn args(pairs: &[(&str, f64)]) -> Args {
    Args { numbers: pairs.iter().map(|&(k, v)| (k.to_string(), v)).collect::<BTreeMap<_, _>>() }
}

/// A policy by name; `perfect` is LFU with a memory.
fn cache(name: &str, capacity: u64) -> Box<dyn Evict> {
    let (name, args) = match name {
        "perfect" => ("lfu", Some(args(&[("remember", 1.0)]))),
        name => (name, None),
    };
    (find(name).unwrap().build)(args.as_ref(), capacity).unwrap()
}

/// One request: a lookup, and the object comes in on a miss.
fn request(cache: &mut dyn Evict, key: u64, size: u64, rng: &mut Rng) -> bool {
    let is_hit = cache.lookup(key, rng);
    if !is_hit {
        cache.insert(key, size, rng, &mut |_| {});
    }
    is_hit
}

fn misses(cache: &mut dyn Evict, trace: impl IntoIterator<Item = (u64, u64)>) -> usize {
    let mut rng = rng::stream(1, 0, "cache");
    trace.into_iter().filter(|&(key, size)| !request(cache, key, size, &mut rng)).count()
}

#[test]
fn textbook_traces_have_their_printed_faults() {
    // Silberschatz, Galvin and Gagne, Operating System Concepts: FIFO 15 and LRU 12 with 3 frames.
    let silberschatz = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1];
    // Belady, Nelson and Shedler 1969: with FIFO, 9 faults with 3 frames and 10 with 4. The others by hand.
    let anomaly = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5];
    for (trace, frames, fifo, lru, clock, sieve) in [
        (&silberschatz[..], 3, 15, 12, 11, 11),
        (&silberschatz, 4, 10, 8, 8, 8),
        (&anomaly, 3, 9, 10, 10, 10),
        (&anomaly, 4, 10, 8, 8, 8),
    ] {
        for (name, faults) in [("fifo", fifo), ("lru", lru), ("clock", clock), ("sieve", sieve)] {
            let unit = trace.iter().map(|&key| (key, 1));
            assert_eq!(misses(&mut *cache(name, frames), unit), faults, "{name} with {frames}");
        }
    }
}

/// Requests of a linear congruential generator (Knuth's MMIX) with a popular few, sizes of 1 to `largest`, and a
/// scan now and then.
fn generated(largest: u64) -> impl Iterator<Item = (u64, u64)> {
    let mut state = 1u64;
    let mut next = move |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    (0..20_000u64).map(move |i| {
        let range = 1 + next(300);
        let key = if i % 1000 < 100 { 1000 + i } else { next(range) };
        (key, 1 + key * 7 % largest)
    })
}

/// Misses on that trace of programs that share nothing with these: 50 entries of size 1, and 250 units in sizes of
/// 1 to 11.
const GOLDEN: [(&str, usize, usize); 9] = [
    ("fifo", 14904, 15623),
    ("lru", 14621, 15433),
    ("lfu", 13413, 14031),
    ("perfect", 11959, 12770),
    ("clock", 14493, 15328),
    ("sieve", 12618, 13792),
    ("s3-fifo", 13041, 13880),
    ("arc", 13751, 14464),
    ("lru-k", 13380, 14299),
];

#[test]
fn a_generated_trace_has_the_counts_of_other_programs() {
    for (name, units, sizes) in GOLDEN {
        let counts = (misses(&mut *cache(name, 50), generated(1)), misses(&mut *cache(name, 250), generated(11)));
        assert_eq!(counts, (units, sizes), "{name}");
    }
}

#[derive(Debug, Clone)]
enum Op {
    Request(u64, u64),
    Lookup(u64),
    Insert(u64, u64),
    Remove(u64),
    Clear,
}

fn op() -> impl Strategy<Value = Op> {
    let (key, size) = (0u64..14, 1u64..5);
    prop_oneof![
        12 => (key.clone(), size.clone()).prop_map(|(k, s)| Op::Request(k, s)),
        4 => key.clone().prop_map(|k| Op::Request(k, 1)),
        1 => key.clone().prop_map(Op::Lookup),
        2 => (key.clone(), size).prop_map(|(k, s)| Op::Insert(k, s)),
        2 => key.prop_map(Op::Remove),
    ]
}

/// Does it, checks what holds of every policy, and returns what happened.
fn perform(cache: &mut dyn Evict, op: &Op, capacity: u64, rng: &mut Rng) -> (Vec<bool>, Vec<u64>) {
    let mut gone = Vec::new();
    let before: Vec<u64> = (0..14).filter(|&k| cache.contains(k)).collect();
    let mut insert = |cache: &mut dyn Evict, key, size, rng: &mut Rng| {
        let is_in = cache.insert(key, size, rng, &mut |key| gone.push(key));
        assert_eq!(cache.contains(key), is_in);
        assert!(is_in || size > 0);
        is_in
    };
    let answers = match *op {
        Op::Lookup(key) => vec![cache.lookup(key, rng)],
        Op::Insert(key, size) => vec![insert(cache, key, size, rng)],
        Op::Remove(key) => vec![cache.remove(key)],
        Op::Request(key, size) if !cache.lookup(key, rng) => vec![false, insert(cache, key, size, rng)],
        Op::Request(..) => vec![true],
        Op::Clear => {
            cache.clear();
            vec![]
        }
    };
    assert!(cache.used() <= capacity);
    assert_eq!(cache.is_empty(), cache.used() == 0);
    assert_eq!(cache.len(), (0..14).filter(|&k| cache.contains(k)).count());
    assert!(gone.iter().all(|key| before.contains(key) && !cache.contains(*key)));
    (answers, gone)
}

fn agrees(name: &'static str, ops: &[Op], capacity: u64) {
    let (mut fast, mut slow) = (cache(name, capacity), Model::new(name, capacity));
    let mut rng = rng::stream(1, 0, "cache");
    for op in ops {
        let answers = perform(&mut *fast, op, capacity, &mut rng);
        let expected = match *op {
            Op::Lookup(key) => (vec![slow.lookup(key)], vec![]),
            Op::Remove(key) => (vec![slow.remove(key)], vec![]),
            Op::Request(key, _) if slow.lookup(key) => (vec![true], vec![]),
            Op::Request(key, size) => {
                let (is_in, gone) = slow.insert(key, size);
                (vec![false, is_in], gone)
            }
            Op::Insert(key, size) => {
                let (is_in, gone) = slow.insert(key, size);
                (vec![is_in], gone)
            }
            Op::Clear => {
                slow = Model::new(name, capacity);
                (vec![], vec![])
            }
        };
        assert_eq!(answers, expected, "{name}: {op:?}");
        assert_eq!((0..14).filter(|&k| fast.contains(k)).collect::<Vec<_>>(), slow.contents(), "{name}");
        assert_eq!(fast.used(), slow.used(), "{name}");
    }
}

proptest! {
    #[test]
    fn every_policy_does_what_its_slow_model_does(
        mut ops in prop::collection::vec(op(), 0..200),
        capacity in 1u64..24,
        clear in prop::option::of(0usize..200),
    ) {
        if let Some(at) = clear {
            ops.insert(at.min(ops.len()), Op::Clear);
        }
        for name in
            ["fifo", "lru", "lfu", "perfect", "clock", "sieve", "s3-fifo", "arc", "w-tinylfu", "lru-k"]
        {
            agrees(name, &ops, capacity);
        }
    }

    #[test]
    fn random_holds_what_came_in_and_has_not_gone(ops in prop::collection::vec(op(), 0..200), capacity in 1u64..24) {
        let mut cache = cache("random", capacity);
        let mut rng = rng::stream(1, 0, "cache");
        for op in &ops {
            let (answers, _) = perform(&mut *cache, op, capacity, &mut rng);
            if let Op::Request(_, size) | Op::Insert(_, size) = *op {
                prop_assert_eq!(answers.last(), Some(&(size <= capacity || answers == [true])));
            }
        }
    }

    #[test]
    fn with_k_of_one_lru_k_is_lru(keys in prop::collection::vec(0u64..20, 0..300), capacity in 1u64..10) {
        let mut one = (find("lru-k").unwrap().build)(Some(&args(&[("k", 1.0)])), capacity).unwrap();
        let trace = || keys.iter().map(|&key| (key, 1));
        prop_assert_eq!(misses(&mut *one, trace()), misses(&mut *cache("lru", capacity), trace()));
    }
}

/// Keys by Zipf's law: the sums of the first weights.
struct Zipf(Vec<f64>);

impl Zipf {
    fn new(count: u32, exponent: f64) -> Zipf {
        let add = |sum: &mut f64, k| {
            *sum += libm::pow(f64::from(k), -exponent);
            Some(*sum)
        };
        Zipf((1..=count).scan(0.0, add).collect())
    }

    fn sample(&self, rng: &mut Rng) -> u64 {
        let at = unit(rng) * self.0[self.0.len() - 1];
        self.0.partition_point(|&sum| sum <= at) as u64
    }
}

/// Hit ratio after a warm-up, and the half-width of its 99.9 % interval, by 20 batches.
fn hit_ratio(name: &str, capacity: u64, keys: &Zipf, warm_up: usize, requests: usize) -> (f64, f64) {
    let mut cache = cache(name, capacity);
    let mut rng = rng::stream(1, 0, name);
    let mut hits = |requests: usize| {
        let hit = |_: &usize| {
            let key = keys.sample(&mut rng);
            request(&mut *cache, key, 1, &mut rng)
        };
        (0..requests).filter(hit).count() as f64
    };
    hits(warm_up);
    let batch = requests / 20;
    let ratios: Vec<f64> = (0..20).map(|_| hits(batch) / batch as f64).collect();
    let mean = ratios.iter().sum::<f64>() / 20.0;
    let variance = ratios.iter().map(|ratio| (ratio - mean).powi(2)).sum::<f64>() / 19.0;
    // The 99.95 % quantile of Student's t with 19 degrees of freedom.
    (mean, 3.883 * (variance / 20.0).sqrt())
}

#[test]
fn a_small_cache_hits_as_often_as_its_markov_chain_says() {
    // Ten keys by Zipf's law with exponent 1, capacity 3: King 1971 for LRU, Gelenbe 1973 for FIFO and random, the
    // three most popular keys for perfect LFU.
    let keys = Zipf::new(10, 1.0);
    let fifo = 0.4451044606;
    for (name, exact) in [("lru", 0.47066419), ("fifo", fifo), ("random", fifo), ("perfect", 0.6259314456)] {
        let (ratio, half_width) = hit_ratio(name, 3, &keys, 100_000, 1_000_000);
        assert!((ratio - exact).abs() < half_width, "{name}: {ratio} ± {half_width}, not {exact}");
        assert!(half_width < 0.003, "{name}: {half_width}");
    }
}

#[test]
fn a_large_cache_hits_as_often_as_its_characteristic_time_says() {
    // 100,000 keys by Zipf's law with exponent 0.9, capacity 1000: Che, Tung and Wang 2002; Fricker, Robert and Roberts
    // 2012. Half a percent for what is exact only for large caches.
    let keys = Zipf::new(100_000, 0.9);
    for (name, large) in [("lru", 0.3420611651), ("fifo", 0.3062775412), ("random", 0.3062775412)] {
        let (ratio, half_width) = hit_ratio(name, 1000, &keys, 50_000, 1_000_000);
        assert!((ratio - large).abs() < half_width + 0.005 * large, "{name}: {ratio} ± {half_width}, not {large}");
    }
}

#[test]
fn unbounded_keeps_everything() {
    let mut cache = unbounded();
    let mut rng = rng::stream(1, 0, "cache");
    for key in 0..10_000 {
        assert!(cache.insert(key, 1 << 40, &mut rng, &mut |_| panic!("nothing goes")));
    }
    assert!((0..10_000).all(|key| cache.lookup(key, &mut rng)));
    assert_eq!((cache.len(), cache.used()), (10_000, 10_000 << 40));
    assert!(cache.remove(7) && !cache.contains(7));
    assert!(cache.fresh().is_empty());
}

#[test]
fn nothing_fits_where_there_is_no_room() {
    for entry in REGISTRY {
        let mut cache = (entry.build)(None, 0).unwrap();
        let mut rng = rng::stream(1, 0, "cache");
        assert!(!cache.insert(1, 1, &mut rng, &mut |_| {}), "{}", entry.name);
        let mut cache = (entry.build)(None, 5).unwrap();
        assert!(!cache.insert(1, 6, &mut rng, &mut |_| {}), "{}", entry.name);
        assert!(cache.is_empty());
    }
}

#[test]
fn copies_are_empty_and_alike() {
    for name in REGISTRY.iter().map(|entry| entry.name).chain(["perfect"]) {
        let mut first = cache(name, 50);
        let counts = misses(&mut *first, generated(1));
        let mut copy = first.fresh();
        assert!(copy.is_empty() && !first.is_empty());
        assert_eq!(misses(&mut *copy, generated(1)), counts, "{name}");
        first.clear();
        assert_eq!(misses(&mut *first, generated(1)), counts, "{name}");
    }
}

#[test]
fn perfect_lfu_remembers_what_has_gone() {
    let mut cache = cache("perfect", 1);
    // 1 is used three times. 2 comes in with its fourth use, is used once more, and 1 is back with its sixth.
    let counts: Vec<usize> = [&[1, 1, 1][..], &[2, 2, 2], &[2], &[2], &[1], &[1, 1], &[1]]
        .iter()
        .map(|keys| misses(&mut *cache, keys.iter().map(|&key| (key, 1))))
        .collect();
    assert_eq!(counts, [1, 3, 1, 0, 1, 2, 0]);
}

#[test]
fn arguments_that_make_no_sense_are_errors() {
    let error = |name: &str, pairs: &[(&str, f64)]| {
        (find(name).unwrap().build)(Some(&args(pairs)), 10).err().unwrap_or_else(|| panic!("{name} {pairs:?}"))
    };
    for name in ["fifo", "random", "lru", "clock", "sieve", "arc"] {
        assert!(error(name, &[("k", 2.0)]).contains("no arguments"));
    }
    assert!(error("lru-k", &[("c", 2.0)]).contains("`k`"));
    for k in [0.0, 1.5, 17.0, f64::NAN, -1.0] {
        assert!(error("lru-k", &[("k", k)]).contains("whole number from 1 to 16"));
    }
    for share in [-0.1, 1.0, f64::NAN, f64::INFINITY] {
        assert!(error("s3-fifo", &[("small", share)]).contains("share of the capacity"));
        assert!(error("w-tinylfu", &[("window", share)]).contains("share of the capacity"));
        assert!(error("w-tinylfu", &[("protected", share)]).contains("less than 1"));
    }
    assert!(error("s3-fifo", &[("ghost", -1.0)]).contains("`ghost`"));
    assert!(error("s3-fifo", &[("threshold", 4.0)]).contains("1 to 3"));
    assert!(error("lfu", &[("remember", 2.0)]).contains("0 to 1"));
    assert!(find("mru").is_none());
}
