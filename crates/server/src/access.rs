//! Who may have pictures read: access tokens, and the apps that may fetch them.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use ring::digest::{Digest, SHA256, digest};
use subtle::{Choice, ConstantTimeEq};
use wechat_compat::ErrorCode;

use crate::config::Config;
use crate::tokens::{Issued, Issuer};

/// A stable token is replaced when it lasts no longer than this, as WeChat does.
const RENEWAL: Duration = Duration::from_secs(300);

/// The door.
pub(crate) struct Access {
    is_open: bool,
    tokens: Vec<Fingerprint>,
    apps: Vec<App>,
    /// For whoever asks, where everybody may come in.
    guest: Stable,
    issuer: Issuer,
}

struct App {
    id: Fingerprint,
    secret: Fingerprint,
    stable: Stable,
}

/// What /cgi-bin/stable_token repeats until it expires.
type Stable = Mutex<Option<Issued>>;

/// Of a secret: comparing these tells nothing about its length or its beginning.
struct Fingerprint(Digest);

impl Fingerprint {
    fn of(text: &str) -> Self {
        Self(digest(&SHA256, text.as_bytes()))
    }

    fn is(&self, other: &Self) -> Choice {
        self.0.as_ref().ct_eq(other.0.as_ref())
    }
}

/// A request for an access token.
#[derive(Clone, Debug, Default)]
pub(crate) struct Credentials {
    pub(crate) grant_type: Option<String>,
    pub(crate) appid: Option<String>,
    pub(crate) secret: Option<String>,
}

/// Which of an app's tokens is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A new one.
    Fresh,
    /// The one that everybody gets until it expires.
    Stable,
    /// A new one for everybody.
    Renewed,
}

impl Access {
    pub(crate) fn new(config: &Config) -> Self {
        let secrets = config.apps.iter().map(|app| format!("{}:{}", app.id, app.secret.0));
        let mut secrets: Vec<String> = secrets.collect();
        // Tokens are good at every server with the same apps, in whatever order those are given.
        secrets.sort_unstable();
        secrets.dedup();
        let apps = config.apps.iter().map(|app| App {
            id: Fingerprint::of(&app.id),
            secret: Fingerprint::of(&app.secret.0),
            stable: Stable::default(),
        });
        Self {
            is_open: config.is_open(),
            tokens: config.tokens.iter().map(|token| Fingerprint::of(&token.0)).collect(),
            apps: apps.collect(),
            guest: Stable::default(),
            issuer: Issuer::new(config.token_lifetime, &secrets.join("\n")),
        }
    }

    /// Whether a request with this access token may come in.
    pub(crate) fn check(&self, token: Option<&str>, now: SystemTime) -> Result<(), ErrorCode> {
        if self.is_open {
            return Ok(());
        }
        let token = token.filter(|t| !t.is_empty()).ok_or(ErrorCode::AccessTokenMissing)?;
        let fingerprint = Fingerprint::of(token);
        let is_known =
            self.tokens.iter().fold(Choice::from(0), |known, t| known | t.is(&fingerprint));
        if bool::from(is_known) { Ok(()) } else { self.issuer.check(token, now) }
    }

    /// An access token for an app.
    pub(crate) fn issue(
        &self,
        credentials: &Credentials,
        kind: Kind,
        now: SystemTime,
    ) -> Result<Issued, ErrorCode> {
        let given = |field: &Option<String>| field.clone().filter(|text| !text.is_empty());
        if given(&credentials.grant_type).as_deref() != Some("client_credential") {
            return Err(ErrorCode::InvalidGrantType);
        }
        let id = given(&credentials.appid).ok_or(ErrorCode::AppidMissing)?;
        let secret = given(&credentials.secret).ok_or(ErrorCode::AppsecretMissing)?;
        let stable = if self.is_open { &self.guest } else { &self.app(&id, &secret)?.stable };
        if kind == Kind::Fresh {
            return Ok(self.issuer.issue(now));
        }
        let mut stable = stable.lock().unwrap_or_else(PoisonError::into_inner);
        match &*stable {
            Some(issued) if kind == Kind::Stable && issued.lasts(now) > RENEWAL => {
                Ok(issued.clone())
            }
            _ => Ok(stable.insert(self.issuer.issue(now)).clone()),
        }
    }

