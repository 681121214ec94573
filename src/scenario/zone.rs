//! `[zone.NAME]`: what may be lost at once within a region.

use crate::syntax::table;

table! {
    /// What shares its power and its network, and may be lost at once: an availability zone.
    #[derive(Copy)]
    pub struct Zone {}
}
