//! Text from outside, such that it can do nothing but be read.

/// Whether a character shows up where it stands and does nothing else: no control of a terminal, no line break, nothing that
/// turns the direction of reading, nothing that XML does not allow.
pub fn is_printable(character: char) -> bool {
    let turns =
        matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let ends_line = matches!(character, '\u{2028}' | '\u{2029}');
    let is_none = matches!(character, '\u{fffe}' | '\u{ffff}');
    !(character.is_control() || turns || ends_line || is_none)
}

/// The text, with what is not printable as `\u{1b}`.
///
/// ```
/// use knee::diagnostic::printable;
/// assert_eq!(printable("naïve → \u{1b}[31m\n"), r"naïve → \u{1b}[31m\u{a}");
/// ```
pub fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match is_printable(character) {
            true => shown.push(character),
            false => shown.extend(character.escape_unicode()),
        }
    }
    shown
}
