//! Every route on one page: its method, its address, what it needs, and who answers it.

use crate::http::api;
use crate::http::lanes::Lane;
use crate::http::openapi;
use crate::http::pages;

/// What a route needs of its caller. A route that declares none does not build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Nothing.
    Open,
    /// A key with the role `validate`.
    Validate,
    /// A key of any role.
    ReadRules,
    /// A key with the role `jobs`.
    Jobs,
    /// A key with the role `waivers`.
    Waivers,
    /// A key with the role `rules.author`.
    TryRules,
    /// A key with the role `rules.author`, unless pages are open.
    Page,
    /// A key of any role, unless pages are open.
    RulesPage,
    /// A key with the role `jobs`, unless pages are open.
    JobsPage,
}

impl Permission {
    /// Whether people read what it opens, in a browser.
    pub const fn is_for_people(self) -> bool {
        matches!(self, Self::Page | Self::RulesPage | Self::JobsPage)
    }
}

/// A route.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// `GET`, `POST` or `DELETE`.
    pub method: &'static str,
    /// Its address, with names in braces.
    pub pattern: &'static str,
    /// What it needs.
    pub permission: Permission,
    /// What it waits for nobody but its like in.
    pub(super) lane: Lane,
}

macro_rules! routes {
    (
        api { $($method:ident $pattern:literal $permission:ident $lane:ident => $($handler:ident)::+;)+ }
        pages { $($page_method:ident $page_pattern:literal $page_permission:ident $page_lane:ident => $($page:ident)::+;)+ }
        others { $($other_method:ident $other_pattern:literal $other_permission:ident;)+ }
    ) => {
        /// Every route of the service; those of the API are in the OpenAPI document, all of them.
        pub static ROUTES: &[Route] = &[
            $(Route { method: stringify!($method), pattern: $pattern, permission: Permission::$permission, lane: Lane::$lane },)+
            $(Route { method: stringify!($page_method), pattern: $page_pattern, permission: Permission::$page_permission, lane: Lane::$page_lane },)+
            $(Route { method: stringify!($other_method), pattern: $other_pattern, permission: Permission::$other_permission, lane: Lane::Other },)+
        ];

        /// Puts the routes of the API into a service, with their descriptions.
        pub fn api(config: &mut utoipa_actix_web::service_config::ServiceConfig<'_>) {
            $(config.service($($handler)::+);)+
        }

        /// Puts the pages into a service.
        pub fn pages(config: &mut actix_web::web::ServiceConfig) {
            $(config.service($($page)::+);)+
            openapi::browsable(config);
        }
    };
}

routes! {
    api {
        POST "/v1/validate" Validate Save => api::validate::validate;
        POST "/v1/validate/stream" Validate Stream => api::stream::validate_stream;
        POST "/v1/jobs" Jobs Jobs => api::jobs::submit_job;
        GET "/v1/jobs" Jobs Jobs => api::jobs::list_jobs;
        GET "/v1/jobs/{id}" Jobs Jobs => api::jobs::show_job;
        DELETE "/v1/jobs/{id}" Jobs Jobs => api::jobs::remove_job;
        GET "/v1/jobs/{id}/events" Jobs Watch => api::job_events::watch_job;
        GET "/v1/jobs/{id}/findings" Jobs Jobs => api::job_results::list_findings;
        GET "/v1/jobs/{id}/outcomes" Jobs Jobs => api::job_results::list_outcomes;
        GET "/v1/jobs/{id}/summary" Jobs Jobs => api::job_results::show_summary;
        GET "/v1/jobs/{id}/compare/{other}" Jobs Jobs => api::job_results::compare_jobs;
        GET "/v1/jobs/{id}/report.{form}" Jobs Jobs => api::job_results::show_report;
        GET "/v1/forecast" Jobs Jobs => api::forecast::show_forecast;
        GET "/v1/dead-letters" Jobs Jobs => api::jobs::list_dead_letters;
        GET "/v1/waivers" Waivers Other => api::waivers::list_waivers;
        POST "/v1/waivers" Waivers Other => api::waivers::add_waiver;
        DELETE "/v1/waivers/{id}" Waivers Other => api::waivers::remove_waiver;
        GET "/v1/rules" ReadRules Other => api::rules::list_rules;
        POST "/v1/rules/try" TryRules Other => api::try_rule::try_rule;
        GET "/v1/rules/{id}" ReadRules Other => api::rules::show_rule;
        POST "/v1/packs/impact" TryRules Jobs => api::impact::see_impact;
        GET "/v1/standards" ReadRules Other => api::standards::list_standards;
        GET "/v1/schemas" ReadRules Other => api::schemas::list_schemas;
        GET "/v1/schemas/{name:.*}" ReadRules Other => api::schemas::show_schema;
    }
    pages {
        GET "/" Page Other => pages::playground::home;
        GET "/playground" Page Other => pages::playground::show;
        POST "/playground" Page Other => pages::playground::submit;
        GET "/rules" RulesPage Other => pages::rules::list;
        GET "/rules/book" RulesPage Other => pages::rules::book;
        GET "/rules/{id}" RulesPage Other => pages::rules::show;
        GET "/demo" Page Other => pages::demo::list;
        GET "/demo/{number}" Page Other => pages::demo::show;
        GET "/upload" JobsPage Other => pages::upload::show;
        POST "/upload" JobsPage Jobs => pages::upload::submit;
        GET "/upload/{id}" JobsPage Other => pages::recognised::show;
        POST "/upload/{id}" JobsPage Other => pages::recognised::submit;
        GET "/jobs" JobsPage Other => pages::jobs::list;
        GET "/jobs/{id}" JobsPage Other => pages::job::show;
        GET "/jobs/{id}/events" JobsPage Watch => pages::job::watch;
        GET "/jobs/{id}/rules" JobsPage Other => pages::job_rules::show;
        GET "/jobs/{id}/findings" JobsPage Other => pages::found::show;
        GET "/jobs/{id}/forecast" JobsPage Other => pages::forecast::show;
        GET "/jobs/{id}/children" JobsPage Other => pages::children::show;
        GET "/jobs/{id}/report.{form}" JobsPage Jobs => pages::job::download;
        GET "/jobs/{id}/remove" JobsPage Other => pages::remove::show;
        POST "/jobs/{id}/remove" JobsPage Other => pages::remove::submit;
        GET "/assets/casecheck.css" Open Other => pages::stylesheet;
        GET "/assets/upload.js" Open Other => pages::script;
    }
    others {
        GET "/openapi.json" Open;
        GET "/docs" Open;
        GET "/docs/{_:.*}" Open;
    }
}

/// The route of a method and a pattern.
pub fn find(method: &str, pattern: &str) -> Option<&'static Route> {
    ROUTES.iter().find(|route| route.pattern == pattern && route.method == method)
}

/// The methods that an address takes.
pub fn methods_of(pattern: &str) -> Vec<&'static str> {
    ROUTES.iter().filter(|route| route.pattern == pattern).map(|route| route.method).collect()
}
