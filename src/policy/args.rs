//! What a scenario says beside a policy's name.

use std::collections::BTreeMap;

/// Numbers given to a policy by name: `{ choices = 3 }`, `{ a = 5, b = 1 }`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Args {
    /// By key.
    pub numbers: BTreeMap<String, f64>,
}

/// Fails if a policy that takes no arguments is given some.
pub(super) fn none(args: Option<&Args>) -> Result<(), String> {
    match args {
        None => Ok(()),
        Some(_) => Err("this policy takes no arguments: write its name alone".into()),
    }
}

/// A whole number of at least 1, the only argument.
pub(super) fn count(args: Option<&Args>, name: &str) -> Result<usize, String> {
    let wanted = || format!("write `{{ {name} = n }}` with a whole number of at least 1");
    let numbers = &args.ok_or_else(wanted)?.numbers;
    match numbers.get(name) {
        Some(&n) if numbers.len() == 1 && n >= 1.0 && n.fract() == 0.0 && n <= f64::from(u32::MAX) => Ok(n as usize),
        _ => Err(wanted()),
    }
}

/// Fails if there is an argument that the policy does not know.
pub(super) fn known(args: Option<&Args>, names: &[&str]) -> Result<(), String> {
    let mut given = args.into_iter().flat_map(|args| args.numbers.keys());
    match given.find(|name| !names.contains(&name.as_str())) {
        Some(name) => Err(format!("`{name}` is none of the arguments: {}", names.join(", "))),
        None => Ok(()),
    }
}

/// A whole number of at least 1, if it is given.
pub(super) fn whole(args: Option<&Args>, name: &str) -> Result<Option<u64>, String> {
    // Beyond 2⁵³ floats have gaps: such a number need not be the one that was written.
    let fits = |n: f64| (1.0..=(1u64 << 53) as f64).contains(&n) && n.fract() == 0.0;
    match args.and_then(|args| args.numbers.get(name)) {
        Some(&n) if fits(n) => Ok(Some(n as u64)),
        Some(_) => Err(format!("`{name}` must be a whole number of at least 1")),
        None => Ok(None),
    }
}

/// One weight per target. A component's name gives its weight to each of its replicas.
pub(super) fn weights(args: Option<&Args>, targets: &[String]) -> Result<Vec<f64>, String> {
    let numbers = &args.ok_or("write a weight for each target: `{ a = 5, b = 1 }`")?.numbers;
    for (name, &weight) in numbers {
        if !targets.iter().any(|t| t == name || component(t) == name) {
            return Err(format!("`{name}` is none of the targets: {}", targets.join(", ")));
        }
        if !weight.is_finite() || weight < 0.0 {
            return Err(format!("the weight of `{name}` must be a number of at least 0"));
        }
    }
    let weight = |t: &String| {
        let found = numbers.get(t).or_else(|| numbers.get(component(t)));
        found.copied().ok_or_else(|| format!("the weight of `{t}` is missing"))
    };
    let weights = targets.iter().map(weight).collect::<Result<Vec<f64>, String>>()?;
    if weights.iter().all(|&w| w == 0.0) {
        return Err("at least one weight must be greater than 0".into());
    }
    Ok(weights)
}

/// The component that a replica belongs to: `app` of `app[3]`.
pub(super) fn component(target: &str) -> &str {
    target.split('[').next().unwrap_or(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(pairs: &[(&str, f64)]) -> Args {
        Args { numbers: pairs.iter().map(|&(k, v)| (k.to_string(), v)).collect() }
    }

    fn targets() -> Vec<String> {
        ["app[0]", "app[1]", "db"].map(String::from).to_vec()
    }

    #[test]
    fn a_component_gives_its_weight_to_each_replica() {
        let w = weights(Some(&args(&[("app", 2.0), ("app[1]", 7.0), ("db", 1.0)])), &targets());
        assert_eq!(w, Ok(vec![2.0, 7.0, 1.0]));
    }

    #[test]
    fn weights_that_make_no_sense_are_errors() {
        for (bad, word) in [
            (args(&[("app", 1.0)]), "`db` is missing"),
            (args(&[("app", 1.0), ("db", 1.0), ("cache", 1.0)]), "`cache` is none of the targets"),
            (args(&[("app", -1.0), ("db", 1.0)]), "at least 0"),
            (args(&[("app", f64::NAN), ("db", 1.0)]), "at least 0"),
            (args(&[("app", 0.0), ("db", 0.0)]), "greater than 0"),
        ] {
            let message = weights(Some(&bad), &targets()).unwrap_err();
            assert!(message.contains(word), "{message}");
        }
        assert!(weights(None, &targets()).is_err());
    }

    #[test]
    fn what_is_not_given_is_none_and_what_is_unknown_is_an_error() {
        let given = args(&[("keys", 3.0), ("nodes", 0.5)]);
        assert_eq!(whole(Some(&given), "keys"), Ok(Some(3)));
        assert_eq!(whole(Some(&given), "factor"), Ok(None));
        assert_eq!(whole(None, "keys"), Ok(None));
        assert!(whole(Some(&given), "nodes").is_err());
        assert_eq!(known(Some(&given), &["keys", "nodes"]), Ok(()));
        assert_eq!(known(None, &[]), Ok(()));
        assert_eq!(known(Some(&given), &["nodes"]), Err("`keys` is none of the arguments: nodes".into()));
    }

    #[test]
    fn a_count_is_whole_and_positive() {
        assert_eq!(count(Some(&args(&[("choices", 3.0)])), "choices"), Ok(3));
        for bad in [args(&[("choices", 0.0)]), args(&[("choices", 1.5)]), args(&[("d", 2.0)]), args(&[])] {
            assert!(count(Some(&bad), "choices").is_err());
        }
        assert!(count(None, "choices").is_err());
    }
}
