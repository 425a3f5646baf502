//! The command line held against the flags that Kafka's tools have. Not here: what flags do.

use clap::{Arg, Command, CommandFactory as _};

use super::Klamm;

const FLAGS: &str = include_str!("../../../../corpus/cli/kafka-flags.txt");

fn command(path: &str) -> Command {
    let mut klamm = Klamm::command();
    klamm.build();
    path.split(' ').fold(klamm, |command, name| {
        command.find_subcommand(name).unwrap_or_else(|| panic!("there is no {path}")).clone()
    })
}

/// None, value or optional, as the list has it.
fn takes(arg: &Arg) -> &'static str {
    match arg.get_num_args().map(|range| (range.min_values(), range.max_values())) {
        _ if !arg.get_action().takes_values() => "none",
        Some((0, _)) => "optional",
        _ => "value",
    }
}

fn has_name(arg: &Arg, name: &str) -> bool {
    match name.strip_prefix("--") {
        Some(long) => arg.get_long_and_visible_aliases().is_some_and(|names| names.contains(&long)),
        None => arg.get_short().is_some_and(|short| name == format!("-{short}")),
    }
}

/// What differs, if anything does.
fn check(line: &str) -> Option<String> {
    let parts: Vec<&str> = line.split(" | ").collect();
    let [tool, names, argument] = parts[..] else { panic!("{line}: it has three columns") };
    let command = command(tool);
    for name in names.split(',') {
        let Some(arg) = command.get_arguments().find(|arg| has_name(arg, name)) else {
            return Some(format!("{tool} {name} is missing"));
        };
        let found = takes(arg);
        if found != argument {
            return Some(format!("{tool} {name}: its argument is {found}, Kafka's is {argument}"));
        }
    }
    None
}

#[test]
fn every_flag_of_kafkas_tools_is_taken() {
    let lines = FLAGS.lines().filter(|line| !line.starts_with('#'));
    assert_eq!(lines.filter_map(check).collect::<Vec<_>>(), [""; 0]);
}
