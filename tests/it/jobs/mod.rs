mod callbacks;
pub mod fixture;
mod run;
mod trouble;
