//! The binary value of GS1 DataBar Expanded and its compressed fields (ISO/IEC 24724:2011, 7.2.4
//! and 7.2.5).

use super::ean_upc::check_digit;
use crate::text::GROUP_SEPARATOR;

/// Bits of a character's value.
const CHARACTER: usize = 12;

/// The element string of the characters that follow the check character; `None` if they mean
/// nothing.
pub fn element_string(values: &[u16]) -> Option<Vec<u8>> {
    let mut bits = Bits { values, at: 0 };
    // Whether there is a composite component does not change what this symbol says.
    bits.take(1)?;
    let mut out = Vec::new();
    // Encodation method field (table 15).
    if bits.take(1)? == 1 {
        check_length(&mut bits, values)?;
        let first = bits.take(4)?;
        gtin(&mut bits, first, &mut out)?;
        general(&mut bits, &mut out)?;
        return Some(out);
    }
    if bits.take(1)? == 0 {
        check_length(&mut bits, values)?;
        general(&mut bits, &mut out)?;
        return (!out.is_empty()).then_some(out);
    }
    match bits.take(2)? {
        0b00 => {
            gtin(&mut bits, 9, &mut out)?;
            let weight = bits.take(15)?;
            out.extend(format!("3103{weight:06}").bytes());
        }
        0b01 => {
            gtin(&mut bits, 9, &mut out)?;
            let weight = bits.take(15)?;
            let (decimals, weight) =
                if weight < 10_000 { (2, weight) } else { (3, weight - 10_000) };
            out.extend(format!("320{decimals}{weight:06}").bytes());
        }
        0b10 => {
            let has_currency = bits.take(1)? == 1;
            check_length(&mut bits, values)?;
            gtin(&mut bits, 9, &mut out)?;
            let decimals = bits.take(2)?;
            if has_currency {
                let currency = decimal(bits.take(10)?, 1000)?;
                out.extend(format!("393{decimals}{currency:03}").bytes());
            } else {
                out.extend(format!("392{decimals}").bytes());
            }
            let before = out.len();
            general(&mut bits, &mut out)?;
            if out.len() == before {
                return None;
            }
        }
        _ => {
            // Weights in kilograms or pounds, dates by four identifiers.
            let method = bits.take(3)?;
            gtin(&mut bits, 9, &mut out)?;
            let weight = decimal(bits.take(20)?, 1_000_000)?;
            let unit = 31 + method % 2;
            let (decimals, weight) = (weight / 100_000, weight % 100_000);
            out.extend(format!("{unit}0{decimals}{weight:06}").bytes());
            let date = bits.take(16)?;
            if date != NO_DATE {
                let (year, month, day) = (date / 384, date / 32 % 12 + 1, date % 32);
                decimal(year, 100)?;
                out.extend(format!("{}{year:02}{month:02}{day:02}", 11 + method / 2 * 2).bytes());
            }
        }
    }
    Some(out)
}

/// What stands for no date: one more than the last day of the year 99.
const NO_DATE: u32 = 38_400;

/// A number that must be below `limit`.
fn decimal(number: u32, limit: u32) -> Option<u32> {
    (number < limit).then_some(number)
}

/// The variable length symbol field: whether the number of characters, the check character
/// included, is odd, and whether there are more than 14 (7.2.5.2).
fn check_length(bits: &mut Bits<'_>, values: &[u16]) -> Option<()> {
    let characters = values.len() + 1;
    let expected = 2 * u32::from(characters % 2 == 1) + u32::from(characters > 14);
    (bits.take(2)? == expected).then_some(())
}

