//! Reads what is asked of a new job: parts of a form with files, or a JSON document that names an address.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::extracts::Confirmed;
use crate::http::parts::Parts;
use crate::http::refusal::Refusal;
use crate::jobs::Ask;
use crate::jobs::Hold;
use crate::jobs::Upload;
use crate::model::Day;
use crate::model::Stage;

/// The longest text of a part that is no file, in bytes.
const TEXT: usize = 2_000;

/// The most parts of a form that are no files.
const TEXTS: usize = 1_000;

/// The most columns that are confirmed.
pub const COLUMNS: usize = 500;

/// The parts that are no files.
const PARTS: [&str; 7] = ["as_at", "stage", "include", "layout", "column", "baseline", "callback"];

/// A job whose input is at an address.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JobDocument {
    /// The address of the input; its host must be one that an operator allows.
    pub url: String,
    /// The day as at which records are judged, YYYY-MM-DD; today in London unless given.
    pub as_at: Option<String>,
    /// `draft`, `complete`, `authorised` or `closed`.
    pub stage: Option<String>,
    /// `findings` unless given; `all` for every outcome.
    pub include: Option<String>,
    /// The layout of tables.
    pub layout: Option<String>,
    /// Columns that are confirmed, each `WRITTEN=COLUMN`.
    #[serde(default)]
    pub column: Vec<String>,
    /// The job to compare with.
    pub baseline: Option<String>,
    /// Where to tell that the job has ended.
    pub callback: Option<String>,
}

/// A job as a form: files, and beside them what is asked.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the parts of the form; they are read one by one")]
pub struct JobForm {
    /// Files of records (JSON, NDJSON, gzip, zstd), or the tables of an extract; at least one.
    #[schema(value_type = Vec<String>, format = Binary)]
    file: Vec<Vec<u8>>,
    /// The day as at which records are judged, YYYY-MM-DD; today in London unless given.
    as_at: Option<String>,
    /// `draft`, `complete`, `authorised` or `closed`.
    stage: Option<String>,
    /// `findings` unless given; `all` for every outcome.
    include: Option<String>,
    /// The layout of tables.
    layout: Option<String>,
    /// A column that is confirmed, `WRITTEN=COLUMN`; may be given several times.
    column: Vec<String>,
    /// The job to compare with.
    baseline: Option<String>,
    /// Where to tell that the job has ended.
    callback: Option<String>,
}

/// What is asked of a job, while its parts are read.
pub struct Asking {
    ask: Ask,
    dated: bool,
}

impl Asking {
    /// Nothing asked yet; judged as at this day unless another is named.
    pub fn new(today: Day) -> Self {
        let ask = Ask {
            as_at: today,
            stage: None,
            include_all: false,
            layout: None,
            columns: Vec::new(),
            baseline: None,
            callback: None,
            hold: Hold::Never,
            files: Vec::new(),
            left: Vec::new(),
        };
        Self { ask, dated: false }
    }

    /// Takes in a part that is no file. One that is empty says nothing, as forms send it.
    pub fn take(&mut self, name: &str, text: &str) -> Result<(), Refusal> {
        let wrong = |detail: &str| Refusal::parameter(name, "unknown_value", detail, []);
        let text = text.trim();
        if text.is_empty() && PARTS.contains(&name) {
            return Ok(());
        }
        match name {
            "as_at" => {
                let day = Day::parse(text);
                self.ask.as_at = day.ok_or_else(|| wrong("`as_at` takes a date that exists, YYYY-MM-DD"))?;
                self.dated = true;
            }
            "stage" => {
                let stage = Stage::from_word(text);
                self.ask.stage =
                    Some(stage.ok_or_else(|| wrong("`stage` takes draft, complete, authorised or closed"))?);
            }
            "include" => match text {
                "all" => self.ask.include_all = true,
                "findings" => {}
                _ => return Err(wrong("`include` takes all or findings")),
            },
            "layout" => self.ask.layout = Some(text.to_owned()),
            "column" => {
                if self.ask.columns.len() == COLUMNS {
                    return Err(Refusal::parameter(
                        name,
                        "too_many",
                        format!("at most {COLUMNS} columns"),
                        [],
                    ));
                }
                self.ask.columns.push(Confirmed::parse(text).ok_or_else(|| wrong(Confirmed::FORM))?);
            }
            "baseline" => self.ask.baseline = Some(text.to_owned()),
            "callback" => self.ask.callback = Some(text.to_owned()),
            _ => {
                let detail = format!("there is no such part; there are file, {}", PARTS.join(", "));
                return Err(Refusal::parameter("", "unknown_parameter", detail, PARTS));
            }
        }
        Ok(())
    }

    /// Takes in a document.
    pub fn take_document(&mut self, document: &JobDocument) -> Result<(), Refusal> {
        let parts = [
            ("as_at", &document.as_at),
            ("stage", &document.stage),
            ("include", &document.include),
            ("layout", &document.layout),
            ("baseline", &document.baseline),
            ("callback", &document.callback),
        ];
        for (name, text) in parts {
            if let Some(text) = text {
                self.take(name, text)?;
            }
        }
        document.column.iter().try_for_each(|column| self.take("column", column))
    }

    /// Takes in a form, its files into the upload as they come.
    pub async fn take_form(&mut self, form: &mut Parts, upload: &mut Upload) -> Result<(), Refusal> {
        read_form(form, upload, |name, text| self.take(name, text)).await
    }

    /// What was asked, and whether the day was named.
    pub fn asked(self) -> (Ask, bool) {
        (self.ask, self.dated)
    }
}

/// Reads a form: its files into the upload as they come, its texts to whoever takes them.
pub async fn read_form(
    form: &mut Parts,
    upload: &mut Upload,
    mut take: impl FnMut(&str, &str) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut texts = 0;
    while let Some(mut part) = form.next().await? {
        let is_file = part.file.is_some() || part.name == "file";
        texts += usize::from(!is_file);
        if texts > TEXTS {
            let detail = format!("at most {TEXTS} parts beside the files");
            return Err(Refusal::parameter("", "too_many", detail, []));
        }
        let mut text = Vec::new();
        let mut begun = false;
        while let Some(bytes) = part.more().await? {
            if is_file {
                if !begun {
                    upload.file(part.file.as_deref().unwrap_or_default()).await?;
                    begun = true;
                }
                upload.write(&bytes).await?;
            } else if text.len() + bytes.len() > TEXT {
                // Only a name of ours is said again: one of the caller's may be anything.
                let own = PARTS.into_iter().find(|own| *own == part.name).unwrap_or_default();
                return Err(Refusal::parameter(own, "too_long", "this part is too long", []));
            } else {
                text.extend_from_slice(&bytes);
            }
        }
        match part.file.as_deref() {
            // A form whose file was not chosen sends an empty one without a name.
            Some(file) if is_file && !begun && !file.is_empty() => upload.file(file).await?,
            _ if is_file => {}
            _ => take(&part.name, &String::from_utf8_lossy(&text))?,
        }
    }
    Ok(())
}
