//! Other readers, each behind a feature of its own.

#[cfg(feature = "peer-rqrr")]
mod rqrr;
#[cfg(feature = "peer-rxing")]
mod rxing;
#[cfg(feature = "peer-zxing-cpp")]
mod zxing_cpp;

use saoma::SymbologySet;

use crate::labels::Result;
use crate::reading::Reader;

/// The peers' names, as `--peer` takes them.
pub const NAMES: [&str; 3] = ["rqrr", "rxing", "zxing-cpp"];

/// A peer by name. It looks for `symbologies`; for everything it can if that is `ALL`.
///
/// # Errors
/// If there is no such peer, it is not built in, or it reads none of the symbologies.
pub fn by_name(name: &str, symbologies: SymbologySet) -> Result<Box<dyn Reader>> {
    match name {
        #[cfg(feature = "peer-rqrr")]
        "rqrr" => rqrr::Rqrr::new(symbologies).map(|peer| Box::new(peer) as _),
        #[cfg(feature = "peer-rxing")]
        "rxing" => rxing::Rxing::new(symbologies).map(|peer| Box::new(peer) as _),
        #[cfg(feature = "peer-zxing-cpp")]
        "zxing-cpp" => zxing_cpp::ZxingCpp::new(symbologies).map(|peer| Box::new(peer) as _),
        _ if NAMES.contains(&name) => {
            let _ = symbologies;
            Err(format!("this was built without {name}: add --features peer-{name}"))
        }
        _ => Err(format!("no peer is called {name}; there are {}", NAMES.join(", "))),
    }
}
