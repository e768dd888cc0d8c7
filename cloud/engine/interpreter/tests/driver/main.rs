//! The driver over ports in memory.

#[cfg(test)]
mod driving;
