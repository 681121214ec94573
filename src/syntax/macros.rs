//! `table!` and `choice!` declare the language: each makes a type, how it is read from a scenario,
//! and its part of the JSON Schema and the reference, all from one list of documented names.

/// Declares a table of the language.
///
/// The key of a field is its name in kebab-case. A field without `= default` must be written. After
/// `later` stand keys of the language that are not built yet, after `check` a function that looks
/// at the finished value and reports what is wrong with it.
macro_rules! table {
    (
        $(#[doc = $doc:literal])* $(#[derive($($derive:ident),*)])?
        $vis:vis struct $name:ident {
            $( $(#[doc = $field_doc:literal])* $field_vis:vis $field:ident: $type:ty $(= $default:expr)? ),* $(,)?
        }
        $(later { $($later:literal),* $(,)? })?
        $(check $check:path)?
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq $(, $($derive),*)?)]
        $vis struct $name { $( $(#[doc = $field_doc])* $field_vis $field: $type ),* }

        impl $crate::syntax::Decode for $name {
            fn decode(node: &$crate::syntax::Node, cx: &mut $crate::syntax::Decoder) -> Option<Self> {
                // Underscored because a table may have no keys.
                let _fields = cx.table(node, &[$(stringify!($field)),*], &[$($($later),*)?], Self::example)?;
                $(
                    let default = None::<fn() -> $type>$(.or(Some(|| $default)))?;
                    let $field = _fields.get::<$type>(stringify!($field), default, cx);
                )*
                let value = Self { $($field: $field?),* };
                _fields.finish(cx);
                $($check(&value, node.span, cx);)?
                Some(value)
            }

            fn schema(s: &mut $crate::syntax::SchemaBuilder) -> serde_json::Value {
                s.table(stringify!($name), concat!($($doc, "\n"),*), |_s| vec![$({
                    let default = None::<fn() -> $type>$(.or(Some(|| $default)))?;
                    $crate::syntax::Field::new(stringify!($field), concat!($($field_doc, "\n"),*), default, _s)
                }),*])
            }

            fn example() -> String {
                let fields: &[Option<String>] = &[$({
                    let default = None::<fn() -> $type>$(.or(Some(|| $default)))?;
                    $crate::syntax::Field::example::<$type>(stringify!($field), default)
                }),*];
                $crate::syntax::Field::example_of_table(fields)
            }
        }
    };
}

/// Declares a choice of the language: a word, or a table with that word as its one key.
///
/// A variant's word is its name in kebab-case. After `later` stand words of the language that are
/// not built yet, after `check` a function that looks at the finished value and reports what is
/// wrong with it.
macro_rules! choice {
    (
        $(#[doc = $doc:literal])* $(#[derive($($derive:ident),*)])?
        $vis:vis enum $name:ident {
            $( $(#[doc = $variant_doc:literal])* $variant:ident $(($payload:ty))? ),* $(,)?
        }
        $(later { $($later:literal),* $(,)? })?
        $(check $check:path)?
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq $(, $($derive),*)?)]
        $vis enum $name { $( $(#[doc = $variant_doc])* $variant $(($payload))? ),* }

        impl $name {
            const WORDS: &'static [$crate::syntax::Word] = &[$($crate::syntax::Word {
                name: stringify!($variant),
                payload: [$(Some(<$payload as $crate::syntax::Decode>::example as fn() -> String),)? None][0],
            }),*];
        }

        impl $crate::syntax::Decode for $name {
            fn decode(node: &$crate::syntax::Node, cx: &mut $crate::syntax::Decoder) -> Option<Self> {
                // Underscored because there may be words only.
                let (word, _payload) = cx.choice(node, Self::WORDS, &[$($($later),*)?])?;
                let value = match word {
                    $(word if word == stringify!($variant) => {
                        Some(Self::$variant $((<$payload as $crate::syntax::Decode>::decode(_payload, cx)?))?)
                    })*
                    _ => None,
                }?;
                $($check(&value, _payload.span, cx);)?
                Some(value)
            }

            fn schema(s: &mut $crate::syntax::SchemaBuilder) -> serde_json::Value {
                s.choice(stringify!($name), concat!($($doc, "\n"),*), |_s| vec![$($crate::syntax::Variant::new(
                    stringify!($variant),
                    concat!($($variant_doc, "\n"),*),
                    None$(.or(Some(<$payload as $crate::syntax::Decode>::schema(_s))))?,
                )),*])
            }

            fn example() -> String {
                Self::WORDS[0].example()
            }

            fn written(&self) -> Option<serde_json::Value> {
                let name = match self { $(Self::$variant { .. } => stringify!($variant)),* };
                let word = Self::WORDS.iter().find(|word| word.name == name && word.payload.is_none())?;
                Some(word.kebab().into())
            }
        }
    };
}

pub(crate) use {choice, table};
