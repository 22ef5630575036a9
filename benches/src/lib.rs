//! The yardstick: labelled pictures, scoring, peers, and the tables that come of them.

#![warn(missing_docs)]

pub mod alter;
pub mod compare;
pub mod jsonl;
pub mod knees;
pub mod labels;
pub mod names;
pub mod options;
pub mod overlay;
pub mod peers;
pub mod picture;
pub mod polygon;
pub mod reading;
pub mod scoring;
pub mod tables;
