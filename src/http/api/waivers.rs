//! `/v1/waivers`: accepted exceptions. They stand beside a finding and never change its outcome; those of the catalog's files are shown too and
//! are changed in their files.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::delete;
use actix_web::get;
use actix_web::post;
use actix_web::web;
use actix_web::web::Data;
use actix_web::web::Path;
use serde::Deserialize;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::api::jobs::owner;
use crate::http::body;
use crate::http::refusal::Kind;
use crate::http::refusal::Refusal;
use crate::http::refusal::Refused;
use crate::http::served::Served;
use crate::model::Day;
use crate::model::FindingId;
use crate::model::Waiver;

/// The largest document of a waiver.
const DOCUMENT: usize = 16 << 10;

/// A waiver that somebody asks for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWaiver {
    /// The rule's id.
    pub rule: String,
    /// The child's id in the authority's system; every child unless given.
    pub child: Option<String>,
    /// One finding only.
    pub finding_id: Option<String>,
    /// `accepted_exception`, `confirmed_correct`, `disputed` or `data_fix_pending`.
    pub disposition: String,
    /// Why.
    pub reason: String,
    /// Who approved it.
    pub approved_by: String,
    /// The last day on which it holds, YYYY-MM-DD.
    pub expires_on: String,
    /// How many findings of a run it covers; one more re-opens all.
    pub covers: Option<u64>,
}

/// A waiver as it is shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WaiverView {
    /// Its id.
    pub id: String,
    /// The rule's id.
    pub rule: String,
    /// The child's id.
    pub child: Option<String>,
    /// One finding only.
    pub finding_id: Option<String>,
    /// What was decided.
    pub disposition: String,
    /// Why.
    pub reason: String,
    /// Who approved it.
    pub approved_by: String,
    /// The last day on which it holds.
    #[schema(value_type = String)]
    pub expires_on: Day,
    /// How many findings it covers.
    pub covers: Option<u64>,
    /// Whether its last day is past.
    pub expired: bool,
    /// `interface`, or `catalog` for those of its files.
    pub from: &'static str,
}

impl WaiverView {
    fn of(waiver: &Waiver, today: Day, from: &'static str) -> Self {
        Self {
            id: waiver.id.clone(),
            rule: waiver.rule.clone(),
            child: waiver.child.clone(),
            finding_id: waiver.finding_id.map(|id| id.to_string()),
            disposition: waiver.disposition.clone(),
            reason: waiver.reason.clone(),
            approved_by: waiver.approved_by.clone(),
            expires_on: waiver.expires_on,
            covers: waiver.covers,
            expired: waiver.expires_on < today,
            from,
        }
    }
}

/// The waivers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WaiverList {
    /// Those of the catalog first.
    pub waivers: Vec<WaiverView>,
}

/// Lists every waiver in force and every expired one.
#[utoipa::path(
    tag = "rules",
    responses((status = 200, description = "The waivers", body = WaiverList), Refused),
    security(("key" = []))
)]
#[get("/v1/waivers")]
pub async fn list_waivers(served: Data<Served>) -> Result<HttpResponse, Refusal> {
    let today = (served.options.today)();
    let kept = served.jobs()?.waivers().await?;
    let in_force = served.in_force.load();
    let files = in_force.catalog.waivers.all().iter().map(|waiver| WaiverView::of(waiver, today, "catalog"));
    let made = kept.iter().map(|waiver| WaiverView::of(waiver, today, "interface"));
    Ok(HttpResponse::Ok().json(WaiverList { waivers: files.chain(made).collect() }))
}

