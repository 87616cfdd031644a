//! `casecheck calendar …`: the bank holidays that working days are counted by.

use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

use crate::calendar::read_feed;
use crate::calendar::render_yaml;
use crate::cli::Failure;
use crate::cli::load;
use crate::cli::output;
use crate::model::Day;
use crate::outbound;
use crate::report::Ink;

#[derive(Debug, Subcommand)]
pub(super) enum CalendarCommand {
    /// Show the calendar in use: its years, and the holidays of one.
    Show {
        /// The year.
        year: Option<i32>,
    },
    /// Fetch the government's bank holidays, check them, and write them to a calendar file. A feed that is bad or cannot be reached
    /// changes nothing.
    Update {
        /// Where to fetch them.
        #[arg(long, default_value = outbound::BANK_HOLIDAYS)]
        url: String,
        /// The file to write: in a catalog folder `rules/calendars/england-and-wales.yaml`.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// A past holiday that is rightly gone from the feed; may be given several times.
        #[arg(long, value_name = "YYYY-MM-DD", value_parser = load::parse_day)]
        confirm: Vec<Day>,
    },
}

pub(super) fn run(command: CalendarCommand, folder: Option<&Path>) -> Result<ExitCode, Failure> {
    let catalog = load::catalog(folder, None)?;
    let calendar = &catalog.pack.calendar;
    match command {
        CalendarCommand::Show { year } => {
            output::out(&format!(
                "{} {}: {} to {}",
                calendar.name(),
                calendar.version(),
                calendar.first_day(),
                calendar.last_day()
            ));
            let ink: Ink = output::ink();
            for holiday in calendar
                .holidays()
                .iter()
                .filter(|holiday| year.is_none_or(|year| holiday.date.ymd().0 == year))
            {
                output::out(&format!("{} {}", holiday.date, ink.dim(&holiday.name)));
            }
            Ok(ExitCode::SUCCESS)
        }
        CalendarCommand::Update { url, out, confirm } => {
            let kept = |why: String| {
                format!("{why}; the calendar `{} {}` stays in use", calendar.name(), calendar.version())
            };
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(|error| error.to_string())?;
            let limits = outbound::Limits::default();
            let text = runtime
                .block_on(outbound::fetch_text(&url, &limits))
                .map_err(|error| kept(error.to_string()))?;
            let today = load::today();
            let feed = read_feed(&text, calendar, &today.to_string(), today, &confirm)
                .map_err(|faults| kept(format!("the feed cannot be used:\n  {}\n", faults.join("\n  "))))?;
            let yaml = render_yaml(&feed.calendar);
            let unfinished = out.with_extension("yaml.unfinished");
            let written = std::fs::write(&unfinished, yaml).and_then(|()| std::fs::rename(&unfinished, &out));
            written
                .map_err(|error| kept(format!("{} cannot be written ({})", out.display(), error.kind())))?;
            feed.added
                .iter()
                .for_each(|holiday| output::out(&format!("added   {} {}", holiday.date, holiday.name)));
            feed.removed
                .iter()
                .for_each(|holiday| output::out(&format!("removed {} {}", holiday.date, holiday.name)));
            output::out(&format!(
                "{} {} written to {}",
                feed.calendar.name(),
                feed.calendar.version(),
                out.display()
            ));
            Ok(ExitCode::SUCCESS)
        }
    }
}
