//! Instants and spans of time as logs and tools write them.

/// Nanoseconds in a second.
const SECOND: f64 = 1e9;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Nanoseconds since 1970, from `2018-07-02T22:23:00.186641Z`, also with `+02:00` or a blank for the `T`; without a zone,
/// UTC.
pub(super) fn iso(text: &str) -> Option<i64> {
    let (date, time) = text.split_at_checked(10)?;
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let time = time.strip_prefix(['T', 't', ' '])?;
    let zone = time.find(['Z', 'z', '+', '-']).unwrap_or(time.len());
    let (time, zone) = time.split_at(zone);
    instant([year, month, day], time, zone.trim_start_matches(['Z', 'z']))
}

/// Nanoseconds since 1970, from `02/Jul/2018:22:23:00 +0200`.
pub(super) fn common(text: &str) -> Option<i64> {
    let (date, time) = text.split_once(':')?;
    let mut parts = date.split('/');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let month = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month))? + 1;
    let (time, zone) = time.split_once(' ').unwrap_or((time, ""));
    instant([year, &month.to_string(), day], time, zone)
}

/// The same, rounded back to a date: `2018-07-02T22:23:00Z`.
pub(super) fn show(nanoseconds: i64) -> String {
    let seconds = nanoseconds.div_euclid(1_000_000_000);
    let (day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let [year, month, date] = date(day);
    let (hour, minute) = (second / 3600, second / 60 % 60);
    format!("{year:04}-{month:02}-{date:02}T{hour:02}:{minute:02}:{:02}Z", second % 60)
}

fn instant(date: [&str; 3], time: &str, zone: &str) -> Option<i64> {
    let [year, month, day] = [date[0].parse().ok()?, date[1].parse().ok()?, date[2].parse().ok()?];
    let is_date = (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    let mut parts = time.split(':');
    let (hour, minute): (i64, i64) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let second: f64 = parts.next().unwrap_or("0").parse().ok()?;
    let is_time = (0..24).contains(&hour) && (0..60).contains(&minute) && (0.0..61.0).contains(&second);
    if !is_date || !is_time {
        return None;
    }
    let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 - offset(zone)?;
    seconds.checked_mul(1_000_000_000)?.checked_add((second * SECOND).round() as i64)
}

/// Seconds east of Greenwich, from `+0200`, `+02:00` or nothing.
fn offset(zone: &str) -> Option<i64> {
    let Some(sign) = zone.chars().next() else { return Some(0) };
    let sign = match sign {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let digits: String = zone[1..].chars().filter(char::is_ascii_digit).collect();
    let number: i64 = digits.parse().ok()?;
    match digits.len() {
        4 => Some(sign * (number / 100 * 3600 + number % 100 * 60)),
        2 => Some(sign * number * 3600),
        _ => None,
    }
}

/// Days since 1970 of a date in the Gregorian calendar (Hinnant 2021, `days_from_civil`): years begin in March, so that the
/// leap day is the last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day (Hinnant 2021, `civil_from_days`).
fn date(days: i64) -> [i64; 3] {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    [year + era * 400 + i64::from(month <= 2), month, of_year - (153 * shifted + 2) / 5 + 1]
}

/// Nanoseconds of an instant given as a number, whose unit its size tells: seconds, ms, µs or ns since 1970.
pub(super) fn epoch(number: f64) -> i64 {
    let unit = match number.abs() {
        small if small < 1e11 => 1e9,
        ms if ms < 1e14 => 1e6,
        us if us < 1e17 => 1e3,
        _ => 1.0,
    };
    (number * unit).round() as i64
}

/// Seconds, from `1m30.5s`, `12.3ms`, `45µs` or `1.02s`, as Go and wrk write spans of time.
pub(super) fn span(text: &str) -> Option<f64> {
    let mut rest = text.trim();
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let (number, after) = rest.split_at(digits);
        let end = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, next) = after.split_at(end);
        seconds += number.parse::<f64>().ok()? * unit_of(unit.trim())?;
        rest = next;
    }
    (!text.trim().is_empty()).then_some(seconds)
}

/// Seconds in a unit, by its name.
pub(super) fn unit_of(name: &str) -> Option<f64> {
    match name {
        "ns" => Some(1e-9),
        "us" | "µs" | "μs" => Some(1e-6),
        "ms" => Some(1e-3),
        "s" => Some(1.0),
        "m" | "min" => Some(60.0),
        "h" => Some(3600.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_those_of_the_calendar() {
        assert_eq!(iso("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(iso("2018-07-02T22:23:00.186641Z"), Some(1_530_570_180_186_641_000));
        assert_eq!(iso("2018-07-03 00:23:00.186641+02:00"), Some(1_530_570_180_186_641_000));
        assert_eq!(common("03/Jul/2018:00:23:00 +0200"), Some(1_530_570_180_000_000_000));
        assert_eq!(iso("2000-02-29T12:00:00").map(show).as_deref(), Some("2000-02-29T12:00:00Z"));
        assert_eq!(show(-1_000_000_000), "1969-12-31T23:59:59Z");
        for wrong in ["", "2018", "2018-13-01T00:00:00Z", "2018-07-02T25:00:00Z", "2018-07-02", "é018-07-02T00:00:00Z"]
        {
            assert_eq!(iso(wrong), None, "{wrong}");
        }
        for wrong in ["02/Jux/2018:22:23:00 +0200", "02/Jul/2018:22:23:00 CEST", "x"] {
            assert_eq!(common(wrong), None, "{wrong}");
        }
    }

    /// Every day of four centuries there and back.
    #[test]
    fn days_and_dates_are_inverse() {
        for day in -100_000..50_000 {
            let [year, month, of_month] = date(day);
            assert_eq!(days(year, month, of_month), day);
        }
    }

    #[test]
    fn spans_have_many_forms() {
        let close = |text: &str, seconds: f64| assert!((span(text).unwrap() / seconds - 1.0).abs() < 1e-12, "{text}");
        close("1m30.5s", 90.5);
        close("635.91us", 635.91e-6);
        close("762.632µs", 762.632e-6);
        close("1h0m1s", 3601.0);
        assert_eq!((span("0s"), span(""), span("5"), span("x"), span("1.2.3s")), (Some(0.0), None, None, None, None));
    }

    #[test]
    fn the_size_of_an_epoch_tells_its_unit() {
        let instant = 1_530_570_180_000_000_000;
        for number in [1_530_570_180.0, 1_530_570_180e3, 1_530_570_180e6, 1_530_570_180e9] {
            assert_eq!(epoch(number), instant);
        }
        assert_eq!(epoch(12.5), 12_500_000_000);
    }
}
