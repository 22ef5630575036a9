//! `multipart/form-data` (RFC 7578, RFC 2046 5.1) of a body that is here in full.
//!
//! Lenient where clients are known to be careless: names in any quotes or none, parts without
//! header, file names that are paths or no UTF-8, lines ended by a bare LF, an epilogue. Strict
//! where a cut body would pass for a whole one: every part must be followed by a boundary.

use bytes::Bytes;
use memchr::memmem;

/// More parts than any form for a picture has.
const MAX_PARTS: usize = 64;
/// More than any header of a part has.
const MAX_HEADER: usize = 16 << 10;

/// One field of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Part {
    /// Without quotes; what is no UTF-8 is replaced.
    pub(crate) name: String,
    /// Whether it has a file name, however strange.
    pub(crate) is_file: bool,
    /// What it holds.
    pub(crate) content: Bytes,
}

/// The body is no multipart, or not all of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// The boundary that a `Content-Type` names.
pub(crate) fn boundary(content_type: &str) -> Option<Vec<u8>> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().to_ascii_lowercase().starts_with("multipart/") {
        return None;
    }
    let value = parameter(parameters.as_bytes(), "boundary")?;
    (!value.is_empty()).then_some(value)
}

/// The boundary that a body begins with, for clients that do not name theirs.
pub(crate) fn first_boundary(body: &[u8]) -> Option<Vec<u8>> {
    let line = body.strip_prefix(b"--")?;
    let end = memchr::memchr(b'\n', line.get(..line.len().min(80))?)?;
    let boundary = line[..end].trim_ascii_end();
    // RFC 2046: at most 70 characters, of which none is a control character.
    let is_one = (1..=70).contains(&boundary.len())
        && boundary.iter().all(|b| b.is_ascii_graphic() || *b == b' ');
    is_one.then(|| boundary.to_vec())
}

/// The parts between the boundaries.
pub(crate) fn parts(body: &Bytes, boundary: &[u8]) -> Result<Vec<Part>, Malformed> {
    let delimiter = [b"--", boundary].concat();
    let mut boundaries = Boundaries { body, finder: memmem::Finder::new(&delimiter), from: 0 };
    let mut parts = Vec::new();
    let mut before = boundaries.next().ok_or(Malformed)?;
    while !before.is_last {
        let after = boundaries.next().ok_or(Malformed)?;
        if parts.len() == MAX_PARTS {
            return Err(Malformed);
        }
        let range = before.end..after.start.max(before.end);
        parts.push(part(&body.slice(range))?);
        before = after;
    }
    Ok(parts)
}

/// A line that is a boundary: the bytes from the end of the line before to the begin of the next.
struct Boundary {
    start: usize,
    end: usize,
    is_last: bool,
}

struct Boundaries<'a> {
    body: &'a [u8],
    finder: memmem::Finder<'a>,
    from: usize,
}

impl Iterator for Boundaries<'_> {
    type Item = Boundary;

    fn next(&mut self) -> Option<Boundary> {
        loop {
            let found = self.from + self.finder.find(self.body.get(self.from..)?)?;
            let after = found + self.finder.needle().len();
            self.from = found + 1;
            let start = match &self.body[..found] {
                [] => found,
                [.., b'\r', b'\n'] => found - 2,
                [.., b'\n'] => found - 1,
                _ => continue,
            };
            let rest = &self.body[after..];
            if rest.starts_with(b"--") {
                return Some(Boundary { start, end: after + 2, is_last: true });
            }
            // White space may stand between a boundary and the end of its line.
            let padding = rest.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
            let line_end = match &rest[padding..] {
                [b'\r', b'\n', ..] => 2,
                [b'\n', ..] => 1,
                _ => continue,
            };
            self.from = after + padding;
            return Some(Boundary { start, end: after + padding + line_end, is_last: false });
        }
    }
}

fn part(part: &Bytes) -> Result<Part, Malformed> {
    let (header, content) = split_header(part).ok_or(Malformed)?;
    let mut found = Part { content: part.slice(content..), ..Part::default() };
    for line in part[..header].split(|&b| b == b'\n') {
        let Some(colon) = memchr::memchr(b':', line) else { continue };
        let (name, value) = line.split_at(colon);
        if name.trim_ascii().eq_ignore_ascii_case(b"content-disposition") {
            let name = parameter(value, "name").unwrap_or_default();
            let name = String::from_utf8_lossy(&name);
            found.name = name.trim_matches(['"', '\'']).to_owned();
            found.is_file = ["filename", "filename*"].iter().any(|p| parameter(value, p).is_some());
        }
    }
    Ok(found)
}

