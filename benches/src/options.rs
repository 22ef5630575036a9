//! What the reports' command lines have in common: which readers and how they are set, parts chosen by name,
//! and how a command ends.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use saoma::{Symbology, SymbologySet};
use testkit::{Rng, knees};

use crate::labels::Result;
use crate::peers;
use crate::reading::{Reader, Saoma};

/// Which readers run and how they are set.
#[derive(Clone, Debug, Args)]
pub struct ReaderOptions {
    /// How hard to try
    #[arg(long, value_enum, default_value_t)]
    pub effort: Effort,
    /// Symbologies to look for, with commas between; also `all`, `linear`, `matrix`
    #[arg(long, value_name = "LIST")]
    pub symbologies: Option<SymbologySet>,
    /// Threads a scan of ours may use (peers always use one)
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub threads: usize,
    /// Another reader to run in turn with ours on each picture (may be repeated)
    #[arg(long = "peer", value_name = "NAME", value_delimiter = ',')]
    pub peers: Vec<String>,
}

/// As [`saoma::Effort`].
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Effort {
    /// One plane a level, no retries.
    Fast,
    /// Retries where something looks like a symbol.
    #[default]
    Balanced,
    /// Everything we know.
    Thorough,
}

impl From<Effort> for saoma::Effort {
    fn from(effort: Effort) -> Self {
        match effort {
            Effort::Fast => Self::Fast,
            Effort::Balanced => Self::Balanced,
            Effort::Thorough => Self::Thorough,
        }
    }
}

impl ReaderOptions {
    /// The readers, ours first, all looking for the same symbologies: those asked for, else
    /// `default`.
    ///
    /// # Errors
    /// If a peer is unknown, not built in, or reads none of the symbologies.
    pub fn readers(&self, default: SymbologySet) -> Result<Vec<Box<dyn Reader>>> {
        let symbologies = self.symbologies.unwrap_or(default);
        let ours = Saoma::new(symbologies, self.effort.into(), self.threads);
        let mut readers: Vec<Box<dyn Reader>> = vec![Box::new(ours)];
        for name in &self.peers {
            readers.push(peers::by_name(name, symbologies)?);
        }
        Ok(readers)
    }
}

/// The symbologies that can be drawn at random and read.
pub fn drawn() -> SymbologySet {
    let is_drawn = |symbology: &Symbology| {
        symbology.is_readable() && knees::sample(symbology.name(), &mut Rng::new(0)).is_some()
    };
    SymbologySet::ALL.iter().filter(is_drawn).collect()
}

/// Those of `all` that are called by one of the names that were given, in their order; all if none was.
///
/// # Errors
/// If none of them has one of the names; `what` says what they are.
pub fn chosen<T>(
    what: &str,
    all: Vec<T>,
    name: impl Fn(&T) -> &'static str,
    wanted: &[String],
) -> Result<Vec<T>> {
    let names: Vec<&str> = all.iter().map(&name).collect();
    if let Some(unknown) = wanted.iter().find(|wanted| !names.contains(&wanted.as_str())) {
        return Err(format!("no {what} is called {unknown}; there are {}", names.join(", ")));
    }
    let is_chosen =
        |item: &T| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name(item));
    Ok(all.into_iter().filter(is_chosen).collect())
}

/// How `command` ends, with what went wrong said on standard error.
pub fn ended(command: &str, result: Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{command}: {error}");
            ExitCode::from(2)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_names_are_told_and_known_ones_chosen_in_order() {
        let of = |wanted: &[&str]| {
            let wanted: Vec<String> = wanted.iter().map(|&name| name.to_owned()).collect();
            chosen("letter", vec!["a", "b", "c"], |&name| name, &wanted)
        };
        assert_eq!(of(&[]).unwrap(), ["a", "b", "c"]);
        assert_eq!(of(&["c", "a"]).unwrap(), ["a", "c"]);
        assert_eq!(of(&["a", "d"]).unwrap_err(), "no letter is called d; there are a, b, c");
    }
}
