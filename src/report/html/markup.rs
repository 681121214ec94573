//! HTML that cannot be broken by what is put into it: text becomes markup only by being escaped.

/// A piece of HTML.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Markup(String);

impl Markup {
    /// Text, shown as it is whatever is in it.
    pub(super) fn text(text: &str) -> Self {
        Self(escaped(text))
    }

    /// Markup of this program's own.
    pub(super) fn fixed(markup: &'static str) -> Self {
        Self(markup.to_owned())
    }

    /// An element with attributes and what is inside.
    pub(super) fn element(name: &'static str, attributes: &[(&'static str, &str)], inside: Markup) -> Self {
        let mut markup = Self::open(name, attributes);
        markup.push(inside);
        markup.0.push_str(&format!("</{name}>"));
        markup
    }

    /// An element without an end.
    pub(super) fn open(name: &'static str, attributes: &[(&'static str, &str)]) -> Self {
        let attributes: String =
            attributes.iter().map(|(key, value)| format!(" {key}=\"{}\"", escaped(value))).collect();
        Self(format!("<{name}{attributes}>"))
    }

    /// The element just opened, ended at once: in SVG nothing ends by itself.
    pub(super) fn closed(mut self) -> Self {
        if self.0.pop().is_some() {
            self.0.push_str("/>");
        }
        self
    }

    /// An element with text and no attributes.
    pub(super) fn of(name: &'static str, text: &str) -> Self {
        Self::element(name, &[], Self::text(text))
    }

    /// Adds more behind.
    pub(super) fn push(&mut self, more: Markup) {
        self.0.push_str(&more.0);
    }

    /// One behind the other.
    pub(super) fn all(parts: impl IntoIterator<Item = Markup>) -> Self {
        Self(parts.into_iter().map(|part| part.0).collect())
    }

    /// Whether there is nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The HTML.
    pub(super) fn into_string(self) -> String {
        self.0
    }
}

/// Text without anything that means something to HTML, within an element or the quotes of an attribute; characters that a
/// page must not contain are replaced.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(c),
            c if c.is_control() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_out_of_its_place() {
        let hostile = "</script><script>alert('\"&\0')</script>";
        let markup = Markup::element("p", &[("title", hostile)], Markup::text(hostile)).into_string();
        assert_eq!(markup.matches('<').count(), 2, "{markup}");
        assert_eq!(markup.matches('"').count(), 2, "{markup}");
        assert!(!markup.contains('\'') && !markup.contains('\0'));
    }
}
