//! `leadline export`: records or their history as a file, without a server.

use std::{
    fs::File,
    io::{self, Seek},
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use leadline_engine::time::Timestamp;

use super::{
    command::{Failure, block_on},
    database::{DatabaseArgs, open_app},
    workspace::{explain, system_ctx},
};
use crate::{
    app::App,
    service::{
        ctx::Ctx,
        exports::{self, ExportFormat, ExportKind, ExportOptions},
    },
};

/// Export records, or every value that they ever had. Works on the data directly: on SQLite, stop the server first.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// The workspace's name or id.
    #[arg(long)]
    workspace: String,
    /// The object.
    #[arg(long, value_name = "NAME", required_unless_present = "all")]
    object: Option<String>,
    /// All objects, each as a file of its own in this folder, such as leads.csv.
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["object", "properties", "output"])]
    all: Option<PathBuf>,
    /// How the file is written.
    #[arg(long, default_value = "csv")]
    format: Format,
    /// Records with their values, or one row for each value and since when.
    #[arg(long, default_value = "records")]
    kind: Kind,
    /// The moment whose state to export, such as 2026-03-01T00:00:00Z [default: now].
    #[arg(long, value_name = "TIME")]
    as_of: Option<Timestamp>,
    /// The moment whose knowledge to export [default: now].
    #[arg(long, value_name = "TIME")]
    recorded_as_of: Option<Timestamp>,
    /// Names of properties, separated by commas [default: all].
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    properties: Option<Vec<String>>,
    /// Archived records too.
    #[arg(long)]
    archived: bool,
    /// The file to write [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Csv,
    Ndjson,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    Records,
    History,
}

impl Export {
    pub(super) fn run(self) -> Result<(), Failure> {
        block_on(async move {
            let app = open_app(&self.database).await?;
            let ctx = system_ctx(&app, &self.workspace).await?;
            match (&self.all, &self.object) {
                (Some(folder), _) => self.write_all(&app, &ctx, folder).await,
                (None, Some(object)) => {
                    self.write(&app, &ctx, object, self.output.as_deref()).await
                }
                (None, None) => Ok(()),
            }
        })
    }

    async fn write_all(&self, app: &App, ctx: &Ctx, folder: &Path) -> Result<(), Failure> {
        std::fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
        let ending = match self.format {
            Format::Csv => "csv",
            Format::Ndjson => "ndjson",
        };
        for object in exports::objects(app, ctx).await.map_err(explain)? {
            let path = folder.join(format!("{object}.{ending}"));
            self.write(app, ctx, &object, Some(&path)).await?;
        }
        Ok(())
    }

    async fn write(
        &self,
        app: &App,
        ctx: &Ctx,
        object: &str,
        path: Option<&Path>,
    ) -> Result<(), Failure> {
        // A file that exists is replaced only by a whole export.
        let mut made = tempfile::tempfile().map_err(Failure::of)?;
        let rows = exports::write_to(app, ctx, &self.options(object), &made)
            .await
            .map_err(explain)?;
        made.rewind().map_err(Failure::of)?;
        match path {
            Some(path) => {
                let mut out = File::create(path).map_err(|error| unwritable(path, &error))?;
                io::copy(&mut made, &mut out)
                    .and_then(|_| out.sync_all())
                    .map_err(|error| unwritable(path, &error))?;
            }
            None => {
                io::copy(&mut made, &mut io::stdout().lock()).map_err(Failure::of)?;
            }
        }
        eprintln!("Exported {rows} rows of {object}");
        Ok(())
    }

    fn options(&self, object: &str) -> ExportOptions {
        ExportOptions {
            object: object.to_owned(),
            kind: match self.kind {
                Kind::Records => ExportKind::Records,
                Kind::History => ExportKind::History,
            },
            format: match self.format {
                Format::Csv => ExportFormat::Csv,
                Format::Ndjson => ExportFormat::Ndjson,
            },
            properties: self.properties.clone(),
            filter_groups: None,
            query: None,
            sorts: None,
            as_of: self.as_of,
            recorded_as_of: self.recorded_as_of,
            archived: self.archived,
        }
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure(format!("{} cannot be written: {error}", path.display()))
}
