//! What the environment asks of this process: read once, when the module is imported, and the same until the end.

use crate::python::errors::{Result, import_error};
use crate::python::refs::Python;
use std::env::{var, var_os};
use std::fs::File;
use std::panic::Location;
use std::sync::OnceLock;

/// The broken lines, by name, each as a patch of the source: made by `build.rs`.
pub(super) const SPECIMENS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/specimens.rs"));

/// The source that this was compiled from, by path: made by `build.rs`.
pub(super) const SOURCES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/sources.rs"));

#[derive(Debug, Default)]
pub(super) struct Settings {
    /// The specimen whose broken line is to run.
    specimen: Option<String>,
    /// A source line, as `src/python/lifecycle.rs:158`, whose count is to be forgotten; with `:end` behind it, the end
    /// of what is taken there.
    forget: Option<String>,
    /// Where each event is written to before what it tells of is done.
    pub(super) stream: Option<File>,
}

static SETTINGS: OnceLock<Settings> = OnceLock::new();

/// Reads them.
///
/// # Errors
///
/// `ImportError` for a specimen that there is not, and for a file that cannot be opened.
pub(super) fn read(py: &mut Python) -> Result<()> {
    if SETTINGS.get().is_some() {
        return Ok(());
    }
    let specimen = var("HTLAB_SPECIMEN").ok().filter(|name| !name.is_empty());
    if let Some(name) = &specimen
        && !SPECIMENS.iter().any(|(known, _)| known == name)
    {
        return Err(import_error(py, c"HTLAB_SPECIMEN names no specimen: see specimens()"));
    }
    let forget = var("HTLAB_FORGET").ok().filter(|line| !line.is_empty());
    let stream = match var_os("HTLAB_STREAM").filter(|path| !path.is_empty()) {
        None => None,
        Some(path) => match File::options().append(true).create(true).open(path) {
            Ok(file) => Some(file),
            Err(_) => return Err(import_error(py, c"HTLAB_STREAM cannot be opened")),
        },
    };
    let _ = SETTINGS.set(Settings { specimen, forget, stream });
    Ok(())
}

pub(super) fn settings() -> Option<&'static Settings> {
    SETTINGS.get()
}

/// Whether the broken line of this specimen is the one that is to run. `build.rs` puts the question into the source.
pub(in super::super) fn is_broken(specimen: &str) -> bool {
    settings().is_some_and(|settings| settings.specimen.as_deref() == Some(specimen))
}

/// Whether what is counted in this line, or the `end` of what is taken in it, is to be forgotten.
pub(super) fn is_forgotten(site: &Location<'_>, end: bool) -> bool {
    settings().and_then(|settings| settings.forget.as_deref()).is_some_and(|forgotten| {
        let (forgotten, is_end) =
            forgotten.strip_suffix(":end").map_or((forgotten, false), |line| (line, true));
        if is_end != end {
            return false;
        }
        let (file, line) = forgotten.rsplit_once(':').unwrap_or((forgotten, ""));
        line.parse() == Ok(site.line()) && file == path_of(site)
    })
}

/// The path of a source file, from the top of the project. What is compiled is a copy of it: see `build.rs`.
pub(super) fn path_of(site: &Location<'_>) -> &'static str {
    let copied = site.file();
    SOURCES
        .iter()
        .find(|(path, _)| copied.ends_with(path.trim_start_matches("src")))
        .map_or("", |(path, _)| path)
}

/// What the source says of a count: the comment beside its line, or else the last one that begins with a count among
/// the lines above it.
pub(super) fn story_of(site: &Location<'_>) -> Option<String> {
    let (_, text) = SOURCES.iter().find(|(path, _)| *path == path_of(site))?;
    let lines: Vec<&str> = text.lines().take(site.line() as usize).collect();
    let begins = |line: &str| {
        let comment = line.split_once("// ")?.1;
        let comment = comment.strip_prefix("SAFETY: ").unwrap_or(comment);
        (comment.starts_with("+1") || comment.starts_with("-1")).then(|| comment.to_owned())
    };
    // A story is told within a few lines of what it is about, and not beyond an empty line.
    let near = lines.iter().rposition(|line| line.trim().is_empty()).map_or(0, |empty| empty + 1);
    let first = near.max(lines.len().saturating_sub(8));
    let start = (first..lines.len()).rev().find(|&index| begins(lines[index]).is_some())?;
    let mut story = begins(lines[start])?;
    for line in &lines[start + 1..] {
        match line.trim().strip_prefix("// ") {
            Some(more) if !more.starts_with("SAFETY:") => {
                story.push(' ');
                story.push_str(more);
            }
            _ => break,
        }
    }
    Some(story)
}
