//! Reading a region along its own direction, in bands averaged along the bars.

use super::alike::show_bars;
use super::edges::{EdgeFinder, Elements, Sensitivity};
use super::lines::Workspace;
use super::profile::grain::Grain;
use super::profile::{self, Band, Line};
use super::reading::LEAST;
use super::region::Region;
use super::sighting::{believed, group};
use super::{LinearOptions, Look};
use crate::image::LumaView;
use crate::symbology::Symbology;

/// Averaging leaves less noise than single lines have.
const SENSITIVITY: Sensitivity = Sensitivity::new(4.0, 0.12);
/// What blur and motion leave of narrow bars beside each other, where noise would not hide it.
const BLURRED: Sensitivity = Sensitivity::blurred(3.0, 0.04);
/// Bands over a region's height, and some of them that are spread over it.
const BANDS: usize = 20;
const SPREAD: [usize; 10] = [10, 4, 15, 1, 18, 7, 12, 2, 17, 8];
/// Pixels beyond each end of a region, as a share of its length, to see quiet zones.
const MARGIN: f32 = 0.12;

/// Fewest bands where noise asks for high ones: what any symbology's rule asks of lines, and one.
const LEAST_BANDS: f32 = 4.0;

/// How a region is cut into bands from top to bottom.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    /// How many bands.
    pub bands: usize,
    spacing: f32,
    samples: usize,
    step: f32,
    grain: Grain,
}

impl Cut {
    /// Into at most `most` bands, each at least `least` pixels high: fewer where noise must be
    /// averaged.
    pub fn new(region: &Region, most: usize, least: f32, grain: Grain) -> Self {
        let length = region.length * (1.0 + 2.0 * MARGIN);
        // Small regions may hold modules of less than two pixels: bands that are averaged over
        // different pixel phases show more than one sample a pixel.
        let step = if length < 600.0 { 0.5 } else { 1.0 };
        let least = least.max(grain.rows().min(region.height / LEAST_BANDS));
        let bands = most.min((region.height / least) as usize).max(1);
        let spacing = region.height / bands as f32;
        Self { bands, spacing, samples: (length / step) as usize, step, grain }
    }

    /// The same bands of a region that was turned.
    fn of(self, region: &Region) -> Self {
        Self::new(region, self.bands, 1.0, self.grain)
    }

    /// Whether bands are higher for noise's sake.
    fn is_grainy(&self) -> bool {
        self.grain.rows() > profile::ROWS
    }

    /// Rows averaged in a band.
    fn rows(&self) -> f32 {
        self.grain.rows().max(profile::ROWS).min(self.spacing)
    }

    /// The same where noise does not ask for more.
    pub fn sensitivity(&self, sensitivity: Sensitivity) -> Sensitivity {
        let floor = sensitivity.floor.max(self.grain.floor(self.rows()));
        Sensitivity { floor, ..sensitivity }
    }

    /// The bands, the middle first, then those further out, the outermost last.
    pub fn outwards(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.bands).collect();
        order.sort_by_key(|&band| (2 * band).abs_diff(self.bands - 1));
        order
    }

    /// The bands, those first that are spread over the region.
    fn spread(&self) -> Vec<usize> {
        let mut order: Vec<usize> = Vec::new();
        let spread = SPREAD.map(|band| band * self.bands / BANDS);
        for band in spread.into_iter().chain(0..self.bands) {
            if !order.contains(&band) {
                order.push(band);
            }
        }
        order
    }

    /// The profile of a band.
    pub fn profile(
        &self,
        view: &LumaView<'_>,
        region: &Region,
        band: usize,
        out: &mut Vec<f32>,
    ) -> Line {
        self.part(view, region, band, (0, 1), out)
    }

    /// The profile of one of so many parts of a band.
    fn part(
        &self,
        view: &LumaView<'_>,
        region: &Region,
        band: usize,
        (part, parts): (usize, usize),
        out: &mut Vec<f32>,
    ) -> Line {
        let along = region.across.perpendicular();
        let length = self.samples as f32 * self.step;
        let height = self.spacing / parts as f32;
        let offset =
            band as f32 * self.spacing + (part as f32 + 0.5) * height - region.height / 2.0;
        let line = Line {
            start: region.center + along * offset - region.across * (length / 2.0),
            step: region.across * self.step,
        };
        let lean = |end: f32| region.lean_at(end * length / 2.0, offset);
        let band =
            Band { along, height, rows: self.rows().min(height), lean: (lean(-1.0), lean(1.0)) };
        profile::averaged(view, &line, self.samples, &band, out);
        line
    }
}

