//! Numeric Compaction (ISO/IEC 15438, 5.4.4).

/// Codewords that are one number.
pub const GROUP: usize = 15;

/// The digits of a group of at most [`GROUP`] codewords: in base 900 the digits with a 1 before
/// them.
pub fn digits(group: &[u16]) -> Option<Vec<u8>> {
    if group.len() > GROUP || group.iter().any(|&codeword| codeword >= 900) {
        return None;
    }
    // Decimal digits, the last first.
    let mut decimal: Vec<u8> = Vec::with_capacity(3 * GROUP);
    for &codeword in group {
        let mut carry = u32::from(codeword);
        for digit in &mut decimal {
            let value = 900 * u32::from(*digit) + carry;
            *digit = (value % 10) as u8;
            carry = value / 10;
        }
        while carry > 0 {
            decimal.push((carry % 10) as u8);
            carry /= 10;
        }
    }
    let marker = decimal.pop()?;
    (marker == 1).then(|| decimal.iter().rev().map(|digit| b'0' + digit).collect())
}
