//! The pictures of `testdata/` and what should be read from them.
//!
//! `cargo run -p testkit --bin scenes` writes them anew: for each a PNG file and, beside it, a
//! JSON file of [`Expected`].

mod scenes;

pub use scenes::scenes;

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::picture::{Picture, PictureError};
use crate::scene::{Drawn, Truth};

/// What should be read from a picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Expected {
    /// The picture's width in pixels.
    pub width: usize,
    /// The picture's height in pixels.
    pub height: usize,
    /// The symbols in it.
    pub symbols: Vec<Truth>,
}

impl From<&Drawn> for Expected {
    /// Corners are rounded to a hundredth of a pixel.
    fn from(drawn: &Drawn) -> Self {
        let hundredths = |v: f32| (v * 100.0).round() / 100.0;
        let symbols = drawn.truths.iter().map(|truth| Truth {
            corners: truth.corners.map(|(x, y)| (hundredths(x), hundredths(y))),
            ..truth.clone()
        });
        Self {
            width: drawn.picture.width,
            height: drawn.picture.height,
            symbols: symbols.collect(),
        }
    }
}

/// A picture of `testdata/` as read from its files.
#[derive(Clone, Debug)]
pub struct Golden {
    /// The file's name without its ending.
    pub name: String,
    /// The pixels.
    pub picture: Picture,
    /// What should be read from it.
    pub expected: Expected,
}

/// Why the golden pictures cannot be written or read.
#[derive(Debug)]
#[non_exhaustive]
pub enum GoldenError {
    /// A folder or a JSON file.
    File(PathBuf, std::io::Error),
    /// What a JSON file says.
    Json(PathBuf, serde_json::Error),
    /// A picture file.
    Picture(PathBuf, PictureError),
}

impl fmt::Display for GoldenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Json(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Picture(path, error) => write!(f, "{}: {error}", path.display()),
        }
    }
}

impl std::error::Error for GoldenError {}

/// The repository's `testdata/`.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata")
}

/// Reads every picture of a folder that has an expectation beside it, in the order of names.
pub fn load(folder: &Path) -> Result<Vec<Golden>, GoldenError> {
    let failed = |error| GoldenError::File(folder.to_owned(), error);
    let mut paths = std::fs::read_dir(folder)
        .map_err(failed)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(failed)?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    paths.sort();
    paths.iter().map(|path| load_one(path)).collect()
}

fn load_one(json: &Path) -> Result<Golden, GoldenError> {
    let text = std::fs::read_to_string(json).map_err(|e| GoldenError::File(json.to_owned(), e))?;
    let expected =
        serde_json::from_str(&text).map_err(|e| GoldenError::Json(json.to_owned(), e))?;
    let png = json.with_extension("png");
    let picture = Picture::load(&png).map_err(|e| GoldenError::Picture(png.clone(), e))?;
    let name = json.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Golden { name, picture, expected })
}

/// Draws all [`scenes`] into a folder.
pub fn write(folder: &Path) -> Result<(), GoldenError> {
    std::fs::create_dir_all(folder).map_err(|e| GoldenError::File(folder.to_owned(), e))?;
    for (name, scene) in scenes() {
        let drawn = scene.render();
        let png = folder.join(name).with_extension("png");
        drawn.picture.save(&png).map_err(|e| GoldenError::Picture(png.clone(), e))?;
        let json = png.with_extension("json");
        let text =
            json_of(&Expected::from(&drawn)).map_err(|e| GoldenError::Json(json.clone(), e))?;
        std::fs::write(&json, text).map_err(|e| GoldenError::File(json, e))?;
    }
    Ok(())
}

/// JSON with one symbol a line.
fn json_of(expected: &Expected) -> Result<String, serde_json::Error> {
    let lines =
        expected.symbols.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>()?;
    let lines: String = lines.iter().map(|line| format!("\n    {line},")).collect::<String>();
    let (width, height) = (expected.width, expected.height);
    let lines = lines.trim_end_matches(',');
    Ok(format!(
        "{{\n  \"width\": {width},\n  \"height\": {height},\n  \"symbols\": [{lines}\n  ]\n}}\n"
    ))
}
