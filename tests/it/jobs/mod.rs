mod callbacks;
pub mod fixture;
mod forecast;
mod held;
mod killed;
mod outage;
mod run;
mod trouble;
