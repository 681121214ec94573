//! Results of which one is the other on another scale of time.

use serde_json::Value;

/// How many times as long everything takes.
const TIMES: f64 = 1000.0;

/// Every number is the same, or so many times as much, or as little: it is a count or share, a time, or a rate.
pub(crate) fn assert_scaled(fast: &Value, slow: &Value, path: &mut String, text: &str) {
    match (fast, slow) {
        (Value::Object(fast), Value::Object(slow)) => {
            assert!(fast.keys().eq(slow.keys()), "{path} in\n{text}");
            for (key, value) in fast {
                assert_below(key, value, &slow[key], path, text);
            }
        }
        (Value::Array(fast), Value::Array(slow)) => {
            assert_eq!(fast.len(), slow.len(), "{path} in\n{text}");
            for (index, (fast, slow)) in fast.iter().zip(slow).enumerate() {
                assert_below(&index.to_string(), fast, slow, path, text);
            }
        }
        (Value::Number(fast), Value::Number(slow)) => {
            let [fast, slow] = [fast, slow].map(|number| number.as_f64().unwrap_or(f64::NAN));
            // Buckets of a histogram are not a thousand times as wide.
            let exact = if is_percentile(path) { 2e-3 } else { 1e-6 };
            if is_percentile(path) && path.contains("/ci95") {
                return;
            }
            let is = |expected: f64| (slow - expected).abs() <= exact * expected.abs() + 1e-8;
            assert!(is(fast) || is(TIMES * fast) || is(fast / TIMES), "{path}: {fast}, {slow} in\n{text}");
        }
        // Sentences quote times.
        (Value::String(_), Value::String(_)) => {}
        _ => assert_eq!(fast, slow, "{path} in\n{text}"),
    }
}

/// Whether it is a `p99` or the like.
fn is_percentile(path: &str) -> bool {
    path.split(['/', '-', '.']).any(|word| word.strip_prefix('p').is_some_and(|number| number.parse::<f64>().is_ok()))
}

fn assert_below(key: &str, fast: &Value, slow: &Value, path: &mut String, text: &str) {
    let length = path.len();
    *path += "/";
    *path += key;
    assert_scaled(fast, slow, path, text);
    path.truncate(length);
}
