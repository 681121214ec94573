//! Reading and showing quantities.

use super::*;

#[test]
fn every_unit_has_its_size() {
    for (text, seconds) in [
        ("3ns", 3e-9),
        ("1us", 1e-6),
        ("1µs", 1e-6),
        ("0.1ms", 1e-4),
        ("2 s", 2.0),
        ("10min", 600.0),
        ("24h", 86_400.0),
        ("1day", 86_400.0),
        ("1e-3s", 1e-3),
        ("1_000s", 1000.0),
    ] {
        assert_eq!(Duration::parse(text), Ok(Duration(seconds)), "{text}");
    }
    assert_eq!(Rate::parse("1e6/s"), Ok(Rate(1e6)));
    assert_eq!(Rate::parse("90/min"), Ok(Rate(1.5)));
    assert_eq!(Bytes::parse("64KiB"), Ok(Bytes(65_536.0)));
    assert_eq!(Bandwidth::parse("10Gbit/s"), Ok(Bandwidth(1.25e9)));
    assert_eq!(Ratio::parse("0.1%"), Ok(Ratio(0.001)));
    assert_eq!(Ratio::parse("0.5"), Ok(Ratio(0.5)));
}

#[test]
fn what_is_not_a_quantity_is_refused() {
    for text in ["", " ", "-1s", "NaN", "inf", "ms", "1e999s", "1e308day", "1e", ".", "+", "5x", "1s2"] {
        assert!(Duration::parse(text).is_err(), "{text}");
    }
}

#[test]
fn errors_name_the_units_and_what_was_meant() {
    let error = |text| Duration::parse(text).unwrap_err();
    assert_eq!(error("5"), "missing unit: a duration takes one of ns, us, µs, ms, s, min, h, day");
    assert!(error("5m").starts_with("unknown unit `m`, did you mean `min` or `ms`?"));
    assert!(error("5sec").contains("did you mean `s`"));
    assert!(error("5MS").contains("did you mean `ms`"));
    assert!(Rate::parse("5").unwrap_err().contains("/s, /min, /h"));
    assert!(Rate::parse("5rps").unwrap_err().contains("did you mean `/s`"));
}

#[test]
fn a_default_is_written_in_the_largest_unit() {
    assert_eq!(DURATION.write(86_400.0), "1day");
    assert_eq!(DURATION.write(0.005), "5ms");
    assert_eq!(DURATION.write(0.0), "0s");
    assert_eq!(BYTES.write(65_536.0), "64KiB");
    assert_eq!(RATE.write(0.5), "30/min");
}

#[test]
fn people_read_three_digits() {
    let shown: Vec<String> = [0.0999, 0.000_999_96, 61.0, 7200.0, 1e-9, 200_000.0].map(duration).to_vec();
    assert_eq!(shown, ["99.9 ms", "1.00 ms", "61.0 s", "2.00 h", "1.00 ns", "2.31 days"]);
    let shown: Vec<String> = [0.8, 48.94, 2000.0, 0.0, 0.001_234].map(rate).to_vec();
    assert_eq!(shown, ["0.800/s", "48.9/s", "2000/s", "0/s", "0.00123/s"]);
}
