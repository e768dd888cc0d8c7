//! Vectors as signed bytes.

/// A vector as signed bytes and the number that each is to be multiplied by.
pub(crate) fn to_bytes(vector: &[f32]) -> (f64, Vec<u8>) {
    let largest = vector.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
    if largest == 0.0 {
        return (0.0, vec![0; vector.len()]);
    }
    let bytes = vector
        .iter()
        .map(|x| ((x / largest * 127.0).round() as i8).to_le_bytes())
        .map(|[byte]| byte)
        .collect();
    (f64::from(largest) / 127.0, bytes)
}

/// The scalar product of a query with a stored vector.
pub(crate) fn product(query: &[f32], scale: f64, bytes: &[u8]) -> f64 {
    let sum: f32 = query
        .iter()
        .zip(bytes)
        .map(|(x, byte)| x * f32::from(i8::from_le_bytes([*byte])))
        .sum();
    f64::from(sum) * scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_within_a_percent() {
        let vector: Vec<f32> = (0..384)
            .map(|n| ((n * 37 % 101) as f32 - 50.0) / 1000.0)
            .collect();
        let exact: f32 = vector.iter().map(|x| x * x).sum();
        let (scale, bytes) = to_bytes(&vector);
        let rounded = product(&vector, scale, &bytes);
        assert!((rounded - f64::from(exact)).abs() < 0.01 * f64::from(exact));
        assert_eq!(product(&[1.0], to_bytes(&[0.0]).0, &[0]), 0.0);
    }
}
