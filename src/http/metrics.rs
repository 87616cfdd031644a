//! What is counted for operators. Labels are route patterns, statuses and fixed words: never an address, an id or content.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::histogram::exponential_buckets;
use prometheus_client::registry::Registry;

use crate::model::Severity;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    method: &'static str,
    route: &'static str,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RouteLabels {
    route: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct WordLabels {
    kind: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct PackLabels {
    name: String,
    version: String,
    digest: String,
    overlay: String,
}

/// The counters of the service.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    latency: Family<RouteLabels, Histogram>,
    findings: [Counter; 4],
    records: Counter,
    fail_open: Family<WordLabels, Counter>,
    reloads: Family<WordLabels, Counter>,
    pack: Family<PackLabels, Gauge>,
}

fn histogram() -> Histogram {
    Histogram::new(exponential_buckets(0.000_1, 2.0, 16))
}

impl Metrics {
    /// Counters at nought.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("casecheck");
        let requests = Family::<RequestLabels, Counter>::default();
        let latency = Family::<RouteLabels, Histogram>::new_with_constructor(histogram);
        let by_severity = Family::<WordLabels, Counter>::default();
        let (fail_open, reloads) = (Family::default(), Family::default());
        let (pack, records) = (Family::default(), Counter::default());
        registry.register("requests", "Requests answered", requests.clone());
        registry.register("request_seconds", "Seconds until the head of the answer", latency.clone());
        registry.register("findings", "Findings by severity", by_severity.clone());
        registry.register("records", "Records judged", records.clone());
        registry.register("fail_open", "Answers that were not a full check", fail_open.clone());
        registry.register("catalog_loads", "Loads of the catalog by result", reloads.clone());
        registry.register("pack_info", "The rules in force", pack.clone());
        let findings = [Severity::Info, Severity::Warning, Severity::Error, Severity::Critical]
            .map(|severity| by_severity.get_or_create_owned(&WordLabels { kind: severity.word() }));
        Self { registry, requests, latency, findings, records, fail_open, reloads, pack }
    }

    /// Counts a request that was answered.
    pub fn answered(&self, method: &'static str, route: &'static str, status: u16, seconds: f64) {
        self.requests.get_or_create(&RequestLabels { method, route, status }).inc();
        self.latency.get_or_create(&RouteLabels { route }).observe(seconds);
    }

    /// Counts records and their findings, by severity in the order of [`Severity::ALL`].
    pub fn judged(&self, records: u64, findings: [u64; 4]) {
        self.records.inc_by(records);
        for (counter, count) in self.findings.iter().zip(findings) {
            counter.inc_by(count);
        }
    }

    /// Counts an answer that was not a full check: `deadline`, `internal` or `overload`.
    pub fn failed_open(&self, kind: &'static str) {
        self.fail_open.get_or_create(&WordLabels { kind }).inc();
    }

    /// Counts a load of the catalog: `swapped` or `refused`.
    pub fn loaded(&self, kind: &'static str) {
        self.reloads.get_or_create(&WordLabels { kind }).inc();
    }

    /// Says which pack is in force.
    pub fn pack_in_force(&self, pack: &crate::rules::Pack) {
        self.pack.clear();
        let overlay =
            pack.overlay.as_ref().map_or_else(String::new, |(name, version)| format!("{name} {version}"));
        let labels = PackLabels {
            name: pack.name.clone(),
            version: pack.version.clone(),
            digest: pack.digest.clone(),
            overlay,
        };
        self.pack.get_or_create(&labels).set(1);
    }

    /// Everything, as text in the format `OpenMetrics`.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = prometheus_client::encoding::text::encode(&mut text, &self.registry);
        text
    }
}
