//! What can be set, by flags or by environment.

use std::ffi::OsStr;
use std::fmt;
use std::marker::PhantomData;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::str::FromStr;
use std::time::Duration;

use clap::builder::{BoolishValueParser, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use ipnet::IpNet;
use saoma::{Effort, ImageView, SymbologySet};

/// The server's settings; as flags of a command, or [`Config::default`].
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// Address and port to listen on.
    #[arg(long, env = "SAOMA_LISTEN", value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// Serve everybody who can connect, without access tokens, on any address.
    #[arg(long, env = "SAOMA_OPEN", value_parser = BoolishValueParser::new())]
    pub open: bool,

    /// An access token to accept; may be repeated, or several may be given separated by commas, which
    /// none can contain.
    #[arg(
        long = "token",
        env = "SAOMA_TOKENS",
        value_name = "TOKEN",
        value_delimiter = ',',
        value_parser = Unshown::<Secret>::default(),
        hide_env_values = true
    )]
    pub tokens: Vec<Secret>,

    /// An app that may fetch access tokens from /cgi-bin/token; may be repeated, or several may be
    /// given separated by commas, which no secret can contain. The tokens are good at every server
    /// with the same apps and secrets.
    #[arg(
        long = "app",
        env = "SAOMA_APPS",
        value_name = "APPID:SECRET",
        value_delimiter = ',',
        value_parser = Unshown::<App>::default(),
        hide_env_values = true
    )]
    pub apps: Vec<App>,

    /// How long an issued access token is valid.
    #[arg(long, env = "SAOMA_TOKEN_LIFETIME", value_name = "SECONDS", default_value = "7200", value_parser = seconds)]
    pub token_lifetime: Duration,

    /// How many pictures are read at once [default: one a processor].
    #[arg(long, env = "SAOMA_WORKERS", value_name = "N")]
    pub workers: Option<NonZeroUsize>,

    /// How many pictures may wait to be read; further ones are answered "system error" (-1), upon
    /// which clients come back later.
    #[arg(long, env = "SAOMA_QUEUE", value_name = "N", default_value = "256")]
    pub queue: usize,

    /// How long a request may take once its body is here, waiting and fetching included.
    #[arg(long, env = "SAOMA_TIME_LIMIT", value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub time_limit: Duration,

    /// How long a request's head, and then its body, may take to arrive.
    #[arg(long, env = "SAOMA_READ_TIMEOUT", value_name = "SECONDS", default_value = "20", value_parser = seconds)]
    pub read_timeout: Duration,

    /// A picture file must be shorter than this many bytes; WeChat's limit is 2 MiB.
    #[arg(long, env = "SAOMA_MAX_BYTES", value_name = "BYTES", default_value = "2097152")]
    pub max_bytes: usize,

    /// The most pixels of a picture. Decoding may take four bytes for each, and 12 MiB: enough for
    /// RGBA, and for a progressive JPEG of not quite half as many.
    #[arg(long, env = "SAOMA_MAX_PIXELS", value_name = "PIXELS", default_value = "64000000")]
    pub max_pixels: u64,

    /// The most memory for requests that are not answered yet, in MiB; pixels not included. Where
    /// access tokens are needed, requests without one in their query share a quarter of it until
    /// their bodies have shown one.
    #[arg(long, env = "SAOMA_MAX_BUFFERED", value_name = "MIB", default_value = "256")]
    pub max_buffered: usize,

    /// The most connections; further ones wait to be accepted.
    #[arg(long, env = "SAOMA_MAX_CONNECTIONS", value_name = "N", default_value = "1024")]
    pub max_connections: usize,

    /// How hard to try.
    #[arg(long, env = "SAOMA_EFFORT", value_name = "LEVEL", default_value = "balanced",
        value_parser = PossibleValuesParser::new(EFFORTS.map(|e| e.0)).try_map(|name| effort(&name)))]
    pub effort: Effort,

    /// What to look for, separated by commas: names as in `saoma scan --help`, or all, linear,
    /// matrix [default: all].
    #[arg(long, env = "SAOMA_SYMBOLOGIES", value_name = "LIST", value_parser = symbologies)]
    pub symbologies: Option<SymbologySet>,

    /// Network that img_url may point into although it is private; may be repeated, or several may
    /// be given separated by commas.
    #[arg(
        long = "allow-network",
        env = "SAOMA_ALLOW_NETWORKS",
        value_name = "CIDR",
        value_delimiter = ','
    )]
    pub allowed_networks: Vec<IpNet>,

    /// How long the host of an img_url may take to deliver.
    #[arg(long, env = "SAOMA_FETCH_TIMEOUT", value_name = "SECONDS", default_value = "8", value_parser = seconds)]
    pub fetch_timeout: Duration,

    /// How long requests that are under way may take after a signal to stop; a second signal ends
    /// them at once.
    #[arg(long, env = "SAOMA_SHUTDOWN_GRACE", value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub shutdown_grace: Duration,

    /// What to log, on standard error: requests are told at `info`.
    #[arg(long, env = "SAOMA_LOG", value_enum, default_value_t)]
    pub log: LogLevel,

    /// How to log.
    #[arg(long, env = "SAOMA_LOG_FORMAT", value_enum, default_value_t)]
    pub log_format: LogFormat,
}

