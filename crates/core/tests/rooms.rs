//! Nothing in `src/` points up or sideways: the rooms and who may use whom.

#![allow(clippy::unwrap_used, reason = "a file that cannot be read fails the test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms by floor, the highest first: a room may use those on lower floors only.
const FLOORS: [&[&str]; 7] = [
    &["scan", "decode"],
    &["linear", "qr", "datamatrix", "pdf417", "aztec", "maxicode", "hanxin", "dotcode"],
    &["grid", "threshold", "profile"],
    &["image", "structured_append"],
    &["symbol"],
    &["geometry", "ecc", "text", "symbology", "error"],
    &["testing"],
];

/// The only rooms that may name these crates.
const CRATES: [(&str, &str); 2] = [("rayon", "scan"), ("encoding_rs", "text")];

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// A source file: the room it stands in, its place below `src/` without ending, its code.
struct Source {
    room: String,
    place: Vec<String>,
    code: String,
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    files_below(&root, &mut files);
    let source = |path: PathBuf| {
        let below = path.strip_prefix(&root).unwrap().with_extension("");
        let place: Vec<String> =
            below.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        Source { room: place[0].clone(), place, code: code_of(&fs::read_to_string(path).unwrap()) }
    };
    files.into_iter().map(source).filter(|source| source.room != "lib").collect()
}

/// The text without line comments.
fn code_of(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or("").to_owned() + "\n").collect()
}

/// The identifiers of the code, each with what follows it.
fn identifiers(code: &str) -> Vec<(&str, &str)> {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(start) = rest.find(part) {
        rest = &rest[start..];
        let end = rest.find(|c| !part(c)).unwrap_or(rest.len());
        found.push((&rest[..end], &rest[end..]));
        rest = &rest[end..];
    }
    found
}

/// The paths a use tree stands for, from what follows its first identifier.
fn paths(first: &str, rest: &str) -> Vec<Vec<String>> {
    let (tree, _) = branches(rest);
    tree.into_iter().map(|tail| [vec![first.to_owned()], tail].concat()).collect()
}

/// What may follow an identifier: nothing, `::name…` or `::{…, …}`; and the text after it.
fn branches(rest: &str) -> (Vec<Vec<String>>, &str) {
    let Some(mut rest) = rest.trim_start().strip_prefix("::").map(str::trim_start) else {
        return (vec![Vec::new()], rest);
    };
    let Some(inside) = rest.strip_prefix('{') else {
        let Some(&(name, after)) =
            identifiers(rest).first().filter(|(name, _)| rest.starts_with(name))
        else {
            return (vec![Vec::new()], rest);
        };
        let (tails, after) = branches(after);
        return (
            tails.into_iter().map(|tail| [vec![name.to_owned()], tail].concat()).collect(),
            after,
        );
    };
    rest = inside.trim_start();
    let mut found = Vec::new();
    while !rest.is_empty() && !rest.starts_with('}') {
        if let Some(&(name, after)) =
            identifiers(rest).first().filter(|(name, _)| rest.starts_with(name))
        {
            let (tails, after) = branches(after);
            found.extend(tails.into_iter().map(|tail| [vec![name.to_owned()], tail].concat()));
            rest = after;
            // `as other`
            if let Some(alias) = rest.trim_start().strip_prefix("as ") {
                rest = identifiers(alias).first().map_or("", |(_, after)| after);
            }
        } else {
            rest = &rest[rest.chars().next().map_or(0, char::len_utf8)..];
        }
        rest = rest.trim_start_matches([',', ' ', '\n', '*']);
    }
    (found, rest.strip_prefix('}').unwrap_or(rest))
}

/// The paths from the crate's root that a file names, `crate::` left out.
fn from_root(source: &Source) -> Vec<Vec<String>> {
    let depth = source.place.len() - usize::from(source.place.last().is_some_and(|p| p == "mod"));
    let mut found = Vec::new();
    for (name, rest) in identifiers(&source.code) {
        for path in paths(name, rest) {
            let supers = path.iter().take_while(|part| *part == "super").count();
            if name == "crate" && path.len() > 1 {
                found.push(path[1..].to_vec());
            } else if supers >= depth && path.get(supers).is_some_and(|p| floor(p).is_some()) {
                found.push(path[supers..].to_vec());
            }
        }
    }
    found
}

