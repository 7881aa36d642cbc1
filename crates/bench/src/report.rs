//! How figures are printed: what, the figure, what it must be.

use std::time::Duration;

/// One line of the report.
pub(crate) fn line(what: &str, figure: &str, must: &str) {
    println!("{what:<62} {figure:>22}   must {must}");
}

/// As milliseconds with two places.
pub(crate) fn ms(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

/// The middle one of several measurements.
pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}
