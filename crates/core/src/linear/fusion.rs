//! Reading EAN and UPC in a region by what all its bands say together.

use super::edges::{EdgeFinder, Elements, Sensitivity};
use super::likelihood::{self, Evidence, PATTERNS, Templates};
use super::profile::Line;
use super::reading::Reading;
use super::region::Region;
use super::rules::rule;
use super::shapes::{self, Candidate, EAN8, EAN13, Shape, UPCE};
use super::sighting::Sighting;
use super::{LinearOptions, bands};
use crate::image::LumaView;
use crate::symbology::Symbology;

/// Blur hides narrow elements; what is left of them is small.
const SENSITIVITY: Sensitivity = Sensitivity { floor: 4.0, relative: 0.1 };
/// Bands over a region's height, and their least height in pixels.
const BANDS: usize = 8;
const BAND_HEIGHT: f32 = 3.0;
/// Bands without a word after which a region is given up.
const HOPELESS: usize = 4;
/// Widest element inside of a symbol, in modules: four, or narrow ones that blur has made one grey.
const WIDEST: f32 = 9.0;
/// Spans tried in a band, for each shape.
const SPANS: usize = 3;
/// Most that one band may say against a pattern: glare must not outvote the other bands.
const CAP: f32 = 0.5;
/// The estimate of blur is low: slopes are steepest where noise or a narrow bar beside a wide space
/// adds to them.
const MORE_BLUR: [f32; 2] = [1.1, 1.35];
/// How far a quiet zone may be from the lightest of the symbol, as a share of its contrast.
const QUIET_GREY: f32 = 0.25;
/// By how much the best symbol may be worse than the best digits without parity and check digit.
const BEHIND: f32 = 0.01;

/// What one band says, and where.
struct Witness {
    band: usize,
    start: f32,
    end: f32,
    backward: bool,
    evidence: Evidence,
}

const SHAPES: [&Shape; 3] = [&EAN13, &EAN8, &UPCE];

/// Reads a region; every band that speaks for the symbol becomes a sighting.
pub fn read(view: &LumaView<'_>, region: &Region, options: &LinearOptions) -> Vec<Sighting> {
    let wanted = |symbology| match symbology {
        Symbology::Ean13 => {
            options.symbologies.contains(Symbology::Ean13)
                || options.symbologies.contains(Symbology::UpcA)
        }
        other => options.symbologies.contains(other),
    };
    let mut profiles = Vec::new();
    let count = ((region.height / BAND_HEIGHT) as usize).clamp(1, BANDS);
    let lines = bands::profiles(view, region, count, &mut profiles);
    let elements: Vec<Elements> = {
        let mut finder = EdgeFinder::default();
        profiles
            .iter()
            .map(|profile| {
                let mut elements = Elements::default();
                finder.find(profile, SENSITIVITY, &mut elements);
                elements
            })
            .collect()
    };
    for shape in SHAPES.into_iter().filter(|shape| wanted(shape.symbology)) {
        let mut witnesses = testify(&profiles, &elements, shape);
        while let Some(first) = witnesses.first() {
            let (backward, start, end) = (first.backward, first.start, first.end);
            let reach = 0.15 * (end - start).abs();
            let (group, rest): (Vec<Witness>, Vec<Witness>) =
                witnesses.into_iter().partition(|w| {
                    w.backward == backward
                        && (w.start - start).abs() < reach
                        && (w.end - end).abs() < reach
                });
            witnesses = rest;
            if let Some((candidate, residual)) = judge(shape, &group) {
                return sightings(shape, &candidate, residual, &group, &lines, options);
            }
        }
    }
    Vec::new()
}

/// What every band says about one shape: the span and direction it fits best.
fn testify(profiles: &[Vec<f32>], elements: &[Elements], shape: &Shape) -> Vec<Witness> {
    let residual = rule(shape.symbology).residual;
    let mut templates: Vec<(u32, Templates)> = Vec::new();
    let mut witnesses: Vec<Witness> = Vec::new();
    let mut order: Vec<usize> = (0..profiles.len()).collect();
    // From the middle outwards, so that it is soon known whether there is anything.
    order.sort_by_key(|&band| (2 * band).abs_diff(profiles.len() - 1));
    for (tried, band) in order.into_iter().enumerate() {
        if tried >= HOPELESS && witnesses.is_empty() {
            break;
        }
        let profile = &profiles[band];
        let mut best: Option<Witness> = None;
        for (start, end) in spans(profile, &elements[band], shape) {
            for backward in [false, true] {
                let (start, end) = if backward { (end, start) } else { (start, end) };
                let darkness = likelihood::darkness(profile, start, end, shape.modules());
                let estimate = likelihood::blur(&darkness);
                for more in MORE_BLUR {
                    // Templates of a tenth of a module are near enough.
                    let tenths = (estimate * more * 10.0).round() as u32;
                    if !templates.iter().any(|(known, _)| *known == tenths) {
                        templates.push((tenths, Templates::new(shape, tenths as f32 / 10.0)));
                    }
                    let Some((_, template)) = templates.iter().find(|(known, _)| *known == tenths)
                    else {
                        continue;
                    };
                    let limit = best.as_ref().map_or(residual, |w| w.evidence.residual);
                    let limit = limit * shape.modules() as f32;
                    if let Some(evidence) = likelihood::fit(&darkness, shape, template, limit) {
                        best = Some(Witness { band, start, end, backward, evidence });
                    }
                }
            }
        }
        witnesses.extend(best);
    }
    witnesses.sort_by_key(|witness| witness.band);
    witnesses
}

