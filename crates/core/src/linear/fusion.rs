//! Reading EAN and UPC in a region by what all its bands say together.

use super::LinearOptions;
use super::cut::Cut;
use super::edges::{EdgeFinder, Elements, Sensitivity};
use super::likelihood;
use super::profile::grain::Grain;
use super::profile::{Line, extremes};
use super::reading::Reading;
use super::region::Region;
use super::rules::{Rule, rule};
use super::shapes::{EAN8, EAN13, Shape, UPCE};
use super::sighting::Sighting;
use super::templates::Blurs;
use super::verdict::{Verdict, Witness, agreement};
use crate::image::LumaView;
use crate::symbology::Symbology;

/// Blur hides narrow elements; what is left of them is small.
const SENSITIVITY: Sensitivity = Sensitivity::new(4.0, 0.1);
/// Bands over a region's height, and their least height in pixels.
const BANDS: usize = 8;
const BAND_HEIGHT: f32 = 3.0;
/// Bands without a word after which a region is given up.
const HOPELESS: usize = 3;
/// Bands after which it is first asked whether they agree.
const ENOUGH: usize = 4;
/// Widest element inside of a symbol, in modules: four, or narrow ones that blur has made one grey.
const WIDEST: f32 = 9.0;
/// Spans tried in a band, for each shape.
const SPANS: usize = 3;
/// Least quiet zone, in modules, where the symbology's rule asks for less: where blur leaves no edges,
/// what crowds a symbol cannot be told from it.
const QUIET: f32 = 2.0;
/// How far a quiet zone may be from the lightest of the symbol, as a share of its contrast.
const QUIET_GREY: f32 = 0.25;
/// What is looked for, and what it is made of. EAN-13 stands for UPC-A too.
const SHAPES: [(Symbology, &Shape); 3] =
    [(Symbology::Ean13, &EAN13), (Symbology::Ean8, &EAN8), (Symbology::UpcE, &UPCE)];

/// A region's bands, each made when first asked for.
struct Bands<'a> {
    view: &'a LumaView<'a>,
    region: &'a Region,
    cut: Cut,
    finder: EdgeFinder,
    seen: Vec<Option<Band>>,
}

struct Band {
    line: Line,
    profile: Vec<f32>,
    elements: Elements,
}

impl<'a> Bands<'a> {
    fn new(view: &'a LumaView<'a>, region: &'a Region) -> Self {
        let cut = Cut::new(region, BANDS, BAND_HEIGHT, Grain::of(view, region));
        let seen = (0..cut.bands).map(|_| None).collect();
        Self { view, region, cut, finder: EdgeFinder::default(), seen }
    }

    fn get(&mut self, band: usize) -> &Band {
        self.seen[band].get_or_insert_with(|| {
            let (mut profile, mut elements) = (Vec::new(), Elements::default());
            let line = self.cut.profile(self.view, self.region, band, &mut profile);
            self.finder.find(&profile, self.cut.sensitivity(SENSITIVITY), &mut elements);
            Band { line, profile, elements }
        })
    }
}

/// Reads a region; every band that speaks for the symbol becomes a sighting.
pub fn read(
    view: &LumaView<'_>,
    region: &Region,
    options: &LinearOptions,
    blurs: &Blurs,
) -> Vec<Sighting> {
    let wanted = |symbology| match symbology {
        Symbology::Ean13 => {
            options.symbologies.contains(Symbology::Ean13)
                || options.symbologies.contains(Symbology::UpcA)
        }
        other => options.symbologies.contains(other),
    };
    let mut bands = Bands::new(view, region);
    for (symbology, shape) in SHAPES.into_iter().filter(|&(symbology, _)| wanted(symbology)) {
        if let Some(found) = heard(&mut bands, shape, &rule(symbology), blurs) {
            return sightings((symbology, shape), found, options);
        }
    }
    Vec::new()
}