/// A GTIN of which the first digit is known: twelve digits by three, the check digit calculated.
fn gtin(bits: &mut Bits<'_>, first: u32, out: &mut Vec<u8>) -> Option<()> {
    let mut digits = format!("{}", decimal(first, 10)?);
    for _ in 0..4 {
        digits += &format!("{:03}", decimal(bits.take(10)?, 1000)?);
    }
    let values: Vec<u8> = digits.bytes().map(|digit| digit - b'0').collect();
    out.extend(format!("01{digits}{}", check_digit(&values)).bytes());
    Some(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Numeric,
    Alphanumeric,
    Iso646,
}

/// Characters of ISO 646 mode from value 232 on (table 18).
const ISO646: &[u8; 21] = b"!\"%&'()*+,-./:;<=>?_ ";
/// Characters of alphanumeric mode from value 58 on (table 17).
const ALPHANUMERIC: &[u8; 5] = b"*,-./";

/// The general purpose data compaction field (7.2.5.5); it ends where bits are too few for
/// anything.
fn general(bits: &mut Bits<'_>, out: &mut Vec<u8>) -> Option<()> {
    let mut mode = Mode::Numeric;
    loop {
        let left = bits.left();
        if mode == Mode::Numeric {
            if left < 4 {
                break;
            }
            if left < 7 {
                // A last digit alone.
                let digit = bits.take(4)?;
                if digit > 0 {
                    out.push(b'0' + decimal(digit - 1, 10)? as u8);
                }
                break;
            }
            if bits.peek(4)? == 0 {
                bits.take(4)?;
                mode = Mode::Alphanumeric;
                continue;
            }
            let pair = bits.take(7)? - 8;
            for digit in [pair / 11, pair % 11] {
                out.push(if digit == 10 { GROUP_SEPARATOR } else { b'0' + digit as u8 });
            }
            continue;
        }
        if left < 3 {
            break;
        }
        if bits.peek(3)? == 0 {
            bits.take(3)?;
            mode = Mode::Numeric;
            continue;
        }
        if left < 5 {
            break;
        }
        match (bits.peek(5)?, mode) {
            (0b00100, _) => {
                bits.take(5)?;
                let is_iso = mode == Mode::Iso646;
                mode = if is_iso { Mode::Alphanumeric } else { Mode::Iso646 };
            }
            (0b01111, _) => {
                bits.take(5)?;
                out.push(GROUP_SEPARATOR);
                // FNC1 latches to numeric mode. Some encoders add a latch of their own: nothing but
                // digits can follow here.
                mode = Mode::Numeric;
                if bits.left() >= 7 && bits.peek(4)? == 0 {
                    bits.take(3)?;
                }
            }
            (digit @ 5..15, _) => {
                bits.take(5)?;
                out.push(b'0' + (digit - 5) as u8);
            }
            (_, Mode::Alphanumeric) => {
                if left < 6 {
                    break;
                }
                let value = bits.take(6)? - 32;
                out.push(match value {
                    0..26 => b'A' + value as u8,
                    _ => *ALPHANUMERIC.get(value as usize - 26)?,
                });
            }
            (start, _) if start < 29 => {
                if left < 7 {
                    break;
                }
                let value = bits.take(7)? as u8 - 64;
                out.push(if value < 26 { b'A' + value } else { b'a' + (value - 26) });
            }
            _ => {
                if left < 8 {
                    break;
                }
                out.push(*ISO646.get(bits.take(8)? as usize - 232)?);
            }
        }
    }
    // The last pair of digits may be a digit and a separator that separates nothing.
    if out.last() == Some(&GROUP_SEPARATOR) {
        out.pop();
    }
    Some(())
}

/// Bits of the characters' values, the highest first.
struct Bits<'a> {
    values: &'a [u16],
    at: usize,
}

