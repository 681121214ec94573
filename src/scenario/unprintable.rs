//! Names and texts that would do something to whoever reads them in a terminal, a table or a picture.

use crate::diagnostic::{Diagnostic, Span, is_printable};
use crate::syntax::{Node, Table, Value};

/// An error for each key and each text with a character that cannot be shown, wherever it comes from.
pub(super) fn find(root: &Table) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    in_table(root, &mut found);
    found
}

fn in_table(table: &Table, found: &mut Vec<Diagnostic>) {
    for (key, node) in &table.entries {
        found.extend(problem(key.span, &key.name));
        in_node(node, found);
    }
}

fn in_node(node: &Node, found: &mut Vec<Diagnostic>) {
    match &node.value {
        Value::String(text) => found.extend(problem(node.span, text)),
        Value::Array(items) => items.iter().for_each(|item| in_node(item, found)),
        Value::Table(table) => in_table(table, found),
        _ => {}
    }
}

fn problem(span: Span, text: &str) -> Option<Diagnostic> {
    let character = text.chars().find(|character| !is_printable(*character))?;
    let what = match character {
        '\n' | '\r' => "a line break".to_owned(),
        '\t' => "a tab".to_owned(),
        other => format!("the character U+{:04X}", u32::from(other)),
    };
    let message = format!("{what} stands in a text");
    let help = "names and texts are shown in terminals, tables and pictures: write what can be seen, in one line";
    Some(Diagnostic::error(span, message).label("this cannot be shown").help(help))
}

#[cfg(test)]
mod tests {
    use crate::scenario::{Source, parse};

    fn messages(text: &str, overrides: &[&str]) -> Vec<String> {
        let overrides = overrides.iter().map(|&one| one.to_owned()).collect();
        let source = Source { name: "a.toml".into(), text: text.into(), overrides };
        parse(&source).1.list.into_iter().map(|one| one.message).collect()
    }

    #[test]
    fn what_cannot_be_shown_is_refused_wherever_it_stands() {
        for (written, what) in [
            (r"\u001b[31m", "the character U+001B"),
            (r"\u0007", "the character U+0007"),
            (r"\u009b", "the character U+009B"),
            ("\u{202e}", "the character U+202E"),
            (r"\u2028", "the character U+2028"),
            (r"\uffff", "the character U+FFFF"),
            (r"\n✓ met", "a line break"),
            (r"\t", "a tab"),
        ] {
            let expected = [format!("{what} stands in a text")];
            assert_eq!(messages(&format!("title = \"a{written}\"\n"), &[]), expected);
            assert_eq!(messages("", &[&format!("title=\"a{written}\"")]), expected);
            let objective = format!("[[objective]]\nname = \"a{written}\"\nrequire = \"a.latency.p99 < 1s\"\n");
            assert_eq!(messages(&objective, &[]), expected);
            let named = format!("[station.\"a{written}\"]\nservice-time = \"1s\"\n");
            assert!(messages(&named, &[]).contains(&expected[0]), "{named}");
        }
        assert!(messages("title = \"naïve → 日本 👍🏽\"\n", &[]).is_empty());
    }
}
