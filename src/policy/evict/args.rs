//! What a scenario says beside a policy's name.

use std::ops::RangeInclusive;

use super::Args;

/// Fails if a policy that takes no arguments is given some.
pub(super) fn none(args: Option<&Args>) -> Result<(), String> {
    match args {
        None => Ok(()),
        Some(_) => Err("this policy takes no arguments: write its name alone".into()),
    }
}

/// The numbers of these names, or their defaults. Fails on any other name.
pub(super) fn numbers<const N: usize>(args: Option<&Args>, known: [(&str, f64); N]) -> Result<[f64; N], String> {
    let given = args.map(|args| &args.numbers);
    let stranger = given.and_then(|given| given.keys().find(|name| known.iter().all(|(k, _)| k != name)));
    if let Some(name) = stranger {
        let names: Vec<String> = known.iter().map(|(name, _)| format!("`{name}`")).collect();
        return Err(format!("there is no argument `{name}`: this policy takes {}", names.join(", ")));
    }
    Ok(known.map(|(name, default)| given.and_then(|given| given.get(name)).copied().unwrap_or(default)))
}

/// A share of the capacity, less than all of it.
pub(super) fn share(name: &str, value: f64) -> Result<f64, String> {
    match (0.0..1.0).contains(&value) {
        true => Ok(value),
        false => Err(format!("`{name}` is a share of the capacity: a number of at least 0 and less than 1")),
    }
}

/// A whole number in a range.
pub(super) fn whole(name: &str, value: f64, range: RangeInclusive<u32>) -> Result<u32, String> {
    let (least, most) = (*range.start(), *range.end());
    match value.fract() == 0.0 && (f64::from(least)..=f64::from(most)).contains(&value) {
        true => Ok(value as u32),
        false => Err(format!("`{name}` must be a whole number from {least} to {most}")),
    }
}
