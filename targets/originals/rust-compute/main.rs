//! rust-compute: the compute service of the article, in Rust: hyper on tokio talks, Rayon counts.
//!
//! The published service was written with Axum, which adds routing to hyper; here a `match` does
//! it. A request is handed to Rayon's pool, which splits it into as many parts as it has threads
//! and joins them; the task that owns the connection waits for the result:
//!
//!     tokio      [read A][read B]                  [write A]      [write B]
//!     Rayon 1         [ count A 1/2 ][ count B 1/2 ]
//!     Rayon 2         [ count A 2/2  ][ count B 2/2 ]
//!
//! It takes the options of bench-compute that a gateway gives, prints the same ready line, and
//! answers GET /heavy, /ping and /healthz with the same bytes. It has no /stats, takes no POST, and
//! answers any Host.
//!
//! What it costs: two pools of threads. Each request wakes a thread of the other pool, twice.
//!
//! What to look at: a Rayon thread that waits for the other part of its request takes the next
//! request meanwhile, and answers the first only when it has done that one. So under load some
//! replies are late, by the work of a request or more.
use std::io::Write;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::server::conn::Http;
use hyper::service::service_fn;
use hyper::{Body, Method, Request, Response};
use rayon::prelude::*;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{signal, SignalKind};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{sleep, sleep_until, timeout};

const HELP: &str = "usage: rust-compute [--host ADDRESS] [--port N] [--work KIND:N] [--max-work KIND:N]
    [--compute-threads N] [--max-queue N] [--idle-timeout TIME] [--grace TIME] [--with-parent]";
const COUNT_LIMIT: u64 = 10_000_000_000;
const SLEEP_LIMIT: Duration = Duration::from_secs(3600);
const NUMBER_MAX: usize = 19; // digits

// ---- the work ----

#[derive(Clone, Copy)]
enum Work {
    Count(u64),
    Sleep(Duration),
}

/// Every count passes through a register that the empty instruction may have changed, so the
/// compiler cannot replace the loop by its result. (std::hint::black_box came with Rust 1.66.)
fn count(n: u64) -> u64 {
    let mut reached: u64 = 0;
    while reached < n {
        reached += 1;
        unsafe { std::arch::asm!("/* {0} */", inout(reg) reached, options(nomem, nostack, preserves_flags)) };
    }
    reached
}

/// Runs on the pool. A count is split over its threads; a sleep is one part.
fn run(work: Work, parts: u32) -> Work {
    match work {
        Work::Count(n) => {
            let (share, rest) = (n / u64::from(parts), n % u64::from(parts));
            let part = |i| count(share + u64::from(u64::from(i) < rest));
            Work::Count((0..parts).into_par_iter().with_max_len(1).map(part).sum())
        }
        Work::Sleep(time) => {
            std::thread::sleep(time);
            work
        }
    }
}

// ---- a request ----

struct Service {
    options: Options,
    pool: rayon::ThreadPool,
    waiting: AtomicUsize, // requests that no thread has begun
    stopping: AtomicBool,
}

struct Done {
    reached: Work,
    began: Instant,
    ended: Instant,
}

fn milliseconds(time: Duration) -> f64 {
    time.as_nanos() as f64 / 1e6
}

fn is_number(text: &str, characters: &str) -> bool {
    (1..=NUMBER_MAX).contains(&text.len()) && text.chars().all(|c| characters.contains(c))
}

/// `?n=COUNTS` or `?sleep_ms=MS`, else the work of the command line.
fn work_of_query(query: &str, options: &Options) -> Result<Work, &'static str> {
    let find = |name| query.split('&').find_map(|pair| pair.strip_prefix(name));
    let work = match (find("n="), find("sleep_ms=")) {
        (None, None) => options.work,
        (Some(_), Some(_)) => return Err("give n or sleep_ms, not both"),
        (Some(n), None) if is_number(n, "0123456789") => {
            Work::Count(n.parse().map_err(|_| "n is too large")?)
        }
        (Some(_), None) => return Err("n must be a whole number, such as n=20000000"),
        (None, Some(text)) => match text.parse::<f64>() {
            Ok(ms) if is_number(text, "0123456789.") && ms < 1e12 => {
                Work::Sleep(Duration::from_nanos((ms * 1e6).round() as u64))
            }
            _ => return Err("sleep_ms must be a number, such as sleep_ms=50"),
        },
    };
    match work {
        Work::Count(n) if n > options.max_count => Err("n is more than --max-work allows"),
        Work::Sleep(time) if time > options.max_sleep => {
            Err("sleep_ms is more than --max-work allows")
        }
        _ => Ok(work),
    }
}

