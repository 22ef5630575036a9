//! The names of the symbologies and sets of them.

use std::fmt;
use std::str::FromStr;

macro_rules! symbologies {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $kind:ident;)*) => {
        /// A kind of bar code, under the name its standard gives it.
        ///
        /// [`Symbology::is_readable`] tells which of them this build decodes.
        ///
        /// ```
        /// use saoma::Symbology;
        /// assert_eq!("EAN_13".parse(), Ok(Symbology::Ean13));
        /// assert_eq!(Symbology::Ean13.to_string(), "ean-13");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum Symbology { $($(#[$doc])* #[cfg_attr(feature = "serde", serde(rename = $name))] $variant,)* }

        impl Symbology {
            /// Every symbology that has a name here, matrix symbologies first.
            pub const NAMED: &'static [Symbology] = &[$(Symbology::$variant,)*];

            /// The name in lower case with hyphens, as the command line and JSON lines spell it.
            pub const fn name(self) -> &'static str {
                match self { $(Symbology::$variant => $name,)* }
            }

            const fn kind(self) -> Kind {
                match self { $(Symbology::$variant => Kind::$kind,)* }
            }
        }
    };
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Matrix,
    Stacked,
    Linear,
}

symbologies! {
    /// QR Code, Model 2 and Model 1 (ISO/IEC 18004).
    Qr = "qr", Matrix;
    /// Micro QR Code (ISO/IEC 18004).
    MicroQr = "micro-qr", Matrix;
    /// Rectangular Micro QR Code (ISO/IEC 23941).
    Rmqr = "rmqr", Matrix;
    /// Data Matrix ECC 200 (ISO/IEC 16022).
    DataMatrix = "data-matrix", Matrix;
    /// Aztec Code (ISO/IEC 24778).
    Aztec = "aztec", Matrix;
    /// MaxiCode (ISO/IEC 16023).
    MaxiCode = "maxicode", Matrix;
    /// Han Xin Code (ISO/IEC 20830).
    HanXin = "han-xin", Matrix;
    /// DotCode (AIM ISS DotCode).
    DotCode = "dotcode", Matrix;
    /// PDF417 (ISO/IEC 15438).
    Pdf417 = "pdf417", Stacked;
    /// MicroPDF417 (ISO/IEC 24728).
    MicroPdf417 = "micro-pdf417", Stacked;
    /// EAN-13 (ISO/IEC 15420).
    Ean13 = "ean-13", Linear;
    /// EAN-8 (ISO/IEC 15420).
    Ean8 = "ean-8", Linear;
    /// UPC-A (ISO/IEC 15420).
    UpcA = "upc-a", Linear;
    /// UPC-E (ISO/IEC 15420).
    UpcE = "upc-e", Linear;
    /// Code 128, GS1-128 among it (ISO/IEC 15417).
    Code128 = "code-128", Linear;
    /// Code 39 (ISO/IEC 16388).
    Code39 = "code-39", Linear;
    /// Code 93 (AIM USS-93).
    Code93 = "code-93", Linear;
    /// Interleaved 2 of 5 (ISO/IEC 16390).
    Itf = "itf", Linear;
    /// Codabar (EN 798).
    Codabar = "codabar", Linear;
    /// GS1 DataBar Omnidirectional, Truncated and Stacked (ISO/IEC 24724).
    DataBar = "databar", Linear;
    /// GS1 DataBar Limited (ISO/IEC 24724).
    DataBarLimited = "databar-limited", Linear;
    /// GS1 DataBar Expanded and Expanded Stacked (ISO/IEC 24724).
    DataBarExpanded = "databar-expanded", Linear;
    /// Telepen (SB Electronics).
    Telepen = "telepen", Linear;
    /// DX film edge code.
    DxFilmEdge = "dx-film-edge", Linear;
    /// Industrial (Standard) 2 of 5.
    Industrial2of5 = "industrial-2-of-5", Linear;
    /// MSI Plessey.
    Msi = "msi", Linear;
    /// Code 11.
    Code11 = "code-11", Linear;
    /// Pharmacode.
    Pharmacode = "pharmacode", Linear;
}