    fn app(&self, id: &str, secret: &str) -> Result<&App, ErrorCode> {
        let (id, secret) = (Fingerprint::of(id), Fingerprint::of(secret));
        let app = self.apps.iter().find(|app| app.id.is(&id).into());
        let app = app.ok_or(ErrorCode::InvalidAppid)?;
        if app.secret.is(&secret).into() { Ok(app) } else { Err(ErrorCode::InvalidAppsecret) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(tokens: &[&str], apps: &[&str]) -> Access {
        Access::new(&Config {
            tokens: tokens.iter().map(|t| t.parse().unwrap()).collect(),
            apps: apps.iter().map(|a| a.parse().unwrap()).collect(),
            ..Config::default()
        })
    }

    fn credentials(id: &str, secret: &str) -> Credentials {
        let [grant_type, appid, secret] =
            ["client_credential", id, secret].map(|text| Some(text.to_owned()));
        Credentials { grant_type, appid, secret }
    }

    #[test]
    fn an_open_door_asks_for_nothing_and_gives_tokens_to_all() {
        let (access, now) = (access(&[], &[]), SystemTime::now());
        for token in [None, Some(""), Some("anything")] {
            assert_eq!(access.check(token, now), Ok(()));
        }
        assert!(access.issue(&credentials("a", "b"), Kind::Fresh, now).is_ok());
    }

    #[test]
    fn listed_tokens_and_no_others() {
        let (access, now) = (access(&["one", "two"], &[]), SystemTime::now());
        assert_eq!(access.check(Some("one"), now), Ok(()));
        assert_eq!(access.check(Some("two"), now), Ok(()));
        assert_eq!(access.check(None, now), Err(ErrorCode::AccessTokenMissing));
        assert_eq!(access.check(Some(""), now), Err(ErrorCode::AccessTokenMissing));
        for wrong in ["on", "onee", "ONE", "three", "…"] {
            assert_eq!(access.check(Some(wrong), now), Err(ErrorCode::InvalidCredential));
        }
        let refused = access.issue(&credentials("a", "b"), Kind::Fresh, now);
        assert_eq!(refused.unwrap_err(), ErrorCode::InvalidAppid);
    }

    #[test]
    fn apps_get_tokens_by_their_secret() {
        let (access, now) = (access(&[], &["app:s1", "other:s2"]), SystemTime::now());
        let issued = access.issue(&credentials("other", "s2"), Kind::Fresh, now).unwrap();
        assert_eq!(access.check(Some(&issued.token), now), Ok(()));
        let late = now + Duration::from_secs(7201);
        assert_eq!(access.check(Some(&issued.token), late), Err(ErrorCode::AccessTokenExpired));

        let refused = |c: Credentials| access.issue(&c, Kind::Fresh, now).unwrap_err();
        assert_eq!(refused(credentials("nobody", "s1")), ErrorCode::InvalidAppid);
        assert_eq!(refused(credentials("app", "s2")), ErrorCode::InvalidAppsecret);
        assert_eq!(refused(credentials("", "s1")), ErrorCode::AppidMissing);
        assert_eq!(refused(credentials("app", "")), ErrorCode::AppsecretMissing);
        assert_eq!(refused(Credentials::default()), ErrorCode::InvalidGrantType);
    }

    #[test]
    fn tokens_are_good_at_servers_with_the_same_apps() {
        let (one, now) = (access(&[], &["app:s1", "other:s2"]), SystemTime::now());
        let token = one.issue(&credentials("app", "s1"), Kind::Fresh, now).unwrap().token;
        assert_eq!(access(&[], &["other:s2", "app:s1"]).check(Some(&token), now), Ok(()));
        let same = access(&[], &["other:s2", "app:s1", "other:s2"]);
        assert_eq!(same.check(Some(&token), now), Ok(()));
        for others in [&["app:s1"][..], &["app:s2", "other:s1"], &["app:s1", "other:s2", "c:d"]] {
            let refused = access(&[], others).check(Some(&token), now);
            assert_eq!(refused, Err(ErrorCode::InvalidCredential), "{others:?}");
        }
    }

    #[test]
    fn stable_tokens_stay_until_they_are_nearly_over() {
        let (access, now) = (access(&[], &["app:s1", "other:s2"]), SystemTime::now());
        let issue = |id, secret, kind, after: u64| {
            let now = now + Duration::from_secs(after);
            access.issue(&credentials(id, secret), kind, now).unwrap().token
        };
        let first = issue("app", "s1", Kind::Stable, 0);
        assert_eq!(issue("app", "s1", Kind::Stable, 6000), first);
        assert_ne!(issue("app", "s1", Kind::Fresh, 0), first);
        assert_ne!(issue("other", "s2", Kind::Stable, 0), first);
        let renewed = issue("app", "s1", Kind::Renewed, 1);
        assert_ne!(renewed, first);
        assert_eq!(issue("app", "s1", Kind::Stable, 2), renewed);
        assert_ne!(issue("app", "s1", Kind::Stable, 7000), renewed);
    }
}