/// Why a server cannot run as it is told to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigError {
    /// Others than this machine could connect, and nobody said that they may.
    Exposed(SocketAddr),
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exposed(address) => write!(
                f,
                "{address} can be reached by others: give --token or --app, or --open to serve everybody"
            ),
        }
    }
}

impl std::error::Error for ConfigError {}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            open: false,
            tokens: Vec::new(),
            apps: Vec::new(),
            token_lifetime: Duration::from_secs(7200),
            workers: None,
            queue: 256,
            time_limit: Duration::from_secs(30),
            read_timeout: Duration::from_secs(20),
            max_bytes: 2 << 20,
            max_pixels: 64_000_000,
            max_buffered: 256,
            max_connections: 1024,
            effort: Effort::default(),
            symbologies: None,
            allowed_networks: Vec::new(),
            fetch_timeout: Duration::from_secs(8),
            shutdown_grace: Duration::from_secs(30),
            log: LogLevel::default(),
            log_format: LogFormat::default(),
        }
    }
}

impl Config {
    /// Whether requests need no access token.
    pub fn is_open(&self) -> bool {
        self.open || (self.tokens.is_empty() && self.apps.is_empty())
    }

    /// # Errors
    /// [`ConfigError::Exposed`] for an address beyond this machine without tokens, apps or
    /// [`Config::open`].
    pub fn check(&self) -> Result<(), ConfigError> {
        let is_exposed = !self.listen.ip().to_canonical().is_loopback();
        if is_exposed && self.is_open() && !self.open {
            return Err(ConfigError::Exposed(self.listen));
        }
        Ok(())
    }

    pub(crate) fn worker_count(&self) -> usize {
        let processors = || std::thread::available_parallelism().map_or(1, usize::from);
        self.workers.map_or_else(processors, usize::from)
    }
}

/// What must not be shown, not even in a debug print.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub(crate) String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl FromStr for Secret {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() { Err("it is empty") } else { Ok(Self(text.to_owned())) }
    }
}

/// Who may fetch access tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct App {
    pub(crate) id: String,
    pub(crate) secret: Secret,
}

impl FromStr for App {
    type Err = &'static str;

    fn from_str(pair: &str) -> Result<Self, Self::Err> {
        match pair.split_once(':') {
            Some((id, secret)) if !id.is_empty() => {
                Ok(Self { id: id.to_owned(), secret: secret.parse()? })
            }
            _ => Err("an app is written APPID:SECRET"),
        }
    }
}

/// Parses what must not be shown: clap's own messages repeat what is wrong.
#[derive(Clone)]
struct Unshown<T>(PhantomData<T>);

impl<T> Default for Unshown<T> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<T> TypedValueParser for Unshown<T>
where
    T: FromStr<Err = &'static str> + Clone + Send + Sync + 'static,
{
    type Value = T;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<T, clap::Error> {
        value.to_str().ok_or("it is no UTF-8").and_then(str::parse).map_err(|reason| {
            let name = argument.map(ToString::to_string).unwrap_or_default();
            let message = format!("invalid value for '{name}': {reason}\n");
            clap::Error::raw(clap::error::ErrorKind::ValueValidation, message).with_cmd(command)
        })
    }
}

/// How much to log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogLevel {
    /// Nothing.
    Off,
    /// What went wrong here.
    Error,
    /// What may go wrong.
    Warn,
    /// A line a request.
    #[default]
    Info,
    /// Why requests were refused, too.
    Debug,
}

/// How to log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let number: f64 = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    let duration = Duration::try_from_secs_f64(number).map_err(|error| error.to_string())?;
    let limits = Duration::from_millis(1)..=Duration::from_secs(86_400 * 365);
    limits.contains(&duration).then_some(duration).ok_or_else(|| "out of range".to_owned())
}

const EFFORTS: [(&str, Effort); 3] =
    [("fast", Effort::Fast), ("balanced", Effort::Balanced), ("thorough", Effort::Thorough)];

