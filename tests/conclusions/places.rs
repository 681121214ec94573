use super::common::{mean_ms, run};

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
