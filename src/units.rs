//! Quantities with units: how they are read from a scenario and shown to people.
//!
//! Inside the program a time is in seconds, a rate per second, a size in bytes and a bandwidth in
//! bytes per second. Only this module knows any other unit.

use crate::diagnostic::closest;

/// A span of time, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Duration(pub f64);

/// How often something happens, per second.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Rate(pub f64);

/// A size, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Bytes(pub f64);

/// How fast data moves, in bytes per second.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Bandwidth(pub f64);

/// A share or probability: a number, or a percentage.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Ratio(pub f64);

impl Duration {
    /// Reads `"5ms"`, in seconds.
    ///
    /// # Errors
    /// Says what is wrong with the number or the unit, and names the units there are.
    ///
    /// ```
    /// use knee::units::Duration;
    /// assert_eq!(Duration::parse("5ms"), Ok(Duration(0.005)));
    /// assert!(Duration::parse("5").unwrap_err().contains("missing unit"));
    /// assert!(Duration::parse("5m").unwrap_err().contains("did you mean `min` or `ms`"));
    /// ```
    pub fn parse(text: &str) -> Result<Duration, String> {
        DURATION.read(text).map(Duration)
    }
}

impl Rate {
    /// Reads `"200/s"`, per second.
    ///
    /// # Errors
    /// Says what is wrong with the number or the unit, and names the units there are.
    pub fn parse(text: &str) -> Result<Rate, String> {
        RATE.read(text).map(Rate)
    }
}

impl Bytes {
    /// Reads `"64KiB"`, in bytes.
    ///
    /// # Errors
    /// Says what is wrong with the number or the unit, and names the units there are.
    pub fn parse(text: &str) -> Result<Bytes, String> {
        BYTES.read(text).map(Bytes)
    }
}

impl Bandwidth {
    /// Reads `"10Gbit/s"`, in bytes per second.
    ///
    /// # Errors
    /// Says what is wrong with the number or the unit, and names the units there are.
    pub fn parse(text: &str) -> Result<Bandwidth, String> {
        BANDWIDTH.read(text).map(Bandwidth)
    }
}

impl Ratio {
    /// Reads `"10%"` or `"0.1"`.
    ///
    /// # Errors
    /// Says what is wrong with the number or the percent sign.
    pub fn parse(text: &str) -> Result<Ratio, String> {
        let (number, unit) = split(text)?;
        match unit {
            "" => Ok(Ratio(number)),
            "%" => Ok(Ratio(number / 100.0)),
            other => Err(format!("unknown unit `{other}`: a ratio is a number or ends in %")),
        }
    }
}

/// A kind of quantity: its name, an example, and its units.
#[derive(Debug)]
pub struct Kind {
    /// With its article: "a duration".
    pub name: &'static str,
    /// How one is written.
    pub example: &'static str,
    units: &'static [Unit],
}