impl Bits<'_> {
    fn left(&self) -> usize {
        self.values.len() * CHARACTER - self.at
    }

    /// The next bits as a number, `None` if there are not as many.
    fn peek(&self, count: usize) -> Option<u32> {
        (count <= self.left()).then(|| {
            (self.at..self.at + count).fold(0, |number, bit| {
                let value = self.values[bit / CHARACTER];
                number << 1 | u32::from(value >> (CHARACTER - 1 - bit % CHARACTER) & 1)
            })
        })
    }

    fn take(&mut self, count: usize) -> Option<u32> {
        let number = self.peek(count)?;
        self.at += count;
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What bits written as text mean, filled up to `count` characters by padding (7.2.5.5.3).
    fn filled(bits: &str, count: usize, in_numeric: bool) -> Option<String> {
        let mut bits: Vec<u16> =
            bits.chars().filter_map(|c| c.to_digit(2)).map(|bit| bit as u16).collect();
        let latch = [0, 0, 0, 0].into_iter().take(if in_numeric { 4 } else { 0 });
        let padding = latch.chain([0, 0, 1, 0, 0].into_iter().cycle());
        let missing = (count * CHARACTER).saturating_sub(bits.len());
        bits.extend(padding.take(missing));
        let values: Vec<u16> = bits
            .chunks(CHARACTER)
            .map(|chunk| chunk.iter().fold(0, |value, bit| value << 1 | bit))
            .collect();
        element_string(&values).map(|out| String::from_utf8(out).unwrap())
    }

    fn text(bits: &str, count: usize) -> Option<String> {
        filled(bits, count, false)
    }

    /// The twelve digits 001234567890 by three.
    const DIGITS: &str = "0000000001 0011101010 1000110111 1101111010";

    #[test]
    fn fixed_fields() {
        // (01)90012345678908 with a weight of 1.750 kg; with 0.156 lb and 0.01 lb.
        let weighed = |method: &str, weight: &str| text(&format!("0{method}{DIGITS}{weight}"), 5);
        assert_eq!(weighed("0100", "000011011010110").unwrap(), "01900123456789083103001750");
        assert_eq!(weighed("0101", "000000010011100").unwrap(), "01900123456789083202000156");
        assert_eq!(weighed("0101", "010011100010001").unwrap(), "01900123456789083203000001");
    }

    #[test]
    fn weights_with_dates() {
        let dated = |method: u32, date: u32| {
            text(&format!("0{method:07b}{DIGITS}{:020b}{date:016b}", 201_750), 7).unwrap()
        };
        let date = 12 + 32 * (2 + 12 * 10);
        for (method, expected) in [
            (56, "0190012345678908310200175011100312"),
            (57, "0190012345678908320200175011100312"),
            (58, "0190012345678908310200175013100312"),
            (59, "0190012345678908320200175013100312"),
            (60, "0190012345678908310200175015100312"),
            (61, "0190012345678908320200175015100312"),
            (62, "0190012345678908310200175017100312"),
            (63, "0190012345678908320200175017100312"),
        ] {
            assert_eq!(dated(method, date), expected);
        }
        assert_eq!(dated(56, NO_DATE), "01900123456789083102001750");
        assert_eq!(text(&format!("0{:07b}{DIGITS}{:020b}{:016b}", 56, 1_000_000, date), 7), None);
    }

    #[test]
    fn prices() {
        let pair = |a: u32, b: u32| format!("{:07b}", 11 * a + b + 8);
        // Without a currency: the digits 7 9 and 5, filled up by FNC1.
        let price = |length: &str| {
            let bits = format!("001100 {length} {DIGITS} 10 {} {}", pair(7, 9), pair(5, 10));
            filled(&bits, 6, true)
        };
        assert_eq!(price("10").unwrap(), "01900123456789083922795");
        // Seven characters are not an even number, nor more than 14.
        assert_eq!((price("00"), price("11")), (None, None));
        let euro = format!("001101 10 {DIGITS} 10 {:010b} {}", 978, pair(1, 2));
        assert_eq!(filled(&euro, 6, true).unwrap(), "0190012345678908393297812");
    }

    #[test]
    fn modes_of_the_general_field() {
        let pair = |a: u32, b: u32| format!("{:07b}", 11 * a + b + 8);
        // (10)12A: numeric 10 12, latch, A.
        let batch = format!("0 00 00 {} {} 0000 100000", pair(1, 0), pair(1, 2));
        assert_eq!(text(&batch, 3).unwrap(), "1012A");
        // Small letters and all the rest in ISO 646 mode.
        let small = format!("0 00 10 {} 0000 00100 {:07b} {:08b} 00110", pair(1, 0), 90, 252);
        assert_eq!(text(&small, 4).unwrap(), "10a 1");
        // FNC1 ends a field; the latch to numeric after it is its own, or an encoder's mistake.
        for latch in ["", "000"] {
            let two = format!(
                "0 00 00 {} 0000 100000 01111 {latch} {} {}",
                pair(1, 0),
                pair(3, 7),
                pair(1, 10)
            );
            assert_eq!(filled(&two, 5, true).unwrap(), "10A\u{1d}371", "{latch}");
        }
        // A last digit alone.
        assert_eq!(
            text(&format!("0 00 10 {} {} 0011 0", pair(1, 0), pair(1, 2)), 2).unwrap(),
            "10122"
        );
        assert_eq!(text("0 00 00 0000", 1), None);
        assert_eq!(element_string(&[]), None);
    }
}
