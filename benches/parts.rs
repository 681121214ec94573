//! How fast the parts of the engine are: the calendar by the hold model, policies by their choice, caches by a request.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use knee::distribution::{Law, Zipf};
use knee::engine::calendar::{Calendar, Class};
use knee::policy::balance::{self, View};
use knee::policy::evict;
use knee::rng;

/// One pop and one push at a constant number of pending events (Vaucher & Duval 1975).
fn hold(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("calendar hold");
    let ahead = Law::exponential(1e12).expect("a positive mean");
    for pending in [10u64, 1_000, 100_000, 1_000_000] {
        let mut rng = rng::stream(1, 0, "hold");
        let mut calendar = Calendar::new(&[]);
        for slot in 0..pending {
            calendar.schedule(ahead.sample(&mut rng) as u64, Class::Completion, slot as u32);
        }
        group.bench_function(BenchmarkId::from_parameter(pending), |bencher| {
            bencher.iter(|| {
                let event = calendar.peek();
                calendar.pop(event);
                let time = event.time() + ahead.sample(&mut rng) as u64;
                calendar.schedule(time, Class::Completion, event.slot())
            });
        });
    }
    group.finish();
}

/// One choice among a hundred targets.
fn policies(criterion: &mut Criterion) {
    const TARGETS: usize = 100;
    let mut group = criterion.benchmark_group("choice among 100");
    let loads: Vec<u32> = (0..TARGETS as u32).map(|target| target * 7 % 13).collect();
    let fronts: Vec<u32> = (0..TARGETS as u32).collect();
    let names: Vec<String> = fronts.iter().map(|target| format!("app[{target}]")).collect();
    for entry in balance::REGISTRY {
        let Ok(mut policy) = (entry.build)(None, &names) else { continue };
        let mut rng = rng::stream(1, 0, "policies");
        let view = View {
            loads: &loads,
            fronts: &fronts,
            outstanding: &loads,
            session: Some(42),
            region: None,
            distances: &[],
        };
        group.bench_function(entry.name, |bencher| bencher.iter(|| policy.choose(black_box(&view), &mut rng)));
    }
    group.finish();
}

/// One draw of a key, and one request for it from a warm cache: a lookup, and an insertion on a miss.
fn caches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("evict, 100000 of 1000000 keys");
    group.throughput(Throughput::Elements(1));
    let mut rng = rng::stream(1, 0, "caches");
    let popularity = Zipf::new(1_000_000, 0.99).expect("a popularity");
    group.bench_function("draw only", |bencher| bencher.iter(|| popularity.sample(&mut rng)));
    for entry in evict::REGISTRY {
        let mut cache = (entry.build)(None, 100_000).expect("a policy without arguments");
        let mut request = || {
            let key = popularity.sample(&mut rng);
            cache.lookup(key, &mut rng) || cache.insert(key, 1, &mut rng, &mut |gone| _ = black_box(gone))
        };
        (0..1 << 22).for_each(|_| _ = request());
        group.bench_function(entry.name, |bencher| bencher.iter(&mut request));
    }
    group.finish();
}

criterion_group!(parts, hold, policies, caches);
criterion_main!(parts);
