//! Single values: text, numbers, counts and quantities.

use serde_json::{Value as Json, json};

use super::decode::{Decode, Decoder};
use super::schema::SchemaBuilder;
use super::tree::{Node, Value};
use crate::units::{self, Bandwidth, Bytes, Duration, Kind, Rate, Ratio};

/// A whole number that is at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Count(pub u32);

/// The path of a file, relative to the scenario's own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FilePath(pub String);

impl Decode for Count {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<Count> {
        if node.value == Value::Integer(0) {
            return cx.out_of_range(node, zero(&cx.key()), "must be at least 1");
        }
        whole(node, cx, 1, u32::MAX).map(Count)
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        s.define("Count", "A whole number, at least 1.", json!({ "type": "integer", "minimum": 1 }))
    }

    fn example() -> String {
        "4".to_owned()
    }

    fn written(&self) -> Option<Json> {
        Some(json!(self.0))
    }
}

/// "zero servers".
fn zero(key: &str) -> String {
    if key.is_empty() { "a count of zero".to_owned() } else { format!("zero {key}") }
}

/// A whole number in a range that is at most that of `T`.
fn whole<T>(node: &Node, cx: &mut Decoder, low: T, high: T) -> Option<T>
where
    T: TryFrom<i64> + Into<i128> + Copy + PartialOrd + std::fmt::Display,
{
    let number = match &node.value {
        Value::Integer(number) => *number,
        Value::Large(text) if text.starts_with('-') => {
            return cx.out_of_range(node, format!("{text} is too small"), &format!("must be at least {low}"));
        }
        Value::Large(text) => {
            return cx.out_of_range(node, format!("{text} is too large"), &format!("must be at most {high}"));
        }
        _ => return cx.mismatch(node, "a whole number", &low.into().max(0).to_string()),
    };
    match T::try_from(number).ok().filter(|number| low <= *number && *number <= high) {
        Some(number) => Some(number),
        None if i128::from(number) < low.into() => {
            cx.out_of_range(node, format!("{number} is too small"), &format!("must be at least {low}"))
        }
        None => cx.out_of_range(node, format!("{number} is too large"), &format!("must be at most {high}")),
    }
}

/// Whole numbers of one Rust type.
macro_rules! whole_numbers {
    ($($type:ident $doc:literal),*) => { $(
        impl Decode for $type {
            fn decode(node: &Node, cx: &mut Decoder) -> Option<$type> {
                whole(node, cx, $type::MIN, $type::MAX)
            }

            fn schema(s: &mut SchemaBuilder) -> Json {
                let name = if $type::MIN == 0 { "Natural" } else { "Integer" };
                let schema = match $type::MIN {
                    0 => json!({ "type": "integer", "minimum": 0 }),
                    _ => json!({ "type": "integer" }),
                };
                s.define(name, $doc, schema)
            }

            fn example() -> String {
                "0".to_owned()
            }

            fn written(&self) -> Option<Json> {
                Some(json!(self))
            }
        }
    )* };
}

whole_numbers!(u32 "A whole number, at least 0.", u64 "A whole number, at least 0.", i32 "A whole number.");

impl Decode for f64 {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<f64> {
        let number = match &node.value {
            Value::Integer(_) | Value::Float(_) | Value::Large(_) => node.number(),
            _ => None,
        };
        match number.filter(|number| number.is_finite()) {
            Some(number) => Some(number),
            None => cx.mismatch(node, "a number", "1.5"),
        }
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        s.define("Number", "A number.", json!({ "type": "number" }))
    }

    fn example() -> String {
        "1.5".to_owned()
    }

    fn written(&self) -> Option<Json> {
        Some(json!(self))
    }
}

impl Decode for String {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<String> {
        match node.as_text() {
            Some(text) => Some(text.to_owned()),
            None => cx.mismatch(node, "text in quotes", "\"name\""),
        }
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        s.define("Text", "Text in quotes.", json!({ "type": "string" }))
    }

    fn example() -> String {
        "\"name\"".to_owned()
    }

    fn written(&self) -> Option<Json> {
        Some(json!(self))
    }
}

