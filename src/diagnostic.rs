//! Problems in a scenario, each with its place, shown the way rustc shows them.

mod printable;

use std::collections::BTreeMap;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

pub use printable::{is_printable, printable};

/// A range of bytes in a [`SourceMap`]. The default means "not written anywhere".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// Whether it points into a source at all.
    pub fn is_written(self) -> bool {
        self != Span::default()
    }

    /// Whether all of `other` is inside.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The scenario cannot be used.
    Error,
    /// The scenario can be used, though perhaps it says something unintended.
    Warning,
}

/// One problem: what, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Where; `None` for the scenario as a whole.
    pub span: Option<Span>,
    /// What is wrong with what stands there.
    pub label: String,
    /// Other places that have to do with it, each with why.
    pub notes: Vec<(Span, String)>,
    /// What to do.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A problem that makes the scenario unusable.
    pub fn error(span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Severity::Error, span, message.into())
    }

    /// A problem that leaves the scenario usable.
    pub fn warning(span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Severity::Warning, span, message.into())
    }

    fn new(severity: Severity, span: Span, message: String) -> Diagnostic {
        let span = span.is_written().then_some(span);
        Diagnostic { severity, message, span, label: String::new(), notes: Vec::new(), help: None }
    }

    /// Adds what is wrong with the place that the caret points at.
    pub fn label(mut self, label: impl Into<String>) -> Diagnostic {
        self.label = label.into();
        self
    }

    /// Adds another place that has to do with it.
    pub fn note(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.notes.push((span, text.into()));
        self
    }

    /// Adds what to do.
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// Adds "did you mean" when one of the candidates is close to `word`.
    pub fn did_you_mean<'a>(self, word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Diagnostic {
        match closest(word, candidates) {
            Some(meant) => self.label(format!("did you mean `{meant}`?")),
            None => self,
        }
    }
}

/// The texts that make up a scenario, laid end to end so that one number is a place: the file,
/// then each override from the command line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceMap {
    sources: Vec<SourceText>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct SourceText {
    name: String,
    text: String,
    start: usize,
}

impl SourceText {
    fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

impl SourceMap {
    /// Adds a text after the others and returns the place of its first byte.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> usize {
        // Place 0 stays free for "not written"; a gap keeps the end of one text off the next.
        let start = self.sources.last().map_or(1, |last| last.end() + 1);
        self.sources.push(SourceText { name: name.into(), text: text.into(), start });
        start
    }

    /// The text of a place, if it is written somewhere.
    pub fn text(&self, span: Span) -> Option<&str> {
        let source = self.find(span)?;
        source.text.get(span.start - source.start..span.end.checked_sub(source.start)?)
    }

    /// Name of the text, line and column (both from 1, columns in characters) of a place.
    pub fn position(&self, span: Span) -> Option<(&str, usize, usize)> {
        let source = self.find(span)?;
        let before = source.text.get(..span.start - source.start)?;
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Some((&source.name, line, column))
    }

    fn find(&self, span: Span) -> Option<&SourceText> {
        self.sources.iter().find(|source| source.start <= span.start && span.start <= source.end())
    }
}

/// Every problem found so far, and the texts that they point into.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diagnostics {
    /// What the spans refer to.
    pub map: SourceMap,
    /// The problems, as found: the first hundred errors and the first hundred warnings.
    pub list: Vec<Diagnostic>,
    /// How many more there are.
    pub more: usize,
}

/// Whoever has more problems than this has a file of something else: to show them all would take hours.
const MOST: usize = 100;

