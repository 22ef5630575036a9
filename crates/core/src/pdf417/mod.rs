//! PDF417, Compact and Macro PDF417 (ISO/IEC 15438), MicroPDF417 (ISO/IEC 24728).
//!
//! Start and stop patterns are found on lines over the picture and joined into guards along their
//! bars (`find`, `guards`). Lines from guard to guard are cut into elements at sub-pixel edges and
//! walked from both ends (`walk`, `characters`). The row indicators tell rows, columns and level
//! by votes (`indicators`) and which row lies where (`rows`), so that every character read votes
//! for the codeword of a cell, and a cell without clear winner is an erasure (`cells`,
//! `codewords`, `payload`).

mod cells;
mod character_table;
mod characters;
mod codewords;
mod find;
mod guards;
mod indicators;
mod payload;
mod read;
mod rows;
mod scanline;
mod walk;

pub use find::find;
pub use guards::candidates;
pub use read::{Outcome, read};
