//! `[region.NAME]`: a place.

use crate::syntax::table;

table! {
    /// A place where clients and components are.
    #[derive(Copy)]
    pub struct Region {}
}
