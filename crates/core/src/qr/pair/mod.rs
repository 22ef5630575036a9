//! Symbols of which two finder patterns are seen and the third is not: it is predicted, and what
//! lies between tells whether it is one.

mod across;
mod beside;
mod grow;

pub use across::across;
pub use beside::beside;

use super::finder::FinderPattern;
use super::locate::Triple;

/// Three finder patterns, the predicted one among them, with frames turned along the sides of the
/// symbol they would make, and the triple they are.
pub type Predicted = ([FinderPattern; 3], Triple);

fn predicted(finders: [FinderPattern; 3], span: f32, cost: f32) -> Predicted {
    (finders, Triple { finders: [0, 1, 2], quarters: [0; 3], span, cost })
}
