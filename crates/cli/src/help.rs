//! What `--help` says.

/// A command, as far as help is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    Main,
    Run,
    Request,
    Secrets,
    Env,
    Login,
    Logout,
}

impl Topic {
    /// The topic of that name.
    pub(crate) fn of(word: &str) -> Option<Self> {
        Some(match word {
            "run" => Self::Run,
            "request" => Self::Request,
            "secrets" => Self::Secrets,
            "env" => Self::Env,
            "login" => Self::Login,
            "logout" => Self::Logout,
            _ => return None,
        })
    }

    /// How it is called.
    pub(crate) fn command(self) -> &'static str {
        match self {
            Self::Main => "strongroom",
            Self::Run => "strongroom run",
            Self::Request => "strongroom request",
            Self::Secrets => "strongroom secrets",
            Self::Env => "strongroom env",
            Self::Login => "strongroom login",
            Self::Logout => "strongroom logout",
        }
    }
}

/// The text for a topic.
pub(crate) fn text(topic: Topic) -> &'static str {
    match topic {
        Topic::Main => MAIN,
        Topic::Run => RUN,
        Topic::Request => REQUEST,
        Topic::Secrets => SECRETS,
        Topic::Env => ENV,
        Topic::Login => LOGIN,
        Topic::Logout => LOGOUT,
    }
}

const MAIN: &str = "\
strongroom: secrets for AI agents, from the command line.

  strongroom run [OPTIONS] -- COMMAND [ARGUMENTS]   run a command with your secrets in its environment
  strongroom request NAME... --why TEXT             ask for a secret; prints a link to answer at
  strongroom secrets list|set|rm|import|history     manage your secrets (values go in, none comes out)
  strongroom env [OPTIONS]                          print a sandbox's environment (sandbox token only)
  strongroom login [URL]                            remember a server and an API token
  strongroom logout                                 forget them
  strongroom help COMMAND                           more about one of these
  strongroom --version

SETTINGS (environment)
  STRONGROOM_URL            the server, e.g. https://strongroom.example
  STRONGROOM_TOKEN          an API token (sr_pat_...) or a sandbox token (sr_sbx_...)
                            Both go before what `login` saved in $XDG_CONFIG_HOME/strongroom/config.toml.
  STRONGROOM_CA_FILE        certificate authorities in PEM, trusted instead of the system's
  STRONGROOM_INSECURE_HTTP  1: allow http:// to other machines; everyone on the way can read the values
  ALL_PROXY, HTTPS_PROXY, NO_PROXY
                            a proxy for https:// servers (http:// ones, no SOCKS)

EXIT STATUS
  125 if strongroom itself fails, and for `run`: 126 if COMMAND cannot be started, 127 if it is not found, 128+N if
  signal N ended it, else the status of COMMAND; 125 for 0 if not all that it printed could be written. What SIGINT
  (Ctrl-C) ended ends strongroom by SIGINT too, so that a shell ends the loop or the script around it.
  `strongroom request --help` has those of `request`.
";

const RUN: &str = "\
strongroom run [OPTIONS] [--] COMMAND [ARGUMENTS]

Runs COMMAND with your secrets as environment variables. With an API token it opens a sandbox session, fetches,
and closes the session when COMMAND has ended; with a sandbox token it uses that session.

  --only A,B       only these; the session is confined to them. One that is not stored is left out, and told.
  --except C       without these. They are still fetched: use --only for what must not leave the server.
  --require A,B    do not start without these. What is missing is asked for: the link to give it at is shown.
  --wait SECONDS   with --require: wait until they are stored, at most that long (up to 86400), or until the person
                   who was asked says no or the request lapses, which is status 125
  --label TEXT     what the session is called in your records; COMMAND's name unless given
  --ttl SECONDS    how long the session may live, 30 to 86400; 900 unless given. COMMAND may run longer.
  --no-redact      leave what COMMAND prints as it is

What COMMAND prints is passed on with each value replaced by its [NAME], also where it is encoded (JSON, URL, XML,
shell, hexadecimal, base64). Values of less than 6 bytes are not looked for, and named. At a terminal COMMAND gets one
of its own, of the same size, with colours, prompts and job control as usual; what it leaves running in the background
loses that terminal when it ends. This keeps values from getting into logs and transcripts by accident; a COMMAND that
means to print a value can write it in another way.

