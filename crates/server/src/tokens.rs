//! Access tokens that this server issues: signed, so that none needs to be remembered.

use std::num::NonZeroU32;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use ring::hmac::{self, HMAC_SHA256, Key};
use ring::pbkdf2::{self, PBKDF2_HMAC_SHA256};
use ring::rand::{SecureRandom, SystemRandom};
use wechat_compat::ErrorCode;

const EXPIRY: usize = 8;
const NONCE: usize = 8;
const SIGNED: usize = EXPIRY + NONCE;

/// Slow enough that a token is no way to find out a secret, quick enough for a start.
const ROUNDS: NonZeroU32 = NonZeroU32::MIN.saturating_add(99_999);

/// Makes and checks tokens. The key comes from the apps' secrets: a token outlives a restart and is
/// good at every server with the same apps, because some clients use theirs to its end whatever
/// they are told.
pub(crate) struct Issuer {
    key: Key,
    random: SystemRandom,
    lifetime: Duration,
}

/// A token and its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Issued {
    pub(crate) token: String,
    expiry: u64,
}

impl Issued {
    /// How long it is valid from `now` on, in whole seconds.
    pub(crate) fn lasts(&self, now: SystemTime) -> Duration {
        Duration::from_secs(self.expiry.saturating_sub(seconds(now)))
    }
}

impl Issuer {
    /// An issuer whose key is made of these secrets; one without any gets a key of its own.
    pub(crate) fn new(lifetime: Duration, secrets: &str) -> Self {
        let random = SystemRandom::new();
        let mut key = [0; 32];
        if secrets.is_empty() {
            // The system's source of randomness does not fail once it has begun; if it did, tokens
            // signed by a known key would be worse than no server.
            assert!(random.fill(&mut key).is_ok(), "no randomness to be had from the system");
        } else {
            let salt = b"saoma access token";
            pbkdf2::derive(PBKDF2_HMAC_SHA256, ROUNDS, salt, secrets.as_bytes(), &mut key);
        }
        Self { key: Key::new(HMAC_SHA256, &key), random, lifetime }
    }

    pub(crate) fn issue(&self, now: SystemTime) -> Issued {
        // At least a second: an end is told in whole ones.
        let expiry = seconds(now) + self.lifetime.as_secs().max(1);
        let mut token = [0; SIGNED];
        token[..EXPIRY].copy_from_slice(&expiry.to_be_bytes());
        // Two tokens of one second should differ; they are no less safe if they do not.
        let _ = self.random.fill(&mut token[EXPIRY..]);
        let signature = hmac::sign(&self.key, &token);
        Issued { token: BASE64.encode([&token[..], signature.as_ref()].concat()), expiry }
    }

    /// Takes as long for a token that is nearly right as for any other.
    pub(crate) fn check(&self, token: &str, now: SystemTime) -> Result<(), ErrorCode> {
        let bytes = BASE64.decode(token).map_err(|_| ErrorCode::InvalidCredential)?;
        let (signed, signature) =
            bytes.split_first_chunk::<SIGNED>().ok_or(ErrorCode::InvalidCredential)?;
        hmac::verify(&self.key, signed, signature).map_err(|_| ErrorCode::InvalidCredential)?;
        let (expiry, _) = signed.split_first_chunk().ok_or(ErrorCode::InvalidCredential)?;
        if seconds(now) < u64::from_be_bytes(*expiry) {
            Ok(())
        } else {
            Err(ErrorCode::AccessTokenExpired)
        }
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_end_and_cannot_be_altered() {
        let issuer = Issuer::new(Duration::from_secs(60), "");
        let now = SystemTime::now();
        let Issued { token, .. } = issuer.issue(now);
        assert_eq!(issuer.check(&token, now), Ok(()));
        assert_eq!(issuer.check(&token, now + Duration::from_secs(59)), Ok(()));
        let late = now + Duration::from_secs(61);
        assert_eq!(issuer.check(&token, late), Err(ErrorCode::AccessTokenExpired));

        for place in 0..token.len() {
            let mut altered = token.clone().into_bytes();
            altered[place] = if altered[place] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).unwrap();
            assert_eq!(issuer.check(&altered, now), Err(ErrorCode::InvalidCredential), "{place}");
        }
        for wrong in ["", "A", &token[..20], "ACCESS_TOKEN", "鍵"] {
            assert_eq!(issuer.check(wrong, now), Err(ErrorCode::InvalidCredential));
        }
        let other = Issuer::new(Duration::from_secs(60), "");
        assert_eq!(other.check(&token, now), Err(ErrorCode::InvalidCredential));
        assert_ne!(issuer.issue(now).token, token);
    }

    #[test]
    fn tokens_are_good_where_the_secrets_are_the_same() {
        let issuer = |secrets| Issuer::new(Duration::from_secs(60), secrets);
        let now = SystemTime::now();
        let Issued { token, .. } = issuer("app:secret").issue(now);
        assert_eq!(issuer("app:secret").check(&token, now), Ok(()));
        for other in ["app:secres", ""] {
            assert_eq!(issuer(other).check(&token, now), Err(ErrorCode::InvalidCredential));
        }
    }
}
