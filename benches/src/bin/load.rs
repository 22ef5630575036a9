//! Load: many clients at once upload photos of two megapixels to a server of its own process, which
//! is asked how long it took and how much memory it holds; the command reads the same pictures
//! beside it. Linux only, as it reads `/proc`.
//!
//! `crates/server/e2e/load [SECONDS [CLIENTS]]` builds what it needs and runs it.

#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on ends")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use image::codecs::jpeg::JpegEncoder;
use image::{GrayImage, RgbImage};
use testkit::distort::Effect;
use testkit::{Background, Placement, Rng, Scene, encode};

const PICTURES: usize = 16;
const WIDTH: usize = 1632;
const HEIGHT: usize = 1224;
/// Pictures for the command, in one call.
const FOR_THE_COMMAND: usize = 480;

fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<usize>().unwrap());
    let seconds = arguments.next().unwrap_or(60);
    let clients = arguments.next().unwrap_or(64);
    // Both commands lie beside this one.
    let folder = std::env::current_exe().unwrap().parent().unwrap().to_owned();
    let scratch = std::env::temp_dir().join(format!("saoma-load-{}", std::process::id()));
    fs::create_dir_all(&scratch).unwrap();
    let pictures = pictures(&scratch);
    let before = command_rate(&folder.join("saoma"), &pictures);
    let load = run(&folder.join("saoma-server"), &pictures, seconds, clients);
    let after = command_rate(&folder.join("saoma"), &pictures);
    fs::remove_dir_all(&scratch).unwrap();
    load.print(clients, (before + after) / 2.0);
    assert_eq!(load.errors, 0, "some requests failed");
}

/// Photo-like pictures: two codes each before something, unsharp, noisy, as colour JPEG.
fn pictures(folder: &Path) -> Vec<PathBuf> {
    let one = |index: usize| {
        let mut rng = Rng::new(index as u64 + 1);
        let mut scene = Scene::new(WIDTH, HEIGHT)
            .seed(index as u64)
            .background(Background::Clutter { things: 40 });
        let text = format!("https://example.com/load/{index}?n={}", rng.digits(12));
        let codes = [("qr", text, 6.0), ("ean-13", "5906789678957".to_owned(), 3.5)];
        for (place, (symbology, text, module)) in codes.into_iter().enumerate() {
            let modules = encode::write(symbology, &text).unwrap();
            let x = WIDTH as f64 * (0.3 + 0.4 * place as f64) + rng.range(-60.0, 60.0);
            let y = HEIGHT as f64 * 0.5 + rng.range(-150.0, 150.0);
            let angle = rng.range(-12.0, 12.0);
            scene = scene.place(Placement::new(modules, module).at(x, y).turned(angle));
        }
        let drawn = scene
            .effect(Effect::Blur { sigma: rng.range(0.6, 1.2) })
            .effect(Effect::Noise { sigma: 5.0 })
            .render();
        let grey = drawn.picture;
        let grey = GrayImage::from_raw(WIDTH as u32, HEIGHT as u32, grey.pixels).unwrap();
        let colour = RgbImage::from_fn(WIDTH as u32, HEIGHT as u32, |x, y| {
            let v = grey.get_pixel(x, y).0[0];
            image::Rgb([v, v, v.saturating_sub(12)])
        });
        let path = folder.join(format!("{index:02}.jpg"));
        let mut file = fs::File::create(&path).unwrap();
        JpegEncoder::new_with_quality(&mut file, 88).encode_image(&colour).unwrap();
        path
    };
    (0..PICTURES).map(one).collect()
}

/// Pictures a second that the command reads, given many at once.
fn command_rate(command: &Path, pictures: &[PathBuf]) -> f64 {
    let paths = pictures.iter().cycle().take(FOR_THE_COMMAND);
    let start = Instant::now();
    let output = Command::new(command).arg("scan").args(paths).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    FOR_THE_COMMAND as f64 / start.elapsed().as_secs_f64()
}

/// What was measured.
struct Load {
    /// Sorted.
    latencies: Vec<Duration>,
    errors: usize,
    elapsed: Duration,
    codes: usize,
    bytes: usize,
    /// The most resident memory of the server in KiB in each third of the time, the first being its
    /// warm-up.
    memory: [usize; 3],
}

