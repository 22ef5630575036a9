//! DX film edge codes of 35 mm film: a clock track and, beside it, a data track between the same
//! ends. Each is a part of its own.

use super::parts::{Part, whole};
use super::reading::{Reading, Widths};
use super::sighting::Group;
use crate::symbol::SymbologyIdentifier;
use crate::symbology::Symbology;

/// The symbology identifier, which ISO/IEC 15424 leaves to the maker.
pub const IDENTIFIER: SymbologyIdentifier = SymbologyIdentifier { code: 'X', modifier: 'F' };

/// Elements and modules of the clock track: a bar of five modules, narrow elements, a bar of three;
/// with and without a frame number.
const CLOCKS: [(usize, f32); 2] = [(25, 31.0), (17, 23.0)];
/// Elements of the data track's start, and of its end, all narrow.
const START: usize = 5;
const STOP: usize = 3;
/// First byte of a part's data.
const CLOCK: u8 = 1;
const DATA: u8 = 2;
/// Least quiet zones, in modules: frame numbers stand beside the symbol.
const QUIET_BEFORE: f32 = 0.8;
const QUIET_AFTER: f32 = 0.5;
/// How far ends of tracks may lie from each other, in lengths, and tracks from each other.
const SHIFT: f32 = 0.04;
const APART: f32 = 0.6;

/// Whether a reading is a data track.
pub fn is_data(reading: &Reading) -> bool {
    reading.symbology == Symbology::DxFilmEdge && reading.data.first() == Some(&DATA)
}

/// Finds every clock track that reads forward, and the data tracks too where a clock track has been
/// seen nearby: without one they are found in all sorts of stripes.
pub fn find(widths: Widths<'_>, clock_seen: &mut bool, out: &mut Vec<Reading>) {
    let all = widths.all;
    for start in widths.bars(START + STOP + 2) {
        let [a, b, c, d] = [1, 2, 3, 4].map(|i| all[start + i]);
        // A wide bar, or any where a clock track has been seen, and narrow elements after it: the
        // cheap part.
        if !*clock_seen && all[start] < 2.0 * a {
            continue;
        }
        let module = (a + b + c + d) / 4.0;
        if [a + b, b + c, c + d].iter().any(|sum| (sum - 2.0 * module).abs() > 0.5 * module) {
            continue;
        }
        if all[start] > 3.0 * module {
            let found = clock(widths, start);
            *clock_seen |= found.is_some();
            out.extend(found);
        } else if *clock_seen && (0.4..1.8).contains(&(all[start] / module)) {
            data(widths, start, module, out);
        }
    }
}

fn clock(widths: Widths<'_>, start: usize) -> Option<Reading> {
    CLOCKS.iter().find_map(|&(count, modules)| {
        let elements = widths.all.get(start..start + count)?;
        let module = elements.iter().sum::<f32>() / modules;
        let inside = &elements[1..count - 1];
        let is_narrow = |pair: &[f32]| (pair[0] + pair[1] - 2.0 * module).abs() < 0.5 * module;
        let ends = (elements[0] - 5.0 * module).abs() + (elements[count - 1] - 3.0 * module).abs();
        let fits = inside.windows(2).all(is_narrow)
            && ends < 1.4 * module
            && widths.quiet_before(start, true) > QUIET_BEFORE * module
            && widths.quiet_after(start + count, true) > QUIET_AFTER * module;
        fits.then(|| Reading {
            symbology: Symbology::DxFilmEdge,
            data: vec![CLOCK, modules as u8],
            elements: (start, start + count),
            error: ends / (4.0 * module),
        })
    })
}

/// Every data track that begins at `start`: of either length, and what looks like the stop may be
/// data. The clock track will tell.
fn data(widths: Widths<'_>, start: usize, module: f32, out: &mut Vec<Reading>) {
    let all = widths.all;
    let longest = CLOCKS[0].1 * 1.1 * module;
    let mut length: f32 = all[start..start + START].iter().sum();
    for end in start + START..all.len() {
        length += all[end];
        if length > longest {
            break;
        }
        let is_bar = (end - start).is_multiple_of(2);
        let is_narrow = |i: usize| (0.4..1.8).contains(&(all[i] / module));
        if !is_bar || !(end + 1 - STOP..=end).all(is_narrow) {
            continue;
        }
        for (_, modules) in CLOCKS {
            let exact = length / modules;
            let elements = &all[start..=end];
            if (exact / module - 1.0).abs() > 0.1
                || widths.quiet_before(start, true) <= QUIET_BEFORE * exact
                || widths.quiet_after(end + 1, true) <= QUIET_AFTER * exact
            {
                continue;
            }
            // Stripes of one width would be a code too.
            let is_wide = |&width: &f32| width > 1.5 * exact;
            if !elements.iter().any(is_wide) {
                continue;
            }
            let Some((bits, error)) = modules_of(elements, exact) else { continue };
            if product(&bits).is_some() {
                let data = [vec![DATA], bits].concat();
                let elements = (start, end + 1);
                let symbology = Symbology::DxFilmEdge;
                out.push(Reading { symbology, data, elements, error });
            }
        }
    }
}

