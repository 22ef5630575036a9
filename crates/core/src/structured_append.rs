//! Messages spread over several symbols (ISO/IEC 18004, 8).

use crate::symbol::{Segment, Symbol, usual_charset};
use crate::symbology::Symbology;
use crate::text;

/// A message put together from the symbols it was spread over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinedMessage {
    /// The kind of code of all its symbols.
    pub symbology: Symbology,
    /// What the symbols share; see [`crate::StructuredAppend::id`].
    pub id: u32,
    /// Where its symbols stand in the list that was given, in the order of the message.
    pub symbols: Vec<usize>,
    /// The bytes of all symbols.
    pub bytes: Vec<u8>,
    /// The bytes as text: characters may have been cut in two between symbols.
    pub text: String,
    /// Whether the character set of some part of the text was guessed.
    pub text_is_guess: bool,
    /// The runs of bytes under one ECI each.
    pub segments: Vec<Segment>,
    /// Whether the bytes have the parity that a QR Code's symbols state; `None` for symbologies
    /// that state none. Some encoders get it wrong, so the message may be right without.
    pub parity_matches: Option<bool>,
}

/// Puts together the messages of which every symbol is there, in the order of their first symbols.
/// Symbols that were read twice count once; a message that has two different symbols for the same
/// place is left out, since nobody can tell which is its own.
///
/// ```
/// use saoma::{ImageView, Scanner, join_structured_append};
/// # let view = ImageView::luma8(&[255], 1, 1)?;
/// let symbols = Scanner::new().scan(&view);
/// for message in join_structured_append(&symbols) {
///     println!("{} symbols: {}", message.symbols.len(), message.text);
/// }
/// # Ok::<(), saoma::ImageError>(())
/// ```
pub fn join_structured_append(symbols: &[Symbol]) -> Vec<JoinedMessage> {
    // Symbology, id and count of the messages. Symbols that state no count are of the message whose
    // count another one states.
    let mut keys = Vec::new();
    for symbol in symbols {
        let Some(place) = symbol.structured_append() else { continue };
        let key = (symbol.symbology(), place.id, place.count);
        if place.count > 0 && !keys.contains(&key) {
            keys.push(key);
        }
    }
    let ordered = |(symbology, id, count): (Symbology, u32, u32)| {
        let count = usize::try_from(count).ok().filter(|&count| count <= symbols.len())?;
        let mut places: Vec<Option<usize>> = vec![None; count];
        for (index, symbol) in symbols.iter().enumerate() {
            let Some(part) = symbol.structured_append() else { continue };
            let is_other = part.count != 0 && part.count as usize != count;
            if (symbol.symbology(), part.id) != (symbology, id) || is_other {
                continue;
            }
            let place = places.get_mut(part.index as usize)?;
            let first = *place.get_or_insert(index);
            if symbols[first].bytes() != symbol.bytes() {
                return None;
            }
        }
        places.into_iter().collect::<Option<Vec<usize>>>()
    };
    let message = |key| Some(joined(symbols, ordered(key)?, key.0, key.1));
    let mut messages: Vec<JoinedMessage> = keys.into_iter().filter_map(message).collect();
    messages.sort_by_key(|message| message.symbols.iter().min().copied());
    messages
}

