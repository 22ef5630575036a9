//! PDF417, Compact and Macro PDF417 (ISO/IEC 15438), MicroPDF417 (ISO/IEC 24728).
//!
//! Start and stop patterns are found on lines over the picture and joined into guards along their
//! bars (`find`, `guards`). Lines from guard to guard are cut into elements at sub-pixel edges and
//! walked from both ends (`scanline`, `walk`, `characters`). The row indicators tell rows, columns
//! and level by votes (`indicators`) and which row lies where (`rows`), so that every character read
//! votes for the codeword of a cell, and a cell without clear winner is an erasure (`cells`).
//! Codewords become a symbol in one way whatever they were read from (`symbol`, by `codewords` and
//! `payload`). MicroPDF417 has row address patterns instead of guards and indicators (`micro`).

mod blocks;
mod cells;
mod character_table;
mod characters;
mod codewords;
mod cut;
mod elements;
mod find;
mod guards;
mod indicators;
mod micro;
mod modules;
mod payload;
mod read;
mod rows;
mod scanline;
mod symbol;
mod walk;

pub use blocks::blocks;
pub use cut::parts;
pub use find::{Evidence, Likely, Trouble, Wanted, find, find_in, glance};
pub use guards::{Guard, candidates};
pub use micro::{candidates as micro_candidates, read as read_micro};
pub use modules::{decode_codewords, decode_modules};
pub use read::read;