impl Symbology {
    /// Whether it is one of the linear symbologies (read along one line).
    pub const fn is_linear(self) -> bool {
        matches!(self.kind(), Kind::Linear)
    }

    /// Whether it is a matrix symbology (a grid of modules); stacked symbologies such as PDF417
    /// are neither linear nor matrix.
    pub const fn is_matrix(self) -> bool {
        matches!(self.kind(), Kind::Matrix)
    }

    /// Whether it is read only where it is asked for by its name: those of which so little is
    /// checked that they are found in what is no code, and DX film edge codes and DotCode, which are
    /// seldom met and cost much. No set but one that names them holds them.
    pub const fn is_on_request(self) -> bool {
        matches!(
            self,
            Self::DxFilmEdge
                | Self::Industrial2of5
                | Self::Msi
                | Self::Code11
                | Self::Pharmacode
                | Self::DotCode
        )
    }

    /// Whether this build has a decoder for it. Asking a scanner for another one finds nothing.
    pub const fn is_readable(self) -> bool {
        let is_qr = matches!(self, Self::Qr | Self::MicroQr | Self::Rmqr);
        let is_data_matrix = matches!(self, Self::DataMatrix);
        let is_aztec = matches!(self, Self::Aztec | Self::MaxiCode);
        let is_han_xin = matches!(self, Self::HanXin);
        let is_dotcode = matches!(self, Self::DotCode);
        let is_stacked = matches!(self, Self::Pdf417 | Self::MicroPdf417);
        cfg!(feature = "qr") && is_qr
            || cfg!(feature = "datamatrix") && is_data_matrix
            || cfg!(feature = "pdf417") && is_stacked
            || cfg!(feature = "aztec") && is_aztec
            || cfg!(feature = "hanxin") && is_han_xin
            || cfg!(feature = "dotcode") && is_dotcode
            || cfg!(feature = "linear") && self.is_linear()
    }
}

impl fmt::Display for Symbology {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name that no symbology and no set of symbologies has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownSymbology(String);

impl fmt::Display for UnknownSymbology {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown symbology `{}`", self.0)
    }
}

impl std::error::Error for UnknownSymbology {}

/// Lower case without `-`, `_` and spaces: what names are compared by.
fn folded(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).map(|c| c.to_ascii_lowercase()).collect()
}

impl FromStr for Symbology {
    type Err = UnknownSymbology;

    /// Case, `-` and `_` do not matter: `QR`, `qr_code`, `Ean13` and `EAN-13` are all understood.
    fn from_str(name: &str) -> Result<Self, UnknownSymbology> {
        let wanted = folded(name);
        if let Some(&found) = Self::NAMED.iter().find(|s| folded(s.name()) == wanted) {
            return Ok(found);
        }
        match wanted.as_str() {
            "qrcode" => Ok(Self::Qr),
            "microqrcode" => Ok(Self::MicroQr),
            "rmqrcode" => Ok(Self::Rmqr),
            "interleaved2of5" | "i25" => Ok(Self::Itf),
            "gs1128" | "ean128" => Ok(Self::Code128),
            "rss14" => Ok(Self::DataBar),
            "rssexpanded" => Ok(Self::DataBarExpanded),
            _ => Err(UnknownSymbology(name.to_owned())),
        }
    }
}

/// A set of symbologies.
///
/// ```
/// use saoma::{Symbology, SymbologySet};
/// let set: SymbologySet = "linear,qr".parse().unwrap();
/// assert!(set.contains(Symbology::Qr) && set.contains(Symbology::Code128));
/// assert_eq!(SymbologySet::from([Symbology::Qr]).iter().count(), 1);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct SymbologySet(u64);

impl SymbologySet {
    /// No symbology.
    pub const NONE: Self = Self(0);
    /// Every symbology that is not read on request only ([`Symbology::is_on_request`]).
    pub const ALL: Self = Self::LINEAR.union(Self::MATRIX).union(Self::of_kind(Kind::Stacked));
    /// Every linear symbology that is not read on request only.
    pub const LINEAR: Self = Self::of_kind(Kind::Linear);
    /// Every matrix symbology that is not read on request only.
    pub const MATRIX: Self = Self::of_kind(Kind::Matrix);

