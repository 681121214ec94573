//! Egalitarian processor sharing: `discipline = "processor-sharing"` (Kleinrock 1967).
//!
//! With c servers and n customers each is served at rate min(1, c/n).

/// All at once, at equal shares.
pub(super) const RULE: super::Rule = super::Rule::Shared { weighted: false };
