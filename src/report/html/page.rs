//! The page around its sections: one file that needs nothing else.

use super::markup::Markup;
use crate::report::About;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// What kind of news the verdict is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// Everything that was asked for holds.
    Good,
    /// Something fails.
    Bad,
    /// Nothing was asked, or it cannot be told.
    Neutral,
}

/// What a page consists of.
#[derive(Debug)]
pub(super) struct Page {
    /// What was asked about.
    pub(super) title: String,
    /// The answer in a sentence.
    pub(super) verdict: String,
    /// What kind of answer it is.
    pub(super) tone: Tone,
    /// Between the verdict and the sections.
    pub(super) lead: Markup,
    /// In order; those with nothing in them are left out.
    pub(super) sections: Vec<Section>,
}

/// A part of a page under a heading.
#[derive(Debug)]
pub(super) struct Section {
    /// Its heading.
    pub(super) heading: &'static str,
    /// What is below.
    pub(super) body: Markup,
}

impl Section {
    /// A heading, and what is below it.
    pub(super) fn new(heading: &'static str, body: impl IntoIterator<Item = Markup>) -> Self {
        Self { heading, body: Markup::all(body) }
    }
}

/// The first sentence that was printed, which every summary opens with; later lines of it are indented.
pub(super) fn verdict(printed: &str) -> String {
    let mut lines = printed.lines();
    let first = lines.next().unwrap_or_default();
    let rest = lines.take_while(|line| line.starts_with("  ")).map(str::trim);
    std::iter::once(first).chain(rest).collect::<Vec<_>>().join(" ")
}

/// The whole file.
pub(super) fn page(mut page: Page, about: &About, printed: &str) -> String {
    page.sections.push(Section::new("How to get this again", [again(about)]));
    page.sections.push(Section::new("All that was printed", [summary(printed)]));
    page.sections.retain(|section| !section.body.is_empty());
    let mut markup = Markup::fixed("<!DOCTYPE html>\n<html lang=\"en\">\n");
    markup.push(head(&page.title));
    let main = Markup::all([header(&page, about), contents(&page.sections), sections(page.sections)]);
    let body = Markup::all([
        Markup::fixed("<a class=\"skip\" href=\"#report\">To the report</a>"),
        Markup::element("main", &[("id", "report")], main),
        footer(),
        script(),
    ]);
    markup.push(Markup::element("body", &[], body));
    markup.push(Markup::fixed("\n</html>\n"));
    markup.into_string()
}

/// Nothing is fetched, whatever stands in the page.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

fn head(title: &str) -> Markup {
    let inside = [
        Markup::fixed("<meta charset=\"utf-8\">"),
        Markup::open("meta", &[("http-equiv", "Content-Security-Policy"), ("content", POLICY)]),
        Markup::fixed("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"),
        Markup::fixed("<meta name=\"color-scheme\" content=\"light dark\">"),
        Markup::of("title", &format!("{title} – knee")),
        Markup::fixed("<style>"),
        Markup::fixed(STYLE),
        Markup::fixed("</style>"),
    ];
    Markup::element("head", &[], Markup::all(inside))
}

fn script() -> Markup {
    Markup::all([Markup::fixed("<script>"), Markup::fixed(SCRIPT), Markup::fixed("</script>")])
}

fn header(page: &Page, about: &About) -> Markup {
    let question =
        about.question().map(|question| Markup::element("p", &[("class", "question")], Markup::text(&question)));
    let class = match page.tone {
        Tone::Good => "verdict good",
        Tone::Bad => "verdict bad",
        Tone::Neutral => "verdict",
    };
    let verdict = Markup::element("p", &[("class", class)], Markup::text(&page.verdict));
    let title = Markup::of("h1", &page.title);
    let parts = std::iter::once(title).chain(question).chain([verdict, page.lead.clone()]);
    Markup::element("header", &[], Markup::all(parts))
}

fn contents(sections: &[Section]) -> Markup {
    let link = |section: &Section| {
        let target = format!("#{}", anchor(section.heading));
        let link = Markup::element("a", &[("href", &target)], Markup::text(section.heading));
        Markup::element("li", &[], link)
    };
    let list = Markup::element("ul", &[], Markup::all(sections.iter().map(link)));
    Markup::element("nav", &[("aria-label", "Contents")], list)
}

fn sections(sections: Vec<Section>) -> Markup {
    Markup::all(sections.into_iter().map(|section| {
        let id = anchor(section.heading);
        let heading = Markup::element("h2", &[("id", &id)], Markup::text(section.heading));
        Markup::element("section", &[("aria-labelledby", &id)], Markup::all([heading, section.body]))
    }))
}

fn anchor(heading: &str) -> String {
    heading.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-")
}

/// The command, the version, and the files as they were.
fn again(about: &About) -> Markup {
    let said = format!("The same numbers, byte for byte, come from knee {} and", env!("CARGO_PKG_VERSION"));
    let command = code(&format!("$ {}", about.command), "the command");
    let files = about.scenarios.iter().map(|scenario| {
        let name = Markup::of("summary", &format!("The scenario {}", scenario.name));
        let attributes: &[(&str, &str)] = if about.scenarios.len() == 1 { &[("open", "")] } else { &[] };
        Markup::element("details", attributes, Markup::all([name, code(&scenario.text, &scenario.name)]))
    });
    Markup::all([Markup::of("p", &said), command].into_iter().chain(files))
}

/// More letters than this nobody reads.
const MOST: usize = 120_000;

/// What the terminal showed.
fn summary(printed: &str) -> Markup {
    let name = Markup::of("summary", "The summary, as text");
    Markup::element("details", &[], Markup::all([name, code(&beginning(printed), "the summary")]))
}

/// Whole lines from the beginning of a text that is too long for a page.
fn beginning(text: &str) -> String {
    if text.len() <= MOST {
        return text.to_owned();
    }
    let mut taken = 0;
    let shown = text.lines().take_while(|line| {
        taken += line.len() + 1;
        taken <= MOST
    });
    let shown: Vec<&str> = shown.collect();
    let left = text.lines().count() - shown.len();
    format!("{}\n… {left} more lines: the command prints them\n", shown.join("\n"))
}

/// Text as it is, which scrolls where it is too wide.
pub(super) fn code(text: &str, label: &str) -> Markup {
    let attributes = [("tabindex", "0"), ("role", "region"), ("aria-label", label)];
    Markup::element("pre", &attributes, Markup::of("code", text))
}

fn footer() -> Markup {
    let version = format!("knee {}, a simulator of scaling architectures. ", env!("CARGO_PKG_VERSION"));
    let help = "Point at a line for its numbers; click a name to hide or show its line. With the keyboard: Tab to a picture, \
                arrow keys along its points.";
    let all = [Markup::text(&version), Markup::element("span", &[("class", "screen")], Markup::text(help))];
    Markup::element("footer", &[], Markup::element("p", &[], Markup::all(all)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_and_the_script_do_not_end_early() {
        for text in [STYLE, SCRIPT] {
            assert!(!text.contains("</") && !text.contains("http"), "nothing that ends or fetches");
        }
    }
}
