use saoma::{ImageView, Scanner};

/// How much one encoded picture may cost before it is refused.
///
/// ```
/// use wechat_compat::Limits;
/// let generous = Limits::new().max_bytes(64 << 20).max_pixels(200_000_000);
/// ```
#[derive(Clone, Debug)]
pub struct Limits {
    pub(crate) max_bytes: usize,
    pub(crate) max_side: u32,
    pub(crate) max_pixels: u64,
    pub(crate) max_memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 2 << 20,
            max_side: ImageView::MAX_SIDE as u32,
            max_pixels: 64_000_000,
            max_memory: 256 << 20,
        }
    }
}

impl Limits {
    /// WeChat's limit on the file, ours on the picture.
    pub fn new() -> Self {
        Self::default()
    }

    /// A file must be shorter than this many bytes (default: 2 MiB, as WeChat demands).
    #[must_use]
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// The longest side in pixels (default and at most: [`ImageView::MAX_SIDE`]).
    #[must_use]
    pub fn max_side(mut self, pixels: u32) -> Self {
        self.max_side = pixels.min(ImageView::MAX_SIDE as u32);
        self
    }

    /// The most pixels (default: 64 million, more than a 50-megapixel phone takes).
    #[must_use]
    pub fn max_pixels(mut self, pixels: u64) -> Self {
        self.max_pixels = pixels;
        self
    }

    /// The most bytes that the decoded picture and its decoder's buffers may take (default:
    /// 256 MiB). A progressive JPEG takes up to nine bytes a pixel, an animated WebP fifteen.
    /// Turning it upright or to 8 bits a channel takes another copy for a moment.
    #[must_use]
    pub fn max_memory(mut self, bytes: u64) -> Self {
        self.max_memory = bytes;
        self
    }
}

/// How [`crate::scan_bytes`] works.
///
/// ```
/// use saoma::{Effort, Scanner};
/// use wechat_compat::{Limits, Options, scan_bytes};
/// let options = Options::new()
///     .limits(Limits::new().max_bytes(10 << 20))
///     .scanner(Scanner::builder().effort(Effort::Fast).build());
/// assert_eq!(scan_bytes(&[], &options).errcode(), 44001);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub(crate) limits: Limits,
    pub(crate) scanner: Scanner,
}

impl Options {
    /// The default limits and the default scanner.
    pub fn new() -> Self {
        Self::default()
    }

    /// What a picture may cost.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// What reads it.
    #[must_use]
    pub fn scanner(mut self, scanner: Scanner) -> Self {
        self.scanner = scanner;
        self
    }
}
