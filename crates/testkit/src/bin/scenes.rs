//! Writes `testdata/` anew, or the same files into a folder given.

use std::path::PathBuf;
use std::process::ExitCode;

use testkit::golden;

fn main() -> ExitCode {
    let folder = std::env::args_os().nth(1).map_or_else(golden::folder, PathBuf::from);
    match golden::write(&folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
