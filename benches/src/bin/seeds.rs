//! Writes seeds for the fuzz targets: one symbol of each symbology that testkit draws.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use testkit::Rng;
use testkit::encode::{Modules, WRITTEN};
use testkit::knees::sample;

/// Rows a linear symbol is high, in modules.
const BARS: usize = 12;

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus/scan_luma");
    match write(&folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("seeds: {}: {error}", folder.display());
            ExitCode::from(2)
        }
    }
}

fn write(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    for name in WRITTEN {
        if let Some(modules) = sample(name, &mut Rng::new(1)) {
            fs::write(folder.join(name), seed(&modules))?;
        }
    }
    Ok(())
}

/// As the target `scan_luma` takes it: width in cells, magnification, options, cells. The symbol
/// with its quiet zone, a cell a module, each module drawn as three pixels by three.
fn seed(modules: &Modules) -> Vec<u8> {
    let quiet = modules.quiet.ceil() as usize;
    let repeat = if modules.rows() == 1 { BARS } else { modules.row_height.ceil() as usize };
    let (width, height) = (modules.columns() + 2 * quiet, modules.rows() * repeat + 2 * quiet);
    let mut out = vec![width as u8, 2, 1];
    for y in 0..height {
        for x in 0..width {
            let inside = x.checked_sub(quiet).zip(y.checked_sub(quiet));
            let dark = inside.is_some_and(|(x, y)| modules.is_dark(x, y / repeat));
            out.push(if dark { 20 } else { 235 });
        }
    }
    out
}
