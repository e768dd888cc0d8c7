//! Several rounds of one measurement, and their middle.

/// The figures of several rounds.
#[derive(Debug, Default)]
pub(crate) struct Figures(Vec<f64>);

impl Figures {
    /// Adds a round.
    pub(crate) fn push(&mut self, figure: f64) {
        self.0.push(figure);
        self.0.sort_by(f64::total_cmp);
    }

    /// Smallest, middle, largest.
    pub(crate) fn spread(&self) -> (f64, f64, f64) {
        let at = |index: usize| self.0.get(index).copied().unwrap_or(f64::NAN);
        (
            at(0),
            at(self.0.len() / 2),
            at(self.0.len().saturating_sub(1)),
        )
    }

    /// A line of the report.
    pub(crate) fn report(&self, what: &str, unit: &str) {
        let (least, middle, most) = self.spread();
        println!(
            "  {what:48} {middle:>12.1} {unit:10} ({least:.1} to {most:.1}, {} rounds)",
            self.0.len()
        );
    }
}
