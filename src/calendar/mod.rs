//! Time: limits as people write them, moments as systems record them, and the days on which a duty falls due.
//!
//! `rules` counts with a [`Calendar`]; `catalog` reads the calendar and term files and makes it; `cli` brings it up to date
//! through [`read_feed`]. Nothing here reads a clock, a file or the network: the day it is comes in from the caller.
//! The counting conventions, with their legal sources, are in `docs/RULES.md` under "Time".

mod due;
mod fault;
mod feed;
mod limit;
mod london;
mod moment;
mod table;
mod terms;
mod working;

pub use due::Due;
pub use due::Unknown;
pub use fault::CalendarFault;
pub use feed::FeedCalendar;
pub use feed::read_feed;
pub use feed::render_yaml;
pub use limit::Limit;
pub use limit::LimitRange;
pub use limit::Unit;
pub use london::written_utc;
pub use moment::Moment;
pub use terms::Term;
pub use terms::TermName;
pub use terms::Terms;
pub use working::Calendar;
pub use working::Holiday;
