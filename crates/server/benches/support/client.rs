//! Load over HTTP/1.1: connections that are kept, each with one request under way.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A request as it goes over the wire.
#[derive(Clone)]
pub(crate) struct Request {
    head: String,
    body: String,
}

/// How long each of the requests took.
pub(crate) struct Load {
    pub(crate) micros: Vec<u32>,
    pub(crate) took: Duration,
}

/// A connection that is kept.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Request {
    pub(crate) fn get(path: &str) -> Self {
        Self {
            head: format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n"),
            body: String::new(),
        }
    }

    pub(crate) fn json(method: &str, path: &str, body: &str) -> Self {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
            body.len()
        );
        Self {
            head,
            body: body.to_owned(),
        }
    }

    pub(crate) fn with(mut self, authorisation: &str) -> Self {
        self.head
            .push_str(&format!("authorization: {authorisation}\r\n"));
        self
    }

    fn bytes(&self) -> Vec<u8> {
        format!("{}\r\n{}", self.head, self.body).into_bytes()
    }
}

impl Load {
    pub(crate) fn new(mut micros: Vec<u32>, took: Duration) -> Self {
        micros.sort_unstable();
        Self { micros, took }
    }

    pub(crate) fn per_second(&self) -> f64 {
        self.micros.len() as f64 / self.took.as_secs_f64()
    }

    pub(crate) fn quantile_ms(&self, quantile: f64) -> f64 {
        let at = (self.micros.len() as f64 * quantile) as usize;
        self.micros
            .get(at.min(self.micros.len().saturating_sub(1)))
            .map_or(0.0, |micros| f64::from(*micros) / 1_000.0)
    }
}

impl Connection {
    pub(crate) async fn open(address: &str) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream,
            buffer: Vec::with_capacity(64 * 1024),
        }
    }

    /// Sends a request and waits for its whole answer: the body, and the microseconds from sending to the last byte.
    pub(crate) async fn ask(&mut self, request: &Request) -> (&[u8], u32) {
        let bytes = request.bytes();
        let sent = Instant::now();
        self.stream.write_all(&bytes).await.unwrap();
        let body = self.read_answer().await;
        (&self.buffer[body..], micros_since(sent))
    }

    /// Reads an answer into the buffer; where its body begins.
    async fn read_answer(&mut self) -> usize {
        let Self { stream, buffer } = self;
        buffer.clear();
        loop {
            let read = stream.read_buf(buffer).await.unwrap();
            assert!(read > 0, "the server closed the connection");
            let Some(end) = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else {
                continue;
            };
            let head = String::from_utf8_lossy(&buffer[..end]).to_ascii_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"))
                .map_or(0, |length| length.trim().parse().unwrap());
            while buffer.len() < end + 4 + length {
                assert!(
                    stream.read_buf(buffer).await.unwrap() > 0,
                    "the server closed the connection"
                );
            }
            assert!(
                head.starts_with("http/1.1 2"),
                "{}",
                String::from_utf8_lossy(buffer)
            );
            return end + 4;
        }
    }
}

/// Sends requests, numbered from 1, for as long as `time`; each connection sends at least one.
pub(crate) async fn measure(
    address: &str,
    connections: usize,
    time: Duration,
    request: &(impl Fn(u64) -> Request + Sync),
) -> Load {
    let started = Instant::now();
    let one = |number: usize| async move {
        let mut connection = Connection::open(address).await;
        let mut all = Vec::new();
        let mut next = number as u64 + 1;
        loop {
            let (_, micros) = connection.ask(&request(next)).await;
            all.push(micros);
            next += connections as u64;
            if started.elapsed() >= time {
                return all;
            }
        }
    };
    let micros = join_all((0..connections).map(one)).await.concat();
    Load::new(micros, started.elapsed())
}

pub(crate) fn micros_since(begun: Instant) -> u32 {
    begun.elapsed().as_micros().try_into().unwrap_or(u32::MAX)
}
