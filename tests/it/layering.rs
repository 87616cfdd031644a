//! The house stays as `docs/ARCHITECTURE.md` draws it: floors, rooms, and one room for each outside library.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

struct Room {
    floor: u32,
    libraries: Vec<String>,
}

fn rooms() -> BTreeMap<String, Room> {
    let text = fs::read_to_string(Path::new(ROOT).join("docs/ARCHITECTURE.md")).unwrap();
    let mut rooms = BTreeMap::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        if let [_, floor, room, _, libraries, _] = cells.as_slice()
            && let Ok(floor) = floor.parse::<u32>()
        {
            let libraries = libraries
                .split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect();
            rooms.insert(room.trim_matches('`').to_owned(), Room { floor, libraries });
        }
    }
    rooms
}

/// The Rust files of a room, with their code: comments and text after `#[cfg(test)]` left out.
fn files(room: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut waiting = vec![Path::new(ROOT).join("src").join(room)];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let code: Vec<&str> =
                    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
                found.push((path, code.join("\n")));
            }
        }
    }
    found
}

fn imported_rooms(code: &str) -> BTreeSet<String> {
    let names = code.split("crate::").skip(1).map(|rest| {
        rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect::<String>()
    });
    names.collect()
}

#[test]
fn every_room_is_in_the_table_and_in_the_library() {
    let drawn: BTreeSet<String> = rooms().into_keys().collect();
    let built: BTreeSet<String> = fs::read_dir(Path::new(ROOT).join("src"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(drawn, built);
}

#[test]
fn a_room_imports_only_rooms_on_lower_floors() {
    let rooms = rooms();
    let mut wrong = Vec::new();
    for (name, room) in &rooms {
        for (path, code) in files(name) {
            for other in imported_rooms(&code).iter().filter(|other| *other != name) {
                match rooms.get(other) {
                    Some(below) if below.floor < room.floor => {}
                    _ => wrong.push(format!("{} imports crate::{other}", path.display())),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_outside_library_has_one_room() {
    let rooms = rooms();
    let mut wrong = Vec::new();
    for (owner, room) in &rooms {
        for library in &room.libraries {
            for other in rooms.keys().filter(|other| *other != owner) {
                for (path, code) in files(other) {
                    let mentions = [
                        format!("use {library}::"),
                        format!(" {library}::"),
                        format!("<{library}::"),
                        format!("({library}::"),
                    ];
                    if mentions.iter().any(|mention| code.contains(mention.as_str())) {
                        wrong.push(format!("{} uses {library}, which belongs to `{owner}`", path.display()));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_engine_knows_no_runtime_and_no_server() {
    let mut wrong = Vec::new();
    for (name, _) in rooms().iter().filter(|(name, room)| room.floor <= 4 && *name != "store") {
        for (path, code) in files(name) {
            if ["tokio::", "actix_web::", "async fn", ".await"].iter().any(|word| code.contains(word)) {
                wrong.push(path);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_stay_under_400_lines_and_open_with_prose() {
    let mut wrong = Vec::new();
    for name in rooms().keys() {
        for (path, _) in files(name) {
            let text = fs::read_to_string(&path).unwrap();
            if text.lines().count() > 400 || !text.starts_with("//!") {
                wrong.push(path);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
