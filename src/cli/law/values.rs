//! Values of flags: shares, times, lists of sizes.

use knee::units::{Duration, Rate, Ratio};

/// The greatest load that is staffed, in erlangs.
pub(super) const MOST_LOAD: f64 = 1e7;
/// The greatest number of servers or users.
const MOST: u32 = 100_000;
/// The most that numbers of servers or users add up to: each is computed from 1 on.
const MOST_IN_ALL: u64 = 1_000_000;
/// Parameters of the scalability law, and sizes, are not beyond these; 0 is none.
const FITTED: std::ops::RangeInclusive<f64> = 1e-50..=1e50;
/// The longest list.
const LONGEST: usize = 1000;

/// From 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Share(pub(super) f64);

/// Seconds, or a rate per second: above 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Time(pub(super) f64);

/// Sizes of at least 1, as they were written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sizes(pub(super) Vec<f64>);

impl Sizes {
    /// The sizes, none where none were given.
    pub(super) fn given(sizes: &Option<Sizes>) -> &[f64] {
        sizes.as_ref().map_or(&[], |sizes| &sizes.0)
    }
}

/// Whole numbers from 1 to a hundred thousand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Counts(pub(super) Vec<u32>);

/// A percentile of the wait and what it may be.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Wait {
    /// Such as `p95`.
    pub(super) name: String,
    /// Such as 0.95.
    pub(super) p: f64,
    /// In seconds.
    pub(super) time: f64,
    /// As it was written.
    pub(super) text: String,
}

pub(super) fn share(text: &str) -> Result<Share, String> {
    match Ratio::parse(text)?.0 {
        share if share <= 1.0 => Ok(Share(share)),
        _ => Err("a share is at most 1, or 100%".into()),
    }
}

pub(super) fn time(text: &str) -> Result<Time, String> {
    positive(Duration::parse(text)?.0).map(Time)
}

pub(super) fn rate(text: &str) -> Result<Time, String> {
    positive(Rate::parse(text)?.0).map(Time)
}

/// A number, or a rate.
pub(super) fn lambda(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(number) => within(positive(number)?),
        Err(_) => within(positive(Rate::parse(text)?.0)?),
    }
}

pub(super) fn beta(text: &str) -> Result<f64, String> {
    match price(text)? {
        0.0 => Ok(0.0),
        beta => within(beta),
    }
}

/// A serial share, for a law that is divided by it.
pub(super) fn alpha(text: &str) -> Result<Share, String> {
    match share(text)? {
        Share(0.0) => Ok(Share(0.0)),
        Share(alpha) => within(alpha).map(Share),
    }
}

pub(super) fn load(text: &str) -> Result<f64, String> {
    positive(number(text)?)
}

pub(super) fn price(text: &str) -> Result<f64, String> {
    let number = number(text)?;
    if number >= 0.0 { Ok(number) } else { Err("must not be negative".into()) }
}

/// Such as `p95=100ms`.
pub(super) fn wait(text: &str) -> Result<Wait, String> {
    let advice = "write a percentile and a time, such as p95=100ms";
    let (name, written) = text.split_once('=').ok_or(advice)?;
    let percent: f64 = name.strip_prefix('p').and_then(|digits| digits.parse().ok()).ok_or(advice)?;
    if !(percent > 0.0 && percent < 100.0) {
        return Err(format!("{name}: a percentile lies between p0 and p100"));
    }
    let seconds = Duration::parse(written)?.0;
    Ok(Wait { name: name.into(), p: percent / 100.0, time: seconds, text: written.trim().into() })
}

/// Such as `1,2,10`, `1..16` for every whole number, `1..64:8` for eight of them.
pub(super) fn sizes(text: &str) -> Result<Sizes, String> {
    let all = list(text)?;
    match all.iter().find(|size| **size < 1.0) {
        Some(size) => Err(format!("{size} is no size: it counts something, so it is at least 1")),
        None => all.into_iter().map(within).collect::<Result<_, _>>().map(Sizes),
    }
}

/// Numbers of any size that are not negative.
pub(super) fn betas(text: &str) -> Result<Sizes, String> {
    let all = list(text)?;
    match all.iter().find(|beta| **beta < 0.0 || **beta > 1000.0) {
        Some(beta) => Err(format!("{beta}: it must be from 0 to 1000")),
        None => Ok(Sizes(all)),
    }
}

