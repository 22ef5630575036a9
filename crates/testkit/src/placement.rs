use crate::encode::Modules;
use crate::print::Print;

/// A patch drawn over part of a symbol, in the symbol's modules from its top-left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cover {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
    /// The patch's grey value.
    pub grey: f64,
}

/// Where and how a symbol is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    /// What is drawn.
    pub modules: Modules,
    /// A module's width and height in pixels.
    pub module: (f64, f64),
    /// The symbol's centre in pixels.
    pub centre: (f64, f64),
    /// Turned clockwise by this many degrees.
    pub angle: f64,
    /// Left and right exchanged before turning.
    pub mirrored: bool,
    /// Grey value of dark modules.
    pub dark: f64,
    /// Grey value of light modules and of the quiet zone.
    pub light: f64,
    /// Width of the quiet zone drawn on all sides, in modules.
    pub quiet: f64,
    /// Patches over it.
    pub covers: Vec<Cover>,
    /// How its modules come out.
    pub print: Print,
}

impl Placement {
    /// A symbol of square modules of a size in pixels, black on white, with its quiet zone, its
    /// top-left corner at the origin.
    pub fn new(modules: Modules, module: f64) -> Self {
        let quiet = modules.quiet;
        Self {
            modules,
            module: (module, module),
            centre: (0.0, 0.0),
            angle: 0.0,
            mirrored: false,
            dark: 0.0,
            light: 255.0,
            quiet,
            covers: Vec::new(),
            print: Print::Exact,
        }
        .top_left(0.0, 0.0)
    }

    /// Upright in the box of these corners, whatever module size that takes.
    pub fn within(modules: Modules, (left, top): (f64, f64), (right, bottom): (f64, f64)) -> Self {
        let module = ((right - left) / modules.columns() as f64, (bottom - top) / modules.height());
        Self { module, ..Self::new(modules, 1.0) }.top_left(left, top)
    }

    /// Puts its centre here.
    #[must_use]
    pub fn at(mut self, x: f64, y: f64) -> Self {
        self.centre = (x, y);
        self
    }

    /// Puts the top-left corner of the upright symbol, without quiet zone, here.
    #[must_use]
    pub fn top_left(self, x: f64, y: f64) -> Self {
        let (width, height) = self.size();
        self.at(x + width / 2.0, y + height / 2.0)
    }

    /// Turns it clockwise around its centre.
    #[must_use]
    pub fn turned(mut self, degrees: f64) -> Self {
        self.angle += degrees;
        self
    }

    /// Shows it as in a mirror.
    #[must_use]
    pub fn mirrored(mut self) -> Self {
        self.mirrored = !self.mirrored;
        self
    }

    /// Grey values of dark and light modules; `dark` above `light` is an inverted symbol.
    #[must_use]
    pub fn levels(mut self, dark: f64, light: f64) -> Self {
        (self.dark, self.light) = (dark, light);
        self
    }

    /// Light on dark.
    #[must_use]
    pub fn inverted(self) -> Self {
        let (dark, light) = (self.dark, self.light);
        self.levels(light, dark)
    }

    /// Another width of the quiet zone, in modules.
    #[must_use]
    pub fn quiet(mut self, modules: f64) -> Self {
        self.quiet = modules;
        self
    }

    /// Another height of a linear symbol's bars, in modules.
    #[must_use]
    pub fn bar_height(mut self, modules: f64) -> Self {
        self.modules.row_height = modules;
        self
    }

    /// Printed or styled in some way.
    #[must_use]
    pub fn printed(mut self, print: Print) -> Self {
        self.print = print;
        self
    }

    /// Puts a patch over part of it.
    #[must_use]
    pub fn cover(mut self, cover: Cover) -> Self {
        self.covers.push(cover);
        self
    }

    /// Width and height of the upright symbol in pixels, without quiet zone.
    pub fn size(&self) -> (f64, f64) {
        (self.modules.columns() as f64 * self.module.0, self.modules.height() * self.module.1)
    }

