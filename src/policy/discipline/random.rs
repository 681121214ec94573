//! Service in random order: `discipline = "random"` (Kingman 1962).

/// Any waiting customer, each as likely as the others.
pub(super) const RULE: super::Rule = super::Rule::AtRandom;
