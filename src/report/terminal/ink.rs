//! Colour that means something: green is fine, yellow is close, red is wrong, dim is detail.

use anstyle::{AnsiColor, Style};

use crate::report::graph::color::{BLACK, Color, PALETTE};

/// What a piece of text says about the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Tone {
    /// Nothing: plain text.
    #[default]
    Plain,
    /// It is fine.
    Good,
    /// It is close to a limit, or cannot be decided.
    Close,
    /// It is wrong.
    Bad,
    /// It is a heading.
    Head,
    /// It is a detail.
    Dim,
}

impl Tone {
    /// How busy servers are: queues grow without bound as utilization nears 1, and the usual
    /// planning limit is 70 %.
    pub(super) fn of_utilization(utilization: f64) -> Self {
        match utilization {
            u if u >= 0.9 => Self::Bad,
            u if u >= 0.7 => Self::Close,
            _ => Self::Good,
        }
    }

    /// Whether something holds; none is undecided.
    pub(super) fn of(met: Option<bool>) -> Self {
        match met {
            Some(true) => Self::Good,
            Some(false) => Self::Bad,
            None => Self::Close,
        }
    }

    fn style(self) -> Style {
        let color = |c: AnsiColor| Style::new().fg_color(Some(c.into()));
        match self {
            Self::Plain => Style::new(),
            Self::Good => color(AnsiColor::Green),
            Self::Close => color(AnsiColor::Yellow),
            Self::Bad => color(AnsiColor::Red).bold(),
            Self::Head => Style::new().bold(),
            Self::Dim => Style::new().dimmed(),
        }
    }
}

/// What terminals have for each colour of the palette; their usual blue is hard to read on black.
const DYES: [AnsiColor; 6] =
    [AnsiColor::BrightBlue, AnsiColor::Red, AnsiColor::Green, AnsiColor::Magenta, AnsiColor::Yellow, AnsiColor::Cyan];

/// Whether to colour at all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ink(pub(super) bool);

impl Ink {
    /// The text in its tone.
    pub(super) fn paint(self, tone: Tone, text: &str) -> String {
        if !self.0 || tone == Tone::Plain || text.is_empty() {
            return text.to_owned();
        }
        let style = tone.style();
        format!("{style}{text}{style:#}")
    }

    /// The text in the colour of a terminal that stands for one of a page.
    pub(super) fn dye(self, color: Color, text: &str) -> String {
        let fill = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
        let style = match PALETTE.iter().position(|known| *known == color) {
            _ if !self.0 || text.trim().is_empty() || color == BLACK => return text.to_owned(),
            Some(index) => fill(DYES[index]),
            None => Style::new().dimmed(),
        };
        format!("{style}{text}{style:#}")
    }

    /// A tick, a cross or a question mark.
    pub(super) fn mark(self, met: Option<bool>) -> String {
        let mark = match met {
            Some(true) => "✓",
            Some(false) => "✗",
            None => "?",
        };
        self.paint(Tone::of(met), mark)
    }
}
