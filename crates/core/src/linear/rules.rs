//! What it takes to believe a reading, by symbology.

use crate::symbology::Symbology;

/// The rules of one symbology.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Lines that must agree.
    pub lines: u32,
    /// Least quiet zone before the start, in modules.
    pub quiet_before: f32,
    /// Least quiet zone after the end, in modules.
    pub quiet_after: f32,
    /// Largest mean error of the element sums, in modules.
    pub error: f32,
}

/// The rules of `symbology`.
pub const fn rule(symbology: Symbology) -> Rule {
    match symbology {
        Symbology::Ean8 => Rule { lines: 3, quiet_before: 4.0, quiet_after: 4.0, error: 0.2 },
        Symbology::UpcE => Rule { lines: 3, quiet_before: 5.0, quiet_after: 4.0, error: 0.18 },
        Symbology::Code128 => Rule { lines: 2, quiet_before: 5.0, quiet_after: 3.0, error: 0.22 },
        _ => Rule { lines: 2, quiet_before: 4.0, quiet_after: 3.0, error: 0.22 },
    }
}
