//! Reading a region along its own direction, in bands averaged along the bars.

use super::alike::show_bars;
use super::cut::{BANDS, Cut, MARGIN, SHARP, SPREAD, sharpen};
use super::edges::{EdgeFinder, Elements, Sensitivity};
use super::lines::Workspace;
use super::profile::grain::Grain;
use super::profile::{self, Line};
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
    if !is_lively(view, &region) {
        return Look::new(region);
    }
    let mut reader = Reader::new(view, region, options);
    reader.read_bands();
    if reader.look.promising && !reader.agrees() {
        if reader.cut.is_grainy() {
            reader.read_coarsely();
        } else {
            reader.read_silent_again();
            reader.read_parts();
        }
    }
    reader.look
}

/// A region that is being read.
struct Reader<'a> {
    view: &'a LumaView<'a>,
    options: &'a LinearOptions,
    /// The same for what is read by the least of edges.
    sure: LinearOptions,
    grain: Grain,
    cut: Cut,
    sensitivity: Sensitivity,
    /// Whether only the least of edges show anything like a symbol.
    is_faint: bool,
    workspace: Workspace,
    look: Look,
    /// Bands that read nothing: they may once more. Under noise these are not kept.
    silent: Vec<Silent>,
    /// Bands that read a symbol.
    spoke: Vec<usize>,
}

/// A band that read nothing, and its profile.
struct Silent {
    band: usize,
    line: Line,
    profile: Vec<f32>,
}

impl<'a> Reader<'a> {
    fn new(view: &'a LumaView<'a>, region: Region, options: &'a LinearOptions) -> Self {
        let grain = Grain::of(view, &region);
        let cut = Cut::new(&region, BANDS, 2.0, grain);
        // Part of an ITF symbol is another one, and least edges show slanted rows in part.
        let sure = options.symbologies.iter().filter(|&symbology| symbology != Symbology::Itf);
        Self {
            view,
            options,
            sure: LinearOptions { symbologies: sure.collect(), ..*options },
            grain,
            cut,
            sensitivity: cut.sensitivity(SENSITIVITY),
            is_faint: false,
            workspace: Workspace::default(),
            look: Look::new(region),
            silent: Vec::new(),
            spoke: Vec::new(),
        }
    }

    /// Whether enough bands read the same.
    fn agrees(&self) -> bool {
        !believed(&group(self.look.sightings.clone()), self.options.agreement).is_empty()
    }

    /// Reads a profile, by the `least` of edges if that is asked for; whether it shows anything like a
    /// symbol.
    fn add(&mut self, profile: &[f32], line: &Line, least: bool) -> bool {
        let (sensitivity, wanted) = match least || self.is_faint {
            true => (BLURRED, &self.sure),
            false => (self.sensitivity, self.options),
        };
        self.workspace.read(profile, line, sensitivity, false, wanted, &mut self.look.sightings)
    }

    /// Reads bands that are spread over the region, then those between them.
    fn read_bands(&mut self) {
        let mut shown = 0;
        let mut profile = Vec::new();
        for (read, band) in self.cut.spread().into_iter().enumerate() {
            if read == HOPELESS {
                self.look.promising = self.looks_closer();
                if !self.look.promising {
                    return;
                }
            }
            if read >= FIRST {
                let is_read = !self.look.sightings.is_empty();
                self.look.promising &= is_read || shown as f32 >= PROMISING * read as f32;
                if !self.look.promising || read % FIRST == 0 && self.agrees() {
                    return;
                }
            }
            let line = self.cut.profile(self.view, &self.look.region, band, &mut profile);
            let before = self.look.sightings.len();
            // Where the first bands do not read what has no quiet zones, others are not worth it.
            self.workspace.crowded = read < HOPELESS || before > 0;
            if self.add(&profile, &line, false) {
                self.look.promising = true;
                shown += 1;
            }
            self.look.clear = shown as f32 > CLEAR * (read + 1) as f32;
            let seen = &self.look.sightings[before..];
            if seen.is_empty() && !self.cut.is_grainy() {
                self.silent.push(Silent { band, line, profile: std::mem::take(&mut profile) });
            } else if seen.iter().any(|sighting| !sighting.reading.is_part()) {
                self.spoke.push(band);
            }
        }
    }

    /// Whether the region may hold a symbol after the first bands, if need be by the least of edges; it
    /// is turned to the bars then, and these bands are taken anew.
    fn looks_closer(&mut self) -> bool {
        if !self.look.promising && !self.cut.is_grainy() {
            let first = std::mem::take(&mut self.silent);
            for Silent { line, profile, .. } in &first {
                self.is_faint |= self.add(profile, line, true);
            }
            self.silent = first;
            self.look.promising = self.is_faint;
        }
        if !self.look.promising {
            return false;
        }
        self.look.region = self.look.region.aimed(self.view, &self.grain);
        self.cut = self.cut.of(&self.look.region);
        if !show_bars(self.view, &self.look.region, &self.grain) {
            return false;
        }
        for Silent { band, line, profile } in &mut self.silent {
            *line = self.cut.profile(self.view, &self.look.region, *band, profile);
        }
        true
    }

    /// Under noise once more in fewer bands, and by these alone: they show the same pixels.
    fn read_coarsely(&mut self) {
        let before = std::mem::take(&mut self.look.sightings);
        let coarse = Cut::new(&self.look.region, self.cut.bands / 2, 1.0, self.grain);
        self.sensitivity = coarse.sensitivity(SENSITIVITY);
        let mut profile = Vec::new();
        for band in 0..coarse.bands {
            let line = coarse.profile(self.view, &self.look.region, band, &mut profile);
            self.add(&profile, &line, false);
        }
        if self.look.sightings.len() <= before.len() {
            self.look.sightings = before;
        }
    }

    /// Reads bands that read nothing once more, sharpened and by the least of edges, until enough agree;
    /// each band counts but once.
    fn read_silent_again(&mut self) {
        let mut sharp = Vec::new();
        let reaches = SHARP.map(|pixels| Some((pixels / self.cut.step) as usize));
        for reach in reaches.into_iter().chain([None]) {
            if self.agrees() {
                return;
            }
            for (read, silent) in std::mem::take(&mut self.silent).into_iter().enumerate() {
                let before = self.look.sightings.len();
                // Where neither is clear and nothing was read yet, the first ones tell of the others.
                if read >= SPREAD.len() && before == 0 && !self.look.clear {
                    self.silent.push(silent);
                    continue;
                }
                if read % FIRST == FIRST - 1 && self.agrees() {
                    return;
                }
                match reach {
                    Some(reach) => {
                        sharpen(&silent.profile, reach, &mut sharp);
                        self.add(&sharp, &silent.line, false)
                    }
                    None => self.add(&silent.profile, &silent.line, true),
                };
                if self.look.sightings.len() == before {
                    self.silent.push(silent);
                }
            }
        }
    }

    /// Reads the parts of bands that read a symbol: what is bent or seen askew may be crossed as a whole
    /// by a single band. The parts must agree then.
    fn read_parts(&mut self) {
        if self.cut.spacing < PARTS as f32 || self.spoke.is_empty() || self.agrees() {
            return;
        }
        let before = std::mem::take(&mut self.look.sightings);
        let mut profile = Vec::new();
        for band in std::mem::take(&mut self.spoke) {
            for part in 0..PARTS {
                let part = (part, PARTS);
                let line = self.cut.part(self.view, &self.look.region, band, part, &mut profile);
                self.add(&profile, &line, false);
            }
        }
        if !self.agrees() {
            self.look.sightings = before;
        }
    }
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
