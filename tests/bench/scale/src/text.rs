//! Words and vectors that look like real ones to an index.

/// A small generator of numbers (SplitMix64): the same seed gives the same store on every machine.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to 1.
    pub(crate) fn part(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Nearly normal: the sum of twelve even numbers.
    fn normal(&mut self) -> f32 {
        ((0..12).map(|_| self.part()).sum::<f64>() - 6.0) as f32
    }
}

const VOCABULARY: f64 = 200_000.0;
/// Words of a passage.
const WORDS: usize = 80;
/// The commonest words, which no question asks for.
const SMALL: u64 = 50;

fn rank(random: &mut Random) -> u64 {
    VOCABULARY.powf(random.part()) as u64
}

fn word(rank: u64) -> String {
    const BEGIN: [&str; 16] = [
        "b", "c", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "st", "tr",
    ];
    const REST: [&str; 8] = ["a", "e", "i", "o", "u", "an", "er", "or"];
    let mut number = rank.wrapping_mul(2_654_435_761) % (1 << 28);
    let mut text = String::new();
    for _ in 0..4 {
        text.push_str(
            BEGIN
                .get((number % 16) as usize)
                .copied()
                .unwrap_or_default(),
        );
        text.push_str(
            REST.get((number / 16 % 8) as usize)
                .copied()
                .unwrap_or_default(),
        );
        number /= 128;
    }
    text
}

/// The text of a passage.
pub(crate) fn passage(number: u64) -> String {
    let mut random = Random(number);
    let words: Vec<String> = (0..WORDS).map(|_| word(rank(&mut random))).collect();
    words.join(" ")
}

/// Five words of a passage that say something.
pub(crate) fn question(number: u64) -> String {
    let mut random = Random(number);
    let mut ranks: Vec<u64> = (0..WORDS)
        .map(|_| rank(&mut random))
        .filter(|rank| *rank > SMALL)
        .collect();
    ranks.dedup();
    let step = (ranks.len() / 5).max(1);
    let words: Vec<String> = ranks.into_iter().step_by(step).take(5).map(word).collect();
    words.join(" ")
}

const DIMENSIONS: usize = 384;
const LATENT: usize = 64;
const CLUSTERS: u64 = 4_000;

/// Vectors in clusters.
pub(crate) struct Vectors {
    /// One row for each latent dimension.
    spread: Vec<[f32; DIMENSIONS]>,
}

impl Vectors {
    pub(crate) fn new() -> Self {
        let mut random = Random(42);
        let spread = (0..LATENT)
            .map(|_| std::array::from_fn(|_| random.normal()))
            .collect();
        Self { spread }
    }

    /// The unit vector of a passage.
    pub(crate) fn of(&self, number: u64) -> Vec<f32> {
        self.near(number, 0.0, 0)
    }

    /// A unit vector at some distance of a passage's.
    pub(crate) fn near(&self, number: u64, away: f32, seed: u64) -> Vec<f32> {
        let mut centre = Random(number.wrapping_mul(31) % CLUSTERS + 1_000_000);
        let mut own = Random(number ^ 0x5555_5555);
        let mut other = Random(seed ^ 0x3333_3333);
        let mut vector = [0.0_f32; DIMENSIONS];
        for row in &self.spread {
            let amount = centre.normal() + 0.6 * own.normal() + away * other.normal();
            for (sum, x) in vector.iter_mut().zip(row) {
                *sum += amount * x;
            }
        }
        let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
        vector.iter().map(|x| x / length).collect()
    }
}