fn arrows(source: &Source) -> Vec<String> {
    let own = floor(&source.room);
    let mut wrong = Vec::new();
    let file = source.place.join("/");
    if own.is_none() {
        wrong.push(format!("{file}: room `{}` is on no floor", source.room));
    }
    let in_message = source.place.iter().any(|part| part == "codewords" || part == "payload");
    for path in from_root(source) {
        let target = &path[0];
        let shown = path.join("::");
        // The largest size stands with the view and in the error about it.
        let limit = source.room == "error" && target == "ImageView";
        if *target == source.room || limit {
            continue;
        }
        if floor(target).is_none_or(|floor| own.is_some_and(|own| floor <= own)) {
            wrong.push(format!("{file}: uses {shown}"));
        }
        let pixels = matches!(target.as_str(), "image" | "threshold" | "grid");
        if in_message && pixels && path.get(1).is_none_or(|item| item != "ModuleGrid") {
            wrong.push(format!("{file}: sees pixels by {shown}"));
        }
    }
    for (name, _) in identifiers(&source.code) {
        let only = CRATES.iter().find(|(krate, _)| *krate == name).map(|(_, room)| *room);
        if only.is_some_and(|room| room != source.room) {
            wrong.push(format!("{file}: names {name}"));
        }
    }
    wrong
}

#[test]
fn nothing_points_up_or_sideways() {
    let sources = sources();
    let rooms: BTreeSet<_> = sources.iter().map(|source| source.room.as_str()).collect();
    assert!(rooms.contains("scan") && rooms.contains("geometry"), "{rooms:?}");
    let wrong: Vec<String> = sources.iter().flat_map(arrows).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with a piece of code at a place.
fn judged(place: &str, code: &str) -> Vec<String> {
    let place: Vec<String> = place.split('/').map(str::to_owned).collect();
    arrows(&Source { room: place[0].clone(), place, code: code_of(code) })
}

#[test]
fn wrong_arrows_are_seen() {
    let wrong = [
        ("qr/find", "use crate::linear::Guard;"),
        ("qr/find", "use crate::scan::Scanner;"),
        ("qr/find", "use crate::{geometry::Point, linear::{A, B}};"),
        ("grid/mod", "let a = crate::threshold::block();"),
        ("threshold/block", "use crate::grid::Grid;"),
        ("ecc/mod", "use crate::geometry::{Point as P, point};"),
        ("symbol", "use crate::image::ImageView;"),
        ("qr/mod", "use super::linear::Guard;"),
        ("qr/decode/tests", "use super::super::super::{linear::Guard};"),
        ("qr/find", "use crate::Symbol;"),
        ("qr/find", "use rayon::prelude::*;"),
        ("ecc/mod", "use encoding_rs::UTF_8;"),
        ("qr/codewords", "use crate::image::LumaView;"),
        ("qr/payload/segments", "use crate::grid::{ModuleGrid, Grid};"),
        ("attic/mod", ""),
    ];
    for (place, code) in wrong {
        assert!(!judged(place, code).is_empty(), "{place}: {code}");
    }
}

#[test]
fn right_arrows_are_let_through() {
    let right = [
        ("scan/mod", "use crate::{qr, linear::{self, Guard}}; use rayon::join;"),
        (
            "qr/find",
            "use crate::{geometry::{Point, point}, threshold::BitMatrix}; use super::linear;",
        ),
        ("qr/find", "//! Not crate::linear.\nuse crate::qr::versions::Version;"),
        ("qr/codewords", "use crate::ecc::ReedSolomon; crate::grid::ModuleGrid::unseen(1, 1)"),
        ("error", "crate::ImageView::MAX_SIDE"),
        ("text/eci", "use encoding_rs::{UTF_8, BIG5};"),
    ];
    for (place, code) in right {
        let own = judged(place, code);
        assert!(own.is_empty(), "{place}: {code}: {own:?}");
    }
}
