use super::common::{mean_ms, run, value};

/// A shorter run shows it as well.
const SHORT: [&str; 3] = ["run.duration=20s", "run.warm-up=2s", "run.replications=4"];

#[test]
fn a_second_region_speeds_up_pages_and_slows_down_orders() {
    let two = run("two-regions", &SHORT);
    let one = run("two-regions", &[&SHORT[..], &["service.app-us.region=eu"]].concat());
    for (results, workload, expected) in [
        (&two, "american-pages", 5.0),
        (&one, "american-pages", 85.0 + 0.5),
        (&two, "american-orders", 2.0 + 2.0 * (80.0 + 5.0)),
        (&one, "american-orders", 2.0 + 80.0 + 2.0 * 5.0),
        (&two, "european-pages", 5.0),
        (&one, "european-pages", 5.0),
    ] {
        let found = mean_ms(results, workload);
        assert!((found - expected).abs() < 2.0, "{workload}: {found} instead of {expected}");
    }
}

#[test]
fn an_ocean_twice_as_wide_costs_an_order_four_crossings_more() {
    let narrow = run("two-regions", &SHORT);
    let wide = run("two-regions", &[&SHORT[..], &["link.atlantic.latency=80ms"]].concat());
    let more = mean_ms(&wide, "american-orders") - mean_ms(&narrow, "american-orders");
    assert!((more - 160.0).abs() < 2.0, "{more}");
    assert!((mean_ms(&wide, "american-pages") - mean_ms(&narrow, "american-pages")).abs() < 0.5);
}

#[test]
fn the_nearest_copy_is_quick_and_sometimes_old_and_the_primary_slow_and_right() {
    let near = run("geo-replication", &SHORT);
    let primary = run("geo-replication", &[&SHORT[..], &["database.orders.replication.reads=primary"]].concat());
    for (workload, crossing) in [("europeans", 0.0), ("americans", 90.0), ("asians", 220.0)] {
        for (results, operation, expected) in [
            (&near, "read", 1.0),
            (&primary, "read", crossing + 1.0),
            (&near, "write", crossing + 2.0),
            (&primary, "write", crossing + 2.0),
        ] {
            let found = 1e3 * value(&results.workloads[workload].operations[operation].latency.mean);
            assert!((found - expected).abs() < 0.2, "{workload} {operation}: {found} instead of {expected}");
        }
    }
    let stale = value(&near.replication["orders"].stale_read_ratio);
    assert!(stale > 0.05 && stale < 0.08, "{stale}");
    assert_eq!(value(&primary.replication["orders"].stale_read_ratio), 0.0);
}

#[test]
fn the_further_away_a_copy_the_older_what_it_shows() {
    let stale = |latency: &str| {
        let set = format!("link.silk-road.latency={latency}");
        value(&run("geo-replication", &[&SHORT[..], &[&set]].concat()).replication["orders"].stale_read_ratio)
    };
    assert!(stale("40ms") < 0.8 * stale("150ms"));
}
