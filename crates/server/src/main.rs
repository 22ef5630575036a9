//! `saoma-server`, the command: WeChat's `img.scanQRCode` as a server of your own.

use std::process::ExitCode;

use clap::Parser;
use saoma_server::Config;

/// Pictures are read into on one thread and let go on another; glibc's heaps, one a thread, grow
/// for hours under such use, by fragmentation.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const EXAMPLES: &str = "\
Examples:
  saoma-server                                  on this machine only, for everybody on it
  saoma-server --listen 0.0.0.0:8080 --app wx0123456789abcdef:SECRET
  curl -F img=@test.jpg http://127.0.0.1:8080/cv/img/qrcode";

/// Answers as api.weixin.qq.com/cv/img/qrcode does, with a page to try it at /.
#[derive(Debug, Parser)]
#[command(name = "saoma-server", version, after_help = EXAMPLES)]
struct Command {
    #[command(flatten)]
    config: Config,
}

fn main() -> ExitCode {
    match saoma_server::run(Command::parse().config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("saoma-server: {error}");
            ExitCode::FAILURE
        }
    }
}
