use super::*;
use crate::ecc::BinaryField;
use crate::ecc::reed_solomon::tests::encode;
use crate::testing::Random;

static GF256: BinaryField<256> = BinaryField::new(0x11D);
static CODE: ReedSolomon<'static, BinaryField<256>> = ReedSolomon::new(&GF256, 0);

fn random_word(random: &mut Random, len: usize, check: usize) -> Vec<u16> {
    let data: Vec<u16> = (0..len - check).map(|_| random.below(256) as u16).collect();
    encode(&GF256, 0, &data, check)
}

/// The word as bits of amplitude 50 with Gaussian noise of deviation `sigma`.
fn noisy(random: &mut Random, word: &[u16], sigma: f32) -> Vec<[i8; 8]> {
    let mut bit = |one: bool| {
        let level = if one { 50.0 } else { -50.0 };
        (level + sigma * random.gaussian()).round().clamp(-127.0, 127.0) as i8
    };
    word.iter().map(|&s| std::array::from_fn(|i| bit(s << i & 0x80 != 0))).collect()
}

fn correct(bits: &[[i8; 8]], check: usize, depth: Depth) -> Option<Softly> {
    let gains = vec![0.0; bits.len()];
    let received = Received { bits, guide: bits, gains: &gains, check };
    CODE.correct_softly(received, &Judge::of(bits.as_flattened()), depth)
}

#[test]
fn reads_what_hard_decisions_cannot() {
    // (codewords, check codewords, deviation, least of 40 read softly, most of 40 read hard). The
    // codes are those of 1-M, 2-M, 3-L, 6-H and 10-L; at these deviations 5, 5, 2.3, 10 and 2.3 %
    // of the bits are wrong.
    for (len, check, sigma, soft_least, hard_most) in [
        (26, 10, 30.0, 36, 8),
        (44, 16, 30.0, 36, 3),
        (70, 15, 25.0, 36, 8),
        (43, 28, 39.0, 36, 1),
        (86, 18, 25.0, 34, 8),
    ] {
        let mut random = Random::new(len as u64);
        let (mut soft, mut hard) = (0, 0);
        for _ in 0..40 {
            let word = random_word(&mut random, len, check);
            let bits = noisy(&mut random, &word, sigma);
            let read = |depth| correct(&bits, check, depth).filter(|s| s.margin >= ENOUGH);
            if let Some(softly) = read(Depth::Soft) {
                assert_eq!(softly.word, word);
                soft += 1;
            }
            hard += usize::from(read(Depth::Hard).is_some());
        }
        assert!(soft >= soft_least && hard <= hard_most, "{len} {check}: {soft} {hard}");
    }
}

#[test]
fn unseen_symbols_cost_half() {
    let mut random = Random::new(7);
    for _ in 0..50 {
        let word = random_word(&mut random, 44, 16);
        let mut bits = noisy(&mut random, &word, 1.0);
        // Eleven symbols nobody saw, a few of which are 0 by chance: too many for hard decisions.
        bits[5..16].fill([0; 8]);
        assert_eq!(correct(&bits, 16, Depth::Hard), None);
        let softly = correct(&bits, 16, Depth::Soft).expect("eleven erasures of sixteen");
        assert_eq!(softly.word, word);
        assert!(softly.margin >= ENOUGH);
        assert!(2 * softly.corrected.errors + softly.corrected.erasures <= 16);
    }
}

#[test]
fn sure_but_wrong_symbols_beside_unseen_ones() {
    let mut random = Random::new(8);
    for _ in 0..50 {
        let word = random_word(&mut random, 44, 16);
        let mut bits = noisy(&mut random, &word, 5.0);
        bits[5..11].fill([1; 8]);
        for symbol in [20, 21, 22] {
            bits[symbol] = bits[symbol].map(|b| -b);
        }
        let softly = correct(&bits, 16, Depth::Soft).expect("six erasures and three errors");
        assert_eq!(softly.word, word);
        assert!(softly.margin >= ENOUGH, "{}", softly.margin);
    }
}

#[test]
fn garbage_has_no_margin() {
    let mut random = Random::new(9);
    for round in 0..600 {
        let (len, check) = [(26, 7), (26, 17), (44, 16)][round % 3];
        let mut symbol = || std::array::from_fn(|_| (random.gaussian() * 40.0) as i8);
        let bits: Vec<[i8; 8]> = (0..len).map(|_| symbol()).collect();
        let margin = correct(&bits, check, Depth::Soft).map_or(0.0, |s| s.margin);
        assert!(margin < 12.0, "{margin}");
    }
}

#[test]
fn any_shape_is_safe() {
    for (len, check) in [(1, 1), (2, 1), (3, 3), (255, 30), (255, 40), (20, 19)] {
        for value in [0, 1, -1, 127, -128] {
            let bits = vec![[value; 8]; len];
            if let Some(softly) = correct(&bits, check, Depth::Soft) {
                assert!(CODE.syndromes(&softly.word, check).are_zero());
            }
        }
    }
}