impl Decode for bool {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<bool> {
        match node.value {
            Value::Boolean(value) => Some(value),
            _ => cx.mismatch(node, "true or false", "true"),
        }
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        s.define("Boolean", "True or false.", json!({ "type": "boolean" }))
    }

    fn example() -> String {
        "true".to_owned()
    }

    fn written(&self) -> Option<Json> {
        Some(json!(self))
    }
}

impl Decode for FilePath {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<FilePath> {
        match node.as_text() {
            Some(text) if !text.is_empty() => Some(FilePath(text.to_owned())),
            _ => cx.mismatch(node, "the path of a file", "\"file.csv\""),
        }
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        s.define("FilePath", "The path of a file, relative to the scenario's own.", json!({ "type": "string" }))
    }

    fn example() -> String {
        "\"file.csv\"".to_owned()
    }
}

/// A quantity: text with a unit.
fn quantity<T>(node: &Node, cx: &mut Decoder, kind: &Kind, parse: fn(&str) -> Result<T, String>) -> Option<T> {
    let example = format!("\"{}\"", kind.example);
    match &node.value {
        Value::String(text) => match parse(text) {
            Ok(quantity) => Some(quantity),
            Err(problem) => not_a_quantity(node, cx, kind.name, text, &problem),
        },
        Value::Integer(_) | Value::Float(_) | Value::Large(_) => {
            let problem = format!("missing unit: one of {}", kind.symbols());
            let number = node.to_toml();
            cx.push(
                crate::diagnostic::Diagnostic::error(node.span, format!("{number} is not {}", kind.name))
                    .label(problem)
                    .help(format!("write {} in quotes with its unit, such as {example}", kind.name)),
            );
            None
        }
        _ => cx.mismatch(node, &format!("{} such as {example}", kind.name), &example),
    }
}

fn not_a_quantity<T>(node: &Node, cx: &mut Decoder, name: &str, text: &str, problem: &str) -> Option<T> {
    cx.out_of_range(node, format!("\"{text}\" is not {name}"), problem)
}

/// Quantities with units.
macro_rules! quantities {
    ($($type:ident $kind:ident $doc:literal),*) => { $(
        impl Decode for $type {
            fn decode(node: &Node, cx: &mut Decoder) -> Option<$type> {
                quantity(node, cx, &units::$kind, $type::parse)
            }

            fn schema(s: &mut SchemaBuilder) -> Json {
                let doc = format!(concat!($doc, ", in {}."), units::$kind.symbols());
                let (pattern, example) = (units::$kind.pattern(), units::$kind.example);
                let schema = json!({ "type": "string", "pattern": pattern, "examples": [example] });
                s.define(stringify!($type), &doc, schema)
            }

            fn example() -> String {
                format!("\"{}\"", units::$kind.example)
            }

            fn written(&self) -> Option<Json> {
                Some(json!(units::$kind.write(self.0)))
            }
        }
    )* };
}

quantities!(
    Duration DURATION "A span of time",
    Rate RATE "How often something happens",
    Bytes BYTES "A size",
    Bandwidth BANDWIDTH "How fast data moves"
);

impl Decode for Ratio {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<Ratio> {
        let ratio = match &node.value {
            Value::Integer(number) => *number as f64,
            Value::Float(number) => *number,
            Value::String(text) => match Ratio::parse(text) {
                Ok(ratio) => ratio.0,
                Err(problem) => return not_a_quantity(node, cx, "a ratio", text, &problem),
            },
            _ => return cx.mismatch(node, "a ratio", "0.1"),
        };
        if (0.0..=1.0).contains(&ratio) {
            return Some(Ratio(ratio));
        }
        cx.out_of_range(node, format!("{} is not a share", node.to_toml()), "must be from 0 to 1")
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        let number = json!({ "type": "number", "minimum": 0, "maximum": 1 });
        let percentage = json!({ "type": "string", "examples": ["10%"] });
        s.define(
            "Ratio",
            "A share from 0 to 1, or a percentage such as \"10%\".",
            json!({ "oneOf": [number, percentage] }),
        )
    }

    fn example() -> String {
        "0.5".to_owned()
    }

    fn written(&self) -> Option<Json> {
        Some(json!(self.0))
    }
}