fn reply(status: u16, kind: &str, headers: &[(&str, &str)], body: String) -> Response<Body> {
    let mut reply = Response::builder().status(status).header("Content-Type", kind);
    for (name, value) in headers {
        reply = reply.header(*name, *value);
    }
    reply.body(body.into()).expect("all headers are valid")
}

fn refuse(status: u16, headers: &[(&str, &str)], why: &str) -> Response<Body> {
    reply(status, "application/json", headers, format!("{{\"error\":\"{why}\"}}\n"))
}

/// Hands the work to the pool; false when too many requests wait.
fn begin(service: &Arc<Service>, work: Work, done: oneshot::Sender<Done>) -> bool {
    if service.waiting.fetch_add(1, Relaxed) >= service.options.max_queue {
        service.waiting.fetch_sub(1, Relaxed);
        return false;
    }
    let shared = service.clone();
    service.pool.spawn(move || {
        shared.waiting.fetch_sub(1, Relaxed);
        if shared.stopping.load(Relaxed) {
            return; // which drops `done`
        }
        let began = Instant::now();
        let reached = run(work, shared.pool.current_num_threads() as u32);
        let _ = done.send(Done { reached, began, ended: Instant::now() });
    });
    true
}

async fn heavy(service: &Arc<Service>, query: &str) -> Response<Body> {
    let came = Instant::now();
    let retry = [("Retry-After", "1")];
    let work = match work_of_query(query, &service.options) {
        Ok(work) => work,
        Err(why) => return refuse(400, &[], why),
    };
    let (sender, receiver) = oneshot::channel();
    if !begin(service, work, sender) {
        return refuse(503, &retry, "the queue is full");
    }
    let done = match receiver.await {
        Ok(done) => done,
        Err(_) => return refuse(503, &retry, "the server is stopping"),
    };
    let body = match done.reached {
        Work::Count(n) => format!("{{\"count\":{n}}}\n"),
        Work::Sleep(time) => format!("{{\"slept_ms\":{}}}\n", milliseconds(time)),
    };
    let wait = milliseconds(done.began - came);
    let took = milliseconds(done.ended - done.began);
    let timing = format!("wait;dur={wait:.3},work;dur={took:.3}");
    reply(200, "application/json", &[("Server-Timing", &timing)], body)
}

async fn answer(service: &Arc<Service>, request: &Request<Body>) -> Response<Body> {
    let path = request.uri().path();
    let is_read = request.method() == Method::GET || request.method() == Method::HEAD;
    match path {
        "/heavy" | "/ping" | "/healthz" if !is_read => {
            refuse(405, &[("Allow", "GET, HEAD")], "this path does not allow the method")
        }
        "/heavy" => heavy(service, request.uri().query().unwrap_or("")).await,
        "/ping" => reply(200, "text/plain", &[], "pong\n".into()),
        "/healthz" => reply(200, "text/plain", &[], "ok\n".into()),
        _ => refuse(404, &[], "there are /heavy, /ping and /healthz"),
    }
}

// ---- a connection ----

/// What tells an idle connection from one that waits for its reply.
struct Activity {
    started: Instant,
    in_progress: AtomicUsize,
    last_ns: AtomicU64, // when the last request ended, since `started`
}

/// One request in progress; it ends when this is dropped, whether it was answered or cut off.
struct Progress(Arc<Activity>);

impl Progress {
    fn begin(of: &Arc<Activity>) -> Self {
        of.in_progress.fetch_add(1, Relaxed);
        Progress(of.clone())
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.last_ns.store(self.0.started.elapsed().as_nanos() as u64, Relaxed);
        self.0.in_progress.fetch_sub(1, Relaxed);
    }
}

