//! Discriminatory processor sharing: `discipline = "weighted-processor-sharing"`
//! (Kleinrock 1967; Fayolle, Mitrani & Iasnogorodski 1980).

/// All at once, at shares proportional to the workloads' weights.
pub(super) const RULE: super::Rule = super::Rule::Shared { weighted: true };
