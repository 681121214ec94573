//! The parts of a page: its prose, its code spans, its code blocks.

/// A page, taken apart.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// The page with everything blanked that is no prose, so that places stay what they are.
    pub(crate) prose: Vec<char>,
    /// Code spans, each with the number of its line.
    pub(crate) spans: Vec<(usize, String)>,
    /// Code blocks that are given to the program or come from it: scenarios, commands, sessions.
    pub(crate) blocks: Vec<String>,
    /// Comments with the commands that made the pictures.
    pub(crate) pictures: Vec<String>,
}

/// Sections that list what was read.
const SOURCES: [&str; 6] = ["sources", "source", "references", "reading", "further reading", "read on"];
/// How the comment begins that says how a picture was made.
const PICTURE: &str = "<!-- picture: knee ";

/// What a code block shows that is given to the program, or that `tests/sessions.rs` sees it print.
fn checked(language: &str, text: &str) -> Option<String> {
    match language {
        "toml" => Some(text.to_owned()),
        "text" | "console" if text.starts_with("$ knee ") => Some(text.to_owned()),
        "sh" => {
            let whole = text.replace("\\\n", " ");
            let commands = whole.lines().filter(|line| line.starts_with("knee "));
            Some(commands.collect::<Vec<_>>().join("\n"))
        }
        _ => None,
    }
}

impl Page {
    pub(crate) fn read(text: &str) -> Self {
        let mut page = Self { prose: text.chars().collect(), ..Self::default() };
        page.take_blocks();
        page.take_sources();
        page.take_comments();
        page.take_spans();
        page.take_links();
        page.take_citations();
        page
    }

    /// The number of the line that this place is in.
    pub(crate) fn line(&self, at: usize) -> usize {
        1 + self.prose[..at].iter().filter(|c| **c == '\n').count()
    }

    fn blank(&mut self, from: usize, to: usize) {
        for c in self.prose[from..to].iter_mut().filter(|c| **c != '\n') {
            *c = ' ';
        }
    }

    fn text(&self, from: usize, to: usize) -> String {
        self.prose[from..to].iter().collect()
    }

    /// Where this text begins, at or after a place.
    fn find(&self, text: &str, from: usize) -> Option<usize> {
        let text: Vec<char> = text.chars().collect();
        let windows = self.prose.get(from..)?.windows(text.len());
        windows.into_iter().position(|window| window == text.as_slice()).map(|at| from + at)
    }

    /// Lines, each with where it begins and ends.
    fn lines(&self) -> Vec<(usize, usize, String)> {
        let mut at = 0;
        let lines = self.prose.split(|c| *c == '\n').map(|line| {
            let from = at;
            at += line.len() + 1;
            (from, from + line.len(), line.iter().collect::<String>())
        });
        lines.collect()
    }

    fn take_blocks(&mut self) {
        let mut block: Option<(String, String)> = None;
        for (from, to, line) in self.lines() {
            let fence = line.trim_start().strip_prefix("```");
            match (&mut block, fence) {
                (None, None) => continue,
                (None, Some(language)) => block = Some((language.trim().to_owned(), String::new())),
                (Some((language, text)), Some(_)) => {
                    let checked = checked(language.split(',').next().unwrap_or_default(), text);
                    self.blocks.extend(checked);
                    block = None;
                }
                (Some((_, text)), None) => *text += &(line + "\n"),
            }
            self.blank(from, to);
        }
    }

    /// Sections of sources and footnotes are citations from end to end.
    fn take_sources(&mut self) {
        let (mut depth, mut footnote) = (None, false);
        for (from, to, line) in self.lines() {
            let level = line.chars().take_while(|c| *c == '#').count();
            if level > 0 {
                let name = line.trim_start_matches('#').trim().to_lowercase();
                let is_over = depth.is_none_or(|depth| level <= depth);
                depth = if is_over { SOURCES.contains(&name.as_str()).then_some(level) } else { depth };
            }
            footnote = (footnote && !line.trim().is_empty()) || line.starts_with("[^");
            if depth.is_some() || footnote {
                self.blank(from, to);
            }
        }
    }