impl Load {
    fn print(&self, clients: usize, command_rate: f64) {
        let at = |share: f64| {
            let index = (self.latencies.len() as f64 * share) as usize;
            self.latencies[index.min(self.latencies.len() - 1)].as_millis()
        };
        let rate = self.latencies.len() as f64 / self.elapsed.as_secs_f64();
        let [first, second, third] = self.memory.map(|kib| kib as f64 / 1024.0);
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        println!("| | |");
        println!("|---|---:|");
        println!("| processors, clients | {processors}, {clients} |");
        println!(
            "| pictures | {PICTURES} of {WIDTH}×{HEIGHT}, {} KB each |",
            self.bytes / PICTURES / 1000
        );
        println!(
            "| requests in {:.0} s, errors | {}, {} |",
            self.elapsed.as_secs_f64(),
            self.latencies.len(),
            self.errors
        );
        println!("| codes read | {} |", self.codes);
        println!(
            "| latency: median, p99, longest | {} ms, {} ms, {} ms |",
            at(0.5),
            at(0.99),
            at(1.0)
        );
        println!("| pictures a second: server, command | {rate:.1}, {command_rate:.1} |");
        println!("| server by command | {:.2} |", rate / command_rate);
        println!(
            "| server's memory: highest in each third | {first:.0} MiB, {second:.0} MiB, {third:.0} MiB |"
        );
    }
}

fn run(server: &Path, pictures: &[PathBuf], seconds: usize, clients: usize) -> Load {
    let server = Server::start(server);
    let requests: Vec<Vec<u8>> =
        pictures.iter().map(|path| request(&fs::read(path).unwrap())).collect();
    let requests = Arc::new(requests);
    let (errors, codes) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let duration = Duration::from_secs(seconds as u64);
    let start = Instant::now();
    let mut memory = [0; 3];
    let mut latencies: Vec<Duration> = std::thread::scope(|scope| {
        let client = |number: usize| {
            let (requests, server, errors, codes) = (requests.clone(), &server, &errors, &codes);
            move || {
                let mut latencies = Vec::new();
                let mut connection = server.connect();
                for index in number.. {
                    let begin = Instant::now();
                    if begin - start >= duration {
                        break;
                    }
                    match exchange(&mut connection, &requests[index % requests.len()]) {
                        Some(body) if body.contains("\"errcode\":0,") => {
                            codes.fetch_add(body.matches("type_name").count(), Ordering::Relaxed);
                            latencies.push(begin.elapsed());
                        }
                        failed => {
                            eprintln!("{failed:?}");
                            errors.fetch_add(1, Ordering::Relaxed);
                            connection = server.connect();
                        }
                    }
                }
                latencies
            }
        };
        let threads: Vec<_> = (0..clients).map(|number| scope.spawn(client(number))).collect();
        while let passed = start.elapsed()
            && passed < duration
        {
            let third = (3.0 * passed.as_secs_f64() / duration.as_secs_f64()) as usize;
            let highest = &mut memory[third.min(2)];
            *highest = server.memory().max(*highest);
            std::thread::sleep(Duration::from_millis(200));
        }
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let elapsed = start.elapsed();
    latencies.sort_unstable();
    let bytes = pictures.iter().map(|path| fs::metadata(path).unwrap().len() as usize).sum();
    let (errors, codes) = (errors.into_inner(), codes.into_inner());
    Load { latencies, errors, elapsed, codes, bytes, memory }
}

fn request(picture: &[u8]) -> Vec<u8> {
    let begin = "--B\r\nContent-Disposition: form-data; name=\"img\"; filename=\"a.jpg\"\r\n\r\n";
    let body = [begin.as_bytes(), picture, b"\r\n--B--\r\n"].concat();
    let head = format!(
        "POST /cv/img/qrcode HTTP/1.1\r\nhost: load\r\n\
         content-type: multipart/form-data; boundary=B\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), &body].concat()
}

/// The body of the answer, on a connection that stays open.
fn exchange(connection: &mut BufReader<TcpStream>, request: &[u8]) -> Option<String> {
    connection.get_mut().write_all(request).ok()?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        connection.read_line(&mut line).ok()?;
        match line.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().ok()?;
            }
            _ if line.trim_end().is_empty() => break,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body).ok()?;
    String::from_utf8(body).ok()
}

/// The server's process.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(command: &Path) -> Self {
        let mut child = Command::new(command)
            .args(["--listen", "127.0.0.1:0", "--log-format", "json"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", command.display()));
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        log.read_line(&mut line).unwrap();
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        let address = line["address"].as_str().unwrap().to_owned();
        // Somebody must read the log on, or the server waits to write it.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Self { child, address }
    }

    fn connect(&self) -> BufReader<TcpStream> {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_nodelay(true).unwrap();
        BufReader::new(stream)
    }

    /// Resident, in KiB.
    fn memory(&self) -> usize {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches("kB").trim().parse().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
