//! Which keys are known by their form, and which names are at odds with them.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use domain::services::{Known, recognise};
use domain::{Finding, RawValue, examine};
use proptest::prelude::*;

/// A key that is nobody's. Put together here, so that no scanner takes this file for a leak.
fn fake(prefix: &str, body: &str, len: usize) -> String {
    format!("{prefix}{}", body.repeat(len / body.len() + 1).get(..len).unwrap())
}

/// Letters of both sizes and digits, but no more than hexadecimal has.
const HEX: &str = "fa4ce";
const ALNUM: &str = "Fake0key";
const UPPER: &str = "FAKE2KEY";
const UUID: &str = "fa4ce000-0000-4000-8000-00000000fa4e";

fn owner(key: &str) -> Option<&'static str> {
    recognise(key).and_then(|known| known.services.first().copied())
}

fn says(name: &str, key: &str) -> Option<Finding> {
    let findings = examine(name, &RawValue::new(key.to_owned()));
    findings.into_iter().find(|finding| finding.code() == "other_service")
}

#[test]
fn keys_are_known_by_their_form() {
    let sendgrid = format!("{}.{}", fake("SG.", ALNUM, 22), fake("", ALNUM, 43));
    let airtable = format!("{}.{}", fake("pat", ALNUM, 14), fake("", HEX, 64));
    for (key, service) in [
        (fake("sk-proj-", ALNUM, 120), "OpenAI"),
        (fake("sk-", ALNUM, 48), "OpenAI"),
        (fake("sk-ant-api03-", ALNUM, 95), "Anthropic"),
        (fake("sk-or-v1-", HEX, 64), "OpenRouter"),
        (format!("sk-lf-{UUID}"), "Langfuse"),
        (fake("gsk_", ALNUM, 52), "Groq"),
        (fake("xai-", ALNUM, 80), "xAI"),
        (fake("hf_", "FakeKey", 34), "Hugging Face"),
        (fake("r8_", ALNUM, 37), "Replicate"),
        (fake("tvly-dev-", ALNUM, 32), "Tavily"),
        (fake("sk_", HEX, 48), "ElevenLabs"),
        (fake("AKIA", UPPER, 16), "AWS"),
        (fake("AIza", ALNUM, 35), "Google"),
        (fake("cfut_", ALNUM, 48), "Cloudflare"),
        (fake("sbp_", HEX, 40), "Supabase"),
        (fake("sb_secret_", ALNUM, 31), "Supabase"),
        (fake("ghp_", ALNUM, 36), "GitHub"),
        (fake("github_pat_", ALNUM, 82), "GitHub"),
        (fake("glpat-", ALNUM, 20), "GitLab"),
        (fake("npm_", ALNUM, 36), "npm"),
        (fake("dckr_pat_", ALNUM, 27), "Docker Hub"),
        (fake("hvs.", ALNUM, 95), "HashiCorp Vault"),
        (fake("lin_api_", ALNUM, 40), "Linear"),
        (fake("ntn_", ALNUM, 46), "Notion"),
        (airtable, "Airtable"),
        (sendgrid, "SendGrid"),
        (fake("SK", HEX, 32), "Twilio"),
        (format!("{}_{}", fake("re_", ALNUM, 8), fake("", ALNUM, 24)), "Resend"),
        (format!("xoxb-0000000000-{}", fake("", ALNUM, 24)), "Slack"),
        (format!("00000001:AA{}", fake("", ALNUM, 33)), "Telegram"),
        (
            format!("{}.Fake0k.{}", fake("", ALNUM, 24), fake("", ALNUM, 38)),
            "Discord",
        ),
        (
            format!("{}.atlasv1.{}", fake("", ALNUM, 14), fake("", ALNUM, 67)),
            "HCP Terraform",
        ),
        (fake("sk_live_", ALNUM, 24), "Stripe"),
        (fake("rk_test_", ALNUM, 24), "Stripe"),
        (fake("shpat_", HEX, 32), "Shopify"),
        (format!("pat-na1-{UUID}"), "HubSpot"),
        (fake("AAAAAAAAAAAAAAAAAAAAAA", "Fake0%3D", 90), "X"),
        (fake("FlyV1 fm2_", "Fake0/,", 140), "Fly.io"),
    ] {
        assert_eq!(owner(&key), Some(service));
    }
}

#[test]
fn what_only_begins_like_a_key_is_unknown() {
    for text in [
        "",
        "sk-",
        "sk-ant-",
        "ghp_",
        "sk-learn-is-a-library-for-python",
        "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "sk-your-key-goes-right-in-here",
        "AKIA is how they begin",
        "ghp_ tokens have 36 characters behind it",
        "hf_transformers",
        "patience",
        "re_read",
        "SKY",
        "key-value",
        "npm_config_registry",
        "secret_sauce",
        "xoxb-bot",
        "https://example.net/sk-ant-api03",
    ] {
        assert_eq!(recognise(text), None, "{text}");
    }
    let key = fake("ghp_", ALNUM, 36);
    for text in [
        format!(" {key}"),
        format!("{key}\n"),
        format!("{key} and more"),
        format!("({key})"),
        key.replace('F', "é"),
    ] {
        assert_eq!(recognise(&text), None);
    }
}

