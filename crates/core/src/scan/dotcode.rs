//! The schedule of DotCode: dots in a plane of every level, put together to lattices, each read.

use super::job::{Found, Job};
use crate::dotcode::{find_dots, lattices, read};
use crate::image::Frame;
use crate::symbol::Symbol;
use crate::symbology::Symbology;

/// Lattices read in vain at most.
const MAX_ATTEMPTS: usize = 16;

pub(super) fn reads(symbology: Symbology) -> bool {
    symbology == Symbology::DotCode
}

pub(super) fn scan(job: &Job<'_>, known: &[Symbol]) -> Found {
    let levels: Vec<usize> = (0..job.frame.levels()).collect();
    let lattices = job.schedule.map(levels, |level| {
        if job.is_late() {
            return Vec::new();
        }
        let [dark, light] = find_dots(job.plane(level), job.options.invert);
        let scale = Frame::scale(level);
        let of = |dots: &[_], inverted| {
            let found = lattices(dots).into_iter();
            found.map(move |lattice| (lattice.scaled(scale), inverted))
        };
        of(&dark, false).chain(of(&light, true)).collect()
    });
    let mut found = Found::default();
    let mut attempts = 0;
    for (lattice, inverted) in lattices.into_iter().flatten() {
        if job.is_done(&found) || attempts >= MAX_ATTEMPTS {
            break;
        }
        let middle = lattice.center();
        let inside = |symbol: &Symbol| symbol.corners.contains(middle);
        if known.iter().chain(&found.symbols).any(inside) {
            continue;
        }
        attempts += usize::from(found.note(read(job.frame, &lattice, inverted)));
    }
    found.settled()
}
