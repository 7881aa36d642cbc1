//! Secret requests: an agent asks, the person answers, the agent learns what became of it. No call here takes or gives a
//! value but the field's own, in `field`.

pub(super) mod cancel;
pub(super) mod create;
pub(super) mod field_token;
pub(super) mod get;
pub(super) mod list;

use domain::{RequestView, Timestamp};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;
use vault::{OpenedField, PlainToken};

use crate::state::AppState;

/// A request, and where the person answers it.
#[derive(Serialize, ToSchema)]
pub(super) struct RequestAnswer {
    #[serde(flatten)]
    request: RequestView,
    /// Where the person answers it; absent where its platform has no page for it. It carries no authority.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// For showing the field inside the platform's own page; absent unless a platform asks, for a user that it has named.
    #[serde(skip_serializing_if = "Option::is_none")]
    embed: Option<Embed>,
}

/// What the widget needs to show a field.
#[derive(Serialize, ToSchema)]
pub(super) struct Embed {
    /// The frame's address.
    src: String,
    /// The field's token: it can answer this one request. Shown this once; an earlier one is void.
    #[serde(serialize_with = "in_the_clear")]
    #[schema(value_type = String, example = "sr_fld_…")]
    token: PlainToken,
    /// When it stops working: unix milliseconds.
    expires_at: Timestamp,
}

/// The answers that hold a field's token: to the platform that asked, for the frame of the one who is asked.
fn in_the_clear<S: Serializer>(token: &PlainToken, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(token.expose())
}

impl RequestAnswer {
    /// With the address at which the person finds it.
    async fn of(state: &AppState, request: RequestView) -> Result<Self, vault::Error> {
        let url = url_of(state, &request.id).await?;
        Ok(Self {
            request,
            url,
            embed: None,
        })
    }
}

impl Embed {
    fn of(state: &AppState, id: &str, field: OpenedField) -> Self {
        Self {
            src: format!("{}/embed/field/{id}", state.public_url()),
            token: field.token,
            expires_at: field.expires_at,
        }
    }
}

/// Where the person answers a request: here, or on its platform's own page.
pub(super) async fn url_of(state: &AppState, id: &str) -> Result<Option<String>, vault::Error> {
    use vault::RequestPage;
    Ok(match state.vault().requests().page_of(id).await? {
        RequestPage::Here => Some(format!("{}/r/{id}", state.public_url())),
        RequestPage::AtPlatform(page) => Some(page),
        RequestPage::Nowhere => None,
    })
}
