//! Conversations from end to end: documents in, questions, follow-ups, refusals, memory that ends, deletion that leaves nothing. With a
//! model that a real HTTP server on this machine plays, and without any.
#![cfg(test)]

mod answers;
mod forgetting;
mod world;
