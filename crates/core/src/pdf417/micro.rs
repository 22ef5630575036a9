//! MicroPDF417 (ISO/IEC 24728): rows between row address patterns instead of guards.

mod layout;
mod patterns;
mod read;
mod row;
mod tables;

pub use read::{candidates, read};
pub use row::{Glimpse, RowEdges, RowHit, find_rows};