    /// Where a position in modules from the symbol's own top-left corner lies in the picture.
    pub fn to_picture(&self, (u, v): (f64, f64)) -> (f64, f64) {
        let x = (u - self.modules.columns() as f64 / 2.0) * self.module.0;
        let x = if self.mirrored { -x } else { x };
        let y = (v - self.modules.height() / 2.0) * self.module.1;
        let (sin, cos) = self.sin_cos();
        (self.centre.0 + x * cos - y * sin, self.centre.1 + x * sin + y * cos)
    }

    /// The position in modules that lies at a position of the picture.
    pub fn to_modules(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let (sin, cos) = self.sin_cos();
        let (dx, dy) = (x - self.centre.0, y - self.centre.1);
        let (x, y) = (dx * cos + dy * sin, dy * cos - dx * sin);
        let x = if self.mirrored { -x } else { x };
        (
            x / self.module.0 + self.modules.columns() as f64 / 2.0,
            y / self.module.1 + self.modules.height() / 2.0,
        )
    }

    /// Sine and cosine of the angle, exact for quarter turns.
    fn sin_cos(&self) -> (f64, f64) {
        match self.angle.rem_euclid(360.0) {
            0.0 => (0.0, 1.0),
            90.0 => (1.0, 0.0),
            180.0 => (0.0, -1.0),
            270.0 => (-1.0, 0.0),
            degrees => degrees.to_radians().sin_cos(),
        }
    }

    /// The symbol's own top-left, top-right, bottom-right and bottom-left corner, `margin`
    /// modules outside of its edge.
    pub fn corners(&self, margin: f64) -> [(f64, f64); 4] {
        let (right, bottom) =
            (self.modules.columns() as f64 + margin, self.modules.height() + margin);
        [(-margin, -margin), (right, -margin), (right, bottom), (-margin, bottom)]
            .map(|corner| self.to_picture(corner))
    }

    /// The grey value at a position in modules, `None` beyond the quiet zone.
    pub(crate) fn grey(&self, (u, v): (f64, f64)) -> Option<f64> {
        let (columns, height) = (self.modules.columns() as f64, self.modules.height());
        let quiet = self.quiet;
        if !(u >= -quiet && v >= -quiet && u < columns + quiet && v < height + quiet) {
            return None;
        }
        let covers = self.covers.iter().rev();
        let over = covers
            .into_iter()
            .find(|c| u >= c.x && v >= c.y && u < c.x + c.width && v < c.y + c.height);
        if let Some(cover) = over {
            return Some(cover.grey);
        }
        Some(if self.print.is_dark(&self.modules, (u, v)) { self.dark } else { self.light })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::write;

    fn near(a: (f64, f64), b: (f64, f64)) -> bool {
        (a.0 - b.0).abs() < 1e-9 && (a.1 - b.1).abs() < 1e-9
    }

    #[test]
    fn corners_are_the_symbols_own() {
        let square = Placement::new(write("qr", "1").unwrap(), 2.0).top_left(10.0, 20.0);
        assert_eq!(square.corners(0.0)[0], (10.0, 20.0));
        assert_eq!(square.corners(0.0)[2], (52.0, 62.0));
        // A quarter clockwise carries the top-left corner to the top right.
        assert!(near(square.clone().turned(90.0).corners(0.0)[0], (52.0, 20.0)));
        // In a mirror it is at the top right too, and the corners run the other way.
        let mirrored = square.clone().mirrored().corners(0.0);
        assert!(near(mirrored[0], (52.0, 20.0)) && near(mirrored[1], (10.0, 20.0)));
    }

    #[test]
    fn positions_go_there_and_back() {
        let placed = Placement::new(write("ean-8", "96385074").unwrap(), 1.7)
            .at(30.0, 40.0)
            .turned(33.0)
            .mirrored();
        assert!(near(placed.to_modules(placed.to_picture((5.0, 7.0))), (5.0, 7.0)));
        let boxed = Placement::within(write("qr", "1").unwrap(), (5.0, 6.0), (26.0, 90.0));
        assert!(near(boxed.corners(0.0)[2], (26.0, 90.0)));
    }
}
