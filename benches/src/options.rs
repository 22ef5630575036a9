//! What the reports' command lines have in common: which readers, and how they are set.

use clap::{Args, ValueEnum};
use saoma::SymbologySet;

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