pub(super) fn counts(text: &str) -> Result<Counts, String> {
    let whole = |number: f64| match number.fract() == 0.0 && number >= 1.0 && number <= f64::from(MOST) {
        true => Ok(number as u32),
        false => Err(format!("{number}: write whole numbers from 1 to {MOST}")),
    };
    let all: Vec<u32> = list(text)?.into_iter().map(whole).collect::<Result<_, _>>()?;
    let sum: u64 = all.iter().copied().map(u64::from).sum();
    match all.len() {
        0 => Err("write a number, or several with commas between".into()),
        _ if sum > MOST_IN_ALL => {
            Err(format!("these add up to {sum}, which takes too long: write fewer, up to {MOST_IN_ALL} in all"))
        }
        _ => Ok(Counts(all)),
    }
}

pub(super) fn count(text: &str) -> Result<u32, String> {
    match counts(text)?.0.as_slice() {
        [one] => Ok(*one),
        _ => Err("write one number".into()),
    }
}

fn list(text: &str) -> Result<Vec<f64>, String> {
    let mut all = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        match part.split_once("..") {
            Some((from, to)) => all.extend(range(from, to)?),
            None => all.push(number(part)?),
        }
        if all.len() > LONGEST {
            return Err(format!("more than {LONGEST} numbers: write FROM..TO:POINTS"));
        }
    }
    Ok(all)
}

/// From one number to another: every whole step, or so many points.
fn range(from: &str, to: &str) -> Result<Vec<f64>, String> {
    let from = number(from)?;
    let (to, points) = match to.split_once(':') {
        Some((to, points)) => (number(to)?, Some(points)),
        None => (number(to)?, None),
    };
    if to < from {
        return Err(format!("{from}..{to} goes down: write the smaller number first"));
    }
    let count = match points {
        Some(points) => points.trim().parse().map_err(|_| format!("`{points}` is not a number of points"))?,
        None => (to - from).min(1e6) as usize + 1,
    };
    if !(1..=LONGEST).contains(&count) {
        return Err(format!("{count} points: write FROM..TO:POINTS with 1 to {LONGEST} points"));
    }
    let step = if points.is_none() || count == 1 { 1.0 } else { (to - from) / (count - 1) as f64 };
    Ok((0..count).map(|index| from + index as f64 * step).collect())
}

fn number(text: &str) -> Result<f64, String> {
    let read = text.trim().parse().ok().filter(|number: &f64| number.is_finite());
    read.ok_or_else(|| format!("`{}` is not a number", text.trim()))
}

fn within(number: f64) -> Result<f64, String> {
    let [from, to] = [FITTED.start(), FITTED.end()];
    if FITTED.contains(&number) {
        Ok(number)
    } else {
        Err(format!("write it in another unit, from {from:e} to {to:e}"))
    }
}

fn positive(number: f64) -> Result<f64, String> {
    if number > 0.0 && number.is_finite() { Ok(number) } else { Err("must be above 0".into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_have_numbers_and_ranges() {
        assert_eq!(list("1, 2,10"), Ok(vec![1.0, 2.0, 10.0]));
        assert_eq!(list("1..4,8"), Ok(vec![1.0, 2.0, 3.0, 4.0, 8.0]));
        assert_eq!(list("1..64:4"), Ok(vec![1.0, 22.0, 43.0, 64.0]));
        assert_eq!((Sizes::given(&None), Sizes::given(&sizes("2").ok())), (&[][..], &[2.0][..]));
        assert!(list("1..1000000000000").is_err() && list("4..1").is_err() && list("1..2:0").is_err());
        assert!(list("1,x").is_err() && sizes("0.5").is_err() && counts("1.5").is_err() && counts("").is_err());
        assert_eq!(counts("5..7"), Ok(Counts(vec![5, 6, 7])));
        assert_eq!(counts("99001..99010").map(|counts| counts.0.len()), Ok(10));
        assert!(counts("99001..100000").unwrap_err().contains("add up to 99500500"));
        assert!(count("1,2").is_err() && betas("-1").is_err());
    }

    #[test]
    fn quantities_are_checked() {
        assert_eq!(share("5%"), Ok(Share(0.05)));
        assert!(share("120%").is_err() && time("0s").is_err() && time("5").is_err());
        assert_eq!((lambda("1000"), lambda("2/s")), (Ok(1000.0), Ok(2.0)));
        for absurd in ["1e308", "1e-60", "1e200/s"] {
            assert!(lambda(absurd).unwrap_err().contains("1e-50 to 1e50"), "{absurd}");
        }
        assert!(beta("1e-60").is_err() && beta("0") == Ok(0.0) && alpha("1e-60").is_err() && sizes("1e60").is_err());
        assert!(lambda("-1").is_err() && load("0").is_err() && beta("NaN").is_err());
        let p95 = wait("p95=100ms").unwrap();
        assert_eq!((p95.p, p95.time, p95.name.as_str(), p95.text.as_str()), (0.95, 0.1, "p95", "100ms"));
        assert!(wait("95=1s").is_err() && wait("p100=1s").is_err() && wait("p95=fast").is_err());
    }
}
