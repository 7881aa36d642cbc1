//! The server side of the protocol: says what it is, lists its tools and calls them for whoever sent the message.

use axum::http::request::Parts;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, Implementation, ListToolsResult, PaginatedRequestParams,
    ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use vault::Actor;

use super::answers::{listed, refusal, refused};
use super::arguments;
use super::asking::Asking;
use super::definitions::{INSTRUCTIONS, LIST_SECRETS, REQUEST_SECRETS, REQUEST_STATUS, TOOLS};
use crate::state::AppState;

/// The three tools.
#[derive(Clone)]
pub(super) struct Tools {
    state: AppState,
}

impl Tools {
    pub(super) fn new(state: &AppState) -> Self {
        Self { state: state.clone() }
    }

    async fn answer(
        &self,
        call: CallToolRequestParams,
        context: &RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let actor = caller(context)?;
        let asking = Asking {
            state: &self.state,
            actor,
        };
        match call.name.as_ref() {
            LIST_SECRETS => Ok(match arguments::none(call.arguments) {
                Ok(()) => self
                    .state
                    .vault()
                    .secrets()
                    .list(actor)
                    .await
                    .map_or_else(refusal, listed),
                Err(sentence) => refused(sentence),
            }
            .into()),
            REQUEST_SECRETS => Ok(asking.call(call, context).await),
            REQUEST_STATUS => Ok(match arguments::looked_for(call.arguments) {
                Ok((id, wait)) => asking.status(&id, wait).await,
                Err(sentence) => refused(sentence),
            }
            .into()),
            _ => Err(ErrorData::invalid_params(
                "There is no such tool. There are list_secrets, request_secrets and request_status.",
                None,
            )),
        }
    }
}

impl ServerHandler for Tools {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(Implementation::new("strongroom", env!("CARGO_PKG_VERSION")).with_title("Strongroom"))
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _page: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(TOOLS.clone()))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        TOOLS.iter().find(|tool| tool.name == name).cloned()
    }

    async fn call_tool(
        &self,
        call: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        tokio::select! {
            answer = self.answer(call, &context) => answer,
            // The client took the call back, or is gone. A request that was made stays: its person may have seen it.
            () = context.ct.cancelled() => Err(ErrorData::internal_error("The call was taken back.", None)),
        }
    }
}

/// Whose token came with this very message, whatever session it belongs to.
fn caller(context: &RequestContext<RoleServer>) -> Result<&Actor, ErrorData> {
    context
        .extensions
        .get::<Parts>()
        .and_then(|parts| parts.extensions.get::<Actor>())
        .ok_or_else(|| ErrorData::internal_error("The message came without its caller.", None))
}
