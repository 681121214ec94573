//! Numbers in the prose of lessons and the like are those of the sessions and scenarios beside them, or are worked out where
//! they stand: `1 / (1 - 0.8) = 5`. Needs nothing but the standard library.

#[path = "prose/arithmetic.rs"]
mod arithmetic;
#[path = "prose/number.rs"]
mod number;
#[path = "prose/page.rs"]
mod page;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use number::Number;
use page::{Page, is_year};

/// The pages with this rule; folders with all that is in them.
const PLACES: [&str; 5] = ["docs/lessons", "docs/ladder", "docs/growth", "docs/cookbook.md", "docs/start.md"];
/// Whole numbers up to this are words like others.
const FREE: u32 = 20;
/// Numbers after these words name a place, here or in a book.
const NAMES: &str = "section sections § chapter chapters ch. chs. page pages p. pp. lesson lessons step steps rung rungs figure \
    figures fig. table tables tab. equation eq. volume vol. no. theorem example exercise part appendix rfc id isbn";
/// Numbers before these words name a percentile or a confidence.
const MEASURES: [&str; 5] = ["percentile", "confidence", "confident", "interval", "intervals"];

/// The folder of the project: a compiled copy looks at the one that it is started in.
fn root() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from)
}

fn pages(place: &Path) -> Vec<PathBuf> {
    if place.is_file() {
        return vec![place.to_owned()];
    }
    let entries = fs::read_dir(place).into_iter().flatten().map(|entry| entry.expect("an entry").path());
    let found = entries.flat_map(|path| if path.is_dir() { pages(&path) } else { vec![path] });
    let mut found: Vec<PathBuf> = found.filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect();
    found.sort();
    found
}

/// The scenarios that a text names, by a path or by the name of a built-in one.
fn scenarios(text: &str) -> BTreeSet<String> {
    let paths = text.split("scenarios/").skip(1).filter_map(|rest| {
        let (name, _) = rest.split_once(".toml")?;
        name.chars().all(is_of_path).then(|| name.to_owned())
    });
    let words = text.split_whitespace().filter(|word| word.chars().all(is_of_path)).map(str::to_owned);
    let is_there = |name: &String| root().join(format!("scenarios/{name}.toml")).is_file();
    paths.chain(words.filter(is_there)).collect()
}

fn is_of_path(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '/')
}

/// The texts of the pictures that a page shows.
fn pictures(text: &str, folder: &Path) -> String {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let pictures = targets.filter(|target| target.ends_with(".svg"));
    let svgs = pictures.filter_map(|target| fs::read_to_string(folder.join(target)).ok());
    let shown = |svg: String| svg.split('>').filter_map(|part| part.split('<').next()).collect::<Vec<_>>().join(" ");
    svgs.map(shown).collect::<Vec<_>>().join(" ")
}

/// Every number that stands where it is checked.
fn shown(page: &Page, text: &str, folder: &Path) -> BTreeSet<String> {
    let mut shown = page.blocks.join("\n") + &page.pictures.join("\n") + &pictures(text, folder);
    let spans = page.spans.iter().filter(|(_, span)| arithmetic::check(span).is_some());
    spans.for_each(|(_, span)| shown += &format!("\n{span}"));
    // Names of built-in scenarios count in commands only: in prose they may be words.
    let named = scenarios(&shown)
        .into_iter()
        .chain(scenarios(text).into_iter().filter(|name| text.contains(&format!("{name}.toml"))));
    for name in named.collect::<BTreeSet<_>>() {
        shown += &fs::read_to_string(root().join(format!("scenarios/{name}.toml"))).unwrap_or_default();
    }
    // `10,100` may be two numbers of a list as well.
    let lists = shown.replace(',', " ");
    let numbers = [shown, lists].map(|text| number::all(&text.chars().collect::<Vec<_>>()));
    numbers.into_iter().flatten().map(|(_, number)| number.text).collect()
}