/// When to look again; None when the connection has been idle for too long.
fn next_look(activity: &Activity, limit: Duration) -> Option<Instant> {
    let now = Instant::now();
    if activity.in_progress.load(Relaxed) > 0 {
        return Some(now + limit);
    }
    let last = activity.started + Duration::from_nanos(activity.last_ns.load(Relaxed));
    Some(last + limit).filter(|end| *end > now)
}

/// Serves one client until it goes, is idle for too long, or the service stops.
async fn serve_client(service: Arc<Service>, stream: TcpStream, mut stop: watch::Receiver<bool>) {
    let limit = service.options.idle_timeout;
    let activity = Arc::new(Activity {
        started: Instant::now(),
        in_progress: AtomicUsize::new(0),
        last_ns: AtomicU64::new(0),
    });
    let shared = activity.clone();
    let on_request = service_fn(move |request: Request<Body>| {
        let progress = Progress::begin(&shared);
        let service = service.clone();
        async move {
            let response = answer(&service, &request).await;
            drop(progress);
            Ok::<_, std::convert::Infallible>(response)
        }
    });
    let connection = Http::new().http1_only(true).serve_connection(stream, on_request);
    tokio::pin!(connection);
    let mut look = Instant::now() + limit;
    loop {
        tokio::select! {
            biased;
            _ = connection.as_mut() => return, // it was closed, or lost: nobody is left to be told
            _ = stop.changed(), if !*stop.borrow() => connection.as_mut().graceful_shutdown(),
            _ = sleep_until(look.into()) => match next_look(&activity, limit) {
                Some(later) => look = later,
                None => return,
            },
        }
    }
}

// ---- the program ----

/// What the user has to change, in one sentence.
type Problem = String;

struct Options {
    host: String,
    port: u16,
    work: Work,
    max_count: u64,
    max_sleep: Duration,
    threads: usize, // 0: one per core
    max_queue: usize,
    idle_timeout: Duration,
    grace: Duration,
    with_parent: bool,
}

/// A number and its unit, which is one of those listed with their factors.
fn parse_unit(text: &str, units: &[(&str, u64)]) -> Result<u64, Problem> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let factor = units.iter().find(|(unit, _)| *unit == &text[digits..]).map(|(_, factor)| *factor);
    let number = text[..digits].parse::<u64>().ok();
    number
        .and_then(|number| number.checked_mul(factor?))
        .ok_or_else(|| format!("'{text}' is not a number with a unit that is known"))
}

fn parse_count(text: &str) -> Result<u64, Problem> {
    parse_unit(text, &[("", 1), ("k", 1_000), ("M", 1_000_000), ("G", 1_000_000_000)])
}

fn parse_time(text: &str) -> Result<Duration, Problem> {
    const S: u64 = 1_000_000_000;
    let units = [("", S), ("s", S), ("ms", 1_000_000), ("us", 1_000), ("ns", 1)];
    parse_unit(text, &units).map(Duration::from_nanos)
}

fn parse_work(text: &str) -> Result<Work, Problem> {
    match text.split_once(':') {
        Some(("count", n)) => parse_count(n).map(Work::Count),
        Some(("sleep", time)) => parse_time(time).map(Work::Sleep),
        _ => Err(format!("'{text}' is not valid work; try count:20M or sleep:50ms")),
    }
}

fn parse_up_to(text: &str, most: u64) -> Result<u64, Problem> {
    let n = parse_count(text)?;
    if n > most {
        return Err(format!("{text} is more than {most}"));
    }
    Ok(n)
}

impl Options {
    fn new() -> Self {
        Options {
            host: "127.0.0.1".into(),
            port: 0,
            work: Work::Count(20_000_000),
            max_count: COUNT_LIMIT,
            max_sleep: SLEEP_LIMIT,
            threads: 0,
            max_queue: 1024,
            idle_timeout: Duration::from_secs(60),
            grace: Duration::from_secs(5),
            with_parent: false,
        }
    }

    fn set(&mut self, name: &str, text: &str) -> Result<(), Problem> {
        match name {
            "--host" => self.host = text.into(),
            "--port" => self.port = parse_up_to(text, 65535)? as u16,
            "--work" => self.work = parse_work(text)?,
            "--max-work" => match parse_work(text)? {
                Work::Count(n) => self.max_count = n,
                Work::Sleep(time) => self.max_sleep = time,
            },
            "--compute-threads" => self.threads = parse_up_to(text, 1024)? as usize,
            "--max-queue" => self.max_queue = parse_up_to(text, 1_000_000)? as usize,
            "--idle-timeout" => self.idle_timeout = parse_time(text)?.max(Duration::from_millis(10)),
            "--grace" => self.grace = parse_time(text)?,
            _ => return Err(format!("there is no option {name}; see --help")),
        }
        Ok(())
    }

