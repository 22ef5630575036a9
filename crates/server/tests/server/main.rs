//! The real server on a loopback port, and everything that clients do to it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod abuse;
mod access;
mod fetching;
mod forms;
mod lifecycle;
mod malformed;
mod openapi;
mod support;
