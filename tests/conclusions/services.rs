use knee::experiment::results::Results;

use super::common::{below, busy, latency, run, value};

const OTHERS: [&str; 3] = ["service.shop.replicas=4", "service.catalog.replicas=4", "service.checkout.replicas=2"];

#[test]
fn only_the_cart_of_the_microservices_has_to_be_scaled() {
    let (small, cart) = (run("microservices", &[]), run("microservices", &["service.cart.replicas=2"]));
    let others = run("microservices", &OTHERS);
    let all = run("microservices", &[&OTHERS[..], &["service.cart.replicas=2"]].concat());
    let p99 = |results: &Results| value(&latency(results, "shoppers").p99);
    assert_eq!(small.bottleneck.as_ref().expect("a bottleneck").station, "cart.cpu");
    assert!(p99(&small) > 3.0 * p99(&cart));
    assert!(below(&latency(&cart, "shoppers").p99, &latency(&others, "shoppers").p99));
    assert!((p99(&others) / p99(&small) - 1.0).abs() < 0.05);
    assert!(p99(&cart) < 1.1 * p99(&all) && cart.cost.per_hour < 0.7 * all.cost.per_hour);
}

#[test]
fn what_is_published_slows_nobody_down() {
    let (usual, slow) =
        (run("microservices", &[]), run("microservices", &["service.warehouse.steps[0].cpu.exponential=20ms"]));
    assert!(busy(&slow, "warehouse.cpu") > 0.75);
    let order = |results: &Results| results.workloads["shoppers"].operations["order"].latency.mean;
    assert_eq!(order(&usual), order(&slow));
}

#[test]
fn sticky_sessions_leave_replicas_unequally_busy() {
    let usual = run("sticky-sessions", &[]);
    let replicas = |service: &str| -> Vec<f64> {
        let mut busy: Vec<f64> = (0..4).map(|replica| busy(&usual, &format!("{service}[{replica}].cpu"))).collect();
        busy.sort_by(f64::total_cmp);
        busy
    };
    let (sticky, stateless) = (replicas("sticky-app"), replicas("stateless-app"));
    assert!(sticky[3] > 1.2 * sticky[0], "{sticky:?}");
    assert!(stateless[3] < 1.03 * stateless[0], "{stateless:?}");
    let (sticky, stateless) = (latency(&usual, "sticky"), latency(&usual, "stateless"));
    assert!(below(&stateless.p99, &sticky.p99) && value(&sticky.p99) > 1.3 * value(&stateless.p99));
}

#[test]
fn heavy_users_are_worse_for_sticky_sessions() {
    let exponents = ["workload.sticky.keys.zipf.exponent=1.0", "workload.stateless.keys.zipf.exponent=1.0"];
    let (usual, heavy) = (run("sticky-sessions", &[]), run("sticky-sessions", &exponents));
    assert!(below(&latency(&usual, "sticky").p99, &latency(&heavy, "sticky").p99));
    assert!(value(&latency(&heavy, "sticky").p99) > 1.6 * value(&latency(&heavy, "stateless").p99));
}

#[test]
fn sticky_sessions_are_faster_where_there_is_no_queue() {
    let rates = ["workload.sticky.arrivals.poisson=60/s", "workload.stateless.arrivals.poisson=60/s"];
    let light = run("sticky-sessions", &rates);
    assert!(below(&latency(&light, "sticky").mean, &latency(&light, "stateless").mean));
}

#[test]
fn a_distributed_lock_is_held_for_its_round_trips_too() {
    let far = run("distributed-lock", &[]);
    let near = ["service.booking.steps[1].hold.steps[0].wait=50us", "service.booking.steps[1].hold.steps[2].wait=50us"];
    let near = run("distributed-lock", &near);
    let (far_held, near_held) = (busy(&far, "seats"), busy(&near, "seats"));
    assert!((far_held - 0.45 * 2.0).abs() < 0.01 && (near_held - 0.45 * 1.1).abs() < 0.01, "{far_held} {near_held}");
    let wait = |results: &Results| value(&results.stations.get("seats").expect("the lock").wait.mean);
    assert!(wait(&far) > 8.0 * wait(&near));
}

#[test]
fn a_lock_for_each_key_is_hardly_waited_for() {
    let (all, by_key) = (run("distributed-lock", &[]), run("distributed-lock", &["lock.seats.by=key"]));
    let (all, by_key) = (latency(&all, "buyers"), latency(&by_key, "buyers"));
    assert!(below(&by_key.mean, &all.mean) && value(&all.mean) > 4.0 * value(&by_key.mean));
    // Three times half a millisecond on the way, and one of work.
    assert!(value(&by_key.mean) < 2.6e-3);
}
