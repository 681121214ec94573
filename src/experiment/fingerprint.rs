//! What tells one input from another: a hash of it.

/// A hash of byte strings in order: FNV-1a, 128 bits (Fowler, Noll and Vo 1991; draft-eastlake-fnv). Two inputs that
/// differ have the same one by chance only, once in 10³⁸; nobody is kept from making such inputs on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fingerprint(u128);

const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

impl Default for Fingerprint {
    fn default() -> Fingerprint {
        Fingerprint(BASIS)
    }
}

impl Fingerprint {
    /// Adds a string and where it ends, so that what belongs to which string matters too.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        let length = (bytes.len() as u64).to_le_bytes();
        for &byte in length.iter().chain(bytes) {
            self.0 = (self.0 ^ u128::from(byte)).wrapping_mul(PRIME);
        }
    }

    /// The hash, as bytes.
    pub(super) fn bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// The hash, as 32 hexadecimal digits.
    pub(super) fn hex(self) -> String {
        format!("{:032x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_do_not_run_into_each_other() {
        let of = |parts: &[&str]| {
            let mut all = Fingerprint::default();
            parts.iter().for_each(|part| all.add(part.as_bytes()));
            all.hex()
        };
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_ne!(of(&["a", ""]), of(&["a"]));
        assert_eq!(of(&[]), "6c62272e07bb014262b821756295c58d");
    }

    #[test]
    fn it_is_fnv_1a() {
        // The published value for "a" is d228cb696f1a8caf78912b704e4a8964; here a length of eight bytes goes before it.
        let mut one = Fingerprint(BASIS);
        one.0 = (one.0 ^ u128::from(b'a')).wrapping_mul(PRIME);
        assert_eq!(one.hex(), "d228cb696f1a8caf78912b704e4a8964");
    }
}
