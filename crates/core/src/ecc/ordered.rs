//! Ordered statistics decoding: Reed–Solomon codes decoded as binary codes (Fossorier and Lin,
//! "Soft-decision decoding of linear block codes based on ordered statistics", 1995).
//!
//! The check equations are solved for the least reliable bits, so that the others, which are
//! probably right, determine them. Taking the others as read gives a codeword; flipping one or two
//! of them gives more; the codeword that contradicts the least reliability in sum is the result.
//! There is always one: whether to believe it is another question (see [`super::evidence`]).

use super::field::Field;
use super::reed_solomon::ReedSolomon;

/// How many determining bits are flipped one at a time, from the least reliable on.
const SINGLES: usize = 1000;
/// How many of them are also flipped in pairs.
const PAIRS: usize = 160;

/// The most check symbols a code may have: a [`Vector`] holds eight bits of each.
const MAX_CHECK: usize = 32;

/// One bit for each check equation.
type Vector = [u64; MAX_CHECK / 8];

/// The codeword of a code over GF(256) nearest to `bits` among those tried. `bits` are eight signed
/// reliabilities for each symbol, positive for 1, the highest bit first; the last `check` symbols
/// are check symbols. `None` for codes of other shapes than this is made for.
pub fn likeliest<F: Field>(
    code: &ReedSolomon<'_, F>,
    bits: &[[i8; 8]],
    check: usize,
) -> Option<Likeliest> {
    let len = bits.len();
    if code.field().order() != 256 || check > MAX_CHECK || len >= 256 || len < check {
        return None;
    }
    let mut word: Vec<u16> = bits.iter().map(hard).collect();
    let weight = |column: u16| {
        u32::from(bits[usize::from(column) / 8][usize::from(column) % 8].unsigned_abs())
    };
    let mut columns: Vec<u16> = (0..8 * len as u16).collect();
    columns.sort_by_key(|&column| weight(column));

    let (solver, free) = Solver::solve(code, len, check, &columns)?;
    let determined = Weights::new(check, |row| weight(solver.pivots[row]));
    let syndromes = code.syndromes(&word, check);
    let read = solver.transformed(&pack(syndromes.values().iter().copied()));
    let flips: Vec<Flip> = free
        .iter()
        .take(SINGLES)
        .map(|&column| {
            let effect = solver.transformed(&check_vector(code, len, check, column));
            Flip { column, weight: weight(column), effect }
        })
        .collect();
    let (chosen, wrong, tries) = search(&read, &flips, &determined);
    for column in chosen {
        flip(&mut word, column);
    }
    for (row, &column) in solver.pivots.iter().enumerate() {
        if wrong[row / 64] >> (row % 64) & 1 == 1 {
            flip(&mut word, column);
        }
    }
    debug_assert!(code.syndromes(&word, check).are_zero());
    Some(Likeliest { word, determined: solver.pivots, tries })
}

/// A codeword found by ordered statistics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likeliest {
    /// The codeword.
    pub word: Vec<u16>,
    /// The bits that followed from the others, counted from the highest of the first symbol: as
    /// many as the code has check bits.
    pub determined: Vec<u16>,
    /// How many codewords were looked at.
    pub tries: u32,
}

/// A determining bit that may be flipped, and which determined bits change with it.
struct Flip {
    column: u16,
    weight: u32,
    effect: Vector,
}

/// Which columns to flip, and which determined bits are wrong then.
fn search(read: &Vector, flips: &[Flip], determined: &Weights) -> (Vec<u16>, Vector, u32) {
    let mut best = (determined.sum(read), vec![], *read);
    let mut tries = 1;
    for (i, one) in flips.iter().enumerate() {
        // Weights rise: from here on every flip alone costs more than the best in all.
        if one.weight >= best.0 {
            break;
        }
        let with_one = xor(read, &one.effect);
        let sum = one.weight + determined.sum(&with_one);
        tries += 1;
        if sum < best.0 {
            best = (sum, vec![one.column], with_one);
        }
        for two in flips.iter().take(if i < PAIRS { i } else { 0 }) {
            if one.weight + two.weight >= best.0 {
                break;
            }
            let with_two = xor(&with_one, &two.effect);
            let sum = one.weight + two.weight + determined.sum(&with_two);
            tries += 1;
            if sum < best.0 {
                best = (sum, vec![one.column, two.column], with_two);
            }
        }
    }
    (best.1, best.2, tries)
}

