//! `GET /v1/schemas` and `/v1/schemas/{name}`: the JSON Schemas of records and of rule files.

use actix_web::HttpResponse;
use actix_web::get;
use actix_web::web::Data;
use actix_web::web::Path;
use utoipa::ToSchema;

use crate::http::refusal::Kind;
use crate::http::refusal::Refusal;
use crate::http::refusal::Refused;
use crate::http::served::Served;

/// The schemas in force.
#[derive(Clone, Debug, serde::Serialize, ToSchema)]
pub struct SchemaList {
    /// The `$id` of the record schema.
    pub id: String,
    /// SHA-256 over the files.
    pub digest: String,
    /// The names under which they can be read.
    pub names: Vec<String>,
}

/// Lists the schemas.
#[utoipa::path(
    tag = "rules",
    responses((status = 200, description = "The schemas", body = SchemaList), Refused),
    security(("key" = []))
)]
#[get("/v1/schemas")]
pub async fn list_schemas(served: Data<Served>) -> HttpResponse {
    let in_force = served.in_force.load();
    let catalog = &in_force.catalog;
    let names =
        catalog.files.under("schemas/", ".json").filter_map(|file| file.name.strip_prefix("schemas/"));
    HttpResponse::Ok().json(SchemaList {
        id: catalog.schema.id().to_owned(),
        digest: catalog.schema.digest().to_owned(),
        names: names.map(str::to_owned).collect(),
    })
}

/// Shows a schema.
#[utoipa::path(
    tag = "rules",
    path = "/v1/schemas/{name}",
    params(("name" = String, Path, description = "`case-record.schema.json`, or another name that `/v1/schemas` lists")),
    responses((status = 200, description = "The schema", body = serde_json::Value, content_type = "application/schema+json"), Refused),
    security(("key" = []))
)]
#[get("/v1/schemas/{name:.*}")]
pub async fn show_schema(name: Path<String>, served: Data<Served>) -> Result<HttpResponse, Refusal> {
    let in_force = served.in_force.load();
    match in_force.catalog.files.get(&format!("schemas/{name}")) {
        Some(file) => Ok(HttpResponse::Ok().content_type("application/schema+json").body(file.text.clone())),
        None => Err(Refusal::new(Kind::NotFound, "there is no such schema; `/v1/schemas` lists them")),
    }
}
