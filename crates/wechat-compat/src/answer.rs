use std::fmt;

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use crate::error::ErrorCode;

/// What WeChat replies: the codes of a picture, or an error and nothing else.
///
/// `Display` writes its JSON on one line, `{:#}` indented; serde reads and writes the same.
///
/// ```
/// use wechat_compat::{Answer, ErrorCode};
/// let answer = Answer::from_symbols(&[], 640, 480);
/// let json = r#"{"errcode":0,"errmsg":"ok","code_results":[],"img_size":{"w":640,"h":480}}"#;
/// assert_eq!(answer.to_string(), json);
/// assert_eq!(serde_json::from_str::<Answer>(json)?, answer);
/// assert_eq!(Answer::from(ErrorCode::InvalidImageUrl).errcode(), 101000);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Wire")]
pub enum Answer {
    /// `errcode` 0; a picture without codes is an empty list.
    Success {
        /// The codes of the picture.
        code_results: Vec<CodeResult>,
        /// The picture's size.
        img_size: ImgSize,
    },
    /// Any other `errcode`.
    Failure {
        /// The number, never 0.
        errcode: i32,
        /// The message; clients compare its beginning, WeChat may add a trace number.
        errmsg: String,
    },
}

/// One code of a picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeResult {
    /// The kind of code, such as `QR_CODE`; see [`crate::type_name`].
    pub type_name: String,
    /// What it says.
    pub data: String,
    /// Where it is; WeChat tells for `QR_CODE` and `DATA_MATRIX` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pos: Option<Pos>,
}

/// The corners of a code, named from the code's own upright position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pos {
    /// Top-left.
    pub left_top: Pixel,
    /// Top-right.
    pub right_top: Pixel,
    /// Bottom-right.
    pub right_bottom: Pixel,
    /// Bottom-left.
    pub left_bottom: Pixel,
}

/// A place in the picture in whole pixels from its top-left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pixel {
    /// To the right, less than the width.
    pub x: u32,
    /// Down, less than the height.
    pub y: u32,
}

/// The size of the picture in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImgSize {
    /// Width.
    pub w: u32,
    /// Height.
    pub h: u32,
}

impl Answer {
    /// 0 for a success.
    pub fn errcode(&self) -> i32 {
        match self {
            Self::Success { .. } => 0,
            Self::Failure { errcode, .. } => *errcode,
        }
    }

    /// The codes of the picture; none for a failure.
    pub fn code_results(&self) -> &[CodeResult] {
        match self {
            Self::Success { code_results, .. } => code_results,
            Self::Failure { .. } => &[],
        }
    }
}

impl From<ErrorCode> for Answer {
    fn from(error: ErrorCode) -> Self {
        Self::Failure { errcode: error.code(), errmsg: error.message().to_owned() }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = if f.alternate() {
            serde_json::to_string_pretty(self)
        } else {
            serde_json::to_string(self)
        };
        f.write_str(&json.map_err(|_| fmt::Error)?)
    }
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Success { code_results, img_size } => {
                let mut out = serializer.serialize_struct("Answer", 4)?;
                out.serialize_field("errcode", &0)?;
                out.serialize_field("errmsg", "ok")?;
                out.serialize_field("code_results", code_results)?;
                out.serialize_field("img_size", img_size)?;
                out.end()
            }
            Self::Failure { errcode, errmsg } => {
                let mut out = serializer.serialize_struct("Answer", 2)?;
                out.serialize_field("errcode", errcode)?;
                out.serialize_field("errmsg", errmsg)?;
                out.end()
            }
        }
    }
}

/// The union of both bodies as they come.
#[derive(Deserialize)]
struct Wire {
    errcode: i32,
    errmsg: String,
    code_results: Option<Vec<CodeResult>>,
    img_size: Option<ImgSize>,
}

impl TryFrom<Wire> for Answer {
    type Error = &'static str;

    fn try_from(wire: Wire) -> Result<Self, Self::Error> {
        match (wire.errcode, wire.code_results, wire.img_size) {
            (0, Some(code_results), Some(img_size)) => Ok(Self::Success { code_results, img_size }),
            (0, None, _) => Err("errcode 0 without code_results"),
            (0, _, None) => Err("errcode 0 without img_size"),
            (errcode, ..) => Ok(Self::Failure { errcode, errmsg: wire.errmsg }),
        }
    }
}
