//! Turns `web/dist` into a table of embedded files.
//!
//! Owns: finding the files, compressing them once, hashing them for their ETag. Without `web/dist` it embeds
//! `fallback/`, a page that says how to build the web app, so that `cargo build` works on a machine without Node.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

type Failure = Box<dyn Error>;

fn main() -> Result<(), Failure> {
    let crate_dir = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out_dir = PathBuf::from(env::var("OUT_DIR")?);
    let web_dir = crate_dir.join("../../web");
    let dist_dir = web_dir.join("dist");

    // Cargo looks at the times of everything below a folder; a missing folder is looked for on each build, which
    // is what makes the first `npm run build` show up without a `cargo clean`.
    println!("cargo::rerun-if-changed={}", dist_dir.display());
    println!(
        "cargo::rerun-if-changed={}",
        crate_dir.join("fallback").display()
    );
    println!("cargo::rerun-if-changed=build.rs");

    let root = if dist_dir.join("index.html").is_file() {
        dist_dir
    } else {
        crate_dir.join("fallback")
    };
    let mut files = Vec::new();
    collect(&root.canonicalize()?, "", &mut files)?;
    files.sort();

    let mut table = String::from("static FILES: &[Asset] = &[\n");
    for (index, (name, path)) in files.iter().enumerate() {
        write_entry(&mut table, &out_dir, index, name, path)?;
    }
    table.push_str("];\n");
    fs::write(out_dir.join("files.rs"), table)?;
    Ok(())
}

/// Every file below `dir`, named by its path from the root with `/` between the parts.
fn collect(dir: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) -> Result<(), Failure> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let file_name = entry
            .file_name()
            .into_string()
            .map_err(|name| format!("file name is not UTF-8: {name:?}"))?;
        let name = format!("{prefix}{file_name}");
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.push((name, entry.path()));
        }
    }
    Ok(())
}

fn write_entry(
    table: &mut String,
    out_dir: &Path,
    index: usize,
    name: &str,
    path: &Path,
) -> Result<(), Failure> {
    let bytes = fs::read(path)?;
    let etag = hex::encode(&Sha256::digest(&bytes)[..12]);
    let content_type =
        content_type(name).ok_or_else(|| format!("no content type is known for {name}"))?;
    // The page itself is sent with a nonce in it, so it is never sent as it is stored.
    let is_compressible = name != "index.html"
        && !content_type.starts_with("font/")
        && !content_type.starts_with("image/png");
    let small = if is_compressible {
        compress(&bytes)?
    } else {
        bytes.clone()
    };
    let brotli = if small.len() < bytes.len() {
        let file = out_dir.join(format!("{index}.br"));
        fs::write(&file, small)?;
        format!("Some(include_bytes!({file:?}))")
    } else {
        "None".to_owned()
    };
    // Vite puts the files that carry a hash in their name, and no others, under `assets/`.
    let is_immutable = name.starts_with("assets/");
    writeln!(
        table,
        "    Asset {{ path: {name:?}, bytes: include_bytes!({path:?}), brotli: {brotli}, content_type: {content_type:?}, \
         etag: \"\\\"{etag}\\\"\", is_immutable: {is_immutable} }},"
    )?;
    Ok(())
}

/// Release builds take the seconds that the smallest file needs.
fn compress(bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut small = Vec::new();
    let is_release = env::var("PROFILE")? == "release";
    let params = brotli::enc::BrotliEncoderParams {
        quality: if is_release { 11 } else { 5 },
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &bytes[..], &mut small, &params)?;
    Ok(small)
}

fn content_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}
