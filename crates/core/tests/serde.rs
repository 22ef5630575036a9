//! Results as JSON and back: the feature `serde`.

#![cfg(feature = "serde")]

use std::fmt::Debug;

use saoma::{
    ContentKind, Correction, ErrorCorrectionLevel, Failure, FailureKind, Point, Quad, Segment,
    StructuredAppend, Symbology, SymbologyIdentifier,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The JSON of a value, which gives the value back.
fn json<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T) -> String {
    let json = serde_json::to_string(&value).unwrap_or_else(|error| panic!("{error}"));
    let back: T = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{json}: {error}"));
    assert_eq!(back, value);
    json
}

#[test]
fn names_are_those_that_are_displayed() {
    for &symbology in Symbology::NAMED {
        assert_eq!(json(symbology), format!("\"{symbology}\""));
    }
    use FailureKind::{Checksum, Format, Geometry, Payload};
    for kind in [Geometry, Format, Checksum, Payload] {
        assert_eq!(json(kind), format!("\"{}\"", kind.name()));
    }
}

#[test]
fn parts_of_results_come_back() {
    let corners = [Point { x: 1.0, y: 2.5 }; 4];
    json(Quad(corners));
    json(Failure { symbology: Symbology::Qr, corners, kind: FailureKind::Checksum });
    json(Correction { errors: 1, erasures: 2, capacity: 10 });
    json(ErrorCorrectionLevel::Q);
    json(ContentKind::Gs1);
    json(Segment { eci: Some(26), range: 2..5 });
    json(StructuredAppend { index: 1, count: 3, id: 7 });
    let identifier = SymbologyIdentifier { code: 'Q', modifier: '1' };
    assert_eq!(json(identifier), r#"{"code":"Q","modifier":"1"}"#);
}