    fn take_comments(&mut self) {
        let mut at = 0;
        while let Some(from) = self.find("<!--", at) {
            let to = self.find("-->", from).map_or(self.prose.len(), |end| end + 3);
            self.pictures.extend(Some(self.text(from, to)).filter(|comment| comment.starts_with(PICTURE)));
            self.blank(from, to);
            at = to;
        }
    }

    /// Spans between equally many backticks, within a paragraph.
    fn take_spans(&mut self) {
        let mut at = 0;
        while let Some(from) = self.find("`", at) {
            let ticks = self.prose[from..].iter().take_while(|c| **c == '`').count();
            let inside = from + ticks;
            let paragraph = self.find("\n\n", inside).unwrap_or(self.prose.len());
            let end = self.find(&"`".repeat(ticks), inside).filter(|end| *end < paragraph);
            at = inside;
            if let Some(end) = end {
                let text = self.text(inside, end).replace('\n', " ");
                self.spans.push((self.line(from), text.trim().to_owned()));
                self.blank(from, end + ticks);
                at = end + ticks;
            }
        }
    }

    /// Links with their texts, addresses, and tags.
    fn take_links(&mut self) {
        for at in 0..self.prose.len() {
            let close = match self.prose[at] {
                '[' => self.end_of_link(at),
                '<' if self.prose.get(at + 1).is_some_and(|c| c.is_alphabetic() || *c == '/') => self.find(">", at),
                'h' if self.text(at, (at + 8).min(self.prose.len())).starts_with("http") => {
                    let length = self.prose[at..].iter().take_while(|c| !c.is_whitespace()).count();
                    Some(at + length - 1)
                }
                _ => None,
            };
            if let Some(close) = close {
                self.blank(at, close + 1);
            }
        }
    }

    /// The end of `[text](target)`, `[text][name]` or `[^footnote]`.
    fn end_of_link(&self, at: usize) -> Option<usize> {
        let end = self.find("]", at)?;
        match self.prose.get(end + 1) {
            _ if self.prose[at + 1] == '^' => Some(end),
            Some('(') => self.find(")", end),
            Some('[') => self.find("]", end + 1),
            _ => None,
        }
    }

    /// Parentheses with a year in them: (Kleinrock 1979, p. 28).
    fn take_citations(&mut self) {
        let mut open = None;
        for at in 0..self.prose.len() {
            match (self.prose[at], open) {
                ('(', _) => open = Some(at),
                ('\n', _) if self.prose.get(at + 1) == Some(&'\n') => open = None,
                (')', Some(from)) => {
                    if cites(&self.text(from, at)) {
                        self.blank(from, at);
                    }
                    open = None;
                }
                _ => {}
            }
        }
    }
}

/// Whether the text has a word with a capital letter, and then a year.
fn cites(text: &str) -> bool {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let year = words.iter().position(|word| is_year(word));
    let is_named = |word: &&str| word.starts_with(char::is_uppercase);
    year.is_some() && (words.len() == 1 || words.iter().any(is_named))
}

/// Whether it looks like a year in which somebody may have published something.
pub(crate) fn is_year(text: &str) -> bool {
    text.len() == 4 && text.parse().is_ok_and(|year: u32| (1900..2040).contains(&year))
}

#[test]
fn a_page_is_taken_apart() {
    let text = "# 3. A page\n\nIt takes 42 ms, `1 + 1\n= 2`, see [chapter 77](x.md), (Erlang, 1917, p. 99).\n\n\
        <!-- picture: knee sweep x --plot 66.svg -->\n```text\n$ knee run x\n31\n```\n\n```text\n55\n```\n\n<!-- 44 -->\n## Sources\n\n88\n";
    let page = Page::read(text);
    let prose: String = page.prose.iter().collect();
    assert!(prose.contains("42 ms"));
    assert!(
        !["77", "99", "66", "44", "31", "55", "88", "1 + 1"].iter().any(|hidden| prose.contains(hidden)),
        "{prose}"
    );
    assert_eq!(page.spans, [(3, "1 + 1 = 2".to_owned())]);
    assert_eq!(page.blocks, ["$ knee run x\n31\n"]);
    assert_eq!(page.pictures.len(), 1);
    assert_eq!(prose.chars().count(), text.chars().count());
}
