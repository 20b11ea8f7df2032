//! For `build.rs`: puts the broken lines of all specimens beside the real ones, in a copy of the source.

use std::collections::BTreeMap;

/// One change: at this line, counted from 0, a line goes, a line comes, or one takes the place of another.
struct Change {
    line: usize,
    real: Option<String>,
    broken: Option<String>,
}

/// Applies a patch, as one that runs only when asked for by `name`, to the files that it names.
///
/// # Panics
///
/// If it does not apply, or is no patch: that ends the build, which is told why.
pub fn splice(
    name: &str,
    patch: &str,
    files: &mut BTreeMap<String, Vec<String>>,
    pristine: &BTreeMap<String, Vec<String>>,
) {
    let mut changes = BTreeMap::<String, Vec<Change>>::new();
    let (mut file, mut line) = (String::new(), 0);
    for text in patch.lines() {
        if let Some(path) = text.strip_prefix("+++ b/") {
            path.clone_into(&mut file);
        } else if let Some(hunk) = text.strip_prefix("@@ -") {
            let first: usize =
                hunk.split([',', ' ']).next().and_then(|first| first.parse().ok()).expect("a line number");
            line = first - 1;
        } else if file.is_empty() || text.starts_with("---") || text.starts_with("diff ") {
            // Words for the reader, up to the first hunk.
        } else {
            let source = pristine.get(&file).unwrap_or_else(|| panic!("{name}: there is no {file}"));
            let there = |line: usize| source.get(line).map_or("", String::as_str);
            let changes = changes.entry(file.clone()).or_default();
            match text.split_at_checked(1) {
                Some((" ", same)) => {
                    assert_eq!(there(line), same, "{name} does not apply: {file}:{}", line + 1);
                    line += 1;
                }
                Some(("-", real)) => {
                    assert_eq!(there(line), real, "{name} does not apply: {file}:{}", line + 1);
                    changes.push(Change { line, real: Some(real.to_owned()), broken: None });
                    line += 1;
                }
                Some(("+", broken)) => match changes.last_mut() {
                    Some(before) if before.line + 1 == line && before.broken.is_none() => {
                        before.broken = Some(broken.to_owned());
                    }
                    _ => changes.push(Change { line, real: None, broken: Some(broken.to_owned()) }),
                },
                _ => {
                    assert!(
                        text.is_empty() && there(line).is_empty(),
                        "{name} does not apply: {file}:{}",
                        line + 1
                    );
                    line += 1;
                }
            }
        }
    }
    assert!(!changes.is_empty(), "{name} changes nothing");
    for (file, changes) in changes {
        let lines = files.get_mut(&file).expect("it was found above");
        for Change { line, real, broken } in changes {
            // A comment would take the rest of the line with it.
            let broken =
                broken.as_deref().map_or("", |broken| broken.split(" // ").next().unwrap_or_default().trim());
            let asked = format!("if crate::python::glass::is_broken({name:?}) {{ {broken} }}");
            let there = lines[line].trim_start();
            // What comes is done before what it comes before.
            lines[line] = if real.is_some() {
                format!("{asked} else {{ {there} }}")
            } else {
                format!("{asked} {there}")
            };
        }
    }
}
