//! Figures for monitoring, in the OpenMetrics text format. Labels are routes, methods, statuses and outcomes: never a
//! name, an id, an address or anything else of a user's.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

mod endpoint;

pub(crate) use endpoint::router;

/// All figures; clones share them.
#[derive(Clone)]
pub(crate) struct Metrics(Arc<Figures>);

struct Figures {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    durations: Family<RouteLabels, Histogram, fn() -> Histogram>,
    in_flight: Gauge,
    env_fetches: Family<EnvLabels, Counter>,
}

/// One kind of request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct RequestLabels {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    method: &'static str,
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct EnvLabels {
    outcome: EnvOutcome,
}

/// What became of a sandbox's fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
pub(crate) enum EnvOutcome {
    /// The values went out.
    Served,
    /// Required names are not stored.
    Missing,
    /// No valid token.
    Unauthenticated,
    /// Names that the session was not opened with.
    OutsideSession,
    /// A wrong parameter, or a format that cannot carry a value.
    Invalid,
    /// The server's own failure.
    Failed,
}

impl RequestLabels {
    /// `route` is the template; all that lead nowhere are one, so that nobody can make up labels.
    pub(crate) fn new(method: &'static str, route: Option<String>, status: StatusCode) -> Self {
        Self {
            method,
            route: route.unwrap_or_else(|| "none".to_owned()),
            status: status.as_u16(),
        }
    }

    /// The method, with all that is not standard being one.
    pub(crate) fn method(method: &Method) -> &'static str {
        match *method {
            Method::GET => "GET",
            Method::HEAD => "HEAD",
            Method::POST => "POST",
            Method::PUT => "PUT",
            Method::PATCH => "PATCH",
            Method::DELETE => "DELETE",
            Method::OPTIONS => "OPTIONS",
            _ => "other",
        }
    }
}

/// A request that is being answered; dropping it is its end.
pub(crate) struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("strongroom");
        let requests = Family::default();
        let durations = Family::<RouteLabels, Histogram, fn() -> Histogram>::new_with_constructor(buckets);
        let in_flight = Gauge::<i64>::default();
        let env_fetches = Family::default();
        registry.register("http_requests", "Requests answered", Family::clone(&requests));
        registry.register_with_unit(
            "http_request_duration",
            "Time to answer",
            Unit::Seconds,
            durations.clone(),
        );
        registry.register("http_requests_in_flight", "Requests being answered", in_flight.clone());
        registry.register(
            "env_fetches",
            "Fetches of a sandbox's environment",
            Family::clone(&env_fetches),
        );
        Self(Arc::new(Figures {
            registry,
            requests,
            durations,
            in_flight,
            env_fetches,
        }))
    }

    pub(crate) fn request_began(&self) -> InFlight {
        self.0.in_flight.inc();
        InFlight(self.0.in_flight.clone())
    }

    pub(crate) fn request_ended(&self, labels: RequestLabels, took: Duration) {
        let route = RouteLabels {
            method: labels.method,
            route: labels.route.clone(),
        };
        self.0.durations.get_or_create(&route).observe(took.as_secs_f64());
        self.0.requests.get_or_create(&labels).inc();
    }

    pub(crate) fn env_fetched(&self, outcome: EnvOutcome) {
        self.0.env_fetches.get_or_create(&EnvLabels { outcome }).inc();
    }

    /// Everything, as a scraper reads it.
    fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.0.registry)?;
        Ok(text)
    }
}

/// From half a millisecond to the longest wait for an environment.
fn buckets() -> Histogram {
    Histogram::new([
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0,
    ])
}
