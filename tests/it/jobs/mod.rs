mod callbacks;
mod fixture;
mod run;
mod trouble;
