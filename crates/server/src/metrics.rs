//! What is counted, for Prometheus.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

/// `Content-Type` of [`Metrics::render`].
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Every counter of the server.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
    codes: Family<Code, Counter>,
    fetches: Family<Fetch, Counter>,
    latency: Histogram,
    decoding: Histogram,
    scanning: Histogram,
    cut: Counter,
    pictures: Gauge,
    pub(crate) connections: Gauge,
    received: Counter<u64, AtomicU64>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Request {
    path: &'static str,
    errcode: i32,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Code {
    symbology: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Fetch {
    outcome: &'static str,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        // From a millisecond to half a minute.
        let histogram = || Histogram::new(exponential_buckets(0.001, 2.0, 16));
        let mut registry = Registry::with_prefix("saoma");
        let metrics = Self {
            requests: Family::default(),
            codes: Family::default(),
            fetches: Family::default(),
            latency: histogram(),
            decoding: histogram(),
            scanning: histogram(),
            cut: Counter::default(),
            pictures: Gauge::default(),
            connections: Gauge::default(),
            received: Counter::default(),
            registry: Registry::default(),
        };
        registry.register(
            "requests",
            "Requests answered, by path and errcode",
            metrics.requests.clone(),
        );
        registry.register("codes", "Codes read, by symbology", metrics.codes.clone());
        registry.register("fetches", "Pictures fetched, by outcome", metrics.fetches.clone());
        let latency = "Seconds from the head of a request for a scan to its answer";
        registry.register("request_duration_seconds", latency, metrics.latency.clone());
        let decoding = "Seconds from a file to pixels";
        registry.register("decode_duration_seconds", decoding, metrics.decoding.clone());
        let scanning = "Seconds from pixels to codes";
        registry.register("scan_duration_seconds", scanning, metrics.scanning.clone());
        let cut = "Pictures whose search ended early, by the time limit or at too many codes";
        registry.register("cut", cut, metrics.cut.clone());
        let pictures = "Pictures that are being read or wait for it";
        registry.register("queue", pictures, metrics.pictures.clone());
        registry.register("connections", "Open connections", metrics.connections.clone());
        registry.register("received_bytes", "Bytes of pictures received", metrics.received.clone());
        Self { registry, ..metrics }
    }

    pub(crate) fn request(&self, path: &'static str, errcode: i32) {
        self.requests.get_or_create(&Request { path, errcode }).inc();
    }

    pub(crate) fn latency(&self, duration: Duration) {
        self.latency.observe(duration.as_secs_f64());
    }

    pub(crate) fn fetch(&self, outcome: &'static str) {
        self.fetches.get_or_create(&Fetch { outcome }).inc();
    }

    pub(crate) fn received(&self, bytes: usize) {
        self.received.inc_by(bytes as u64);
    }

    pub(crate) fn reading(&self, reading: &crate::answer::Reading) {
        self.decoding.observe(reading.times.decode.as_secs_f64());
        self.scanning.observe(reading.times.scan.as_secs_f64());
        self.cut.inc_by(u64::from(reading.is_cut));
        for symbology in &reading.symbologies {
            self.codes.get_or_create(&Code { symbology: symbology.name() }).inc();
        }
    }

    /// The text that Prometheus reads, with this many pictures under way.
    pub(crate) fn render(&self, pictures: usize) -> String {
        self.pictures.set(i64::try_from(pictures).unwrap_or(i64::MAX));
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
