//! From the paths of the command line to the pictures to read.

use std::fs::{self, DirEntry, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// What a folder's files must be called to count as pictures; a file that is named on the command
/// line is always tried.
const EXTENSIONS: [&str; 11] =
    ["png", "jpg", "jpeg", "jpe", "jfif", "webp", "gif", "bmp", "dib", "tif", "tiff"];

/// A picture to read, or why there is none.
#[derive(Debug)]
pub struct Input {
    /// What messages and results call it.
    pub name: String,
    /// Where it is below the folder that was asked for, or its file name.
    pub relative: PathBuf,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Stdin,
    File(PathBuf),
    Broken(io::Error),
}

impl Input {
    fn new(path: &Path, root: Option<&Path>, source: Source) -> Self {
        let below = root.and_then(|root| path.strip_prefix(root).ok());
        let relative = below.or(path.file_name().map(Path::new)).unwrap_or(path).to_owned();
        Self { name: path.display().to_string(), relative, source }
    }

    fn broken(path: &Path, error: io::Error) -> Self {
        Self::new(path, None, Source::Broken(error))
    }

    /// The file, if it is one.
    pub fn file(&self) -> Option<&Path> {
        match &self.source {
            Source::File(path) => Some(path),
            Source::Stdin | Source::Broken(_) => None,
        }
    }

    /// The bytes of the file, at most `limit` of them.
    pub fn read(&self, limit: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        match &self.source {
            Source::Stdin => io::stdin().lock().take(limit as u64).read_to_end(&mut bytes)?,
            Source::File(path) => File::open(path)?.take(limit as u64).read_to_end(&mut bytes)?,
            Source::Broken(error) => return Err(io::Error::new(error.kind(), error.to_string())),
        };
        Ok(bytes)
    }
}

/// Every picture that the paths name, folders replaced by the pictures below them in the order of
/// their names. What cannot be listed stands in its place as an input that cannot be read.
pub fn expand(paths: &[PathBuf]) -> Vec<Input> {
    let mut inputs = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            inputs.push(Input {
                name: "-".to_owned(),
                relative: "stdin".into(),
                source: Source::Stdin,
            });
        } else if path.is_dir() {
            let before = inputs.len();
            walk(path, path, &mut inputs);
            if inputs.len() == before {
                let error = io::Error::new(io::ErrorKind::NotFound, "no pictures in this folder");
                inputs.push(Input::broken(path, error));
            }
        } else {
            inputs.push(Input::new(path, None, Source::File(path.clone())));
        }
    }
    inputs
}

fn walk(root: &Path, folder: &Path, inputs: &mut Vec<Input>) {
    let entries = fs::read_dir(folder).and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => return inputs.push(Input::broken(folder, error)),
    };
    entries.sort_by_key(DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        // Links to folders are not followed: they may lead in circles.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            walk(root, &path, inputs);
        } else if is_picture_name(&path) && path.is_file() {
            inputs.push(Input::new(&path, Some(root), Source::File(path.clone())));
        }
    }
}

fn is_picture_name(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|e| EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(e)))
}