/// The modules between start and stop, dark ones 1, and the mean distance of edges from where they
/// should be.
fn modules_of(elements: &[f32], module: f32) -> Option<(Vec<u8>, f32)> {
    let mut modules = Vec::new();
    let (mut at, mut error) = (0.0, 0.0);
    for (i, width) in elements.iter().enumerate() {
        at += width / module;
        let edge = at.round();
        let distance = (at - edge).abs();
        if distance > 0.4 {
            return None;
        }
        error += distance;
        let count = (edge as usize).checked_sub(modules.len()).filter(|&count| count > 0)?;
        modules.extend(std::iter::repeat_n(u8::from(i % 2 == 0), count));
    }
    let error = error / elements.len() as f32;
    let bits = modules.get(START..modules.len().checked_sub(STOP)?)?.to_vec();
    (error < 0.2).then_some((bits, error))
}

/// Product, generation and frame of a data track's bits, as text; `None` if separators or parity
/// are wrong.
fn product(bits: &[u8]) -> Option<String> {
    let has_frame = match bits.len() {
        23 => true,
        15 => false,
        _ => return None,
    };
    let number = |from: usize, count: usize| {
        bits[from..from + count].iter().fold(0, |number, &bit| number << 1 | u32::from(bit))
    };
    let parity = bits.len() - 2;
    let ones: u32 = bits[..parity].iter().map(|&bit| u32::from(bit)).sum();
    let separators: &[usize] = if has_frame { &[0, 8, 20, 22] } else { &[0, 8, 14] };
    let (product, generation) = (number(1, 7), number(9, 4));
    if separators.iter().any(|&i| bits[i] == 1)
        || ones % 2 != u32::from(bits[parity])
        || product == 0
    {
        return None;
    }
    let mut text = format!("{product}-{generation}");
    if has_frame {
        text += &format!("/{}{}", number(13, 6), if bits[19] == 1 { "A" } else { "" });
    }
    Some(text)
}

/// Every clock track with the data track beside it.
pub fn assemble(parts: &[Part<'_>]) -> Vec<Group> {
    let of = |data: bool| parts.iter().filter(move |part| is_data(part.group.reading()) == data);
    let pair = |clock: &Part<'_>| {
        of(true).find_map(|data| {
            let (start, end) = (clock.place(data.ends.0), clock.place(data.ends.1));
            let bits = &data.data()[1..];
            // Start and stop are eight modules that are no bits.
            let same_length = clock.data().get(1).map(|&m| usize::from(m)) == Some(bits.len() + 8);
            let beside = start.x.abs() < SHIFT
                && (end.x - 1.0).abs() < SHIFT
                && start.y.abs().max(end.y.abs()) < APART;
            let text = (same_length && beside).then(|| product(bits)).flatten()?;
            whole(&[*clock, *data], text.into_bytes())
        })
    };
    of(false).filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_track_is_bits_between_narrow_elements() {
        // 36-2, frame 21: 0 0100100 0 0010 010101 0 0 parity 0.
        let bits: Vec<u8> = "00100100000100101010000".bytes().map(|b| b - b'0').collect();
        assert_eq!(product(&bits).as_deref(), Some("36-2/21"));
        let mut wrong = bits.clone();
        wrong[3] ^= 1;
        assert_eq!(product(&wrong), None, "parity");
        let mut modules = vec![1, 0, 1, 0, 1];
        modules.extend(&bits);
        modules.extend([1, 0, 1]);
        let mut all = vec![2.7_f32];
        for (i, module) in modules.iter().enumerate() {
            let last = all.len() - 1;
            if i > 0 && module == &modules[i - 1] { all[last] += 3.0 } else { all.push(3.0) }
        }
        // A frame number follows closely.
        all.push(1.8);
        all.push(6.0);
        let mut out = Vec::new();
        find(Widths { all: &all, first_bar: 1 }, &mut false, &mut out);
        assert!(out.is_empty(), "no clock track has been seen");
        find(Widths { all: &all, first_bar: 1 }, &mut true, &mut out);
        let expected = [vec![DATA], bits].concat();
        assert!(out.iter().any(|reading| reading.data == expected));
        assert!(out.iter().all(Reading::is_part));
    }

    #[test]
    fn a_clock_is_seen_with_and_without_frame() {
        for (count, modules) in CLOCKS {
            let mut all = vec![9.0, 5.0];
            all.extend(vec![1.0; count - 2]);
            all.extend([3.0, 9.0]);
            let mut out = Vec::new();
            let mut seen = false;
            find(Widths { all: &all, first_bar: 1 }, &mut seen, &mut out);
            assert_eq!((out.len(), seen), (1, true));
            assert_eq!(out[0].data, [CLOCK, modules as u8]);
        }
    }
}
