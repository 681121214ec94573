//! `tenant`: all keys of a tenant together.
//!
//! ```toml
//! sharding = { shards = 4, by = { tenant = { keys-per-tenant = 1000 } } }
//! ```
//!
//! Keys are numbered tenant by tenant: the first thousand belong to tenant 0, the next to tenant 1,
//! and so on. A hash of the tenant modulo the number of targets says where they are (as `hash`
//! does for single keys), so that whatever concerns one tenant is on one target, and a great tenant
//! makes it hot.

use std::sync::Arc;

use super::hash::split_mix;
use super::{Args, Entry, Partition, args};

pub(super) const ENTRY: Entry = Entry {
    name: "tenant",
    doc: "All keys of a tenant, `keys-per-tenant` in a row, on one target (1000 if not said): a hash of the tenant's number.",
    build,
};

#[derive(Debug, Clone, Copy)]
struct Tenant {
    keys_per_tenant: u64,
    targets: usize,
}

pub(in crate::policy) fn build(args: Option<&Args>, targets: &[String]) -> Result<Arc<dyn Partition>, String> {
    args::known(args, &["keys-per-tenant"])?;
    let keys_per_tenant = args::whole(args, "keys-per-tenant")?.unwrap_or(1000);
    Ok(Arc::new(Tenant { keys_per_tenant, targets: targets.len() }))
}

impl Partition for Tenant {
    fn targets(&self) -> usize {
        self.targets
    }

    fn place(&self, key: u64) -> usize {
        (split_mix(key / self.keys_per_tenant) % self.targets as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::names;
    use super::*;

    #[test]
    fn a_tenant_is_on_one_target_and_tenants_spread() {
        let args = Args { numbers: [("keys-per-tenant".into(), 100.0)].into() };
        let tenant = build(Some(&args), &names(4)).unwrap();
        let mut counts = [0; 4];
        for first in (0..400_000).step_by(100) {
            let place = tenant.place(first);
            assert!((first..first + 100).all(|key| tenant.place(key) == place));
            counts[place] += 1;
        }
        assert!(counts.iter().all(|&n| (850..1150).contains(&n)), "{counts:?}");
    }

    #[test]
    fn a_tenant_has_a_thousand_keys_unless_more_is_said() {
        let tenant = build(None, &names(4)).unwrap();
        assert!((1..1000).all(|key| tenant.place(key) == tenant.place(0)));
        let none = Args { numbers: [("keys-per-tenant".into(), 0.0)].into() };
        assert!(build(Some(&none), &names(4)).unwrap_err().contains("at least 1"));
    }
}
