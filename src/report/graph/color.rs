//! The colours of lines and notes, for pages; terminals have their own for each.

/// Red, green, blue.
pub(crate) type Color = (u8, u8, u8);

/// Text, axes and knee.
pub(crate) const BLACK: Color = (0x22, 0x22, 0x22);
/// Notes.
pub(crate) const GREY: Color = (0x6b, 0x6b, 0x6b);
/// Lines in the background.
pub(crate) const PALE: Color = (0xe4, 0xe4, 0xe4);
/// The overloaded region.
pub(crate) const SHADE: Color = (0xf3, 0xf3, 0xf3);

/// Okabe and Ito (2008), "Color universal design", without black and without yellow, which is
/// too light for lines and text on white.
pub(crate) const PALETTE: [Color; 6] = [
    (0x00, 0x72, 0xb2),
    (0xd5, 0x5e, 0x00),
    (0x00, 0x9e, 0x73),
    (0xcc, 0x79, 0xa7),
    (0xe6, 0x9f, 0x00),
    (0x56, 0xb4, 0xe9),
];
