mod callbacks;
pub mod fixture;
mod killed;
mod outage;
mod run;
mod trouble;
