//! The web app as files inside the binary, and the HTTP answers that carry them.
//!
//! Owns: looking a file up, its content type, caching, compression, and the page that stands for every client route.
//! Does not own: the content security policy and the other security headers; the server sets those on every answer and
//! passes the nonce of its policy in. Made at build time (see `build.rs`) instead of by `rust-embed` or `memory-serve`,
//! because the page carries a nonce for each request, and because debug builds shall embed too.

mod respond;

pub use respond::respond;

include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// What stands in the page where the nonce of the answer's content security policy goes.
pub const NONCE_PLACEHOLDER: &str = "__CSP_NONCE__";

/// One embedded file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    /// Path below the root, without a leading slash.
    pub path: &'static str,
    /// The file as it was built.
    pub bytes: &'static [u8],
    /// The same, compressed with brotli, where that is smaller.
    pub brotli: Option<&'static [u8]>,
    /// Value of `Content-Type`.
    pub content_type: &'static str,
    /// Value of `ETag`, quotes included: a hash of `bytes`.
    pub etag: &'static str,
    /// Whether the name changes with the content, so that clients may keep it for good.
    pub is_immutable: bool,
}

/// The file at a path of the URL, with or without its leading slash.
#[must_use]
pub fn get(path: &str) -> Option<&'static Asset> {
    let path = path.strip_prefix('/').unwrap_or(path);
    FILES
        .binary_search_by(|file| file.path.cmp(path))
        .ok()
        .map(|index| &FILES[index])
}

/// The page of the app with the nonce of this answer's content security policy.
#[must_use]
pub fn page(nonce: &str) -> String {
    let page = get("index.html").expect("build.rs embeds only folders that have an index.html");
    String::from_utf8_lossy(page.bytes).replace(NONCE_PLACEHOLDER, nonce)
}

/// Every embedded file, in order of path.
pub fn list() -> impl Iterator<Item = &'static Asset> {
    FILES.iter()
}