/// Check equations being solved for one column after the other.
struct Solver {
    /// What the row operations done so far make of each unit vector.
    transformation: Vec<Vector>,
    /// The column each row is solved for.
    pivots: Vec<u16>,
}

impl Solver {
    /// Solves for the first columns in order that determine each other; returns the others too.
    fn solve<F: Field>(
        code: &ReedSolomon<'_, F>,
        len: usize,
        check: usize,
        columns: &[u16],
    ) -> Option<(Self, Vec<u16>)> {
        let rows = 8 * check;
        let unit = |row: usize| {
            let mut vector = Vector::default();
            vector[row / 64] = 1 << (row % 64);
            vector
        };
        let mut solver =
            Self { transformation: (0..rows).map(unit).collect(), pivots: vec![0; rows] };
        let mut unsolved = pack(std::iter::repeat_n(0xFF, check));
        let mut free = Vec::with_capacity(columns.len() - rows);
        for &column in columns {
            if unsolved == Vector::default() {
                free.push(column);
                continue;
            }
            let vector = solver.transformed(&check_vector(code, len, check, column));
            let Some(row) = first_set(&vector, &unsolved) else {
                free.push(column);
                continue;
            };
            solver.pivots[row] = column;
            let (word, bit) = (row / 64, row % 64);
            unsolved[word] &= !(1 << bit);
            let mut others = vector;
            others[word] &= !(1 << bit);
            for image in &mut solver.transformation {
                // All ones where the image contains the row, without a branch to mispredict.
                let mask = (image[word] >> bit & 1).wrapping_neg();
                for (image, &other) in image.iter_mut().zip(&others) {
                    *image ^= other & mask;
                }
            }
        }
        (unsolved == Vector::default()).then_some((solver, free))
    }

    /// The vector after the row operations.
    fn transformed(&self, vector: &Vector) -> Vector {
        let mut sum = Vector::default();
        for (word, images) in vector.iter().zip(self.transformation.chunks(64)) {
            let mut rest = *word;
            while rest != 0 {
                let image = images[rest.trailing_zeros() as usize % images.len()];
                sum = xor(&sum, &image);
                rest &= rest - 1;
            }
        }
        sum
    }
}

/// Sums of the weights of any set of rows, eight rows at a time.
struct Weights(Vec<[u16; 256]>);

impl Weights {
    fn new(check: usize, weight: impl Fn(usize) -> u32) -> Self {
        let table = |chunk: usize| {
            let mut table = [0; 256];
            for bit in 0..8 {
                let weight = weight(8 * chunk + bit) as u16;
                for low in 0..1 << bit {
                    table[low | 1 << bit] = table[low] + weight;
                }
            }
            table
        };
        Self((0..check).map(table).collect())
    }

    fn sum(&self, rows: &Vector) -> u32 {
        let bytes = rows.iter().flat_map(|word| word.to_le_bytes());
        self.0.iter().zip(bytes).map(|(table, byte)| u32::from(table[usize::from(byte)])).sum()
    }
}

/// What a bit contributes to the syndromes.
fn check_vector<F: Field>(
    code: &ReedSolomon<'_, F>,
    len: usize,
    check: usize,
    column: u16,
) -> Vector {
    let field = code.field();
    let degree = len - 1 - usize::from(column) / 8;
    let step = field.power(degree);
    let first = field.mul(0x80 >> (column % 8), field.power(degree * code.first_root()));
    pack(std::iter::successors(Some(first), |&value| Some(field.mul(value, step))).take(check))
}

fn pack(symbols: impl Iterator<Item = u16>) -> Vector {
    let mut vector = Vector::default();
    for (place, symbol) in symbols.enumerate() {
        vector[place / 8] |= u64::from(symbol) << (8 * (place % 8));
    }
    vector
}

#[inline]
fn xor(a: &Vector, b: &Vector) -> Vector {
    std::array::from_fn(|i| a[i] ^ b[i])
}

fn first_set(a: &Vector, b: &Vector) -> Option<usize> {
    let both = a.iter().zip(b).map(|(a, b)| a & b);
    let mut places = both.enumerate().filter(|&(_, word)| word != 0);
    places.next().map(|(place, word)| 64 * place + word.trailing_zeros() as usize)
}

/// The symbol as read.
pub(super) fn hard(bits: &[i8; 8]) -> u16 {
    bits.iter().fold(0, |value, &bit| value << 1 | u16::from(bit > 0))
}

fn flip(word: &mut [u16], column: u16) {
    word[usize::from(column) / 8] ^= 0x80 >> (column % 8);
}