/// Where the header ends and where the content begins.
fn split_header(part: &[u8]) -> Option<(usize, usize)> {
    match part {
        [b'\r', b'\n', ..] => return Some((0, 2)),
        [b'\n', ..] => return Some((0, 1)),
        _ => {}
    }
    let head = &part[..part.len().min(MAX_HEADER)];
    memchr::memchr_iter(b'\n', head).find_map(|end| match &part[end + 1..] {
        [b'\r', b'\n', ..] => Some((end, end + 3)),
        [b'\n', ..] => Some((end, end + 2)),
        _ => None,
    })
}

/// The value of a parameter such as `; name="img"`; of several the first.
fn parameter(text: &[u8], wanted: &str) -> Option<Vec<u8>> {
    let mut rest = text;
    loop {
        let start = rest.iter().position(|b| !matches!(b, b';' | b',' | b':') && !is_space(*b))?;
        rest = &rest[start..];
        let end = rest.iter().position(|b| matches!(b, b'=' | b';')).unwrap_or(rest.len());
        let name = rest[..end].trim_ascii();
        rest = &rest[end..];
        if let Some(after) = rest.strip_prefix(b"=") {
            let (value, after) = value(after.trim_ascii_start());
            if name.eq_ignore_ascii_case(wanted.as_bytes()) {
                return Some(value);
            }
            rest = after;
        }
    }
}

/// A token, or a quoted string in which a backslash stands before quotes and backslashes; some
/// clients leave it out in paths, so that elsewhere it means itself.
fn value(text: &[u8]) -> (Vec<u8>, &[u8]) {
    let Some(quoted) = text.strip_prefix(b"\"") else {
        let end = text.iter().position(|b| *b == b';').unwrap_or(text.len());
        return (text[..end].trim_ascii().to_vec(), &text[end..]);
    };
    let mut value = Vec::new();
    let mut rest = quoted;
    loop {
        rest = match rest {
            [] => return (value, rest),
            [b'"', after @ ..] => return (value, after),
            [b'\\', escaped @ (b'"' | b'\\'), after @ ..] | [escaped, after @ ..] => {
                value.push(*escaped);
                after
            }
        };
    }
}

fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parsed(body: &[u8]) -> Result<Vec<Part>, Malformed> {
        parts(&Bytes::copy_from_slice(body), b"B")
    }

    fn single(header: &str) -> Part {
        let body = format!("--B\r\n{header}\r\n\r\nx\r\n--B--\r\n");
        let [part] = &parsed(body.as_bytes()).unwrap()[..] else { panic!("not one part: {body}") };
        part.clone()
    }

    #[test]
    fn boundaries_of_every_spelling() {
        let found = |header| boundary(header).map(|b| String::from_utf8(b).unwrap());
        assert_eq!(found("multipart/form-data; boundary=abc").as_deref(), Some("abc"));
        assert_eq!(found("Multipart/Form-Data;boundary=\"a b\"").as_deref(), Some("a b"));
        let dashes = "--BOUNDARY--8d9";
        let header = format!("multipart/form-data; charset=utf-8; BOUNDARY={dashes}");
        assert_eq!(found(&header).as_deref(), Some(dashes));
        for none in
            ["multipart/form-data", "multipart/form-data; boundary=", "text/plain; boundary=a"]
        {
            assert_eq!(found(none), None, "{none}");
        }
    }

    #[test]
    fn a_body_tells_its_boundary() {
        assert_eq!(first_boundary(b"--xyz\r\nContent"), Some(b"xyz".to_vec()));
        assert_eq!(first_boundary(b"--xyz\nContent"), Some(b"xyz".to_vec()));
        for none in [&b""[..], b"--", b"--\r\n", b"--xyz", b"xyz\r\n", b"--a\0b\r\n"] {
            assert_eq!(first_boundary(none), None);
        }
    }

    #[test]
    fn what_clients_send_as_header() {
        let file = |header| {
            let part = single(header);
            (part.name, part.is_file)
        };
        let img = |is_file| ("img".to_owned(), is_file);
        assert_eq!(
            file("Content-Disposition: form-data; name=\"img\"; filename=\"a.png\""),
            img(true)
        );
        assert_eq!(file("content-disposition:form-data;name=img;filename=a.png"), img(true));
        assert_eq!(
            file("Content-Disposition: form-data; filename=\"img;name=x\"; name=\"img\""),
            img(true)
        );
        assert_eq!(
            file("Content-Disposition: form-data; name=\"\\\"img\\\"\"; filename=a"),
            img(true)
        );
        assert_eq!(
            file(
                "Content-Disposition: form-data; name=\"img\"; filename=\"C:\\up\\a.png\"\r\nContent-Type: image/png\r\nContent-Length: 1"
            ),
            img(true)
        );
        assert_eq!(
            file("Content-Disposition: form-data; name=\"img\"; filename*=UTF-8''%e6%89%ab.png"),
            img(true)
        );
        assert_eq!(file("Content-Disposition: form-data; name=\"img\""), img(false));
        assert_eq!(
            file("Content-Disposition: form-data; name=\"\"; filename=\"a\""),
            (String::new(), true)
        );
        assert_eq!(file("Content-Type: image/png"), (String::new(), false));
        assert_eq!(file("no header at all"), (String::new(), false));
    }

    #[test]
    fn file_names_in_any_character_set() {
        let body = b"--B\r\nContent-Disposition: form-data; name=\"img\"; filename=\"\xc9\xa8\xc2\xeb.png\"\r\n\r\nx\r\n--B--";
        let parts = parsed(body).unwrap();
        assert_eq!((parts[0].name.as_str(), parts[0].is_file), ("img", true));
    }

    #[test]
    fn contents_keep_every_byte() {
        let body = b"preamble\r\n--B\r\n\r\n\r\n--Bogus\r\n--B \r\n\r\nsecond\r\n\r\n--B\r\n\r\n\r\n--B--\r\nepilogue --B";
        let contents: Vec<Bytes> = parsed(body).unwrap().into_iter().map(|p| p.content).collect();
        assert_eq!(contents, [&b"\r\n--Bogus"[..], b"second\r\n", b""]);
        let unix = parsed(b"--B\nContent-Disposition: form-data; name=a\n\nx\r\n\n--B--").unwrap();
        assert_eq!((unix[0].name.as_str(), &unix[0].content[..]), ("a", &b"x\r\n"[..]));
        assert_eq!(parsed(b"--B--\r\n"), Ok(vec![]));
    }

    #[test]
    fn a_cut_body_is_not_taken_for_a_whole_one() {
        let body = b"--B\r\nContent-Disposition: form-data; name=\"img\"; filename=\"a\"\r\n\r\nxyz\r\n--B--\r\n";
        assert!(parsed(body).is_ok());
        for end in 0..body.len() - 2 {
            assert_eq!(parsed(&body[..end]), Err(Malformed), "{end}");
        }
        assert_eq!(parsed(b"--B\r\nno end of header\r\n--B--"), Err(Malformed));
        let many = [b"--B\r\n\r\n\r\n".repeat(MAX_PARTS + 1), b"--B--".to_vec()].concat();
        assert_eq!(parsed(&many), Err(Malformed));
    }

    proptest! {
        #[test]
        fn any_content_comes_back(contents in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..80), 0..6)) {
            let mut body = Vec::new();
            for content in &contents {
                body.extend_from_slice(b"--B0undary\r\nContent-Disposition: form-data; name=\"img\"\r\n\r\n");
                body.extend_from_slice(content);
                body.extend_from_slice(b"\r\n");
            }
            body.extend_from_slice(b"--B0undary--\r\n");
            let parts = parts(&body.into(), b"B0undary").unwrap();
            let found: Vec<Vec<u8>> = parts.into_iter().map(|p| p.content.to_vec()).collect();
            prop_assert_eq!(found, contents);
        }

        #[test]
        fn no_body_is_too_strange(body in prop::collection::vec(prop_oneof![
            Just(b"--B".to_vec()), Just(b"\r\n".to_vec()), Just(b"--".to_vec()),
            Just(b"Content-Disposition: form-data; name=\"".to_vec()), Just(b"\"; filename=\\".to_vec()),
            prop::collection::vec(any::<u8>(), 0..4)
        ], 0..30)) {
            let body = body.concat();
            let _ = parsed(&body);
            let _ = first_boundary(&body);
            let _ = boundary(&String::from_utf8_lossy(&body));
        }
    }
}
