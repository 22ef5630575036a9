use super::*;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\npicture";

/// A POST without query.
fn post(content_type: &str, body: impl Into<Bytes>) -> ScanRequest {
    ScanRequest::read(&Fields::default(), false, content_type, &body.into())
}

fn post_with_query(query: &str, content_type: &str, body: impl Into<Bytes>) -> ScanRequest {
    ScanRequest::read(&Fields::parse(query.as_bytes()), false, content_type, &body.into())
}

/// The header of a part, and its content.
fn multipart(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (header, content) in parts {
        body.extend_from_slice(
            format!("--B\r\nContent-Disposition: form-data; {header}\r\n\r\n").as_bytes(),
        );
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--B--\r\n");
    body
}

const MULTIPART: &str = "multipart/form-data; boundary=B";

fn file(content: &'static [u8]) -> Result<Source, ErrorCode> {
    Ok(Source::File(Bytes::from_static(content)))
}

fn url(url: &str) -> Result<Source, ErrorCode> {
    Ok(Source::Url(url.to_owned()))
}

#[test]
fn the_documented_get() {
    let query = Fields::parse(b"img_url=http%3A%2F%2Fx%2Fa.png%3Fb%3D1&access_token=T");
    let request = ScanRequest::read(&query, true, "", &Bytes::new());
    let source = url("http://x/a.png?b=1");
    assert_eq!(request, ScanRequest { token: Some("T".into()), source });
    let none = ScanRequest::read(&Fields::parse(b"access_token=T"), true, "", &Bytes::new());
    assert_eq!(none.source, Err(ErrorCode::RequirePostMethod));
}

#[test]
fn addresses_in_the_query_beside_bodies_of_no_use() {
    let query = "img_url=http:%2F%2Fx%2Fa.png&access_token=T";
    for (content_type, body) in [
        ("", &b""[..]),
        ("application/x-www-form-urlencoded", b""),
        ("application/json", b"{}"),
        ("application/json", b"null"),
        ("application/json", b""),
        ("application/json", b"not json"),
        (MULTIPART, b"--B--\r\n"),
        (MULTIPART, b""),
        (MULTIPART, b"broken"),
    ] {
        let request = post_with_query(query, content_type, body);
        assert_eq!(request.source, url("http://x/a.png"), "{content_type} {body:?}");
        assert_eq!(request.token.as_deref(), Some("T"));
    }
}

#[test]
fn files_under_every_name() {
    for header in [
        r#"name="img"; filename="a.png""#,
        "name=img; filename=a.png",
        r#"name="\"img\""; filename="image.png""#,
        r#"name="file"; filename="tmp123""#,
        r#"name="media"; filename="a.png""#,
        r#"name="picture"; filename="/home/me/a.png""#,
        r#"name=""; filename="a.png""#,
        r#"filename="a.png""#,
        r#"name="img""#,
    ] {
        let body = multipart(&[(r#"name="note""#, b"hello"), (header, PNG)]);
        assert_eq!(post(MULTIPART, body).source, file(PNG), "{header}");
    }
    let none = multipart(&[(r#"name="note""#, b"hello")]);
    assert_eq!(post(MULTIPART, none).source, Err(ErrorCode::MediaDataMissing));
    assert_eq!(post(MULTIPART, multipart(&[])).source, Err(ErrorCode::MediaDataMissing));
}

#[test]
fn img_goes_before_file_before_others_and_full_before_empty() {
    let named = |name: &'static str, content: &'static [u8]| (name, content);
    let other = named(r#"name="x"; filename="x""#, b"other");
    let by_file = named(r#"name="file"; filename="x""#, b"file");
    let by_img = named(r#"name="img"; filename="x""#, b"img");
    let empty = named(r#"name="img"; filename="""#, b"");
    let of = |parts: &[(&str, &[u8])]| post(MULTIPART, multipart(parts)).source;
    assert_eq!(of(&[other, by_file, by_img]), file(b"img"));
    assert_eq!(of(&[other, by_file]), file(b"file"));
    assert_eq!(of(&[empty, other]), file(b"other"));
    assert_eq!(of(&[empty]), file(b""));
    let field = named(r#"name="img_url""#, b" http://x/a.png ");
    assert_eq!(of(&[empty, field]), url("http://x/a.png"));
}

#[test]
fn a_file_goes_before_an_address() {
    for query in
        ["img_url=None&access_token=T", "img_url=&access_token=T", "img_url=http%3A%2F%2Fx"]
    {
        let body = multipart(&[(r#"name="img"; filename="a.png""#, PNG)]);
        assert_eq!(post_with_query(query, MULTIPART, body).source, file(PNG), "{query}");
    }
}

#[test]
fn addresses_and_tokens_in_bodies() {
    let expected = ScanRequest { token: Some("T".into()), source: url("http://x/a.png") };
    let json = r#"{"img_url":"http://x/a.png","access_token":"T","n":1,"o":{}}"#;
    let form = "img_url=http%3A%2F%2Fx%2Fa.png&access_token=T";
    let parts =
        multipart(&[(r#"name="img_url""#, b"http://x/a.png"), (r#"name="access_token""#, b"T")]);
    assert_eq!(post("application/json; charset=utf-8", json), expected);
    assert_eq!(post("text/plain", json), expected);
    assert_eq!(post("", json), expected);
    assert_eq!(post("application/x-www-form-urlencoded", form), expected);
    assert_eq!(post("application/x-www-form-urlencoded", json), expected);
    assert_eq!(post(MULTIPART, parts.clone()), expected);
    assert_eq!(post("application/json", parts.clone()), expected);
    assert_eq!(post("multipart/form-data", parts), expected);
    let both = post_with_query("access_token=Q", "application/json", json);
    assert_eq!(both.token.as_deref(), Some("Q"));
    let cloud = post_with_query("cloudbase_access_token=C", "application/json", "{}");
    assert_eq!(cloud.token.as_deref(), Some("C"));
}

#[test]
fn pictures_as_bodies() {
    for kind in [
        "image/png",
        "application/octet-stream",
        "",
        "application/x-www-form-urlencoded",
        "application/json",
    ] {
        assert_eq!(post(kind, PNG).source, file(PNG), "{kind}");
    }
    // Meant as a picture: the decoder refuses it.
    assert_eq!(post("image/png", &b"nonsense"[..]).source, file(b"nonsense"));
    assert_eq!(post("application/octet-stream", &b"\0\x01"[..]).source, file(b"\0\x01"));
}

#[test]
fn pictures_in_base64() {
    let json = |body: &str| post("application/json", body.to_owned()).source;
    assert_eq!(json(r#"{"img":"cGljdHVyZQ=="}"#), file(b"picture"));
    assert_eq!(json(r#"{"img":"data:image/png;base64,cGljdHVyZQ=="}"#), file(b"picture"));
    assert_eq!(json(r#""cGljdHVyZQ==""#), file(b"picture"));
    assert_eq!(json(r#"{"img":"not base64!"}"#), Err(ErrorCode::MediaDataMissing));
    for base64 in ["cGljdHVyZQ", r"cGlj\r\ndHVy\r\nZQ==\r\n", r"cGlj\ndHVyZQ="] {
        assert_eq!(json(&format!(r#"{{"img":"{base64}"}}"#)), file(b"picture"), "{base64}");
    }
    let form = |body| post("application/x-www-form-urlencoded", body).source;
    for body in ["img=cGljdHVyZQ%3D%3D", "img=cGlj%0D%0AdHVyZQ", "img=cGljdHVyZQ==\n"] {
        assert_eq!(form(body), file(b"picture"), "{body}");
    }
    // Escaped as it should be, and not.
    assert_eq!(form("img=%2B%2F%2F%2B"), file(b"\xfb\xff\xfe"));
    assert_eq!(form("img=A//+AAAA"), file(b"\x03\xff\xfe\0\0\0"));
}

#[test]
fn requests_without_a_picture() {
    for (content_type, body, expected) in [
        ("", "", ErrorCode::MediaDataMissing),
        ("application/json", "{}", ErrorCode::MediaDataMissing),
        ("application/json", "null", ErrorCode::MediaDataMissing),
        ("application/json", "{", ErrorCode::DataFormatError),
        ("application/x-www-form-urlencoded", "a=b", ErrorCode::MediaDataMissing),
        (MULTIPART, "nothing", ErrorCode::DataFormatError),
        ("multipart/form-data", "nothing", ErrorCode::DataFormatError),
    ] {
        assert_eq!(post(content_type, body).source, Err(expected), "{content_type} {body}");
    }
}

#[test]
fn many_small_fields_are_not_kept() {
    let fields = |body: &str| content("application/x-www-form-urlencoded", &body.to_owned().into());
    let form = fields(&"a&img_url&ext=1&".repeat(100_000));
    assert_eq!(form.fields, Fields(vec![("ext", "1".to_owned())]));
    let object = format!("{{{}\"ext\":1}}", "\"a\":0,\"img\":\"\",\"ext\":1,".repeat(100_000));
    assert_eq!(fields(&object).fields, form.fields);
    let parts =
        multipart(&[(r#"name="a""#, b"1"), (r#"name="ext""#, b"1"), (r#"name="ext""#, b"2")]);
    assert_eq!(content(MULTIPART, &parts.into()).fields, form.fields);
    // Nor is anything of a list, or of what is nested.
    for body in ["[{\"img_url\":\"x\"},{\"\":0}]", r#"{"o":{"img_url":"x"},"img":{"img_url":"x"}}"#]
    {
        assert_eq!(fields(body).fields, Fields::default(), "{body}");
    }
}

#[test]
fn json_that_is_nothing_asked_for() {
    for body in ["1234", "true", "-1.5", "null", "[]", "[1,[2]]", r#"{"img":{"a":[1]}}"#] {
        assert_eq!(post("text/plain", body).source, Err(ErrorCode::MediaDataMissing), "{body}");
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(post("application/json", deep).source.is_err());
}
