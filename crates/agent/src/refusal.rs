//! What a chat says of errors. Where the cause is the server's own, it stands in the log and in no chat: a model reads
//! along there, and a person can do nothing with it.

use sandbox::RunError;

const SERVER: &str = "The server could not do this. Its log has the cause.";

/// Of the vault's.
pub(crate) fn of_vault(error: &vault::Error) -> String {
    use vault::Error;
    match error {
        Error::Unauthenticated(_) => {
            "You have signed out, so I stopped. Sign in and send a message to go on.".to_owned()
        }
        Error::Storage(_) | Error::Corrupt { .. } | Error::NoRandom => {
            tracing::error!(%error, "a chat could not go on");
            SERVER.to_owned()
        }
        error => error.to_string(),
    }
}

/// Of a run's.
pub(crate) fn of_run(error: &RunError) -> String {
    match error {
        RunError::Vault(error) => of_vault(error),
        RunError::Machine(error) => {
            tracing::error!(%error, "a sandbox could not be started");
            format!("The sandbox could not be started. {SERVER}")
        }
        error => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_servers_own_is_not_told_in_a_chat() {
        let corrupt = vault::Error::Corrupt {
            table: "secret_versions",
            column: "envelope",
            id: "0189".to_owned(),
        };
        assert_eq!(of_vault(&corrupt), SERVER);
        assert_eq!(of_run(&RunError::Vault(corrupt)), SERVER);
        let machine = of_run(&RunError::Machine(std::io::Error::other("/proc/self/ns: denied")));
        assert!(machine.contains(SERVER) && !machine.contains("denied"), "{machine}");
        assert_eq!(of_run(&RunError::BadJob("No code.".to_owned())), "No code.");
    }
}
