//! Links lead somewhere: in Markdown files, and in doc comments where they name a file.
//!
//! **Not here**: links to the web, which need one, and links from docs to items (`[Env]`), which rustdoc checks.

use crate::finding::Finding;
use crate::workspace::Tree;

pub(super) fn check(tree: &Tree, found: &mut Vec<Finding>) {
    for (path, text) in tree.texts(".md") {
        for (line, target) in targets(numbered(text)) {
            check_target(tree, path, line, &target, found);
        }
    }
    for (path, text) in tree.texts(".rs") {
        for (line, target) in targets(doc_lines(text)) {
            if names_a_file(&target) {
                check_target(tree, path, line, &target, found);
            }
        }
    }
}

fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line))
}

/// The lines of doc comments, without their marks.
fn doc_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    numbered(text).filter_map(|(number, line)| {
        let line = line.trim_start();
        Some((number, line.strip_prefix("//!").or_else(|| line.strip_prefix("///"))?))
    })
}

/// In doc comments most targets are items; those with a slash or an extension are files.
fn names_a_file(target: &str) -> bool {
    !target.contains("::") && (target.contains('/') || target.contains(".md") || target.contains(".rs"))
}

/// Targets of `[text](target)` and `[label]: target`, outside code.
fn targets<'a>(lines: impl Iterator<Item = (usize, &'a str)>) -> Vec<(usize, String)> {
    let mut targets = Vec::new();
    let mut in_code = false;
    for (number, line) in lines {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        // Every second piece between backticks is code.
        let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
        for (at, _) in prose.match_indices("](") {
            let target = prose[at + 2..].split([')', ' ']).next().unwrap_or_default();
            targets.push((number, target.to_owned()));
        }
        if let Some((label, target)) = prose.trim_start().split_once("]: ")
            && label.starts_with('[')
            && !label.contains(']')
        {
            targets.push((number, target.split(' ').next().unwrap_or_default().to_owned()));
        }
    }
    targets
}

fn check_target(tree: &Tree, path: &str, line: usize, target: &str, found: &mut Vec<Finding>) {
    if target.contains("://") || target.starts_with("mailto:") {
        return;
    }
    let (file, anchor) = target.split_once('#').map_or((target, None), |(file, anchor)| (file, Some(anchor)));
    let resolved = if file.is_empty() { Some(path.to_owned()) } else { resolve(path, file) };
    let Some(resolved) = resolved.filter(|resolved| tree.has(resolved)) else {
        let wrong = format!("the link `{target}` leads nowhere");
        found.push(Finding::new(
            path,
            line,
            wrong,
            "name a file of this tree, relative to the file with the link",
        ));
        return;
    };
    if let (Some(anchor), Some(text)) = (anchor, tree.text(&resolved).filter(|_| resolved.ends_with(".md")))
        && !headings(text).any(|heading| heading == anchor)
    {
        let wrong = format!("the link `{target}` names no heading of {resolved}");
        found.push(Finding::new(path, line, wrong, "a heading in lower case with dashes for spaces"));
    }
}

/// `target` as seen from the folder of `path`, with `.` and `..` worked out; none above the root.
fn resolve(path: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The anchors that a renderer makes of a Markdown file's headings.
fn headings(text: &str) -> impl Iterator<Item = String> {
    text.lines().filter(|line| line.starts_with('#')).map(|line| {
        let title = line.trim_start_matches('#').trim().to_lowercase();
        title
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::super::check;

    #[test]
    fn a_markdown_link_to_a_file_that_is_not_there_is_found() {
        let planted = "# Klamm\n\nSee [here](ARCHITECTURE.md), [there](sim/env) and [nowhere](sim/fnv).\n";
        assert_eq!(
            check(&[("README.md", planted), ("ARCHITECTURE.md", ""), ("sim/env/a", "")]),
            ["README.md:3: the link `sim/fnv` leads nowhere; \
              name a file of this tree, relative to the file with the link"]
        );
    }

    #[test]
    fn reference_links_and_anchors_count() {
        let planted = "## What works\n\n[a](#what-works) [b](#what-does-not) [c][d]\n\n[d]: gone.md\n";
        let found = check(&[("README.md", planted)]);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("README.md:3: the link `#what-does-not` names no heading"), "{found:?}");
        assert!(found[1].starts_with("README.md:5: the link `gone.md` leads nowhere"), "{found:?}");
    }

    #[test]
    fn code_and_the_web_are_left_alone() {
        let text = "`[a](b)` [c](https://kafka.apache.org)\n\n```\n[d](e)\n```\n";
        assert_eq!(check(&[("README.md", text)]), [""; 0]);
    }

    #[test]
    fn doc_comments_may_link_to_items_and_to_files_that_exist() {
        let planted = "//! A. Not here: [b](crate::B), [c](Self::c), [d](../Cargo.toml), [e](../../e.md).\n";
        let found = check(&[("ci/src/a.rs", planted), ("ci/Cargo.toml", "")]);
        assert!(found.len() == 1 && found[0].contains("`../../e.md` leads nowhere"), "{found:?}");
    }
}
