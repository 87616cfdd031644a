mod callbacks;
pub mod fixture;
mod held;
mod run;
mod trouble;