fn joined(symbols: &[Symbol], order: Vec<usize>, symbology: Symbology, id: u32) -> JoinedMessage {
    let mut bytes = Vec::new();
    let mut segments: Vec<Segment> = Vec::new();
    for symbol in order.iter().map(|&index| &symbols[index]) {
        for Segment { eci, range } in symbol.segments() {
            let range = bytes.len() + range.start..bytes.len() + range.end;
            match segments.last_mut() {
                Some(last) if last.eci == *eci && last.range.end == range.start => {
                    last.range.end = range.end;
                }
                _ => segments.push(Segment { eci: *eci, range }),
            }
        }
        bytes.extend_from_slice(symbol.bytes());
    }
    let runs = segments.iter().map(|segment| (segment.eci, segment.range.clone()));
    let text = text::decode(&bytes, runs, usual_charset(symbology, &bytes));
    let parity = || u32::from(bytes.iter().fold(0, |parity, byte| parity ^ byte));
    let parity_matches = (symbology == Symbology::Qr).then(|| parity() == id);
    let (text, text_is_guess) = (text.text, text.is_guess);
    JoinedMessage {
        symbology,
        id,
        symbols: order,
        bytes,
        text,
        text_is_guess,
        segments,
        parity_matches,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Point;
    use crate::symbol::StructuredAppend;

    fn part(bytes: &[u8], index: u32, count: u32, id: u32) -> Symbol {
        Symbol {
            structured_append: Some(StructuredAppend { index, count, id }),
            bytes: bytes.to_vec(),
            segments: vec![Segment { eci: None, range: 0..bytes.len() }],
            ..Symbol::new(Symbology::Qr, "", [Point::default(); 4])
        }
    }

    #[test]
    fn characters_cut_in_two_are_whole_again() {
        let whole = "扫码 scan".as_bytes();
        let parity = u32::from(whole.iter().fold(0, |a, b| a ^ b));
        let symbols = [
            part(&whole[4..7], 1, 3, parity),
            part(b"of another message", 0, 2, 9),
            part(&whole[7..], 2, 3, parity),
            part(&whole[..4], 0, 3, parity),
            part(&whole[..4], 0, 3, parity),
            Symbol::new(Symbology::Qr, "alone", [Point::default(); 4]),
        ];
        let messages = join_structured_append(&symbols);
        assert_eq!(messages.len(), 1);
        assert_eq!(messages[0].symbols, [3, 0, 2]);
        assert_eq!(messages[0].text, "扫码 scan");
        assert_eq!(messages[0].segments, [Segment { eci: None, range: 0..whole.len() }]);
        assert_eq!(messages[0].parity_matches, Some(true));
    }

    #[test]
    fn the_last_symbol_may_be_the_only_one_that_tells_their_number() {
        let pdf417 = |part: Symbol| Symbol { symbology: Symbology::Pdf417, ..part };
        let symbols = [
            part(b"alone", 0, 1, 3),
            pdf417(part(b"a", 0, 0, 7)),
            pdf417(part(b"of another", 0, 0, 8)),
            pdf417(part(b"c", 2, 3, 7)),
            pdf417(part(b"b", 1, 0, 7)),
        ];
        let messages = join_structured_append(&symbols);
        let texts: Vec<&str> = messages.iter().map(|message| message.text.as_str()).collect();
        assert_eq!(texts, ["alone", "abc"]);
        assert_eq!(messages[1].symbols, [1, 4, 3]);
        // No message is so long.
        assert_eq!(join_structured_append(&[part(b"a", 0, u32::MAX, 1)]), []);
        assert_eq!(join_structured_append(&[part(b"a", u32::MAX, 1, 1)]), []);
        assert_eq!(join_structured_append(&[part(b"a", 0, 0, 1)]), []);
    }

    #[test]
    fn bytes_without_eci_are_in_the_character_set_of_the_symbology() {
        // Alone each is half of a guess at GB 18030.
        for symbology in [Symbology::Aztec, Symbology::MaxiCode] {
            let of = |part: Symbol| Symbol { symbology, ..part };
            let parts = [of(part(b"\xC4\xE3", 0, 2, 0)), of(part(b"\xBA\xC3", 1, 2, 0))];
            assert_eq!(join_structured_append(&parts)[0].text, "ÄãºÃ");
        }
    }

    #[test]
    fn what_is_missing_or_contradicts_is_not_joined() {
        assert_eq!(join_structured_append(&[]), []);
        assert_eq!(join_structured_append(&[part(b"a", 0, 2, 1)]), []);
        assert_eq!(join_structured_append(&[part(b"a", 0, 2, 1), part(b"b", 1, 2, 2)]), []);
        let twice = [part(b"a", 0, 2, 1), part(b"b", 1, 2, 1), part(b"c", 1, 2, 1)];
        assert_eq!(join_structured_append(&twice), []);
        // A place beyond the last.
        assert_eq!(join_structured_append(&[part(b"a", 0, 2, 1), part(b"b", 2, 2, 1)]), []);
        let wrong_parity = join_structured_append(&[part(b"a", 0, 2, 1), part(b"b", 1, 2, 1)]);
        assert_eq!(wrong_parity[0].parity_matches, Some(false));
    }
}