/// Pixels over which profiles are sharpened where they are read a second and a third time, and by how
/// much: blur of about as many pixels hides narrow elements.
pub const SHARP: [f32; 2] = [1.0, 2.0];
const GAIN: f32 = 0.7;

/// Takes a share of the blur back: every sample is moved away from the mean of those at `reach`
/// samples from it.
pub fn sharpen(profile: &[f32], reach: usize, out: &mut Vec<f32>) {
    let count = profile.len();
    out.clear();
    out.extend((0..count).map(|i| {
        let (before, behind) =
            (profile[i.saturating_sub(reach)], profile[(i + reach).min(count - 1)]);
        profile[i] + GAIN * (profile[i] - (before + behind) / 2.0)
    }));
}

/// Rows that are looked at before all else, as shares of a region's height from its middle, and how
/// many elements one of them must show: two thirds of what a symbol has. Of regions that show nothing
/// like a symbol in bands nine of ten end here in pictures of codes, seven of ten in photographs and
/// texts; of 900 that were read none.
const ROWS: [f32; 2] = [0.0, -0.25];
const LIVELY: usize = 2 * LEAST / 3;

/// Whether single rows of pixels show about as many elements as a symbol has.
fn is_lively(view: &LumaView<'_>, region: &Region) -> bool {
    let along = region.across.perpendicular();
    let length = region.length * (1.0 + 2.0 * MARGIN);
    let start = region.center - region.across * (length / 2.0);
    let (mut finder, mut elements) = (EdgeFinder::default(), Elements::default());
    let mut profile = Vec::new();
    ROWS.into_iter().any(|share| {
        let line = Line { start: start + along * (share * region.height), step: region.across };
        profile::sampled(view, &line, length as usize, along, 1.0, &mut profile);
        finder.find(&profile, SENSITIVITY, &mut elements);
        elements.edges.len() > LIVELY
    })
}

/// Bands after which a region is given up if none of them shows anything like a symbol.
const HOPELESS: usize = 2;
/// Share of bands that must show something like a symbol for there to be one.
const CLEAR: f32 = 0.85;
/// Share of bands that must do so for a region that nothing was read of to be looked at any longer.
const PROMISING: f32 = 0.2;
/// Bands that are read before it is decided whether others are worth it.
const FIRST: usize = 5;

/// Parts of a band that are read one by one, of at least a pixel each.
const PARTS: usize = 4;

