//! The signs of 4,096 vectors.

/// Vectors in a segment.
pub(crate) const PLACES: usize = 4_096;
/// Words of a bit for each place.
pub(crate) const FLAGS: usize = PLACES / 64;
/// A bit for each place.
pub(crate) type Flags = [u64; FLAGS];

/// The segment of a passage, and its place in there.
pub(crate) fn place(passage: i64) -> (i64, usize) {
    let places = PLACES as i64;
    (
        passage.div_euclid(places),
        passage.rem_euclid(places) as usize,
    )
}

/// Codes by place; a place may be empty.
#[derive(Debug)]
pub(crate) struct Segment {
    words: usize,
    bits: Box<[u64]>,
    present: Flags,
    english: Flags,
}

impl Segment {
    pub(crate) fn empty(words: usize) -> Self {
        Self {
            words,
            bits: vec![0; PLACES * words].into(),
            present: [0; FLAGS],
            english: [0; FLAGS],
        }
    }

    /// As it is stored; what is missing is empty.
    pub(crate) fn of_bytes(words: usize, present: &[u8], english: &[u8], bits: &[u8]) -> Self {
        let mut segment = Self::empty(words);
        fill(&mut segment.present, present);
        fill(&mut segment.english, english);
        fill(&mut segment.bits, bits);
        segment
    }

    pub(crate) fn put(&mut self, place: usize, code: &[u64], english: bool) {
        let start = place * self.words;
        if let Some(slot) = self.bits.get_mut(start..start + self.words)
            && slot.len() == code.len()
        {
            slot.copy_from_slice(code);
            set(&mut self.present, place, true);
            set(&mut self.english, place, english);
        }
    }

    pub(crate) fn remove(&mut self, place: usize) {
        set(&mut self.present, place, false);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.present.iter().all(|word| *word == 0)
    }

    pub(crate) fn code(&self, place: usize) -> Option<&[u64]> {
        self.bits.get(place * self.words..(place + 1) * self.words)
    }

    /// The places that are looked at.
    pub(crate) fn wanted(&self, english_only: bool, allowed: Option<Flags>) -> Flags {
        let mut wanted = self.present;
        for (at, word) in wanted.iter_mut().enumerate() {
            if english_only {
                *word &= self.english.get(at).copied().unwrap_or(0);
            }
            if let Some(allowed) = &allowed {
                *word &= allowed.get(at).copied().unwrap_or(0);
            }
        }
        wanted
    }

    /// Writes how many signs each code has other than the query, `u16::MAX` where it isn't wanted, and counts the wanted ones by
    /// that number; answers with how many are wanted.
    pub(crate) fn distances(
        &self,
        query: &[u64],
        wanted: &Flags,
        into: &mut [u16],
        counts: &mut [usize],
    ) -> usize {
        if wanted.iter().all(|word| *word == 0) {
            into.fill(u16::MAX);
            return 0;
        }
        // The number of words is known to the compiler for the common lengths, so that the loop within goes.
        match self.words {
            6 => fixed::<6>(&self.bits, query, into),
            12 => fixed::<12>(&self.bits, query, into),
            16 => fixed::<16>(&self.bits, query, into),
            words => {
                for (code, slot) in self.bits.chunks_exact(words).zip(into.iter_mut()) {
                    *slot = differences(code, query);
                }
            }
        }
        let mut among = 0;
        for (word, part) in wanted.iter().zip(into.chunks_exact_mut(64)) {
            if *word == u64::MAX {
                among += 64;
            } else {
                among += word.count_ones() as usize;
                for (bit, slot) in part.iter_mut().enumerate() {
                    if word >> bit & 1 == 0 {
                        *slot = u16::MAX;
                    }
                }
            }
            for distance in part {
                if let Some(count) = counts.get_mut(usize::from(*distance)) {
                    *count += 1;
                }
            }
        }
        among
    }
}

fn fixed<const WORDS: usize>(bits: &[u64], query: &[u64], into: &mut [u16]) {
    let Some(query) = query.first_chunk::<WORDS>() else {
        return;
    };
    let (codes, _) = bits.as_chunks::<WORDS>();
    for (code, slot) in codes.iter().zip(into) {
        let mut sum = 0;
        for word in 0..WORDS {
            #[expect(clippy::indexing_slicing, reason = "both arrays have `WORDS` words")]
            {
                sum += (code[word] ^ query[word]).count_ones();
            }
        }
        *slot = sum as u16;
    }
}

fn differences(code: &[u64], query: &[u64]) -> u16 {
    let sum: u32 = code
        .iter()
        .zip(query)
        .map(|(a, b)| (a ^ b).count_ones())
        .sum();
    u16::try_from(sum).unwrap_or(u16::MAX - 1)
}

fn set(flags: &mut Flags, place: usize, on: bool) {
    if let Some(word) = flags.get_mut(place / 64) {
        let bit = 1 << (place % 64);
        *word = if on { *word | bit } else { *word & !bit };
    }
}

fn fill(words: &mut [u64], bytes: &[u8]) {
    let (chunks, _) = bytes.as_chunks::<8>();
    for (word, bytes) in words.iter_mut().zip(chunks) {
        *word = u64::from_le_bytes(*bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_places_and_survives_its_bytes() {
        assert_eq!(place(0), (0, 0));
        assert_eq!(place(4_096), (1, 0));
        assert_eq!(place(8_191), (1, 4_095));
        let mut segment = Segment::empty(2);
        segment.put(5, &[1, u64::MAX], true);
        segment.put(4_095, &[3, 0], false);
        segment.put(4_096, &[3, 0], false);
        segment.put(6, &[3], false);
        let bytes = |words: &[u64]| {
            words
                .iter()
                .flat_map(|w| w.to_le_bytes())
                .collect::<Vec<u8>>()
        };
        let again = Segment::of_bytes(
            2,
            &bytes(&segment.present),
            &bytes(&segment.english),
            &bytes(&segment.bits),
        );
        assert_eq!(again.code(5), Some(&[1, u64::MAX][..]));
        assert_eq!(
            again
                .wanted(true, None)
                .iter()
                .map(|w| w.count_ones())
                .sum::<u32>(),
            1
        );
        assert_eq!(
            again
                .wanted(false, None)
                .iter()
                .map(|w| w.count_ones())
                .sum::<u32>(),
            2
        );
        segment.remove(5);
        assert!(!segment.is_empty());
        segment.remove(4_095);
        assert!(segment.is_empty());
        let cut = Segment::of_bytes(2, &[255], &[], &[1, 2, 3]);
        assert!(cut.is_empty());
    }

    #[test]
    fn distances_are_the_same_for_every_length() {
        for words in [1, 2, 6, 7, 12, 16] {
            let mut segment = Segment::empty(words);
            let code: Vec<u64> = (0..words as u64)
                .map(|n| n * 0x0123_4567_89ab_cdef)
                .collect();
            segment.put(64, &code, true);
            let query = vec![u64::MAX; words];
            let mut into = vec![0; PLACES];
            let mut counts = vec![0; words * 64 + 1];
            let among =
                segment.distances(&query, &segment.wanted(false, None), &mut into, &mut counts);
            let expected: u32 = code.iter().map(|word| word.count_zeros()).sum();
            assert_eq!(
                (among, u32::from(into[64]), into[63]),
                (1, expected, u16::MAX)
            );
            assert_eq!(counts[expected as usize], 1);
        }
    }
}