/// A unit's symbol and its size as a fraction, so that reading `"5ms"` rounds once.
type Unit = (&'static str, f64, f64);

/// Time: `ns us µs ms s min h day`.
pub const DURATION: Kind = Kind {
    name: "a duration",
    example: "5ms",
    units: &[
        ("ns", 1.0, 1e9),
        ("us", 1.0, 1e6),
        ("µs", 1.0, 1e6),
        ("ms", 1.0, 1e3),
        ("s", 1.0, 1.0),
        ("min", 60.0, 1.0),
        ("h", 3600.0, 1.0),
        ("day", 86_400.0, 1.0),
    ],
};

/// Events over time: `/s /min /h /day`.
pub const RATE: Kind = Kind {
    name: "a rate",
    example: "200/s",
    units: &[("/s", 1.0, 1.0), ("/min", 1.0, 60.0), ("/h", 1.0, 3600.0), ("/day", 1.0, 86_400.0)],
};

/// Sizes, decimal and binary.
pub const BYTES: Kind = Kind {
    name: "a size",
    example: "64KiB",
    units: &[
        ("B", 1.0, 1.0),
        ("kB", 1e3, 1.0),
        ("MB", 1e6, 1.0),
        ("GB", 1e9, 1.0),
        ("TB", 1e12, 1.0),
        ("KiB", 1024.0, 1.0),
        ("MiB", 1_048_576.0, 1.0),
        ("GiB", 1_073_741_824.0, 1.0),
        ("TiB", 1_099_511_627_776.0, 1.0),
    ],
};

/// Data over time, in bits or bytes.
pub const BANDWIDTH: Kind = Kind {
    name: "a bandwidth",
    example: "10Gbit/s",
    units: &[
        ("kbit/s", 125.0, 1.0),
        ("Mbit/s", 125e3, 1.0),
        ("Gbit/s", 125e6, 1.0),
        ("kB/s", 1e3, 1.0),
        ("MB/s", 1e6, 1.0),
        ("GB/s", 1e9, 1.0),
    ],
};

const KINDS: [Kind; 4] = [DURATION, RATE, BYTES, BANDWIDTH];

impl Kind {
    /// The value of `text` in the base unit.
    fn read(&self, text: &str) -> Result<f64, String> {
        let (number, unit) = split(text)?;
        match self.units.iter().find(|known| known.0 == unit) {
            Some((_, times, over)) => finite(number * times / over),
            None => Err(self.complain(unit)),
        }
    }

    /// The symbols of all units, for people.
    pub fn symbols(&self) -> String {
        let symbols: Vec<&str> = self.units.iter().map(|unit| unit.0).collect();
        symbols.join(", ")
    }

    /// A value in the largest unit that leaves a whole number, as it would be written.
    pub fn write(&self, base: f64) -> String {
        let in_unit = |unit: &Unit| base * unit.2 / unit.1;
        let is_whole = |unit: &&Unit| in_unit(unit) >= 1.0 && in_unit(unit).fract() == 0.0;
        let size = |unit: &&Unit| unit.1 / unit.2;
        let best = self.units.iter().filter(is_whole).max_by(|a, b| size(a).total_cmp(&size(b)));
        let unit = best.or(self.units.iter().find(|unit| unit.1 == unit.2)).unwrap_or(&self.units[0]);
        format!("{}{}", in_unit(unit), unit.0)
    }

    /// A regular expression (ECMA 262, for JSON Schema) of how one is written.
    pub fn pattern(&self) -> String {
        let symbols: Vec<&str> = self.units.iter().map(|unit| unit.0).collect();
        format!("^\\s*\\+?[0-9_.]+([eE][+-]?[0-9]+)?\\s*({})\\s*$", symbols.join("|"))
    }

    fn complain(&self, unit: &str) -> String {
        let allowed = format!("{} takes one of {}", self.name, self.symbols());
        if unit.is_empty() {
            return format!("missing unit: {allowed}");
        }
        match self.similar(unit) {
            Some(similar) => format!("unknown unit `{unit}`, did you mean {similar}? {allowed}"),
            None => format!("unknown unit `{unit}`: {allowed}"),
        }
    }

    /// The units that `unit` may have been meant to be. `m` is the classical trap: it is nearer to
    /// `s` and `h` in spelling than to what people mean by it.
    fn similar(&self, unit: &str) -> Option<String> {
        let folded = unit.to_lowercase();
        let meant: Vec<&str> = match folded.as_str() {
            "m" => vec!["min", "ms"],
            "/m" => vec!["/min"],
            "sec" | "secs" | "second" | "seconds" => vec!["s"],
            "minute" | "minutes" | "mins" => vec!["min"],
            "hour" | "hours" | "hr" => vec!["h"],
            "d" | "days" => vec!["day"],
            "rps" | "qps" | "tps" | "hz" => vec!["/s"],
            _ => Vec::new(),
        };
        let known: Vec<&str> = self.units.iter().map(|known| known.0).collect();
        let meant: Vec<&str> = meant.into_iter().filter(|word| known.contains(word)).collect();
        if !meant.is_empty() {
            return Some(meant.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or "));
        }
        let same_letters = known.iter().find(|known| known.to_lowercase() == folded).copied();
        let meant = same_letters.or_else(|| closest(unit, known.iter().copied()))?;
        Some(format!("`{meant}`"))
    }
}

/// A quantity of any kind as it was written: `"500/s"` is 500 of `/s`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Written<'a> {
    /// The number before the unit.
    pub number: f64,
    /// The unit's symbol; empty for a bare number.
    pub unit: &'a str,
    /// The value in the base unit of its kind.
    pub base: f64,
    /// Which kind of quantity: 0 for a ratio, then in the order of this module.
    pub kind: usize,
}

/// Reads a quantity of whatever kind its unit says; a bare number or a percentage is a ratio.
pub fn written(text: &str) -> Option<Written<'_>> {
    let (number, unit) = split(text).ok()?;
    if unit.is_empty() || unit == "%" {
        let base = if unit.is_empty() { number } else { number / 100.0 };
        return Some(Written { number, unit, base, kind: 0 });
    }
    let read = |(index, kind): (usize, &Kind)| {
        let base = kind.read(text).ok()?;
        Some(Written { number, unit, base, kind: index + 1 })
    };
    KINDS.iter().enumerate().find_map(read)
}

