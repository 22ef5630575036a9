//! The schedule of Han Xin Code: position detection patterns in a plane of every level, put
//! together to squares, each read.

use super::job::{Found, Job};
use crate::geometry::Point;
use crate::hanxin::{Finder, find_finders, read, squares};
use crate::image::Frame;
use crate::symbol::Symbol;
use crate::symbology::Symbology;

/// Squares read in vain at most.
const MAX_ATTEMPTS: usize = 40;

pub(super) fn reads(symbology: Symbology) -> bool {
    symbology == Symbology::HanXin
}

pub(super) fn scan(job: &Job<'_>, known: &[Symbol]) -> Found {
    let levels: Vec<usize> = (0..job.frame.levels()).rev().collect();
    let found = job.schedule.map(levels, |level| {
        if job.is_late() {
            return Vec::new();
        }
        find_finders(job.plane(level), Frame::scale(level), job.options.invert)
    });
    let mut finders: Vec<Finder> = Vec::new();
    for finder in found.into_iter().flatten() {
        let inside = |symbol: &Symbol| symbol.corners.contains(finder.center);
        if !known.iter().any(inside) && !finders.iter().any(|other| other.is_same(&finder)) {
            finders.push(finder);
        }
    }
    if finders.len() < 3 {
        return Found::default();
    }
    let finders: Vec<Finder> = finders.into_iter().map(|finder| finder.fitted(job.frame)).collect();
    let mut found = Found::default();
    let mut attempts = 0;
    for square in squares(&finders) {
        let is_read = |center: Point| {
            found.symbols.iter().any(|symbol: &Symbol| symbol.corners.contains(center))
        };
        if job.is_done(&found) || attempts >= MAX_ATTEMPTS {
            break;
        }
        if square.finders.iter().flatten().any(|finder| is_read(finder.center)) {
            continue;
        }
        attempts += usize::from(found.note(read(job.frame, &square)));
    }
    found.settled()
}
