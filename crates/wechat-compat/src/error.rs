use std::fmt;

macro_rules! error_codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $message:literal;)*) => {
        /// WeChat's error numbers with the messages its documentation gives them.
        ///
        /// For `POST /cv/img/qrcode` itself it lists -1, 40001, 101000 and 101002; the others are
        /// WeChat's general ones.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode { $($(#[$doc])* $variant,)* }

        impl ErrorCode {
            /// Every error there is.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The number, `errcode` of an answer.
            pub const fn code(self) -> i32 {
                match self { $(Self::$variant => $code,)* }
            }

            /// The message, `errmsg` of an answer.
            pub const fn message(self) -> &'static str {
                match self { $(Self::$variant => $message,)* }
            }
        }
    };
}

error_codes! {
    /// The fault is ours. Clients wait and try again, so it never stands for theirs.
    SystemError = -1, "system error";
    /// The access token is wrong or was replaced; clients fetch another one.
    InvalidCredential = 40001, "invalid credential, access_token is invalid or not latest";
    /// The request for a token is of another kind than `client_credential`.
    InvalidGrantType = 40002, "invalid grant_type";
    /// No such app.
    InvalidAppid = 40013, "invalid appid";
    /// No such path.
    InvalidUrl = 40066, "invalid url";
    /// A parameter has a value that it cannot have.
    InvalidArgs = 40097, "invalid args";
    /// The app's secret is another one.
    InvalidAppsecret = 40125, "invalid appsecret";
    /// The request carries no access token.
    AccessTokenMissing = 41001, "access_token missing";
    /// The request for a token names no app.
    AppidMissing = 41002, "appid missing";
    /// The request for a token carries no secret.
    AppsecretMissing = 41004, "appsecret missing";
    /// The request carries neither a file nor the address of one.
    MediaDataMissing = 41005, "media data missing";
    /// The access token is too old; clients fetch another one.
    AccessTokenExpired = 42001, "access_token expired";
    /// GET where only POST will do.
    RequirePostMethod = 43002, "require POST method";
    /// The file has no bytes.
    EmptyMediaData = 44001, "empty media data";
    /// The request has no body.
    EmptyPostData = 44002, "empty post data";
    /// The body is not what it claims to be.
    DataFormatError = 47001, "data format error";
    /// `img_url` is no address that a picture can be fetched from.
    InvalidImageUrl = 101000, "invalid image url";
    /// The bytes are no picture, a damaged one, or one that is too large.
    InvalidImageData = 101002, "invalid image data";
}

impl ErrorCode {
    /// The error of this number.
    pub fn from_code(code: i32) -> Option<Self> {
        Self::ALL.iter().copied().find(|error| error.code() == code)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code(), self.message())
    }
}

impl std::error::Error for ErrorCode {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_distinct_and_found_again() {
        for &error in ErrorCode::ALL {
            assert_eq!(ErrorCode::from_code(error.code()), Some(error));
        }
        assert_eq!(ErrorCode::from_code(0), None);
    }
}
