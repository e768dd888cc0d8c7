//! Products of a vector with signs: finer than counting how many differ, and nearly as quick.

/// Scalar products of a vector with signs, eight dimensions at a time.
pub(crate) struct Products(Vec<[f32; 256]>);

impl Products {
    pub(crate) fn of(vector: &[f32]) -> Self {
        Self(
            vector
                .chunks(8)
                .map(|part| {
                    let mut table = [0.0; 256];
                    for (signs, slot) in (0_u32..).zip(table.iter_mut()) {
                        *slot = part
                            .iter()
                            .enumerate()
                            .map(|(bit, x)| if signs >> bit & 1 == 1 { *x } else { -*x })
                            .sum();
                    }
                    table
                })
                .collect(),
        )
    }

    /// The product with the vector that has these signs and a length of 1 in each dimension.
    pub(crate) fn with(&self, code: &[u64]) -> f32 {
        let bytes = code.iter().flat_map(|word| word.to_le_bytes());
        self.0
            .iter()
            .zip(bytes)
            .map(|(table, byte)| table.get(usize::from(byte)).copied().unwrap_or(0.0))
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_exact() {
        let vector: Vec<f32> = (0..130)
            .map(|n| (n * 37 % 101) as f32 / 50.0 - 1.0)
            .collect();
        let code = [0x0123_4567_89ab_cdef_u64, u64::MAX, 1];
        let sign = |at: usize| {
            if code[at / 64] >> (at % 64) & 1 == 1 {
                1.0
            } else {
                -1.0
            }
        };
        let expected: f32 = vector.iter().enumerate().map(|(at, x)| sign(at) * x).sum();
        assert!((Products::of(&vector).with(&code) - expected).abs() < 1e-3);
    }
}
