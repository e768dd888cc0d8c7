//! Histories as AWS tells them: read, replayed, forked.
#![cfg(test)]

mod forks;
mod histories;
mod reading;
mod replays;
