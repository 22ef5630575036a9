//! From the bytes of a picture to the body of an answer.

use std::time::{Duration, Instant};

use bytes::Bytes;
use saoma::{Effort, FailureKind, Report, Scanner, Symbology, SymbologySet};
use serde::{Serialize, Serializer};
use wechat_compat::{
    Answer, CodeResult, ErrorCode, ImgSize, Limits, Picture, SymbolDetails, in_order,
};

use crate::config::{self, Config};
use crate::requests::Fields;

/// How a picture is read and answered.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    effort: Effort,
    symbologies: SymbologySet,
    /// Whether the answer says more than WeChat's.
    extended: bool,
    limits: Limits,
}

impl Settings {
    /// The configuration's, which a query may change that asks for extensions (`ext=1`).
    pub(crate) fn new(config: &Config, query: &Fields) -> Result<Self, ErrorCode> {
        let mut settings = Self {
            effort: config.effort,
            symbologies: config.symbologies.unwrap_or(SymbologySet::ALL),
            extended: matches!(query.get("ext"), Some("1" | "true")),
            limits: config::limits(config),
        };
        if settings.extended {
            if let Some(name) = query.get("effort") {
                settings.effort = config::effort(name).map_err(|_| ErrorCode::InvalidArgs)?;
            }
            if let Some(list) = query.get("symbologies") {
                settings.symbologies =
                    config::symbologies(list).map_err(|_| ErrorCode::InvalidArgs)?;
            }
        }
        Ok(settings)
    }
}

/// What came of a picture.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) body: Bytes,
    pub(crate) symbologies: Vec<Symbology>,
    pub(crate) times: Times,
    /// Whether the time was over before the search was, or there were too many codes.
    pub(crate) is_cut: bool,
}

impl Reading {
    /// Whether this says what is in the picture: that nothing was found in too little time does not
    /// mean that nothing is there.
    pub(crate) fn is_answer(&self) -> bool {
        !(self.is_cut && self.symbologies.is_empty())
    }
}

/// Where the time went.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Times {
    #[serde(rename = "decode_ms", serialize_with = "milliseconds")]
    pub(crate) decode: Duration,
    #[serde(rename = "scan_ms", serialize_with = "milliseconds")]
    pub(crate) scan: Duration,
}

/// Reads a picture on the calling thread; no new work is begun after the deadline.
pub(crate) fn read(
    bytes: &[u8],
    settings: &Settings,
    deadline: Instant,
) -> Result<Reading, ErrorCode> {
    let start = Instant::now();
    let picture = Picture::decode(bytes, &settings.limits)?;
    let view = picture.view().map_err(|_| ErrorCode::InvalidImageData)?;
    let decoded = Instant::now();
    let scanner = Scanner::builder()
        .effort(settings.effort)
        .symbologies(settings.symbologies)
        .time_budget(deadline.saturating_duration_since(decoded))
        // Several pictures are read at once, each on one thread: that is the most pictures a second.
        .threads(1)
        .build();
    let report = scanner.report(&view);
    let times = Times { decode: decoded - start, scan: decoded.elapsed() };
    let answer = Answer::from_symbols(&report.symbols, picture.width(), picture.height());
    let body = if settings.extended {
        serde_json::to_vec(&Extended::new(&answer, &report, times))
    } else {
        serde_json::to_vec(&answer)
    };
    let body = body.map_err(|_| ErrorCode::SystemError)?.into();
    let symbologies = report.symbols.iter().map(|symbol| symbol.symbology()).collect();
    Ok(Reading { body, symbologies, times, is_cut: report.cut })
}

/// WeChat's answer with everything else that is known, under keys of our own.
#[derive(Serialize)]
struct Extended<'a> {
    errcode: i32,
    errmsg: &'static str,
    code_results: Vec<ExtendedResult<'a>>,
    img_size: ImgSize,
    ext: Work<'a>,
}

#[derive(Serialize)]
struct ExtendedResult<'a> {
    #[serde(flatten)]
    result: &'a CodeResult,
    ext: SymbolDetails<'a>,
}

#[derive(Serialize)]
struct Work<'a> {
    #[serde(flatten)]
    times: Times,
    /// Whether the time was over before the search was.
    cut: bool,
    /// What was seen and not read.
    failures: Vec<FailureDetails<'a>>,
}

#[derive(Serialize)]
struct FailureDetails<'a> {
    symbology: &'a str,
    corners: [[f32; 2]; 4],
    /// The stage that gave up.
    stage: &'static str,
}

impl<'a> Extended<'a> {
    fn new(answer: &'a Answer, report: &'a Report, times: Times) -> Self {
        let img_size = match answer {
            Answer::Success { img_size, .. } => *img_size,
            Answer::Failure { .. } => ImgSize { w: 0, h: 0 },
        };
        let details = in_order(&report.symbols).into_iter().map(SymbolDetails::from);
        let results = answer.code_results().iter().zip(details);
        let failures = report.failures.iter().map(|failure| FailureDetails {
            symbology: failure.symbology.name(),
            corners: failure.corners.map(|point| [point.x, point.y]),
            stage: FailureKind::name(failure.kind),
        });
        Self {
            errcode: 0,
            errmsg: "ok",
            code_results: results.map(|(result, ext)| ExtendedResult { result, ext }).collect(),
            img_size,
            ext: Work { times, cut: report.cut, failures: failures.collect() },
        }
    }
}

/// With a digit after the point.
fn milliseconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((duration.as_secs_f64() * 10_000.0).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_found_in_no_time_is_no_answer() {
        let drawing = image::DynamicImage::new_luma8(400, 300);
        let mut file = std::io::Cursor::new(Vec::new());
        drawing.write_to(&mut file, image::ImageFormat::Png).unwrap();
        let settings = Settings::new(&Config::default(), &Fields::default()).unwrap();
        let read = |deadline| read(file.get_ref(), &settings, deadline).unwrap();
        let now = Instant::now();
        let hurried = read(now);
        assert!(hurried.is_cut && !hurried.is_answer());
        let found = Reading { symbologies: vec![Symbology::Qr], ..hurried };
        assert!(found.is_answer());
        let thorough = read(now + Duration::from_secs(60));
        assert!(!thorough.is_cut && thorough.is_answer());
    }
}
