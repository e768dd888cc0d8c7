//! Inputs from a corpus: cut, doubled, spliced, flipped, and sprinkled with words.

/// Makes one input after another, the same from the same seed.
#[derive(Debug)]
pub struct Mangler {
    dice: u64,
    corpus: Vec<Vec<u8>>,
    words: &'static [&'static str],
}

/// Bytes that an input may have.
const MOST: usize = 4096;

impl Mangler {
    /// Mangles what is in the corpus.
    pub fn new(seed: u64, corpus: Vec<Vec<u8>>, words: &'static [&'static str]) -> Self {
        Self {
            dice: seed | 1,
            corpus,
            words,
        }
    }

    fn roll(&mut self, sides: usize) -> usize {
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        usize::try_from(self.dice % sides.max(1) as u64).unwrap_or_default()
    }

    fn pick(&mut self) -> Vec<u8> {
        let at = self.roll(self.corpus.len());
        self.corpus.get(at).cloned().unwrap_or_default()
    }

    /// The next input.
    pub fn next_input(&mut self) -> Vec<u8> {
        let mut input = self.pick();
        for _ in 0..=self.roll(8) {
            let (from, to) = (self.roll(input.len() + 1), self.roll(input.len() + 1));
            let (from, to) = (from.min(to), from.max(to));
            match self.roll(8) {
                0 => {
                    input.drain(from..to.min(from + 64));
                }
                1 => {
                    let piece: Vec<u8> = input.drain(from..).take(64).collect();
                    for _ in 0..=self.roll(4) {
                        input.extend_from_slice(&piece);
                    }
                }
                2 => {
                    let other = self.pick();
                    let start = self.roll(other.len() + 1);
                    input.truncate(from);
                    input.extend(other.into_iter().skip(start));
                }
                3 => {
                    let byte = self.roll(256) as u8;
                    if let Some(place) = input.get_mut(from) {
                        *place = byte;
                    }
                }
                4 => {
                    let byte = self.roll(256) as u8;
                    input.insert(from, byte);
                }
                5 => {
                    if let Some(place) = input.get_mut(from) {
                        *place ^= 1 << (to % 8);
                    }
                }
                _ => {
                    let at = self.roll(self.words.len());
                    if let Some(word) = self.words.get(at) {
                        input.splice(from..from, word.bytes());
                    }
                }
            }
            input.truncate(MOST);
        }
        input
    }
}
