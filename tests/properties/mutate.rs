//! Scenarios damaged at random: bytes and words deleted, repeated, replaced.

use std::fs;
use std::path::Path;

use super::odd::ODD;

/// Every scenario that comes with the program.
pub(crate) fn originals() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["scenarios", "tests/language", "tests/golden/diagnostics", "validation"];
    let mut paths = Vec::new();
    for folder in folders {
        let entries = fs::read_dir(root.join(folder)).expect("a folder of scenarios");
        paths.extend(entries.map(|entry| entry.expect("a readable folder").path()));
    }
    paths.retain(|path| {
        path.extension().is_some_and(|end| end == "toml") && !path.to_string_lossy().contains(".expect.")
    });
    paths.sort();
    paths.iter().map(|path| fs::read_to_string(path).expect("a readable scenario")).collect()
}

/// One damage: of which kind, where, how long.
pub(crate) type Damage = (u8, u16, u8);

/// The text after all damages; text that is no longer UTF-8 is repaired as a reader would.
pub(crate) fn damaged(text: &str, damages: &[Damage]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for &(kind, place, length) in damages {
        let at = usize::from(place) * bytes.len() / (usize::from(u16::MAX) + 1);
        let span =
            if kind % 2 == 0 { word_at(&bytes, at) } else { at..(at + 1 + usize::from(length) % 8).min(bytes.len()) };
        let word = ODD[usize::from(length) % ODD.len()].as_bytes();
        match kind % 8 {
            0 | 1 => drop(bytes.splice(span, [])),
            2 | 3 => {
                let copy = bytes[span.clone()].to_vec();
                drop(bytes.splice(span.start..span.start, copy));
            }
            4 | 5 => drop(bytes.splice(span, word.iter().copied())),
            6 => drop(bytes.splice(span.start..span.start, word.iter().copied())),
            _ => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = length),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The word, number or mark around a place.
fn word_at(bytes: &[u8], at: usize) -> std::ops::Range<usize> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._%".contains(byte);
    let before = bytes[..at].iter().rev().take_while(|byte| is_word(byte)).count();
    let after = bytes[at..].iter().take_while(|byte| is_word(byte)).count();
    at - before..(at + after.max(1)).min(bytes.len())
}
