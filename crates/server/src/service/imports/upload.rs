//! A file on its way in: on disk, never whole in memory, and looked at while it passes.

use std::{
    io::{Read, Seek, SeekFrom, Write},
    sync::Arc,
};

use leadline_engine::ids::JobId;
use leadline_store::jobs;
use sha2::{Digest, Sha256};

use super::{
    Fault,
    options::ImportOptions,
    text::{Dialect, Rows, Sniffer},
};
use crate::{app::App, service::error::ServiceError};

/// The name of the file among the job's.
pub(super) const INPUT: &str = "input";
/// Bytes of a stored part.
const PART: usize = 1 << 20;
/// Parts stored in one unit of work.
const PARTS_AT_ONCE: usize = 4;

/// A file that is being received.
pub struct Upload {
    file: std::fs::File,
    sniffer: Sniffer,
    hasher: Sha256,
    limit: u64,
    name: Option<String>,
}

/// Why a file is not received.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// It is larger than what is accepted.
    #[error("the file is larger than this server accepts")]
    TooLarge,
    /// It cannot be kept.
    #[error("the file cannot be kept: {0}")]
    Disk(std::io::Error),
}

impl Upload {
    /// An empty file that may grow to so many bytes.
    ///
    /// # Errors
    /// If there is no room for temporary files.
    pub fn new(name: Option<String>, limit: u64) -> Result<Self, UploadError> {
        let file = tempfile::tempfile().map_err(UploadError::Disk)?;
        Ok(Self {
            file,
            sniffer: Sniffer::default(),
            hasher: Sha256::new(),
            limit,
            name,
        })
    }

    /// Adds the next bytes.
    ///
    /// # Errors
    /// If the file becomes too large, or the disk is full.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), UploadError> {
        self.sniffer.look_at(chunk);
        if self.sniffer.bytes() > self.limit {
            return Err(UploadError::TooLarge);
        }
        self.hasher.update(chunk);
        self.file.write_all(chunk).map_err(UploadError::Disk)
    }

    /// What the file is called.
    pub(super) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    pub(super) fn bytes(&self) -> u64 {
        self.sniffer.bytes()
    }

    /// SHA-256 of the file and of what was hashed before.
    pub(super) fn hash_after(&self, before: &[u8]) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(before);
        hasher.update(self.hasher.clone().finalize());
        hasher.finalize().into()
    }

    /// What the file is written in, and its header.
    ///
    /// # Errors
    /// If it is no CSV.
    pub(super) fn look(
        &mut self,
        options: &ImportOptions,
    ) -> Result<(Dialect, Vec<String>), Fault> {
        let unreadable = |_| Fault::new("FILE_UNREADABLE", "the file cannot be read");
        let dialect = self
            .sniffer
            .dialect(options.encoding.as_deref(), options.delimiter_byte())?;
        self.file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
        let rows = Rows::new(&self.file, &dialect)?;
        Ok((dialect, rows.header().to_vec()))
    }

    /// Stores the file with its job.
    ///
    /// # Errors
    /// Those of the database and of the disk.
    pub(super) async fn store(mut self, app: &App, job: JobId) -> Result<(), ServiceError> {
        self.file
            .seek(SeekFrom::Start(0))
            .map_err(|error| ServiceError::Internal(error.to_string()))?;
        store_file(app, job, INPUT, self.file).await
    }
}

/// Stores a file of a job in parts.
///
/// # Errors
/// Those of the database and of the disk.
pub(in crate::service) async fn store_file(
    app: &App,
    job: JobId,
    name: &'static str,
    mut file: std::fs::File,
) -> Result<(), ServiceError> {
    let mut part = 0;
    loop {
        let mut parts = Vec::new();
        while parts.len() < PARTS_AT_ONCE {
            let mut data = Vec::with_capacity(PART);
            (&mut file)
                .take(PART as u64)
                .read_to_end(&mut data)
                .map_err(|error| ServiceError::Internal(error.to_string()))?;
            if data.is_empty() {
                break;
            }
            parts.push(data);
        }
        if parts.is_empty() {
            return Ok(());
        }
        let (first, count) = (part, parts.len() as i32);
        let parts = Arc::new(parts);
        app.db
            .write(move |tx| {
                let parts = Arc::clone(&parts);
                Box::pin(async move {
                    for (part, data) in (first..).zip(parts.iter()) {
                        jobs::append_part(tx, job, name, part, data).await?;
                    }
                    Ok::<_, ServiceError>(())
                })
            })
            .await?;
        part += count;
    }
}
