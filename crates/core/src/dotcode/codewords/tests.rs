use super::*;
use crate::testing::Random;

/// The mask and so many data codewords with their check codewords.
fn encoded(mask: u16, data: &[u16]) -> Vec<u16> {
    let masked = data.iter().enumerate().map(|(place, &value)| {
        ((usize::from(value) + STEPS[usize::from(mask)] * place) % CODEWORDS) as u16
    });
    let message: Vec<u16> = std::iter::once(mask).chain(masked).collect();
    let length = message.len() + 3 + data.len() / 2;
    let blocks = length.div_ceil(CODEWORDS - 1);
    let mut word = vec![0; length];
    for block in 0..blocks {
        let part: Vec<u16> = message[block..].iter().step_by(blocks).copied().collect();
        let check = (length - block).div_ceil(blocks) - part.len();
        let whole = crate::ecc::encode(&FIELD, 1, &part, check);
        for (place, value) in whole.into_iter().enumerate() {
            word[block + place * blocks] = value;
        }
    }
    word
}

/// The dots of a word, `more` of them left over.
fn dots(word: &[u16], more: usize) -> Vec<i8> {
    let mask = [word[0] >> 1 & 1 == 1, word[0] & 1 == 1];
    let patterns = word[1..].iter().map(|&value| PATTERNS[usize::from(value)]);
    let lit = patterns.flat_map(|pattern| (0..DOTS).map(move |place| is_lit(pattern, place)));
    let lit = mask.into_iter().chain(lit).chain(std::iter::repeat_n(true, more));
    lit.map(|lit| if lit { 80 } else { -80 }).collect()
}

#[test]
fn the_numbers_of_codewords_are_those_that_data_and_check_codewords_add_up_to() {
    let lengths: Vec<usize> = (1..40).map(|data| data + 3 + data / 2).collect();
    for dots in 40..500 {
        let most = lengths.iter().rev().find(|&&length| 2 + 9 * length <= dots);
        assert_eq!(super::lengths(dots).next(), most.copied(), "{dots}");
    }
}

#[test]
fn messages_of_one_and_several_blocks_come_back() {
    let mut random = Random::new(3);
    for (count, mask) in [(1, 0), (2, 1), (3, 2), (17, 3), (73, 1), (74, 2), (400, 3), (730, 0)] {
        let data: Vec<u16> = (0..count).map(|_| random.below(113) as u16).collect();
        for more in [0, 8, 9, 17, 24] {
            let found = correct(&dots(&encoded(mask, &data), more), Depth::Hard);
            let found = found.unwrap_or_else(|_| panic!("{count} codewords, {more} dots more"));
            assert_eq!(found.data, data.iter().map(|&value| value as u8).collect::<Vec<u8>>());
            assert_eq!((found.correction.errors, found.correction.erasures), (0, 0));
            assert_eq!(usize::from(found.correction.capacity), 3 + count / 2);
        }
    }
}

#[test]
fn wrong_and_doubtful_codewords_are_mended() {
    let mut random = Random::new(11);
    let data: Vec<u16> = (0..40).map(|_| random.below(113) as u16).collect();
    let clean = dots(&encoded(2, &data), 3);
    let wanted: Vec<u8> = data.iter().map(|&value| value as u8).collect();
    // 23 check codewords: eleven replaced.
    let mut damaged = clean.clone();
    for place in 0..11 {
        let start = 2 + DOTS * (3 + 5 * place);
        damaged[start..start + DOTS].iter_mut().for_each(|dot| *dot = -*dot);
    }
    assert_eq!(correct(&damaged, Depth::Hard).map(|found| found.data), Ok(wanted.clone()));
    // Twenty in which half of the dots are doubtful and as often wrong as not.
    let mut faded = clean;
    for place in 0..20 {
        for dot in 0..5 {
            let doubtful = if random.below(2) == 0 { 4 } else { -4 };
            faded[2 + DOTS * (2 + 3 * place) + dot] = doubtful;
        }
    }
    assert_eq!(correct(&faded, Depth::Hard), Err(FailureKind::Checksum));
    assert_eq!(correct(&faded, Depth::Soft).map(|found| found.data), Ok(wanted));
}

#[test]
fn corners_that_are_lit_by_force_do_not_matter() {
    let mut random = Random::new(5);
    for count in [2, 3, 9, 30] {
        for _ in 0..20 {
            let data: Vec<u16> = (0..count).map(|_| random.below(113) as u16).collect();
            let mut dots = dots(&encoded(1, &data), 0);
            let first = dots.len() - CORNERS;
            dots[first..].fill(80);
            let found = correct(&dots, Depth::Soft).map(|found| found.data);
            assert_eq!(found, Ok(data.iter().map(|&value| value as u8).collect()));
        }
    }
}

#[test]
fn random_dots_are_no_message() {
    let mut random = Random::new(1);
    for length in [38, 60, 74, 110, 300] {
        for lit in [4, 5, 6] {
            for _ in 0..400 {
                let dots: Vec<i8> = (0..length)
                    .map(|_| {
                        let reliability = 1 + random.below(120) as i8;
                        if random.below(9) < lit { reliability } else { -reliability }
                    })
                    .collect();
                assert!(correct(&dots, Depth::Soft).is_err());
            }
        }
    }
}

#[test]
fn patterns_that_repeat_are_no_message() {
    for length in [74, 101, 200, 450] {
        for period in 1..=18usize {
            for pattern in 0..256usize {
                let lit = |place: usize| (pattern * 0x9E37) >> (place % period) & 1 == 1;
                let dots: Vec<i8> =
                    (0..length).map(|place| if lit(place) { 90 } else { -90 }).collect();
                let found = correct(&dots, Depth::Hard);
                assert!(found.is_err(), "{length} {period} {pattern}: {found:?}");
            }
        }
    }
}
