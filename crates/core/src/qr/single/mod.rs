//! Symbols with one finder pattern: Micro QR Code and rMQR Code. The format information beside
//! the pattern is read in the pattern's own frame; it tells the size, and the grid grows from there;
//! where rMQR Code is bent it is followed a stretch at a time.

mod follow;
mod grow;
mod read;
mod stated;

pub use read::read_single;
