//! `select!` polls its branches in an order drawn from an ambient generator, unless it is told `biased`.
//! Not here: what else is banned; `clippy.toml` names it.

use proc_macro2::{TokenStream, TokenTree};

use super::RustFile;
use crate::finding::Finding;

pub(super) fn check(file: &RustFile<'_>, found: &mut Vec<Finding>) {
    let tokens = file.text.parse().expect("what parses as a file has tokens");
    walk(file.path, tokens, found);
}

/// Macros nest in macros' own arguments, so the search is over tokens, not over syntax.
fn walk(path: &str, tokens: TokenStream, found: &mut Vec<Finding>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for window in tokens.windows(3) {
        if let [TokenTree::Ident(name), TokenTree::Punct(bang), TokenTree::Group(body)] = window
            && name == "select"
            && bang.as_char() == '!'
            && !starts_biased(body.stream())
        {
            let allowed = "open it with `biased;`: the order of branches must come from the code";
            found.push(Finding::new(path, name.span().start().line, "`select!` without `biased`", allowed));
        }
    }
    for token in tokens {
        if let TokenTree::Group(group) = token {
            walk(path, group.stream(), found);
        }
    }
}

fn starts_biased(body: TokenStream) -> bool {
    matches!(body.into_iter().next(), Some(TokenTree::Ident(word)) if word == "biased")
}

#[cfg(test)]
mod tests {
    use super::super::check;

    #[test]
    fn select_without_biased_is_found_even_inside_another_macro() {
        let planted = "//! A. Not here: b.\nasync fn a() {\n    tokio::select! { _ = b() => {} }\n}\n";
        let allowed = "open it with `biased;`: the order of branches must come from the code";
        assert_eq!(
            check(&[("client/src/a.rs", planted)]),
            [format!("client/src/a.rs:3: `select!` without `biased`; {allowed}")]
        );
        let nested = "//! A. Not here: b.\nfn a() {\n    run!(async {\n        select! { _ = b() => {} }\n    });\n}\n";
        assert_eq!(check(&[("client/src/a.rs", nested)]).len(), 1);
    }

    #[test]
    fn biased_select_passes() {
        let planted =
            "//! A. Not here: b.\nasync fn a() {\n    tokio::select! { biased; _ = b() => {} }\n}\n";
        assert_eq!(check(&[("client/src/a.rs", planted)]), [""; 0]);
    }
}
