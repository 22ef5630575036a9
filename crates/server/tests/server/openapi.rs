//! The description says what the server does, and the server does what it says.

use saoma_server::OPENAPI;
use serde_json::{Value, json};
use wechat_compat::{Answer, ErrorCode};

use crate::support::{Reply, Running, SCAN, pictures};

fn document() -> Value {
    serde_json::from_str(OPENAPI).unwrap()
}

/// What a value does not keep of a schema; of JSON Schema as much as the document uses, and a
/// failure for any other keyword.
fn faults(value: &Value, schema: &Value, root: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    for (keyword, rule) in schema.as_object().unwrap() {
        let mut demand = |holds: bool| {
            if !holds {
                faults.push(format!("{keyword} {rule}: {value}"));
            }
        };
        match keyword.as_str() {
            "$ref" => {
                let path = rule.as_str().unwrap().trim_start_matches('#');
                faults.extend(self::faults(value, root.pointer(path).expect(path), root));
            }
            "type" => demand(match rule.as_str().unwrap() {
                "object" => value.is_object(),
                "array" => value.is_array(),
                "string" => value.is_string(),
                "boolean" => value.is_boolean(),
                "integer" => value.is_i64() || value.is_u64(),
                "number" => value.is_number(),
                other => panic!("type {other}"),
            }),
            "const" => demand(value == rule),
            "enum" => demand(rule.as_array().unwrap().contains(value)),
            "minimum" => demand(value.as_f64() >= rule.as_f64()),
            "required" => {
                let names = rule.as_array().unwrap().iter().map(|name| name.as_str().unwrap());
                demand(names.into_iter().all(|name| value.get(name).is_some()));
            }
            "additionalProperties" => {
                assert_eq!(rule, &Value::Bool(false));
                let known = &schema["properties"];
                let mut names = value.as_object().into_iter().flat_map(|object| object.keys());
                demand(names.all(|name| known.get(name).is_some()));
            }
            "properties" => {
                for (name, schema) in rule.as_object().unwrap() {
                    let property = value.get(name).into_iter();
                    faults.extend(property.flat_map(|v| self::faults(v, schema, root)));
                }
            }
            "items" => {
                let items = value.as_array().into_iter().flatten();
                faults.extend(items.flat_map(|item| self::faults(item, rule, root)));
            }
            "oneOf" => {
                let rules = rule.as_array().unwrap().iter();
                demand(
                    rules.filter(|rule| self::faults(value, rule, root).is_empty()).count() == 1,
                );
            }
            "description" | "format" | "contentEncoding" => {}
            other => panic!("keyword {other}"),
        }
    }
    faults
}

fn response(name: &str) -> Value {
    document()["components"]["responses"][name]["content"]["application/json"].clone()
}

#[track_caller]
fn assert_described(reply: &Reply, name: &str) {
    let faults = faults(&reply.json(), &response(name)["schema"], &document());
    assert!(faults.is_empty(), "{faults:#?}\n{}", reply.body);
}

#[test]
fn it_is_served_and_every_path_and_method_in_it_exists() {
    let server = Running::new();
    assert_eq!(server.get("/openapi.json").json(), document());
    assert_eq!(document()["openapi"], "3.1.0");
    assert_eq!(document()["info"]["version"], env!("CARGO_PKG_VERSION"));
    for (path, item) in document()["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            let line = format!("{} {path}", method.to_uppercase());
            let reply = server.send(&line, "content-length: 0\r\n", b"");
            assert_eq!(reply.status, 200, "{line}");
            let wrong =
                [40066, 43002].map(|code| Answer::from(ErrorCode::from_code(code).unwrap()));
            let is_wrong = wrong.iter().any(|answer| answer.to_string() == reply.body);
            // A scan by GET needs an address.
            assert!(!is_wrong || line == format!("GET {SCAN}"), "{line}: {reply:?}");
        }
    }
}

#[test]
fn every_answer_is_as_described() {
    let server = Running::new();
    let mut seen = 0;
    for query in ["", "?ext=1", "?ext=1&effort=thorough"] {
        for name in ["wechat-example.png", "qr-contents.png", "photo-like.png", "qr-damaged.png"] {
            let reply = server.upload(&format!("{SCAN}{query}"), &pictures::testdata(name));
            assert_described(&reply, "scan");
            seen += reply.texts().len();
        }
    }
    assert!(seen > 20, "{seen}");
    assert_described(&server.upload(SCAN, b"junk"), "scan");
    assert_described(&server.get(SCAN), "scan");
    assert_described(&server.get("/cgi-bin/token"), "token");
    let target = "/cgi-bin/token?grant_type=client_credential&appid=a&secret=b";
    assert_described(&server.get(target), "token");
    let health = &document()["components"]["schemas"]["Health"];
    assert_eq!(faults(&server.get("/healthz").json(), health, &document()), [""; 0]);
}

#[test]
fn every_error_is_listed_and_every_example_is_true() {
    let schemas = &document()["components"]["schemas"];
    let mut codes: Vec<i32> = ErrorCode::ALL.iter().map(|error| error.code()).collect();
    codes.sort_unstable();
    assert_eq!(schemas["Error"]["properties"]["errcode"]["enum"], json!(codes));
    for name in ["scan", "token"] {
        let response = response(name);
        for (example, item) in response["examples"].as_object().unwrap() {
            let faults = faults(&item["value"], &response["schema"], &document());
            assert!(faults.is_empty(), "{name}/{example}: {faults:#?}");
        }
    }
}

#[test]
fn the_check_itself_sees_faults() {
    let schema = &response("scan")["schema"];
    for wrong in [
        json!({"errcode": 0, "errmsg": "ok"}),
        json!({"errcode": "0", "errmsg": "ok", "code_results": [], "img_size": {"w": 1, "h": 1}}),
        json!({"errcode": 0, "errmsg": "ok", "code_results": [], "img_size": {"w": 1.5, "h": 1}}),
        json!({"errcode": 0, "errmsg": "ok", "code_results": [{"type_name": "A", "data": "", "pos": {}}], "img_size": {"w": 1, "h": 1}}),
        json!({"errcode": 12345, "errmsg": "unheard of"}),
        json!({"errcode": -1, "errmsg": "system error", "img_size": {"w": 1, "h": 1}}),
    ] {
        assert!(!faults(&wrong, schema, &document()).is_empty(), "{wrong}");
    }
}
