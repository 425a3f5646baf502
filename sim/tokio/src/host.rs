//! What the machine is called. Not here: its addresses (`Net::resolve`).

/// The name that the system gives this machine; `None` if it has none or one that is not UTF-8.
pub fn host_name() -> Option<String> {
    let name = rustix::system::uname().nodename().to_str().ok()?.to_owned();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_has_a_name_without_spaces() {
        let name = host_name();
        assert!(name.as_ref().is_none_or(|name| !name.contains(char::is_whitespace)), "{name:?}");
    }
}