/// The effort of that name.
pub(crate) fn effort(name: &str) -> Result<Effort, &'static str> {
    let found = EFFORTS.iter().find(|effort| effort.0 == name);
    found.map(|effort| effort.1).ok_or("neither fast, balanced nor thorough")
}

/// The symbologies of a list, of which at least one can be read.
pub(crate) fn symbologies(list: &str) -> Result<SymbologySet, String> {
    let set: SymbologySet = list.parse().map_err(|error| format!("{error}"))?;
    let is_readable = set.iter().any(saoma::Symbology::is_readable);
    is_readable.then_some(set).ok_or_else(|| "none of them can be read".to_owned())
}

/// What a picture may cost.
pub(crate) fn limits(config: &Config) -> wechat_compat::Limits {
    // RGBA, and what a decoder needs that keeps to a few rows.
    let memory = config.max_pixels.saturating_mul(4).saturating_add(12 << 20);
    wechat_compat::Limits::new()
        .max_bytes(config.max_bytes)
        .max_pixels(config.max_pixels)
        .max_memory(memory)
        .max_side(ImageView::MAX_SIDE as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        config: Config,
    }

    fn parsed(args: &[&str]) -> Result<Config, clap::Error> {
        Command::try_parse_from([&["saoma-server"], args].concat()).map(|c| c.config)
    }

    #[test]
    fn the_flags_default_to_the_default() {
        let (flags, default) = (parsed(&[]).unwrap(), Config::default());
        assert_eq!(format!("{flags:?}"), format!("{default:?}"));
    }

    #[test]
    fn others_are_served_only_if_somebody_says_so() {
        let check = |args: &[&str]| parsed(args).unwrap().check();
        assert_eq!(check(&[]), Ok(()));
        assert_eq!(check(&["--listen", "[::1]:80"]), Ok(()));
        for address in ["0.0.0.0:80", "[::]:80", "10.0.0.1:80", "[::ffff:10.0.0.1]:80"] {
            let listen = ["--listen", address];
            assert_eq!(check(&listen), Err(ConfigError::Exposed(address.parse().unwrap())));
            for allowed in [&["--token", "t"][..], &["--app", "a:s"], &["--open"]] {
                assert_eq!(check(&[&listen, allowed].concat()), Ok(()), "{address} {allowed:?}");
            }
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        let config = parsed(&["--app", "id:topsecret", "--token", "secretly"]).unwrap();
        assert_eq!(config.apps[0].secret.0, "topsecret");
        let shown = format!("{config:?}");
        assert!(!shown.contains("topsecret") && !shown.contains("secretly"), "{shown}");
        // Nor what was meant as one.
        let message = parsed(&["--app", "topsecret"]).unwrap_err().to_string();
        assert!(message.contains("--app") && message.contains("APPID:SECRET"), "{message}");
        assert!(!message.contains("topsecret"), "{message}");
    }

    #[test]
    fn commas_part_values() {
        let config = parsed(&["--app", "a:b,c:d", "--token", "e,f", "--token", "g"]).unwrap();
        assert_eq!((config.apps.len(), config.tokens.len()), (2, 3));
        assert_eq!((config.apps[1].id.as_str(), config.tokens[1].0.as_str()), ("c", "f"));
    }

    #[test]
    fn as_many_pixels_as_are_allowed_find_memory() {
        let png = |pixels: image::DynamicImage| {
            let mut file = std::io::Cursor::new(Vec::new());
            pixels.write_to(&mut file, image::ImageFormat::Png).unwrap();
            file.into_inner()
        };
        let decodes = |file: &[u8], arguments: &[&str]| {
            let limits = limits(&parsed(arguments).unwrap());
            wechat_compat::Picture::decode(file, &limits).is_ok()
        };
        // What a phone of 50 megapixels takes.
        assert!(decodes(&png(image::DynamicImage::new_luma8(8192, 6144)), &[]));
        let transparent = png(image::DynamicImage::new_rgba8(9000, 8000));
        assert!(decodes(&transparent, &["--max-pixels", "72000000"]));
        assert!(!decodes(&transparent, &["--max-pixels", "71999999"]));
    }

    #[test]
    fn nonsense_is_refused() {
        for args in [
            ["--app", "id"],
            ["--app", "id:"],
            ["--app", ":secret"],
            ["--token", ""],
            ["--effort", "heroic"],
            ["--time-limit", "-1"],
            ["--time-limit", "nan"],
            ["--time-limit", "0"],
            ["--symbologies", "runes"],
            ["--allow-network", "10.0.0.0/64"],
            ["--workers", "0"],
        ] {
            assert!(parsed(&args).is_err(), "{args:?}");
        }
    }
}