/// Makes a waiver. It is in force for saves at once, and for jobs that begin after.
#[utoipa::path(
    tag = "rules",
    request_body = NewWaiver,
    responses((status = 201, description = "It is in force", body = WaiverView), Refused),
    security(("key" = []))
)]
#[post("/v1/waivers")]
pub async fn add_waiver(
    request: HttpRequest,
    mut payload: web::Payload,
    served: Data<Served>,
) -> Result<HttpResponse, Refusal> {
    body::expect_type(&request, &["application/json"])?;
    let bytes = body::read(&request, &mut payload, DOCUMENT, served.options.body_deadline).await?;
    let asked: NewWaiver = serde_json::from_slice(&bytes).map_err(|error| {
        let detail = "write an object with rule, disposition, reason, approved_by, expires_on, and if need be child, finding_id, covers";
        let place = format!("{detail} (line {}, column {})", error.line(), error.column());
        Refusal::member("", "not_a_waiver", place)
    })?;
    let today = (served.options.today)();
    let waiver = read(&asked, &served, today)?;
    served.jobs()?.add_waiver(&waiver, &owner(&request)).await?;
    served.take_waivers().await?;
    Ok(HttpResponse::Created().json(WaiverView::of(&waiver, today, "interface")))
}

/// The waiver that is asked for, or everything that is wrong with it.
fn read(asked: &NewWaiver, served: &Served, today: Day) -> Result<Waiver, Refusal> {
    let mut refusal =
        Refusal::new(Kind::NotUnderstood, "the waiver is not complete, or names what is not there");
    let mut wrong = Vec::new();
    let mut is_wrong =
        |pointer: &str, detail: String| wrong.push(Refusal::wrong_member(pointer, "unknown_value", detail));
    let in_force = served.in_force.load();
    if !in_force.catalog.pack.ranks.contains(&asked.rule) {
        is_wrong("/rule", "there is no rule of this id; `/v1/rules` lists them".to_owned());
    }
    if !Waiver::DISPOSITIONS.contains(&asked.disposition.as_str()) {
        is_wrong("/disposition", format!("it is one of: {}", Waiver::DISPOSITIONS.join(", ")));
    }
    for (pointer, text) in [("/reason", &asked.reason), ("/approved_by", &asked.approved_by)] {
        if text.trim().is_empty() {
            is_wrong(pointer, "it must be said".to_owned());
        }
    }
    let expires_on = Day::parse(&asked.expires_on).filter(|day| *day >= today);
    if expires_on.is_none() {
        is_wrong("/expires_on", "it is a date that exists, YYYY-MM-DD, today or later".to_owned());
    }
    let finding_id = asked.finding_id.as_deref().map(FindingId::parse);
    if finding_id == Some(None) {
        is_wrong("/finding_id", "a finding's id has 32 hexadecimal digits".to_owned());
    }
    if asked.covers == Some(0) {
        is_wrong("/covers", "it covers one finding at least".to_owned());
    }
    for one in wrong {
        refusal = refusal.with(one);
    }
    match expires_on {
        Some(expires_on) if refusal.document().errors.is_empty() => Ok(Waiver {
            id: format!("W-{}", uuid::Uuid::now_v7().simple()),
            rule: asked.rule.clone(),
            child: asked.child.clone(),
            finding_id: finding_id.flatten(),
            disposition: asked.disposition.clone(),
            reason: asked.reason.clone(),
            approved_by: asked.approved_by.clone(),
            expires_on,
            covers: asked.covers,
        }),
        _ => Err(refusal),
    }
}

/// Takes a waiver back that was made here.
#[utoipa::path(
    tag = "rules",
    params(("id" = String, Path, description = "The waiver's id")),
    responses((status = 204, description = "It is in force no more"), Refused),
    security(("key" = []))
)]
#[delete("/v1/waivers/{id}")]
pub async fn remove_waiver(id: Path<String>, served: Data<Served>) -> Result<HttpResponse, Refusal> {
    if !served.jobs()?.remove_waiver(&id).await? {
        return Err(Refusal::new(
            Kind::NotFound,
            "there is no such waiver here; those of the catalog are changed in its files",
        ));
    }
    served.take_waivers().await?;
    Ok(HttpResponse::NoContent().finish())
}
