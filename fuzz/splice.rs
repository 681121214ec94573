//! Mutations of text: lines and words are taken out, moved, and replaced by those of other texts.

#[path = "../tests/properties/odd.rs"]
mod odd;

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::sync::LazyLock;

/// Folders with texts to take from.
const FOLDERS: [&str; 7] = [
    "scenarios",
    "scenarios/ladder",
    "scenarios/lessons",
    "validation",
    "tests/language",
    "tests/golden/diagnostics",
    "tests/fit",
];

/// What there is to take.
struct Stock {
    lines: Vec<Vec<u8>>,
    words: Vec<Vec<u8>>,
    /// From a line that opens a table up to the next one.
    tables: Vec<Vec<u8>>,
}

static STOCK: LazyLock<Stock> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let entries = FOLDERS.iter().flat_map(|folder| fs::read_dir(root.join(folder)).into_iter().flatten().flatten());
    let texts: Vec<Vec<u8>> = entries.filter_map(|entry| fs::read(entry.path()).ok()).collect();
    let unique = |all: BTreeSet<Vec<u8>>| all.into_iter().collect::<Vec<_>>();
    let mut lines = BTreeSet::new();
    let mut words: BTreeSet<Vec<u8>> = odd::ODD.iter().map(|word| word.as_bytes().to_vec()).collect();
    let mut tables = BTreeSet::new();
    for text in &texts {
        lines.extend(text.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).filter(|line| line.len() < 400));
        words.extend(
            text.split(|byte| !is_word(*byte)).filter(|word| (1..40).contains(&word.len())).map(<[u8]>::to_vec),
        );
        tables.extend(split_tables(text));
    }
    words.extend(schema_words());
    Stock { lines: unique(lines), words: unique(words), tables: unique(tables) }
});

/// Keys and words of the language.
fn schema_words() -> Vec<Vec<u8>> {
    let schema = knee::scenario::schema().to_string();
    let words = schema.split('"').filter(|word| word.len() < 40 && !word.is_empty() && word.bytes().all(is_word));
    words.map(|word| word.as_bytes().to_vec()).collect()
}

fn split_tables(text: &[u8]) -> Vec<Vec<u8>> {
    let mut tables: Vec<Vec<u8>> = vec![];
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        match tables.last_mut() {
            Some(last) if !line.starts_with(b"[") => last.extend(line),
            _ => tables.push(line.to_vec()),
        }
    }
    tables.retain(|table| table.len() < 1000);
    tables
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._%".contains(&byte)
}

/// Whole numbers that depend on a seed only (Steele, Lea and Flood 2014).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % most.max(1) as u64) as usize
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// Changes `data[..size]`: half of the time as libFuzzer does, or else by words and lines.
pub(crate) fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut dice = Dice(u64::from(seed));
    if dice.below(3) == 0 {
        return libfuzzer_sys::fuzzer_mutate(data, size, max_size);
    }
    let mut text = data[..size].to_vec();
    for _ in 0..=dice.below(3) {
        change(&mut text, &mut dice);
    }
    let size = text.len().min(max_size);
    data[..size].copy_from_slice(&text[..size]);
    size
}

fn change(text: &mut Vec<u8>, dice: &mut Dice) {
    let at = dice.below(text.len() + 1);
    let word = word_at(text, at);
    let line = line_at(text, at);
    let elsewhere = dice.below(text.len() + 1);
    match dice.below(10) {
        0 => drop(text.splice(word, [])),
        1 => drop(text.splice(line, [])),
        2 | 3 => drop(text.splice(word, dice.of(&STOCK.words).iter().copied())),
        4 => drop(text.splice(word.start..word.start, dice.of(&STOCK.words).iter().copied())),
        5 => drop(text.splice(line.start..line.start, dice.of(&STOCK.lines).iter().copied())),
        6 => drop(text.splice(line, dice.of(&STOCK.lines).iter().copied())),
        7 => {
            let copy = text[word_at(text, elsewhere)].to_vec();
            drop(text.splice(word, copy));
        }
        8 => {
            let copy = text[line_at(text, elsewhere)].to_vec();
            drop(text.splice(line.start..line.start, copy));
        }
        _ => text.extend(dice.of(&STOCK.tables)),
    }
}

/// The word, number or mark around a place.
fn word_at(text: &[u8], at: usize) -> Range<usize> {
    let before = text[..at].iter().rev().take_while(|byte| is_word(**byte)).count();
    let after = text[at..].iter().take_while(|byte| is_word(**byte)).count();
    at - before..(at + after.max(1)).min(text.len())
}

/// The line around a place, with its end.
fn line_at(text: &[u8], at: usize) -> Range<usize> {
    let before = text[..at].iter().rev().take_while(|byte| **byte != b'\n').count();
    let after = text[at..].iter().take_while(|byte| **byte != b'\n').count();
    at - before..(at + after + 1).min(text.len())
}