#[test]
fn the_longest_prefix_decides_even_if_the_rest_does_not_fit() {
    assert_eq!(owner(&fake("sk-ant-", ALNUM, 50)), Some("Anthropic"));
    assert_eq!(recognise(&fake("sk-ant-", ALNUM, 30)), None);
    assert_eq!(recognise(&fake("sk_live_", ALNUM, 24)).unwrap().kind, "secret key");
}

#[test]
fn a_key_of_another_service_than_the_name_says_is_noticed() {
    for (name, key, message) in [
        (
            "OPENAI_API_KEY",
            fake("rk_live_", ALNUM, 24),
            "a key of Stripe, but the name says OpenAI.",
        ),
        (
            "STRIPE_KEY",
            fake("sk-proj-", ALNUM, 60),
            "a key of OpenAI, but the name says Stripe.",
        ),
        (
            "MY_SLACK_TOKEN",
            fake("ghp_", ALNUM, 36),
            "a key of GitHub, but the name says Slack.",
        ),
        (
            "X_BEARER_TOKEN",
            fake("ghp_", ALNUM, 36),
            "a key of GitHub, but the name says X.",
        ),
        (
            "TWITTER_KEY",
            fake("AKIA", UPPER, 16),
            "a key of AWS, but the name says X.",
        ),
        (
            "DISCORD_TOKEN",
            fake("SK", HEX, 32),
            "a key of Twilio, but the name says Discord.",
        ),
        (
            "new relic key",
            fake("glsa_", ALNUM, 32) + "_fa4ce000",
            "a key of Grafana, but the name says New Relic.",
        ),
        (
            "ANTHROPIC_API_KEY",
            fake("sk-", ALNUM, 48),
            "a key of OpenAI or a service whose keys look the same, but the name says Anthropic.",
        ),
        (
            "GH_TOKEN",
            fake("EAAA", ALNUM, 60),
            "a key of Square or Meta, but the name says GitHub.",
        ),
    ] {
        let finding = says(name, &key).unwrap();
        assert_eq!(
            finding.message(),
            format!("This looks like {message} Check that it is the right one.")
        );
        assert_eq!(finding.fix(), None);
        assert!(!finding.offers_import());
        assert_eq!(finding.apply(name, &RawValue::new(key.clone())).value.expose(), key);
    }
}

#[test]
fn a_key_is_known_in_all_that_was_copied_along() {
    let key = fake("ghp_", ALNUM, 36);
    for text in [
        format!("{key}\n"),
        format!("'{key}'"),
        format!("SLACK_TOKEN=\"{key}\""),
        format!("Authorization: Bearer {key}"),
        format!("\u{FEFF}export SLACK_HEADER='Bearer {key}'\n"),
    ] {
        assert!(says("SLACK_TOKEN", &text).is_some());
        assert_eq!(says("GITHUB_TOKEN", &text), None);
    }
}

#[test]
fn nothing_is_said_where_the_name_fits_or_nobody_can_tell() {
    let github = fake("ghp_", ALNUM, 36);
    let like_openai = fake("sk-", HEX, 32);
    let like_stripe = fake("sk_live_", ALNUM, 40);
    for (name, key) in [
        ("", &github),
        ("MY_TOKEN", &github),
        ("GITHUB_TOKEN", &github),
        ("my-gh-token", &github),
        ("SLACK_GITHUB_TOKEN", &github),
        ("NPM_TOKEN", &github),
        ("DOCKER_PASSWORD", &github),
        ("X_API_KEY", &github),
        ("MAX_BEARER_TOKEN", &github),
        ("SLACKER_TOKEN", &github),
        ("DEEPSEEK_API_KEY", &like_openai),
        ("DASHSCOPE_API_KEY", &like_openai),
        ("LITELLM_KEY", &like_openai),
        ("ANTHROPIC_COMPATIBLE_KEY", &like_openai),
        ("OPENAI_PROXY_KEY", &github),
        ("CLERK_SECRET_KEY", &like_stripe),
        ("PAYSTACK_SECRET_KEY", &like_stripe),
        ("CLERK_WEBHOOK_SECRET", &fake("whsec_", ALNUM, 32)),
        ("GEMINI_API_KEY", &fake("AIza", ALNUM, 35)),
        ("NETLIFY_NPM_TOKEN", &fake("npm_", ALNUM, 36)),
        ("SUPABASE_S3_KEY", &fake("AKIA", UPPER, 16)),
        ("SLACK_TOKEN", &"nothing that is known".to_owned()),
    ] {
        assert_eq!(says(name, key), None, "{name}");
    }
}

proptest! {
    #[test]
    fn any_text_can_be_asked_about(text in any::<String>(), name in any::<String>()) {
        let _ = recognise(&text).and_then(|known: &Known| known.contradicted_by(&name));
    }

    #[test]
    fn words_are_never_a_key(words in prop::collection::vec("[a-z]{1,12}", 1..12), glue in "[ _.-]") {
        prop_assert_eq!(recognise(&words.join(&glue)), None);
    }
}
