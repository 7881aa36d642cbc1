#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use serde_json::Value;

use super::*;

fn described() -> Value {
    serde_json::to_value(document()).unwrap()
}

fn operations(document: &Value) -> BTreeSet<(String, String)> {
    let paths = document.get("paths").and_then(Value::as_object).unwrap();
    paths
        .iter()
        .flat_map(|(path, methods)| {
            methods
                .as_object()
                .unwrap()
                .keys()
                .map(|method| (method.to_uppercase(), path.clone()))
                .collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn the_document_describes_exactly_the_routes_of_the_table() {
    let table: BTreeSet<_> = table()
        .iter()
        .map(|route| (route.method.to_string(), route.path.to_owned()))
        .collect();
    assert_eq!(operations(&described()), table);
}

#[test]
fn the_document_names_the_token_that_each_route_needs() {
    let document = described();
    for route in table() {
        let pointer = format!(
            "/paths/{}/{}/security",
            route.path.replace('/', "~1"),
            route.method.as_str().to_lowercase()
        );
        let security = document.pointer(&pointer);
        let expected = match route.auth {
            Auth::Anyone => None,
            Auth::Token(scope) => Some(serde_json::json!([{ openapi::API_TOKEN: [scope.as_str()] }])),
            Auth::Sandbox => Some(serde_json::json!([{ openapi::SANDBOX_TOKEN: [] }])),
            Auth::Program(scope) => {
                Some(serde_json::json!([{ openapi::API_TOKEN: [scope.as_str()] }, { openapi::PLATFORM_KEY: [] }]))
            }
            Auth::Creator => {
                Some(serde_json::json!([{ openapi::API_TOKEN: ["requests:write"] }, { openapi::PLATFORM_KEY: [] }]))
            }
            Auth::Requester => Some(serde_json::json!([
                { openapi::API_TOKEN: ["requests:write"] },
                { openapi::PLATFORM_KEY: [] },
                { openapi::SANDBOX_TOKEN: [] },
            ])),
            Auth::Field => Some(serde_json::json!([{ openapi::FIELD_TOKEN: [] }])),
            Auth::Platform => Some(serde_json::json!([{ openapi::PLATFORM_KEY: [] }])),
        };
        assert_eq!(security, expected.as_ref(), "{} {}", route.method, route.path);
    }
}

#[test]
fn every_schema_that_the_document_refers_to_is_in_it() {
    let document = described();
    let text = document.to_string();
    for reference in text
        .split("\"$ref\":\"#")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
    {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
}
