//! Numbers in a text, as they are written.

/// A number that stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Number {
    /// Its digits, without separators of thousands: `1234.5`.
    pub(crate) text: String,
    /// Where it ends in the text, in characters.
    pub(crate) end: usize,
}

impl Number {
    /// Its value.
    pub(crate) fn value(&self) -> f64 {
        self.text.parse().expect("digits, a point and an exponent")
    }

    /// Half a unit of its last digit: how far it may be from what it was rounded from.
    pub(crate) fn rounding(&self) -> f64 {
        let (digits, exponent) = self.text.split_once('e').unwrap_or((&self.text, "0"));
        let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let exponent: i32 = exponent.parse().expect("an exponent");
        0.5 * 10_f64.powi(exponent - decimals as i32)
    }

    /// The same where zeros at the end of a whole number only say how large it is, all but the first two digits: 1300
    /// may be 1296.
    pub(crate) fn rough_rounding(&self) -> f64 {
        let zeros = self.text.len() - self.text.trim_end_matches('0').len();
        let is_whole = self.text.chars().all(|c| c.is_ascii_digit());
        let silent = if is_whole { zeros.min(self.text.len().saturating_sub(2)) } else { 0 };
        self.rounding() * 10_f64.powi(silent as i32)
    }
}

/// Between every three digits of `1,234,567`: a comma, an underscore, or a narrow space.
fn separates(c: char) -> bool {
    matches!(c, ',' | '_' | '\u{202f}' | '\u{2009}' | '\u{a0}')
}

fn digits(text: &[char], at: usize) -> usize {
    text[at.min(text.len())..].iter().take_while(|c| c.is_ascii_digit()).count()
}

/// The number that begins here, where a digit is.
pub(crate) fn read(text: &[char], at: usize) -> Number {
    let mut end = at + digits(text, at);
    let mut number: String = text[at..end].iter().collect();
    if end - at <= 3 {
        while text.get(end).is_some_and(|c| separates(*c)) && digits(text, end + 1) == 3 {
            number.extend(&text[end + 1..end + 4]);
            end += 4;
        }
    }
    let decimals = digits(text, end + 1);
    if text.get(end) == Some(&'.') && decimals > 0 {
        number.extend(&text[end..=end + decimals]);
        end += decimals + 1;
    }
    if text.get(end) == Some(&'e') {
        let sign = usize::from(matches!(text.get(end + 1), Some('-' | '+')));
        let exponent = digits(text, end + 1 + sign);
        if exponent > 0 {
            number.extend(&text[end..=end + sign + exponent]);
            end += 1 + sign + exponent;
        }
    }
    Number { text: number, end }
}

/// Every number of a text, with where it begins, also those within names.
pub(crate) fn all(text: &[char]) -> Vec<(usize, Number)> {
    let (mut numbers, mut at) = (Vec::new(), 0);
    while at < text.len() {
        if text[at].is_ascii_digit() {
            let number = read(text, at);
            let end = number.end;
            numbers.push((at, number));
            at = end;
        } else {
            at += 1;
        }
    }
    numbers
}

#[test]
fn numbers_are_read_as_they_are_written() {
    let read = |text: &str| -> Vec<String> {
        let text: Vec<char> = text.chars().collect();
        all(&text).into_iter().map(|(_, number)| number.text).collect()
    };
    assert_eq!(read("1,234.5/s, 80 % of 4.94s."), ["1234.5", "80", "4.94"]);
    assert_eq!(read("1..16:4, p99.9, 1e6 and 2.5e-3"), ["1", "16", "4", "99.9", "1e6", "2.5e-3"]);
    assert_eq!(read("1,2,10,100,1000"), ["1", "2", "10100", "1000"]);
}

#[test]
fn the_last_digit_says_how_exact_a_number_is() {
    let rounding = |text: &str| read(&text.chars().collect::<Vec<_>>(), 0).rounding();
    assert!((rounding("5") - 0.5).abs() < 1e-12 && (rounding("0.25") - 0.005).abs() < 1e-12);
    assert!((rounding("1.5e3") - 50.0).abs() < 1e-9);
    let rough = |text: &str| read(&text.chars().collect::<Vec<_>>(), 0).rough_rounding();
    assert!((rough("1300") - 50.0).abs() < 1e-9 && (rough("1000") - 50.0).abs() < 1e-9);
    assert!((rough("10") - 0.5).abs() < 1e-9 && (rough("1301") - 0.5).abs() < 1e-9 && (rough("0") - 0.5).abs() < 1e-9);
}