/// Whether it is part of a name: p99, M/M/1, SHA-256, or a version 1.2.3.
fn is_name(prose: &[char], at: usize, number: &Number) -> bool {
    let letter = |at: Option<usize>| at.and_then(|at| prose.get(at)).is_some_and(|c| c.is_alphanumeric() || *c == '_');
    let before = at.checked_sub(1);
    let joins = before.is_some_and(|before| matches!(prose[before], '-' | '/' | '.'));
    let version = |at: usize| prose.get(at) == Some(&'.') && prose.get(at + 1).is_some_and(char::is_ascii_digit);
    let tail = before.is_some_and(|before| prose[before] == '.' && before > 0 && prose[before - 1].is_ascii_digit());
    let named = joins && at.checked_sub(2).is_some_and(|before| prose[before].is_alphabetic());
    letter(before) || named || version(number.end) || tail
}

/// Whether the words around it say that it is no measurement.
fn is_free(prose: &[char], at: usize, number: &Number) -> bool {
    if number.text.parse().is_ok_and(|whole: u32| whole <= FREE) || is_name(prose, at, number) {
        return true;
    }
    let before: String = prose[at.saturating_sub(40)..at].iter().collect();
    let after: String = prose[number.end..(number.end + 24).min(prose.len())].iter().collect();
    let line: &str = before.rsplit('\n').next().unwrap_or_default();
    let item = line.chars().all(|c| matches!(c, ' ' | '#' | '>')) && after.starts_with([')', '.']);
    let ordinal = ["st", "nd", "rd", "th"].iter().any(|ending| after.starts_with(ending));
    let rest = after.trim_start_matches([' ', '%', '-', '\n', '\u{a0}']);
    let measure = MEASURES.iter().any(|word| rest.starts_with(word));
    let whole = number.text == "100" && after.trim_start_matches([' ', '\u{a0}', '\u{202f}']).starts_with('%');
    let in_year = before.trim_end().ends_with(" in") || after.starts_with([')', ',', '.', ';', ':', '-']);
    item || ordinal || measure || whole || names_place(&before) || (is_year(&number.text) && in_year)
}

/// Whether the text ends with a word that numbers follow, or with that and more numbers: `pp. 12–`, `chapters 21 and `.
fn names_place(before: &str) -> bool {
    let more = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '\n' | '–' | '-' | ',' | '.' | '&' | '(');
    let end = before.trim_end_matches(more);
    let end = end.strip_suffix("and").map_or(end, |rest| rest.trim_end_matches(more));
    let dot = before[end.len()..].starts_with('.');
    let word = end.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default().to_lowercase();
    let word = if dot { word + "." } else { word };
    NAMES.split_whitespace().any(|name| name == word)
}

/// The number of a code span that is nothing but a number and its unit.
fn quantity(span: &str) -> Option<String> {
    let text: Vec<char> = span.trim_start_matches(['±', '×', '-', '−', '~', '≈', ' ']).chars().collect();
    if !text.first().is_some_and(char::is_ascii_digit) {
        return None;
    }
    let number = number::read(&text, 0);
    let unit = text[number.end..].iter().collect::<String>();
    let is_unit =
        unit.trim().len() <= 5 && unit.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '%' | '/' | '×'));
    let is_small = number.text.parse().is_ok_and(|whole: u32| whole <= FREE);
    (is_unit && !is_small).then_some(number.text)
}

/// What is wrong with the page, a line each.
fn complaints(name: &str, text: &str, folder: &Path) -> Vec<String> {
    let page = Page::read(text);
    let shown = shown(&page, text, folder);
    let mut wrong = Vec::new();
    let mut complain = |line: usize, what: String| wrong.push((line, format!("{name}:{line}: {what}")));
    let unseen = |number: &str| {
        format!(
            "{number} stands in no session, scenario or arithmetic of this page: show it in a session, link the scenario \
             that has it, or work it out in a code span such as `1 / (1 - 0.8) = 5`"
        )
    };
    for (at, number) in number::all(&page.prose) {
        if !is_free(&page.prose, at, &number) && !shown.contains(&number.text) {
            complain(page.line(at), unseen(&number.text));
        }
    }
    for (line, span) in &page.spans {
        match arithmetic::check(span) {
            Some(Err(error)) => complain(*line, format!("`{span}` is wrong: {error}")),
            Some(Ok(())) => {}
            None => {
                quantity(span).filter(|number| !shown.contains(number)).iter().for_each(|n| complain(*line, unseen(n)))
            }
        }
    }
    for name in scenarios(text).iter().filter(|name| !root().join(format!("scenarios/{name}.toml")).is_file()) {
        complain(1, format!("scenarios/{name}.toml is not there"));
    }
    wrong.sort();
    wrong.into_iter().map(|(_, what)| what).collect()
}

