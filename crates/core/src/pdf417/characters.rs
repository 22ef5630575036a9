//! From the edges of four bars and four spaces to a codeword.

use std::sync::LazyLock;

use super::character_table::{CHARACTERS, CODEWORDS};
use super::elements::{Misfit, inner_edges};

/// Modules of a symbol character.
pub const MODULES: f32 = 17.0;
/// Elements of a symbol character.
pub const ELEMENTS: usize = 8;

/// A symbol character that was read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Character {
    /// A third of the cluster's number: 0 to 2.
    pub cluster: u8,
    /// Its codeword, below 929.
    pub codeword: u16,
    /// Mean squared distance of the edges from where they should be, in modules.
    pub error: f32,
    /// How much larger the distance of the next best character is: 0 for a toss-up.
    pub margin: f32,
    /// By how many modules bars are wider than they should be.
    pub spread: f32,
}

impl Character {
    /// What its codeword is worth, up to 1: one that could be another one is worth little.
    pub fn weight(&self) -> f32 {
        (0.1 + 3.0 * self.margin) * (1.0 - 4.0 * self.error).max(0.1)
    }
}

const NONE: u16 = u16::MAX;

/// Index: the modules of a character without the first and the last, which are the same in all.
/// The codeword, and 929 more for each cluster.
static BY_MODULES: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let mut table = vec![NONE; 1 << 15];
    for (index, &modules) in CHARACTERS.as_flattened().iter().enumerate() {
        table[usize::from(modules & 0x7FFF)] = index as u16;
    }
    table
});

/// Edges doubtful enough to be tried on both sides.
const DOUBTFUL: usize = 4;
/// Below this distance from a whole module an edge is not doubtful.
const SURE: f32 = 0.2;
/// Characters with a larger error are none.
const WORST: f32 = 0.14;
/// What is taken for the difference to the next best character where there is none.
const ALONE: f32 = 0.3;
/// By how much more than known bars may be too wide, in modules.
const MOST_SPREAD: f32 = 0.3;
/// Edges between the first and the last.
const INNER: usize = ELEMENTS - 1;

/// The character between nine edges, the first and the last where a bar begins; `spread` is how
/// many modules bars are wider than they should be, as far as known.
pub fn read(edges: &[f32], spread: f32) -> Option<Character> {
    let places: [f32; INNER] = inner_edges(edges, MODULES, spread)?;
    let nearest = places.map(|p| p.round().clamp(1.0, MODULES - 1.0));
    let mut doubt: [usize; INNER] = std::array::from_fn(|i| i);
    let off = |i: usize| (places[i] - nearest[i]).abs();
    doubt.sort_by(|&a, &b| off(b).total_cmp(&off(a)));
    let doubtful = (0..DOUBTFUL).take_while(|&i| off(doubt[i]) > SURE).count();

    let mut best: Option<(Misfit, u16)> = None;
    let mut next = f32::INFINITY;
    for choice in 0..1usize << doubtful {
        let mut rounded = nearest;
        for (bit, &i) in doubt[..doubtful].iter().enumerate() {
            if choice >> bit & 1 == 1 {
                rounded[i] += (places[i] - nearest[i]).signum();
            }
        }
        let Some(index) = lookup(&rounded) else { continue };
        let misfit = Misfit::of(&places, &rounded, MOST_SPREAD);
        match best {
            Some((least, _)) if misfit.error >= least.error => next = next.min(misfit.error),
            _ => {
                next = best.map_or(next, |(least, _)| least.error);
                best = Some((misfit, index));
            }
        }
    }
    let (misfit, index) = best.filter(|(misfit, _)| misfit.error < WORST)?;
    Some(Character {
        cluster: (usize::from(index) / CODEWORDS) as u8,
        codeword: (usize::from(index) % CODEWORDS) as u16,
        error: misfit.error,
        margin: (next - misfit.error).min(ALONE),
        spread: spread + misfit.spread,
    })
}

/// A third of the number of the cluster of what lies between nine edges, if every edge is next to
/// a whole module of a character: enough to look for rows by, at a fraction of the time.
pub fn glance(edges: &[f32]) -> Option<u8> {
    let module = (edges.get(ELEMENTS)? - edges[0]) / MODULES;
    let per_pixel = 1.0 / module;
    let nearest = std::array::from_fn(|i| ((edges[i + 1] - edges[0]) * per_pixel + 0.5).floor());
    let index = lookup(&nearest)?;
    Some((usize::from(index) / CODEWORDS) as u8)
}

/// The place in the tables of the character whose inner edges are these.
fn lookup(edges: &[f32; INNER]) -> Option<u16> {
    let mut modules = 0u32;
    let mut from = 0.0f32;
    let mut dark = true;
    for &edge in edges.iter().chain([&MODULES]) {
        let width = edge - from;
        if !(1.0..=6.0).contains(&width) {
            return None;
        }
        let width = width as u32;
        modules = modules << width | if dark { (1 << width) - 1 } else { 0 };
        (from, dark) = (edge, !dark);
    }
    let index = BY_MODULES[(modules >> 1 & 0x7FFF) as usize];
    (index != NONE).then_some(index)
}

#[cfg(test)]
pub(super) fn edges_of(cluster: usize, codeword: usize) -> Vec<f32> {
    let modules = u32::from(CHARACTERS[cluster][codeword]) << 1;
    let mut edges = vec![0.0];
    for place in 1..17 {
        if (modules >> (17 - place) ^ modules >> (16 - place)) & 1 == 1 {
            edges.push(place as f32);
        }
    }
    edges.push(MODULES);
    edges
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Annex A's own property: a character's cluster follows from its bars (5.3.1).
    #[test]
    fn clusters_follow_from_the_widths_of_bars() {
        for cluster in 0..3 {
            for codeword in 0..CODEWORDS {
                let edges = edges_of(cluster, codeword);
                assert_eq!(edges.len(), 9);
                let width = |i: usize| (edges[i + 1] - edges[i]) as i32;
                assert!((0..8).all(|i| (1..=6).contains(&width(i))));
                let number = (width(0) - width(2) + width(4) - width(6) + 9) % 9;
                assert_eq!(number, 3 * cluster as i32);
            }
        }
        let mut all: Vec<u16> = CHARACTERS.as_flattened().to_vec();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 3 * CODEWORDS);
    }

    #[test]
    fn every_character_is_read_in_any_size_and_spread() {
        for cluster in 0..3 {
            for codeword in 0..CODEWORDS {
                for (module, ink) in [(1.0, 0.0), (2.3, 0.25), (7.0, -0.25)] {
                    let mut edges = edges_of(cluster, codeword);
                    for (i, edge) in edges.iter_mut().enumerate() {
                        *edge = 40.0 + module * (*edge + if i % 2 == 1 { ink } else { 0.0 });
                    }
                    let read = read(&edges, 0.0).unwrap();
                    let found = (usize::from(read.cluster), usize::from(read.codeword));
                    assert_eq!(found, (cluster, codeword));
                    assert!((read.spread - ink).abs() < 0.01);
                }
            }
        }
    }

    #[test]
    fn what_is_no_character_is_none() {
        assert_eq!(read(&[0.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 17.0], 0.0), None);
        assert_eq!(read(&[0.0; 9], 0.0), None);
        assert_eq!(read(&[0.0, 1.0], 0.0), None);
        assert_eq!(read(&[f32::NAN; 9], 0.0), None);
    }
}
