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
    fn it_is_the_name_that_the_kernel_tells() {
        let told = std::fs::read_to_string("/proc/sys/kernel/hostname").expect("Linux tells it");
        assert_eq!(host_name().unwrap_or_default(), told.trim_end());
    }
}