#[test]
fn numbers_in_prose_are_shown_or_worked_out() {
    let (mut count, mut wrong) = (0, Vec::new());
    for path in PLACES.iter().flat_map(|place| pages(&root().join(place))) {
        let text = fs::read_to_string(&path).expect("a page");
        let name = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
        wrong.extend(complaints(&name, &text, path.parent().unwrap_or(Path::new(""))));
        count += 1;
    }
    assert!(count > 0, "the pages are not where they were");
    assert!(wrong.is_empty(), "\n{}\n{} in {count} pages", wrong.join("\n"), wrong.len());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> Vec<String> {
        complaints("a.md", text, Path::new(""))
    }

    const SESSION: &str =
        "\n```text\n$ knee run scenarios/single-queue.toml\nit takes 4.94 s, 79.8 % busy, 1,234/s\n```\n";

    #[test]
    fn numbers_of_sessions_scenarios_and_arithmetic_are_fine() {
        let text =
            format!("# A page\n\nIt takes 4.94 s at 79.8% and 1234/s; `40 / 0.5 = 80`, so 80 in all.\n{SESSION}");
        assert_eq!(wrong(&text), [""; 0]);
    }

    #[test]
    fn numbers_from_nowhere_are_found_with_their_lines() {
        let text = format!("# A page\n\nIt takes 4.95 s\nat 79.8 %, 1,235/s,\n`33 ms` and 2000 requests.\n{SESSION}");
        let wrong = wrong(&text);
        assert_eq!(wrong.len(), 4, "{wrong:?}");
        assert!(wrong[0].starts_with("a.md:3: 4.95 stands in no session"), "{wrong:?}");
        assert!(wrong[1].starts_with("a.md:4: 1235 ") && wrong[2].starts_with("a.md:5: 2000 "), "{wrong:?}");
        assert!(wrong[3].starts_with("a.md:5: 33 "), "{wrong:?}");
    }

    #[test]
    fn wrong_arithmetic_and_lost_scenarios_are_found() {
        let wrong = wrong("`1 / (1 - 0.8) = 6`, [it](../scenarios/not-there.toml)\n");
        assert!(wrong[0].contains("is wrong: the left of = is 5") || wrong[1].contains("is wrong"), "{wrong:?}");
        assert!(wrong.iter().any(|line| line.contains("scenarios/not-there.toml is not there")), "{wrong:?}");
    }

    #[test]
    fn invented_output_shows_nothing() {
        let blocks = [
            "```text\n34.5 s\n```",
            "```sh\n$ knee run x\n34.5 s\n```",
            "```\n$ knee run x\n34.5 s\n```",
            "<!-- 34.5 -->",
        ];
        for block in blocks {
            assert_eq!(wrong(&format!("It takes 34.5 s.\n\n{block}\n")).len(), 1, "{block}");
        }
        assert_eq!(wrong("For 34.5 s.\n\n```sh\nknee run x \\\n  --duration 34.5s\n```\n"), [""; 0]);
    }

    #[test]
    fn names_years_and_places_are_free() {
        let text = "1. p99.9 of M/M/1 on x86 with SHA-256, HTTP/2, up to 100 %, the 95th percentile, a 95 % interval.\n\
            25. Little (1961), in 1961, (Law, Simulation 2015, p. 622), section 4.12, pp. 123–145, chapters 21 and 22,\n\
            version 0.5.4, [lesson 33](33.md), <https://example.org/77>, [^41].\n\n[^41]: Page 333 of it,\n  and 334.\n";
        assert_eq!(wrong(text), [""; 0]);
    }
}