/// Pairs of ends between quiet zones where as many elements lie as the shape could show.
fn spans(profile: &[f32], elements: &Elements, shape: &Shape) -> Vec<(f32, f32)> {
    let rule = rule(shape.symbology);
    let edges = &elements.edges;
    let count = edges.len() - 1;
    let light = usize::from(elements.first_dark);
    let width = |i: usize| edges[i + 1] - edges[i];
    let quiet = |i: usize| {
        if rule.border && (i == 0 || i + 1 == count) { f32::INFINITY } else { width(i) }
    };
    let modules = shape.modules() as f32;
    let mut found: Vec<(f32, f32, f32)> = Vec::new();
    for before in (light..count).step_by(2) {
        let mut widest = 0.0f32;
        for inside in before + 1..count {
            if (inside - before) % 2 == 0 {
                // A space: may it be the quiet zone after the symbol?
                let elements_inside = inside - before - 1;
                let length = edges[inside] - edges[before + 1];
                let module = length / modules;
                if elements_inside * 2 >= shape.elements
                    && elements_inside <= shape.elements + 8
                    && widest < WIDEST * module
                    && quiet(before) > rule.quiet_before * module
                    && quiet(inside) > rule.quiet_after * module
                {
                    let (start, end) = (edges[before + 1], edges[inside]);
                    if is_quiet(profile, start, end, module) {
                        let surplus = elements_inside.abs_diff(shape.elements) as f32;
                        found.push((surplus, start, end));
                    }
                }
                if elements_inside > shape.elements + 8 {
                    break;
                }
            }
            widest = widest.max(width(inside));
        }
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found.truncate(SPANS);
    found.into_iter().map(|(_, start, end)| (start, end)).collect()
}

/// Whether the quiet zones beside a span are as light as the lightest near the span's ends.
fn is_quiet(profile: &[f32], start: f32, end: f32, module: f32) -> bool {
    let part = |from: f32, to: f32| {
        let to = (to.max(0.0) as usize).min(profile.len());
        &profile[(from.max(0.0) as usize).min(to)..to]
    };
    let near = 25.0 * module;
    let side = |quiet: &[f32], inside: &[f32]| {
        let (low, high) = inside
            .iter()
            .fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), &v| (low.min(v), high.max(v)));
        let mean = quiet.iter().sum::<f32>() / quiet.len() as f32;
        // Nothing outside of the profile speaks against it.
        quiet.is_empty() || mean > high - QUIET_GREY * (high - low)
    };
    side(part(start - 4.0 * module, start - module), part(start, start + near))
        && side(part(end + module, end + 4.0 * module), part(end - near, end))
}

/// The symbol that bands agree on, and its mean cost.
fn judge(shape: &Shape, group: &[Witness]) -> Option<(Candidate, f32)> {
    let all: Vec<&Witness> = group.iter().collect();
    let (best, second) = cheapest(shape, &all)?;
    if best.cost > BEHIND * best.digits.len() as f32
        || second - best.cost < rule(shape.symbology).lead
    {
        return None;
    }
    // Bands apart from each other must each come to the same.
    let mut bands: Vec<usize> = group.iter().map(|w| w.band).collect();
    bands.dedup();
    if bands.len() < 2 {
        return None;
    }
    for half in 0..2 {
        let part: Vec<&Witness> = group
            .iter()
            .filter(|w| bands.iter().position(|&b| b == w.band).unwrap_or(0) % 2 == half)
            .collect();
        if cheapest(shape, &part)?.0.digits != best.digits {
            return None;
        }
    }
    let residual = group.iter().map(|w| w.evidence.residual).sum::<f32>() / group.len() as f32;
    Some((best, residual))
}

fn cheapest(shape: &Shape, witnesses: &[&Witness]) -> Option<(Candidate, f32)> {
    let slots = witnesses.first()?.evidence.extra.len();
    // A band that fits worse says less: its errors are not noise but something in the way.
    let least = witnesses.iter().map(|w| w.evidence.residual).fold(f32::INFINITY, f32::min);
    let weight = |w: &Witness| ((least + 0.001) / (w.evidence.residual + 0.001)).powi(2);
    let total: f32 = witnesses.iter().map(|w| weight(w)).sum();
    let extra: Vec<[f32; PATTERNS]> = (0..slots)
        .map(|slot| {
            std::array::from_fn(|pattern| {
                let sum: f32 = witnesses
                    .iter()
                    .map(|w| weight(w) * w.evidence.extra[slot][pattern].min(CAP))
                    .sum();
                sum / total
            })
        })
        .collect();
    shapes::cheapest(shape.symbology, &extra)
}

fn sightings(
    shape: &Shape,
    candidate: &Candidate,
    residual: f32,
    group: &[Witness],
    lines: &[Line],
    options: &LinearOptions,
) -> Vec<Sighting> {
    let upc_a = shape.symbology == Symbology::Ean13
        && candidate.digits[0] == 0
        && options.symbologies.contains(Symbology::UpcA);
    if shape.symbology == Symbology::Ean13
        && !upc_a
        && !options.symbologies.contains(Symbology::Ean13)
    {
        return Vec::new();
    }
    let digits = &candidate.digits[usize::from(upc_a)..];
    // Bands that fit much worse than the best took something else for the symbol's ends.
    let limit = 2.0 * group.iter().map(|w| w.evidence.residual).fold(f32::INFINITY, f32::min);
    group
        .iter()
        .filter(|witness| witness.evidence.residual <= limit)
        .map(|witness| Sighting {
            reading: Reading {
                symbology: if upc_a { Symbology::UpcA } else { shape.symbology },
                data: digits.iter().map(|digit| b'0' + digit).collect(),
                elements: (0, 0),
                error: residual.sqrt(),
            },
            start: lines[witness.band].at(witness.start),
            end: lines[witness.band].at(witness.end),
            inverted: false,
        })
        .collect()
}
