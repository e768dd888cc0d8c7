#![doc = include_str!("../README.md")]

pub mod address;
pub mod date;
pub mod feed;
pub mod gzip;
pub mod html;
pub mod items;
pub mod robots;
pub mod s3;
pub mod scope;
pub mod sitemap;
pub mod trap;
pub mod wait;
mod xml;
