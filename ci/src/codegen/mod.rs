//! `cargo ci codegen`: from `client/protocol/schema/` to `client/protocol/src/generated/`.

/// Arguments of `cargo ci codegen`.
#[derive(clap::Args)]
pub struct Args {
    /// Fails if what is committed differs, and writes nothing.
    #[arg(long)]
    check: bool,
}

/// Runs the command.
pub fn run(args: &Args) -> anyhow::Result<()> {
    anyhow::bail!("no schema files (check: {})", args.check)
}
