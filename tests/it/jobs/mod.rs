mod callbacks;
pub mod fixture;
mod held;
mod killed;
mod outage;
mod run;
mod trouble;
