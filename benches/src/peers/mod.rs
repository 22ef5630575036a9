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

#[cfg(test)]
mod tests {
    use saoma::Symbology;
    use testkit::{Rng, Scene, knees};

    use super::*;
    use crate::picture::Luma;
    use crate::polygon::shared_area;
    use crate::scoring::is_payload;

    #[test]
    fn unknown_peers_are_refused() {
        assert!(by_name("zbar", SymbologySet::ALL).is_err());
    }

    #[test]
    fn every_peer_that_is_built_in_reads_a_clean_symbol_in_its_place() {
        for name in NAMES {
            for symbology in [Symbology::Qr, Symbology::Ean13] {
                let Ok(peer) = by_name(name, symbology.into()) else { continue };
                let modules = knees::sample(symbology.name(), &mut Rng::new(1)).unwrap();
                let drawn = Scene::of(modules, 4.0, 20.0).render();
                let found = peer.read(&Luma::from(drawn.picture)).readings;
                assert_eq!(found.len(), 1, "{name} {symbology}");
                assert!(is_payload(&found[0], &drawn.truths[0].text), "{name} {symbology}");
                assert_eq!(found[0].symbology, symbology.name(), "{name}");
                let outline = drawn.truths[0].corners.map(Into::into);
                assert!(shared_area(&found[0].outline, &outline) > 0.0, "{name} {symbology}");
            }
        }
    }
}
