//! `GET /v1/standards`: the areas that rules belong to, with what no machine can judge.

use actix_web::HttpResponse;
use actix_web::get;
use actix_web::web::Data;
use utoipa::ToSchema;

use crate::catalog::Registered;
use crate::http::refusal::Refused;
use crate::http::served::Served;

/// A standard.
#[derive(Clone, Debug, serde::Serialize, ToSchema)]
pub struct StandardLine {
    /// Its name in addresses and files.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// One sentence.
    pub about: String,
    /// The ids of its rules.
    pub rules: Vec<String>,
    /// What no machine can judge, with the question that a person answers instead.
    pub registered: Vec<Registered>,
}

/// The standards.
#[derive(Clone, Debug, serde::Serialize, ToSchema)]
pub struct StandardList {
    /// In the order of reports.
    pub standards: Vec<StandardLine>,
}

/// Lists the standards.
#[utoipa::path(
    tag = "rules",
    responses((status = 200, description = "The standards", body = StandardList), Refused),
    security(("key" = []))
)]
#[get("/v1/standards")]
pub async fn list_standards(served: Data<Served>) -> HttpResponse {
    let in_force = served.in_force.load();
    let (pack, register) = (&in_force.catalog.pack, &in_force.catalog.register);
    let standards = pack.standards.iter().map(|standard| StandardLine {
        id: standard.id.clone(),
        title: standard.title.clone(),
        about: standard.about.clone(),
        rules: pack
            .rules
            .iter()
            .filter(|rule| rule.facts.standard == standard.id)
            .map(|rule| rule.facts.id.clone())
            .collect(),
        registered: register.iter().filter(|entry| entry.standard == standard.id).cloned().collect(),
    });
    HttpResponse::Ok().json(StandardList { standards: standards.collect() })
}