impl Diagnostics {
    /// Adds a problem, unless exactly the same is known already.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if self.list.contains(&diagnostic) {
            return;
        }
        match self.count(diagnostic.severity) < MOST {
            true => self.list.push(diagnostic),
            false => self.more += 1,
        }
    }

    /// Whether any of them makes the scenario unusable.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    fn count(&self, severity: Severity) -> usize {
        self.list.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The text that shows every problem, in the order of the file, and how many there are. Empty
    /// when there are none.
    pub fn render(&self, color: bool) -> String {
        if self.list.is_empty() {
            return String::new();
        }
        let mut ordered: Vec<&Diagnostic> = self.list.iter().collect();
        ordered.sort_by_key(|diagnostic| diagnostic.span.map_or(usize::MAX, |span| span.start));
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let mut shown: Vec<String> = ordered.iter().map(|one| self.render_one(one, &renderer)).collect();
        shown.push(self.summary());
        shown.join("\n\n") + "\n"
    }

    fn render_one(&self, diagnostic: &Diagnostic, renderer: &Renderer) -> String {
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut group = Group::with_title(level.primary_title(printable(&diagnostic.message)));
        group = group.elements(self.snippets(diagnostic));
        if let Some(help) = &diagnostic.help {
            group = group.element(Level::HELP.message(help));
        }
        renderer.render(&[group])
    }

    /// One snippet for each text that the problem touches, the one with the caret first.
    fn snippets<'a>(&'a self, diagnostic: &'a Diagnostic) -> Vec<Snippet<'a, annotate_snippets::Annotation<'a>>> {
        let caret = diagnostic.span.map(|span| (span, diagnostic.label.as_str(), AnnotationKind::Primary));
        let notes = diagnostic.notes.iter().map(|(span, text)| (*span, text.as_str(), AnnotationKind::Context));
        let mut order: Vec<usize> = Vec::new();
        let mut snippets = BTreeMap::new();
        for (span, label, kind) in caret.into_iter().chain(notes) {
            let Some(source) = self.map.find(span) else {
                continue;
            };
            let snippet = snippets.remove(&source.start).unwrap_or_else(|| {
                order.push(source.start);
                Snippet::source(source.text.as_str()).path(source.name.as_str())
            });
            let annotation = kind.span(range_in(source, span));
            let label = (!label.is_empty()).then_some(label);
            snippets.insert(source.start, snippet.annotation(annotation.label(label)));
        }
        order.iter().filter_map(|start| snippets.remove(start)).collect()
    }

    fn summary(&self) -> String {
        let counts = [(self.count(Severity::Error), "error"), (self.count(Severity::Warning), "warning")];
        let plural = |&(count, word): &(usize, &str)| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
        let shown: Vec<String> = counts.iter().filter(|(count, _)| *count > 0).map(plural).collect();
        match self.more {
            0 => shown.join(" and "),
            more => format!("{}, and {more} more that are not shown", shown.join(" and ")),
        }
    }
}

/// The bytes of `span` in `source`, kept inside it and on character boundaries.
fn range_in(source: &SourceText, span: Span) -> std::ops::Range<usize> {
    let inside = |place: usize| {
        let offset = place.saturating_sub(source.start).min(source.text.len());
        source.text.floor_char_boundary(offset)
    };
    let start = inside(span.start);
    start..inside(span.end).max(start)
}

/// The candidate that `word` was probably meant to be, if one is close enough.
///
/// Close is a Damerau–Levenshtein distance (insertions, deletions, substitutions, swaps) of at most
/// a third of the word, or else one being the beginning of the other. Very long words are like no other, and of very many
/// candidates only the first are looked at: time grows with the product of their lengths.
///
/// ```
/// use knee::diagnostic::closest;
/// assert_eq!(closest("serverz", ["servers", "capacity"]), Some("servers"));
/// assert_eq!(closest("banana", ["servers", "capacity"]), None);
/// ```
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const LONGEST: usize = 100;
    const LOOKED_AT: usize = 1000;
    if word.len() > LONGEST {
        return None;
    }
    let word = word.to_lowercase().replace('_', "-");
    let allowed = (word.chars().count() / 3).max(1);
    let score = |candidate: &'a str| {
        let folded = candidate.to_lowercase();
        let distance = strsim::damerau_levenshtein(&word, &folded);
        let (short, long) = if word.len() < folded.len() { (&word, &folded) } else { (&folded, &word) };
        let begins = short.chars().count() >= 3 && long.starts_with(short.as_str());
        (distance <= allowed || begins).then_some((!begins && distance > allowed, distance, candidate))
    };
    let short = candidates.into_iter().take(LOOKED_AT).filter(|candidate| candidate.len() <= LONGEST);
    short.filter_map(score).min().map(|best| best.2)
}

#[cfg(test)]
mod tests;