/// Splits a quantity into its number and the symbol of its unit.
fn split(text: &str) -> Result<(f64, &str), String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("nothing is written here".to_owned());
    }
    if text.starts_with('-') {
        return Err("must not be negative".to_owned());
    }
    let (digits, unit) = text.split_at(number_length(text));
    let number = digits.replace('_', "").parse::<f64>();
    let number = number.map_err(|_| "does not begin with a number".to_owned())?;
    Ok((finite(number)?, unit.trim_start()))
}

/// How many bytes of `text` are a number such as `1`, `0.5` or `1e6`.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits_from = |start: usize| {
        let is_digit = |byte: &&u8| byte.is_ascii_digit() || **byte == b'_';
        start + bytes[start..].iter().take_while(is_digit).count()
    };
    let mut end = digits_from(usize::from(bytes.first() == Some(&b'+')));
    if bytes.get(end) == Some(&b'.') {
        end = digits_from(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let signed = matches!(bytes.get(end + 1), Some(b'+' | b'-'));
        let digits = end + 1 + usize::from(signed);
        if bytes.get(digits).is_some_and(u8::is_ascii_digit) {
            end = digits_from(digits);
        }
    }
    end
}

fn finite(number: f64) -> Result<f64, String> {
    if number.is_finite() { Ok(number) } else { Err("the number is too large".to_owned()) }
}

/// A time for people, with three significant digits: `2.31 s`, `12.4 ms`, `950 µs`.
///
/// ```
/// use knee::units::duration;
/// assert_eq!(duration(2.3123), "2.31 s");
/// assert_eq!(duration(0.00095), "950 µs");
/// assert_eq!(duration(0.0), "0 s");
/// ```
pub fn duration(seconds: f64) -> String {
    if seconds == 0.0 || !seconds.is_finite() {
        return format!("{seconds} s");
    }
    // Rounded before the unit is chosen, so that 999.9 µs is shown as 1.00 ms.
    let rounded = round_to_digits(seconds, 3);
    let (unit, size) = match rounded.abs() {
        size if size < 1e-6 => ("ns", 1e-9),
        size if size < 1e-3 => ("µs", 1e-6),
        size if size < 1.0 => ("ms", 1e-3),
        size if size < 120.0 => ("s", 1.0),
        size if size < 7200.0 => ("min", 60.0),
        size if size < 172_800.0 => ("h", 3600.0),
        _ => ("days", 86_400.0),
    };
    format!("{} {unit}", three_digits(seconds / size))
}

/// A rate for people: `0.800/s`, `48.9/s`, `2000/s`.
pub fn rate(per_second: f64) -> String {
    format!("{}/s", three_digits(per_second))
}

/// At least three significant digits: all those before the point, and as many after it as needed.
fn three_digits(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{value}");
    }
    let before_point = libm::floor(libm::log10(round_to_digits(value, 3).abs())) + 1.0;
    let decimals = (3.0 - before_point).clamp(0.0, 12.0);
    format!("{value:.*}", decimals as usize)
}

/// `value` rounded to that many significant decimal digits.
pub fn round_to_digits(value: f64, digits: usize) -> f64 {
    format!("{value:.*e}", digits.saturating_sub(1)).parse().unwrap_or(value)
}

#[cfg(test)]
mod tests;
