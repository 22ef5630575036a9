//! The command as its users start it: output, exit codes, messages.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use image::{GrayImage, Luma};
use serde_json::Value;
use tempfile::TempDir;
use wechat_compat::Answer;

/// The picture of WeChat's documentation: two QR Codes, an EAN-13 and a Code 128.
fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/wechat-example.png")
}

const EXAMPLE_DATA: [(&str, &str); 4] = [
    ("qr", "http://www.qq.com"),
    ("qr", "https://mp.weixin.qq.com"),
    ("ean-13", "5906789678957"),
    ("code-128", "50090500019191"),
];

fn saoma() -> Command {
    Command::new(env!("CARGO_BIN_EXE_saoma"))
}

fn scan(arguments: &[&str], paths: &[&Path]) -> Output {
    saoma().arg("scan").args(arguments).args(paths).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    stdout(output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn blank(path: &Path) -> PathBuf {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    GrayImage::from_pixel(60, 40, Luma([255])).save(path).unwrap();
    path.to_owned()
}

/// The symbologies and texts of a `json` line, sorted.
fn texts(line: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let symbols = line["symbols"].as_array().unwrap();
    let mut texts: Vec<_> =
        symbols.iter().map(|s| (text(&s["symbology"]), text(&s["text"]))).collect();
    texts.sort();
    texts
}

fn example_texts() -> Vec<(String, String)> {
    let mut texts = EXAMPLE_DATA.map(|(kind, text)| (kind.to_owned(), text.to_owned())).to_vec();
    texts.sort();
    texts
}

#[test]
fn one_picture_answers_like_wechat() {
    let output = scan(&[], &[&example()]);
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
    let body = stdout(&output);
    assert_eq!(body.lines().count(), 1);
    let answer: Answer = serde_json::from_str(&body).unwrap();
    let bytes = fs::read(example()).unwrap();
    assert_eq!(answer, wechat_compat::scan_bytes(&bytes, &Default::default()));
    assert_eq!(answer.code_results().len(), 4);
}

#[test]
fn json_has_every_symbol_and_text_a_line_each() {
    let output = scan(&["--format", "json"], &[&example()]);
    assert_eq!(output.status.code(), Some(0));
    let [line] = &lines(&output)[..] else { panic!("{}", stdout(&output)) };
    assert_eq!(texts(line), example_texts());

    let output = scan(&["--format", "text"], &[&example()]);
    let text = stdout(&output);
    let mut found: Vec<_> = text.lines().map(|line| line.split_once('\t').unwrap()).collect();
    found.sort_unstable();
    let mut expected = EXAMPLE_DATA.to_vec();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn symbologies_and_effort_are_heard() {
    let output = scan(
        &["--format", "json", "--symbologies", "EAN_13,Code128", "--effort", "thorough"],
        &[&example()],
    );
    let kinds: Vec<String> = texts(&lines(&output)[0]).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["code-128", "ean-13"]);
}

#[test]
fn standard_input_is_a_picture_too() {
    let mut child = saoma()
        .args(["scan", "--format", "json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&fs::read(example()).unwrap()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(lines(&output)[0]["file"], "-");
    assert_eq!(texts(&lines(&output)[0]), example_texts());
}

#[test]
fn nothing_found_is_exit_code_one() {
    let folder = TempDir::new().unwrap();
    let picture = blank(&folder.path().join("blank.png"));
    let output = scan(&[], &[&picture]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        stdout(&output),
        "{\"errcode\":0,\"errmsg\":\"ok\",\"code_results\":[],\"img_size\":{\"w\":60,\"h\":40}}\n"
    );
    let output = scan(&["--format", "text"], &[&picture]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(1), ""));
}

#[test]
fn errors_name_the_file_and_the_reason() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let cut = fs::read(example()).unwrap();
    let cases = [
        (folder.path().join("missing.png"), 41005, "No such file"),
        (write("empty.png", b""), 44001, "empty"),
        (write("text.png", b"Dear Sir or Madam,"), 101_002, "unsupported"),
        (write("cut.png", &cut[..200]), 101_002, "damaged"),
    ];
    for (path, code, reason) in &cases {
        let output = scan(&[], &[path]);
        assert_eq!(output.status.code(), Some(2), "{path:?}");
        let message = stderr(&output);
        assert!(message.contains(path.to_str().unwrap()) && message.contains(reason), "{message}");
        assert_eq!(lines(&output)[0]["errcode"], *code);
        assert!(lines(&output)[0].get("code_results").is_none());
    }
    let empty = TempDir::new().unwrap();
    let output = scan(&[], &[empty.path()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("no pictures"), "{}", stderr(&output));
}

#[test]
fn one_bad_file_does_not_stop_the_others() {
    let folder = TempDir::new().unwrap();
    let missing = folder.path().join("missing.png");
    let output = scan(&["--format", "json"], &[&example(), &missing, &example()]);
    assert_eq!(output.status.code(), Some(2));
    let lines = lines(&output);
    assert_eq!(lines.len(), 3);
    assert_eq!(texts(&lines[0]), example_texts());
    assert!(lines[1]["error"].as_str().unwrap().contains("No such file"));
    assert_eq!(lines[2], lines[0]);
}

#[test]
fn folders_are_read_to_their_depths_in_order() {
    let folder = TempDir::new().unwrap();
    for name in ["b/2.png", "b/10.PNG", "a.png", "c.jpg", "b/deep/er/0.bmp", ".hidden/x.png"] {
        blank(&folder.path().join(name));
    }
    fs::write(folder.path().join("notes.txt"), "not a picture").unwrap();
    let run = |threads: &str| scan(&["--threads", threads], &[folder.path()]);
    let output = run("1");
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(1), ""));
    let name = |line: &Value| {
        let path = PathBuf::from(line["file"].as_str().unwrap());
        path.strip_prefix(folder.path()).unwrap().to_str().unwrap().replace('\\', "/")
    };
    let names: Vec<String> = lines(&output).iter().map(name).collect();
    assert_eq!(names, ["a.png", "b/10.PNG", "b/2.png", "b/deep/er/0.bmp", "c.jpg"]);
    assert_eq!(stdout(&run("3")), stdout(&output));
}

#[test]
fn drawings_show_what_was_read() {
    let folder = TempDir::new().unwrap();
    let drawing = folder.path().join("seen.png");
    let output = scan(&["--annotate", drawing.to_str().unwrap()], &[&example()]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let (before, after) =
        (image::open(example()).unwrap().to_rgb8(), image::open(&drawing).unwrap().to_rgb8());
    assert_eq!(before.dimensions(), after.dimensions());
    // The outline of the QR Code from (585, 378) to (828, 618), and nothing in its middle.
    let changed = |x, y| before.get_pixel(x, y) != after.get_pixel(x, y);
    assert!((640..780).step_by(20).all(|x| (376..381).any(|y| changed(x, y))));
    assert!((430..570).step_by(20).all(|y| (826..831).any(|x| changed(x, y))));
    assert!(!(650..760).any(|x| changed(x, 500)));
}

#[test]
fn drawings_of_many_go_to_a_folder_each_under_its_own_name() {
    let folder = TempDir::new().unwrap();
    let pictures = folder.path().join("pictures");
    for name in ["x/1.png", "x/1.jpg", "2.png"] {
        blank(&pictures.join(name));
    }
    let out = folder.path().join("out");
    let output = scan(&["--annotate", out.to_str().unwrap()], &[&pictures]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    for name in ["x/1.png", "x/1-2.png", "2.png"] {
        assert_eq!(image::open(out.join(name)).unwrap().width(), 60, "{name}");
    }
    // A file cannot hold several drawings, and some names say no format.
    let output = scan(
        &["--annotate", out.join("2.png").to_str().unwrap()],
        &[&pictures.join("2.png"), &pictures.join("x/1.png")],
    );
    assert_eq!(output.status.code(), Some(2));
    let odd = folder.path().join("drawing.xyz");
    let output = scan(&["--annotate", odd.to_str().unwrap()], &[&pictures.join("2.png")]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("drawing.xyz"), "{}", stderr(&output));
    assert_eq!(lines(&output)[0]["errcode"], 0);
}

#[test]
fn drawings_replace_no_originals() {
    let folder = TempDir::new().unwrap();
    let pictures = folder.path().join("pictures");
    let (jpeg, png) = (blank(&pictures.join("x.jpg")), blank(&pictures.join("y.png")));
    let before = fs::read(&png).unwrap();
    let roundabout = pictures.join("../pictures/y.png");
    blank(&pictures.join("x.png"));
    for (out, paths) in [
        (&png, &[png.as_path()][..]),
        (&roundabout, &[png.as_path()]),
        (&png, &[roundabout.as_path()]),
        (&pictures, &[png.as_path()]),
        (&pictures, &[pictures.as_path()]),
        // One picture's drawing, another's original.
        (&pictures, &[jpeg.as_path(), &pictures.join("x.png")]),
    ] {
        let output = scan(&["--annotate", out.to_str().unwrap()], paths);
        let message = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{out:?} {paths:?}");
        assert!(message.contains("original"), "{message}");
        assert_eq!((stdout(&output).as_str(), fs::read(&png).unwrap()), ("", before.clone()));
    }
    // What is drawn already may be drawn again.
    let drawing = folder.path().join("seen.png");
    for _ in 0..2 {
        let output = scan(&["--annotate", drawing.to_str().unwrap()], &[&png]);
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    }
}

#[test]
fn a_wrong_command_line_is_explained() {
    for (arguments, reason) in [
        (&["scan"][..], "PATH"),
        (&["scan", "--symbologies", "qr,barcode", "x.png"], "barcode"),
        (&["scan", "--effort", "heroic", "x.png"], "thorough"),
        (&["scan", "--threads", "0", "x.png"], "threads"),
        (&["dance"], "dance"),
    ] {
        let output = saoma().args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains(reason), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn errors_that_nobody_reads_are_errors_still() {
    let mut child = saoma()
        .args(["scan", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stderr.take());
    child.stdin.take().unwrap().write_all(b"no picture").unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(2));
}

#[test]
fn help_shows_examples_and_completions_name_the_options() {
    let help = stdout(&saoma().args(["scan", "--help"]).output().unwrap());
    // What `all` leaves out is said to be left out.
    let (_, named) = help.split_once("only where they are named:").unwrap();
    let (named, _) = named.split_once("[default: all]").unwrap();
    assert!(named.contains("msi") && named.contains("dotcode"), "{named}");
    assert!(!named.contains("qr") && !named.contains("ean-13"), "{named}");
    for part in ["Examples:", "saoma scan photo.jpg", "Exit codes", "ean-13", "--annotate"] {
        assert!(help.contains(part), "{part} is not in\n{help}");
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = saoma().args(["completions", shell]).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert!(stdout(&output).contains("symbologies"), "{shell}");
    }
}

#[cfg(feature = "server")]
#[test]
fn a_server_is_not_exposed_by_accident() {
    let output = saoma().args(["serve", "--listen", "0.0.0.0:0"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--token"), "{}", stderr(&output));
}