/// The symbol of a shape that bands agree on.
fn heard(bands: &mut Bands<'_>, shape: &Shape, rule: &Rule, blurs: &Blurs) -> Option<Verdict> {
    let mut witnesses: Vec<Witness> = Vec::new();
    // From the middle outwards, so that it is soon known whether there is anything.
    let order = bands.cut.outwards();
    let count = order.len();
    for (tried, band) in order.into_iter().enumerate() {
        if tried >= HOPELESS && witnesses.is_empty() {
            return None;
        }
        let known = witnesses.first().map(|witness| witness.end < witness.start);
        witnesses.extend(testimony(bands.get(band), band, (shape, rule), blurs, known));
        if tried + 1 == count || tried + 1 == ENOUGH {
            let found = agreement(shape, witnesses.clone(), rule.lead);
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

/// What a band says about a shape: the span, direction and blur it fits best. `backward` tells the
/// direction if other bands have told it.
fn testimony(
    band: &Band,
    index: usize,
    (shape, rule): (&Shape, &Rule),
    blurs: &Blurs,
    backward: Option<bool>,
) -> Option<Witness> {
    let mut limit = rule.residual;
    let modules = shape.modules() as f32;
    let mut best: Option<Witness> = None;
    for (mut start, mut end) in spans(band, shape, rule) {
        let mut darkness = likelihood::darkness(&band.profile, start, end, shape.modules());
        let estimate = likelihood::blur(&darkness);
        for turned in [false, true] {
            if turned {
                (start, end) = (end, start);
                darkness.reverse();
            }
            if backward.is_some_and(|backward| backward != turned) {
                continue;
            }
            for more in likelihood::MORE_BLUR {
                let templates = blurs.get(estimate * more);
                // What does not fit by the likeliest blur fits by no other.
                let first = more == likelihood::MORE_BLUR[0];
                if first && likelihood::guards(&darkness, shape, templates) > likelihood::GUARDS {
                    break;
                }
                match likelihood::fit(&darkness, shape, templates, limit * modules) {
                    Some(evidence) => {
                        limit = evidence.residual;
                        best = Some(Witness { band: index, line: band.line, start, end, evidence });
                    }
                    None if first => break,
                    None => {}
                }
            }
        }
    }
    best
}

/// Pairs of ends between quiet zones where as many elements lie as the shape could show.
fn spans(band: &Band, shape: &Shape, rule: &Rule) -> Vec<(f32, f32)> {
    let Band { profile, elements, .. } = band;
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
                    && quiet(before) > rule.quiet_before.max(QUIET) * module
                    && quiet(inside) > rule.quiet_after.max(QUIET) * module
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
        let (low, high) = extremes(inside);
        let mean = quiet.iter().sum::<f32>() / quiet.len() as f32;
        // Nothing outside of the profile speaks against it.
        quiet.is_empty() || mean > high - QUIET_GREY * (high - low)
    };
    side(part(start - 4.0 * module, start - module), part(start, start + near))
        && side(part(end + module, end + 4.0 * module), part(end - near, end))
}

fn sightings(
    (symbology, shape): (Symbology, &Shape),
    (candidate, residual, group): Verdict,
    options: &LinearOptions,
) -> Vec<Sighting> {
    let upc_a = symbology == Symbology::Ean13
        && candidate.digits[0] == 0
        && options.symbologies.contains(Symbology::UpcA);
    if symbology == Symbology::Ean13 && !upc_a && !options.symbologies.contains(Symbology::Ean13) {
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
                symbology: if upc_a { Symbology::UpcA } else { symbology },
                data: digits.iter().map(|digit| b'0' + digit).collect(),
                // Of a profile nothing was counted in: as many as a sharp symbol has.
                elements: (0, shape.elements),
                error: residual.sqrt(),
            },
            start: witness.line.at(witness.start),
            end: witness.line.at(witness.end),
            inverted: false,
        })
        .collect()
}
