//! The command `perfgate`.

fn main() -> std::process::ExitCode {
    perfgate::cli::main()
}