    const fn of_kind(kind: Kind) -> Self {
        let mut bits = 0;
        let mut i = 0;
        while i < Symbology::NAMED.len() {
            let symbology = Symbology::NAMED[i];
            if symbology.kind() as u8 == kind as u8 && !symbology.is_on_request() {
                bits |= 1 << symbology as u64;
            }
            i += 1;
        }
        Self(bits)
    }

    /// The set with `symbology` added.
    #[must_use]
    pub const fn with(self, symbology: Symbology) -> Self {
        Self(self.0 | 1 << symbology as u64)
    }

    /// What is in either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both sets.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether `symbology` is in the set.
    pub const fn contains(self, symbology: Symbology) -> bool {
        self.0 >> symbology as u64 & 1 == 1
    }

    /// Whether nothing is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The symbologies of the set in the order of [`Symbology::NAMED`].
    pub fn iter(self) -> impl Iterator<Item = Symbology> {
        Symbology::NAMED.iter().copied().filter(move |&s| self.contains(s))
    }
}

impl fmt::Debug for SymbologySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl From<Symbology> for SymbologySet {
    fn from(symbology: Symbology) -> Self {
        Self::NONE.with(symbology)
    }
}

impl<const N: usize> From<[Symbology; N]> for SymbologySet {
    fn from(list: [Symbology; N]) -> Self {
        list.into_iter().collect()
    }
}

impl From<&[Symbology]> for SymbologySet {
    fn from(list: &[Symbology]) -> Self {
        list.iter().copied().collect()
    }
}

impl FromIterator<Symbology> for SymbologySet {
    fn from_iter<I: IntoIterator<Item = Symbology>>(list: I) -> Self {
        list.into_iter().fold(Self::NONE, Self::with)
    }
}

impl FromStr for SymbologySet {
    type Err = UnknownSymbology;

    /// Names separated by commas; `all`, `linear` and `matrix` are sets of their own, without the
    /// symbologies that are read on request only.
    fn from_str(list: &str) -> Result<Self, UnknownSymbology> {
        list.split(',').map(str::trim).filter(|name| !name.is_empty()).try_fold(
            Self::NONE,
            |set, name| {
                Ok(set.union(match folded(name).as_str() {
                    "all" => Self::ALL,
                    "linear" => Self::LINEAR,
                    "matrix" => Self::MATRIX,
                    _ => Self::from(name.parse::<Symbology>()?),
                }))
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_parse_in_any_spelling() {
        for &symbology in Symbology::NAMED {
            assert_eq!(symbology.name().parse(), Ok(symbology));
            assert_eq!(symbology.name().to_uppercase().replace('-', "_").parse(), Ok(symbology));
        }
        assert_eq!("qr_code".parse(), Ok(Symbology::Qr));
        assert!("barcode".parse::<Symbology>().is_err());
    }

    #[test]
    fn sets_hold_what_they_are_named_for() {
        let linear: SymbologySet = "linear".parse().unwrap();
        assert!(linear.iter().all(Symbology::is_linear));
        assert!(linear.intersection(SymbologySet::MATRIX).is_empty());
        let all: SymbologySet = "ALL".parse().unwrap();
        let requested = Symbology::NAMED.iter().filter(|s| s.is_on_request()).count();
        assert_eq!(all.iter().count() + requested, Symbology::NAMED.len());
        let asked: SymbologySet = "linear,msi".parse().unwrap();
        assert!(asked.contains(Symbology::Msi) && !linear.contains(Symbology::Msi));
        assert!(!SymbologySet::LINEAR.union(SymbologySet::MATRIX).contains(Symbology::Pdf417));
        assert_eq!("qr, ean13".parse(), Ok(SymbologySet::from([Symbology::Qr, Symbology::Ean13])));
        assert!("qr,nothing".parse::<SymbologySet>().is_err());
    }
}