The words from COMMAND on are passed as they are; no shell reads them. Variables of the same name are replaced.
Signals sent to strongroom are passed on to it.

Not in COMMAND's environment: STRONGROOM_TOKEN and other credentials of Strongroom. COMMAND cannot read the memory
or the environment of strongroom itself, unless it runs as root. It can read whatever files you can read, the file
of `strongroom login` too, and it can send what it knows anywhere: use --only, and a sandbox token for what you do
not trust. If strongroom is killed with SIGKILL, COMMAND goes on and the session ends by itself.
";

const REQUEST: &str = "\
strongroom request NAME... [OPTIONS]

Asks you for secrets, as an agent does that lacks them. Prints a link: there you sign in and give the values, or skip
them. They go to the server alone; whoever asked learns what became of the request and nothing more.

  --why TEXT           what they are needed for; shown to you, so always say it
  --description TEXT   of one secret: what it is for. It is kept with the secret.
  --from URL           of one secret: where it can be had (https)
  --by TEXT            who asks, shown as a claim beside the token's own name
  --ttl SECONDS        how long it can be answered, 30 to 3600; 900 unless given, or as long as --wait
  --wait SECONDS       wait for the answer, at most that long (up to 3600), and say what became of each name

The link alone is on standard output, before the waiting begins; all else is on standard error. Ctrl-C ends the
waiting and not the request, which can be answered until it lapses.

Takes an API token with the scope requests:write, or a sandbox token. In a sandbox the same names are the same request.

EXIT STATUS
  0 if all of them are stored (without --wait: if the request was made), 1 if one was skipped, or the request lapsed or
  was taken back, 124 if the time of --wait is up, 2 if the command line cannot be understood, 125 for other failures.
";

const SECRETS: &str = "\
strongroom secrets list [--json]
  Names, dates and descriptions. No value is ever shown.

strongroom secrets set NAME [--description TEXT]
  Creates NAME or replaces its value. At a terminal the value is asked for and not shown; otherwise it is standard
  input, byte for byte (printf '%s' instead of echo leaves no line break behind):
    strongroom secrets set DEPLOY_KEY < deploy_key.pem
  Without --description a secret that exists keeps its own.

strongroom secrets rm NAME...
  Removes them at once and for good.

strongroom secrets import FILE [--replace]
  Takes every NAME=value of a .env file (- is standard input), all of them or none. Names that exist are a mistake
  unless --replace is given.

strongroom secrets history NAME [--json]
  When each value of NAME was stored and by whom, as far as earlier ones are kept. No value is ever shown.

strongroom secrets put-back NAME NUMBER
  Puts an earlier value in force again. The one that is in force now is kept.

strongroom secrets forget NAME
  Forgets the earlier values of NAME for good. The one in force stays.

All of these take an API token: list and history need the scope secrets:read, the others secrets:write.
";

const ENV: &str = "\
strongroom env [--format json|dotenv|shell|docker] [--only A,B] [--require A,B] [--wait SECONDS]

Prints the environment of a sandbox session, values included. Takes a sandbox token only (sr_sbx_...).

  --format json     one flat object; exact for every value; the format unless another is given
  --format shell    export NAME='...' lines; exact:  eval \"$(strongroom env --format shell)\"
  --format dotenv   for Node, npm's dotenv and python-dotenv; values that they would change are refused
  --format docker   for docker's --env-file; values of several lines are refused
  --only, --require, --wait as for `strongroom run`
";

const LOGIN: &str = "\
strongroom login [URL] [--token-stdin]

Asks for the server's address and an API token (not shown), tries them, and saves them for later commands in
$XDG_CONFIG_HOME/strongroom/config.toml (~/.config without it), readable to you alone.

  --token-stdin    take the token from standard input:  strongroom login https://strongroom.example --token-stdin < token

Every program that you run can read that file. For one that should not, set STRONGROOM_TOKEN for single commands.
";

const LOGOUT: &str = "\
strongroom logout

Removes what `strongroom login` saved. Revoke the token on the Settings page if it is not needed any more.
";
