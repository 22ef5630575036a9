use proptest::prelude::*;

use super::*;
use crate::ecc::BinaryField;
use crate::testing::Random;

static GF16: BinaryField<16> = BinaryField::new(0x13);
static GF256: BinaryField<256> = BinaryField::new(0x11D);

/// Appends `check` check symbols by dividing by the generator polynomial.
pub(crate) fn encode<F: Field>(
    field: &F,
    first_root: usize,
    data: &[u16],
    check: usize,
) -> Vec<u16> {
    let mut generator = vec![1u16];
    for i in 0..check {
        let root = field.power(first_root + i);
        let mut product = generator.clone();
        product.push(0);
        for (place, &c) in generator.iter().enumerate() {
            product[place + 1] = field.sub(product[place + 1], field.mul(root, c));
        }
        generator = product;
    }
    let mut remainder = data.to_vec();
    remainder.resize(data.len() + check, 0);
    for i in 0..data.len() {
        let factor = remainder[i];
        for (place, &g) in generator.iter().enumerate() {
            remainder[i + place] = field.sub(remainder[i + place], field.mul(factor, g));
        }
    }
    let check_symbols = remainder[data.len()..].iter().map(|&r| field.sub(0, r));
    data.iter().copied().chain(check_symbols).collect()
}

fn distance(a: &[u16], b: &[u16], erasures: &[usize]) -> usize {
    (0..a.len()).filter(|i| !erasures.contains(i) && a[*i] != b[*i]).count()
}

/// Every codeword of a small code, tried one after the other: (7, 3) over GF(16).
#[test]
fn equals_trying_every_codeword() {
    for first_root in [0, 1, 5] {
        let check = 4;
        let code = ReedSolomon::new(&GF16, first_root);
        let all: Vec<Vec<u16>> = (0..16 * 16 * 16)
            .map(|d| encode(&GF16, first_root, &[d >> 8, d >> 4 & 15, d & 15], check))
            .collect();
        let mut random = Random::new(first_root as u64);
        for round in 0..3000 {
            let word: Vec<u16> = (0..7).map(|_| random.below(16) as u16).collect();
            let erased = round % 5;
            let erasures: Vec<usize> = (0..7).skip(random.below(3) as usize).take(erased).collect();
            let radius = (check - erasures.len()) / 2;
            let near = all.iter().find(|c| distance(c, &word, &erasures) <= radius);
            let mut corrected = word.clone();
            let outcome = code.correct(&mut corrected, check, &erasures);
            match near {
                Some(codeword) => {
                    let errors = distance(codeword, &word, &erasures);
                    assert_eq!(&corrected, codeword);
                    assert_eq!(outcome, Some(Corrected { errors, erasures: erasures.len() }));
                }
                None => {
                    assert_eq!(outcome, None);
                    assert_eq!(corrected, word);
                }
            }
        }
    }
}

#[test]
fn worked_example_of_the_qr_standard() {
    // ISO/IEC 18004 annex I: version 1-M, "01234567".
    let data = [
        0x10, 0x20, 0x0C, 0x56, 0x61, 0x80, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC,
        0x11,
    ];
    let check = [0xA5, 0x24, 0xD4, 0xC1, 0xED, 0x36, 0xC7, 0x87, 0x2C, 0x55];
    assert_eq!(encode(&GF256, 0, &data, 10)[16..], check);
}

#[test]
fn impossible_erasures_are_refused() {
    let code = ReedSolomon::new(&GF256, 0);
    let mut word = encode(&GF256, 0, &[1, 2, 3], 4);
    word[0] ^= 1;
    let before = word.clone();
    assert_eq!(code.correct(&mut word, 4, &[7]), None);
    assert_eq!(code.correct(&mut word, 4, &[1, 1]), None);
    assert_eq!(code.correct(&mut word, 4, &[0, 1, 2, 3, 4]), None);
    assert_eq!(code.correct(&mut word, 8, &[]), None);
    assert_eq!(word, before);
    assert_eq!(code.correct(&mut vec![1; 256], 4, &[]), None);
}

/// A code, data for it, and where to damage it: places and what is added there.
fn damaged_word() -> impl Strategy<Value = (usize, usize, Vec<u16>, Vec<usize>, Vec<u16>)> {
    (0usize..3, 2usize..40, 1usize..100).prop_flat_map(|(first_root, check, data)| {
        let places = Just((0..data + check).collect::<Vec<usize>>()).prop_shuffle();
        let values = proptest::collection::vec(1u16..256, data + check);
        let data = proptest::collection::vec(0u16..256, data);
        (Just(first_root), Just(check), data, places, values)
    })
}

proptest! {
    #[test]
    fn corrects_up_to_capacity(
        (first_root, check, data, places, values) in damaged_word(),
        share in 0usize..=100,
    ) {
        let code = ReedSolomon::new(&GF256, first_root);
        let clean = encode(&GF256, first_root, &data, check);
        let erased = check * share / 100;
        let wrong = (check - erased) / 2;
        prop_assume!(erased + wrong <= clean.len());
        let mut word = clean.clone();
        for (&place, &value) in places.iter().zip(&values).take(erased + wrong) {
            word[place] ^= value;
        }
        let outcome = code.correct(&mut word, check, &places[..erased]);
        prop_assert_eq!(&word, &clean);
        prop_assert_eq!(outcome, Some(Corrected { errors: wrong, erasures: erased }));
    }

    #[test]
    fn never_hands_back_what_is_no_codeword(
        (first_root, check, data, places, values) in damaged_word(),
        damage in 0usize..140,
        erased in 0usize..40,
    ) {
        let code = ReedSolomon::new(&GF256, first_root);
        let mut word = encode(&GF256, first_root, &data, check);
        for (&place, &value) in places.iter().zip(&values).take(damage) {
            word[place] ^= value;
        }
        let before = word.clone();
        let erasures = &places[..erased.min(places.len())];
        match code.correct(&mut word, check, erasures) {
            Some(corrected) => {
                prop_assert!(code.syndromes(&word, check).are_zero());
                prop_assert!(2 * corrected.errors + corrected.erasures <= check);
                prop_assert_eq!(distance(&word, &before, erasures), corrected.errors);
            }
            None => prop_assert_eq!(word, before),
        }
    }
}