/// Reads a region band by band until enough of them agree, or nothing promises that they will.
pub fn read(view: &LumaView<'_>, region: Region, options: &LinearOptions) -> Look {
    let mut look = Look { region, sightings: Vec::new(), promising: false, clear: false };
    if !is_lively(view, &region) {
        return look;
    }
    let mut shown = 0;
    let mut workspace = Workspace::default();
    let mut profile = Vec::new();
    // Bands that read nothing, with their profiles, and those that read something.
    let mut silent: Vec<(usize, Line, Vec<f32>)> = Vec::new();
    let mut spoke = Vec::new();
    let grain = Grain::of(view, &region);
    let mut cut = Cut::new(&region, BANDS, 2.0, grain);
    let (mut sensitivity, mut wanted) = (cut.sensitivity(SENSITIVITY), options);
    // Part of an ITF symbol is another one, and least edges show slanted rows in part.
    let symbologies = options.symbologies.iter().filter(|&symbology| symbology != Symbology::Itf);
    let sure = LinearOptions { symbologies: symbologies.collect(), ..*options };
    let agreed =
        |look: &Look| !believed(&group(look.sightings.clone()), options.agreement).is_empty();
    // Under noise these are not looked at again.
    let keep = !cut.is_grainy();
    for (read, band) in cut.spread().into_iter().enumerate() {
        if read == HOPELESS {
            if !look.promising && keep {
                let seen = &mut look.sightings;
                for (_, line, profile) in &silent {
                    look.promising |= workspace.read(profile, line, BLURRED, false, &sure, seen);
                }
                if look.promising {
                    (sensitivity, wanted) = (BLURRED, &sure);
                }
            }
            if look.promising {
                look.region = region.aimed(view, &grain);
                cut = cut.of(&look.region);
            }
            if !(look.promising && show_bars(view, &look.region, &grain)) {
                look.promising = false;
                break;
            }
            for (band, line, profile) in &mut silent {
                *line = cut.profile(view, &look.region, *band, profile);
            }
        }
        if read >= FIRST {
            let is_read = !look.sightings.is_empty();
            look.promising &= is_read || shown as f32 >= PROMISING * read as f32;
            if !look.promising || read % FIRST == 0 && agreed(&look) {
                break;
            }
        }
        let line = cut.profile(view, &look.region, band, &mut profile);
        let before = look.sightings.len();
        // Where the first bands do not read what has no quiet zones, others are not worth it.
        workspace.crowded = read < HOPELESS || before > 0;
        if workspace.read(&profile, &line, sensitivity, false, wanted, &mut look.sightings) {
            look.promising = true;
            shown += 1;
        }
        look.clear = shown as f32 > CLEAR * (read + 1) as f32;
        let seen = &look.sightings[before..];
        if seen.is_empty() && keep {
            silent.push((band, line, std::mem::take(&mut profile)));
        } else if seen.iter().any(|sighting| !sighting.reading.is_part()) {
            spoke.push(band);
        }
    }
    if !look.promising || agreed(&look) {
        return look;
    }
    // Under noise once more in fewer bands, and by these alone: they show the same pixels.
    if cut.is_grainy() {
        let coarse = Cut::new(&look.region, cut.bands / 2, 1.0, grain);
        let mut sightings = Vec::new();
        for band in 0..coarse.bands {
            let line = coarse.profile(view, &look.region, band, &mut profile);
            let sensitivity = coarse.sensitivity(SENSITIVITY);
            workspace.read(&profile, &line, sensitivity, false, options, &mut sightings);
        }
        if sightings.len() > look.sightings.len() {
            look.sightings = sightings;
        }
        return look;
    }
    // Bands that read nothing once more, sharpened and by the least of edges; each band counts but once.
    let mut sharp = Vec::new();
    let reaches = SHARP.map(|pixels| Some((pixels / cut.step) as usize));
    for reach in reaches.into_iter().chain([None]) {
        if agreed(&look) {
            return look;
        }
        let mut still = Vec::new();
        for (read, (band, line, profile)) in silent.into_iter().enumerate() {
            let before = look.sightings.len();
            // Where neither is clear and nothing was read yet, the first ones tell of the others.
            if read >= SPREAD.len() && before == 0 && !look.clear {
                still.push((band, line, profile));
                continue;
            }
            if read % FIRST == FIRST - 1 && agreed(&look) {
                return look;
            }
            let (values, sensitivity, wanted) = match reach {
                Some(reach) => {
                    sharpen(&profile, reach, &mut sharp);
                    (&sharp, sensitivity, wanted)
                }
                None => (&profile, BLURRED, &sure),
            };
            workspace.read(values, &line, sensitivity, false, wanted, &mut look.sightings);
            if look.sightings.len() == before {
                still.push((band, line, profile));
            }
        }
        silent = still;
    }
    // What is bent or seen askew may be crossed as a whole by a single band: the parts of it must
    // agree then.
    if cut.spacing >= PARTS as f32 && !spoke.is_empty() && !agreed(&look) {
        let mut parts = Look { sightings: Vec::new(), ..look };
        for (band, part) in spoke.into_iter().flat_map(|band| (0..PARTS).map(move |p| (band, p))) {
            let line = cut.part(view, &look.region, band, (part, PARTS), &mut profile);
            workspace.read(&profile, &line, sensitivity, false, wanted, &mut parts.sightings);
        }
        if agreed(&parts) {
            return parts;
        }
    }
    look
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::point;

    #[test]
    fn regions_of_few_edges_are_not_read() {
        let (width, height) = (200, 80);
        let region = Region {
            center: point(100.0, 40.0),
            across: point(1.0, 0.0),
            length: 150.0,
            height: 60.0,
            energy: 1.0,
            lean: [0.0; 3],
        };
        for (stripe, expected) in [(5, true), (15, false)] {
            let pixel = |i: usize| if (i % width / stripe).is_multiple_of(2) { 30 } else { 220 };
            let pixels: Vec<u8> = (0..width * height).map(pixel).collect();
            let view = LumaView::new(&pixels, width, height, width);
            assert_eq!(is_lively(&view, &region), expected, "{stripe}");
        }
    }
}
