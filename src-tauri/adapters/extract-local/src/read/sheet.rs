//! Rows of a sheet, as many as are wanted.

/// Collects rows up to a number, and counts the others.
#[derive(Debug)]
pub(crate) struct Rows {
    pub(crate) rows: Vec<Vec<String>>,
    limit: usize,
    left_out: usize,
}

impl Rows {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            rows: Vec::new(),
            limit,
            left_out: 0,
        }
    }

    /// Takes a row that is there so many times; rows without text are passed over.
    pub(crate) fn push(&mut self, mut row: Vec<String>, times: usize) {
        while row.last().is_some_and(|cell| cell.trim().is_empty()) {
            row.pop();
        }
        if row.is_empty() {
            return;
        }
        // A row that is said to repeat a million times says nothing more the hundredth time.
        let times = times.clamp(1, 100);
        let room = self.limit.saturating_sub(self.rows.len());
        self.left_out += times.saturating_sub(room);
        self.rows.extend(std::iter::repeat_n(row, times.min(room)));
    }

    /// Whether no further row is taken.
    pub(crate) fn is_full(&self) -> bool {
        self.rows.len() >= self.limit
    }

    /// What a person should know when rows were left out.
    pub(crate) fn note(&self, name: &str) -> Option<String> {
        let limit = self.limit;
        (self.left_out > 0).then(|| {
            if name.is_empty() {
                format!("a table has more than {limit} rows; the others were left out")
            } else {
                format!("`{name}` has more than {limit} rows; the others were left out")
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_no_more_than_it_should() {
        let mut rows = Rows::new(3);
        let row = |text: &str| vec![text.to_owned(), String::new()];
        rows.push(row(""), 1_000_000);
        rows.push(row("a"), 1);
        assert_eq!(rows.note("Sheet"), None);
        rows.push(row("b"), 1_000_000);
        assert!(rows.is_full());
        assert_eq!(rows.rows, [vec!["a"], vec!["b"], vec!["b"]]);
        assert_eq!(
            rows.note("Sheet").unwrap(),
            "`Sheet` has more than 3 rows; the others were left out"
        );
    }
}