    fn parse(mut words: impl Iterator<Item = String>) -> Result<Self, Problem> {
        let mut options = Options::new();
        while let Some(word) = words.next() {
            if word == "--with-parent" {
                options.with_parent = true;
                continue;
            }
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value.to_string())),
                None => (word.as_str(), words.next()),
            };
            let value = value.ok_or_else(|| format!("there is no option {name} without a value"))?;
            options.set(name, &value).map_err(|why| match why.contains(name) {
                true => why,
                false => format!("{name}: {why}"),
            })?;
        }
        Ok(options)
    }
}

/// One line of JSON, for whoever started it.
fn print_ready(options: &Options, port: u16) -> Result<(), Problem> {
    let (pid, host) = (std::process::id(), &options.host);
    let line = format!(
        "{{\"ready\":true,\"port\":{port},\"pid\":{pid},\"host\":\"{host}\",\"strategy\":\"compute\"}}\n"
    );
    let mut out = std::io::stdout();
    out.write_all(line.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|why| format!("the ready line: {why}"))
}

/// A message for each signal that asks the program to end.
fn watch_signals() -> Result<mpsc::Receiver<()>, Problem> {
    let (sender, receiver) = mpsc::channel(1);
    for kind in [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()] {
        let mut signals = signal(kind).map_err(|why| format!("signals: {why}"))?;
        let sender = sender.clone();
        tokio::spawn(async move {
            while signals.recv().await.is_some() && sender.send(()).await.is_ok() {}
        });
    }
    Ok(receiver)
}

/// Until the first signal. What is begun is then finished within the grace time; a second signal
/// ends it.
async fn serve(service: Arc<Service>) -> Result<(), Problem> {
    let options = &service.options;
    let mut signals = watch_signals()?;
    let listener = TcpListener::bind((options.host.as_str(), options.port))
        .await
        .map_err(|why| format!("{}, port {}: {why}", options.host, options.port))?;
    let port = listener.local_addr().map_err(|why| why.to_string())?.port();
    print_ready(options, port)?;

    let (stop, stopped) = watch::channel(false);
    let (alive, mut all_gone) = mpsc::channel::<()>(1); // each client has a clone of `alive`
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let _ = stream.set_nodelay(true);
                    let (service, stopped, alive) = (service.clone(), stopped.clone(), alive.clone());
                    tokio::spawn(async move {
                        serve_client(service, stream, stopped).await;
                        drop(alive);
                    });
                }
                Err(_) => sleep(Duration::from_millis(100)).await, // no descriptor is free
            },
            _ = signals.recv() => break,
        }
    }
    drop((listener, alive));
    service.stopping.store(true, Relaxed);
    let _ = stop.send(true);
    tokio::select! {
        _ = timeout(options.grace, all_gone.recv()) => {}
        _ = signals.recv() => {}
    }
    Ok(())
}

fn run_program(options: Options) -> Result<(), Problem> {
    if options.with_parent {
        // SAFETY: it takes plain numbers and touches no memory.
        unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
    }
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.threads)
        .build()
        .map_err(|why| format!("the pool of threads: {why}"))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|why| format!("tokio: {why}"))?;
    let service = Service {
        options,
        pool,
        waiting: AtomicUsize::new(0),
        stopping: AtomicBool::new(false),
    };
    let ended = runtime.block_on(serve(Arc::new(service)));
    runtime.shutdown_background(); // a count that the grace time did not suffice for ends with us
    ended
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.first().map(String::as_str) {
        Some("--help") => println!("{HELP}"),
        Some("--version") => println!("rust-compute {}", env!("CARGO_PKG_VERSION")),
        _ => {
            if let Err(why) = Options::parse(words.into_iter()).and_then(run_program) {
                eprintln!("rust-compute: {why}");
                return ExitCode::from(2);
            }
        }
    }
    ExitCode::SUCCESS
}
