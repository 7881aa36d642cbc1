//! `GET /activity.csv`: the records that the Activity page shows, as a file (RFC 4180).
//!
//! For the browser of whoever is signed in, so it stands beside the pages, not among the calls for programs.

use app::ssr::{ActivityAsked, CookiePolicy, activity_filter};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use domain::ActivityView;
use http_body_util::channel::{Channel, Sender};
use vault::{ActivityFilter, Actor, Vault};

use crate::extract::{Parameters, origin};
use crate::problem::Problem;

/// Records read at a time.
const A_READING: u32 = 200;
/// Readings that wait for a slow client; beyond, the next is not read.
const READINGS_AHEAD: usize = 2;

const HEAD: [&str; 9] = [
    "time",
    "what",
    "secrets",
    "who",
    "sandbox",
    "sandbox_id",
    "address",
    "detail",
    "record_id",
];

/// What the download needs.
#[derive(Clone)]
pub(crate) struct Download {
    pub(crate) vault: Vault,
    pub(crate) cookies: CookiePolicy,
}

/// Sends the records as they are read: an account may have millions. A failure on the way breaks the file off, which the
/// browser reports as a failed download.
pub(crate) async fn handler(
    State(download): State<Download>,
    Parameters(parameters): Parameters,
    parts: Parts,
) -> Result<Response, Problem> {
    let session = download.cookies.read(&parts.headers);
    let actor = match session {
        Some(token) => download.vault.accounts().actor(&token, origin(&parts)).await?,
        None => None,
    };
    let Some(actor) = actor else {
        return Ok(Redirect::to("/sign-in?next=/activity").into_response());
    };
    let (sender, body) = Channel::new(READINGS_AHEAD);
    let filter = activity_filter(&asked(parameters));
    tokio::spawn(async move {
        if let Err(error) = send(&download.vault, &actor, filter, sender).await {
            tracing::error!(%error, "records could not be read for a download");
        }
    });
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (
            CONTENT_DISPOSITION,
            HeaderValue::from_static("attachment; filename=\"strongroom-activity.csv\""),
        ),
    ];
    Ok((headers, Body::new(body)).into_response())
}

/// The address of the page has the same parameters. What it does not know it leaves to others, as the page does.
fn asked(parameters: Vec<(String, String)>) -> ActivityAsked {
    let mut asked = ActivityAsked::default();
    for (parameter, text) in parameters {
        match parameter.as_str() {
            "name" => asked.name = text,
            "agent" => asked.agent = text,
            "day" => asked.day = text,
            "zone" => asked.zone = text,
            _ => {}
        }
    }
    asked
}

async fn send(
    vault: &Vault,
    actor: &Actor,
    filter: Option<ActivityFilter>,
    mut client: Sender<Bytes, std::io::Error>,
) -> vault::Result<()> {
    let mut rows = written(|csv| csv.write_record(HEAD));
    let mut cursor = None;
    let Some(filter) = filter else {
        // No record can be meant. A client that has gone misses nothing.
        let _gone = client.send_data(rows).await;
        return Ok(());
    };
    loop {
        let page = vault
            .activity()
            .list(actor, &filter, cursor.as_deref(), A_READING)
            .await;
        let page = match page {
            Ok(page) => page,
            Err(error) => {
                client.abort(std::io::Error::other("the records could not be read"));
                return Err(error);
            }
        };
        let more = written(|csv| page.items.iter().try_for_each(|record| csv.write_record(row(record))));
        rows = [rows, more].concat().into();
        // Refused when the client has gone: then nobody wants the rest.
        if client.send_data(std::mem::take(&mut rows)).await.is_err() || page.next_cursor.is_none() {
            return Ok(());
        }
        cursor = page.next_cursor;
    }
}

fn written(write: impl FnOnce(&mut csv::Writer<Vec<u8>>) -> csv::Result<()>) -> Bytes {
    let mut csv = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    // Memory does not refuse, and every row has the same length.
    let _ = write(&mut csv);
    csv.into_inner().unwrap_or_default().into()
}

fn row(record: &ActivityView) -> [String; HEAD.len()] {
    let text = |text: &Option<String>| harmless(text.clone().unwrap_or_default());
    [
        record.at.to_rfc3339(),
        record.kind.to_string(),
        record.names.join(" "),
        harmless(record.actor.clone()),
        text(&record.sandbox_label),
        text(&record.sandbox_id),
        text(&record.address),
        text(&record.detail),
        record.id.clone(),
    ]
}

/// A spreadsheet takes a cell that begins like a formula for one, and labels are chosen by whoever opens a sandbox: such a
/// cell gets an apostrophe first (OWASP, "CSV Injection").
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{cell}")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_would_be_a_formula_is_made_a_text() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"] {
            assert_eq!(harmless(cell.to_owned()), format!("'{cell}"));
        }
        assert_eq!(harmless("bot = 1".to_owned()), "bot = 1");
    }

    #[test]
    fn cells_are_quoted_where_they_have_to_be() {
        let text = written(|csv| csv.write_record(["plain", "a,b", "say \"hi\""]));
        assert_eq!(text, Bytes::from("plain,\"a,b\",\"say \"\"hi\"\"\"\r\n"));
    }
}
