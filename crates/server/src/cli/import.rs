//! `leadline import`: a file becomes records or history, without a server.

use std::{
    fs::File,
    io::{BufWriter, IsTerminal, Read, Write},
    path::PathBuf,
    pin::pin,
    process::ExitCode,
    time::Duration,
};

use clap::{Args, ValueEnum};
use futures_util::TryStreamExt;
use indicatif::{ProgressBar, ProgressStyle};
use leadline_engine::ids::JobId;
use leadline_store::db::Dialect;

use super::{
    command::{Failure, block_on},
    database::{DatabaseArgs, open_app},
    mapping,
    workspace::{explain, system_ctx},
};
use crate::{
    app::App,
    jobs,
    service::{
        ctx::Ctx,
        imports::{self, ImportFormat, ImportKind, ImportOptions, ImportView, Upload},
        jobs::Begun,
    },
};

/// Ended, with rows refused.
const REFUSED: u8 = 3;
const LOOK: Duration = Duration::from_millis(200);

/// Import a CSV file as records or as history. Works on the data directly: on SQLite, stop the server first.
///
/// Exit codes: 0 done, 1 failed, 2 called wrongly, 3 done with rows refused.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// The workspace's name or id.
    #[arg(long)]
    workspace: String,
    /// The object that the rows belong to.
    #[arg(long, value_name = "NAME")]
    object: String,
    /// Whether a row is a record, or one value at one time [default: records; history with --format].
    #[arg(long)]
    kind: Option<Kind>,
    /// What the columns are: 'case=@key,activity=stage,time=@time'. @key, @property, @value, @time, @user and @source are the parts of a
    /// history row; any other word is a property, made if there is none when + follows it (+date, +number, ... for a type). A column's name
    /// that holds a comma, an equals sign or a quote goes in double quotes ('"a, b"=stage'), or with a backslash before it ('a\, b=stage');
    /// colons and spaces need nothing. May be repeated.
    #[arg(long, value_name = "MAPPING")]
    map: Vec<String>,
    /// The same value for every row: 'stage=new'. May be repeated.
    #[arg(long, value_name = "PROPERTY=VALUE")]
    set: Vec<String>,
    /// A ready-made mapping for the export of another system.
    #[arg(long)]
    format: Option<Format>,
    /// The property by whose value a row finds its record [default for a history: external_id].
    #[arg(long, value_name = "PROPERTY")]
    id_property: Option<String>,
    /// The zone of times without an offset [default: UTC].
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// How dates are written, such as MM/DD/YYYY [default: ISO 8601].
    #[arg(long, value_name = "FORMAT")]
    date_format: Option<String>,
    /// What separates the columns, such as ';' or 'tab' [default: found out].
    #[arg(long)]
    delimiter: Option<String>,
    /// utf-8, windows-1252, ... [default: found out].
    #[arg(long)]
    encoding: Option<String>,
    /// Whether values that are no options yet become options [default: true for a history, false for records].
    #[arg(long, value_name = "BOOL")]
    create_options: Option<bool>,
    /// Do everything, keep nothing.
    #[arg(long)]
    dry_run: bool,
    /// Write the refused rows to this file.
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
    /// The file; - for standard input.
    file: PathBuf,
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    Records,
    History,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    HubspotHistory,
    SalesforceHistory,
}

impl Import {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let options = match self.options() {
            Ok(options) => options,
            Err(text) => {
                eprintln!("leadline: --map: {text}");
                return Ok(ExitCode::from(2));
            }
        };
        block_on(async move {
            let app = open_app(&self.database).await?;
            let ctx = system_ctx(&app, &self.workspace).await?;
            let import = self.import(&app, &ctx, options).await?;
            println!("{}", summary(&import));
            Ok(match (import.status.as_str(), import.refused) {
                ("succeeded", 0) => ExitCode::SUCCESS,
                ("succeeded", _) => ExitCode::from(REFUSED),
                _ => ExitCode::FAILURE,
            })
        })
    }

    fn options(&self) -> Result<ImportOptions, String> {
        let mut mapping = Vec::new();
        for text in &self.map {
            mapping.extend(mapping::parse(text)?);
        }
        for text in &self.set {
            mapping.extend(mapping::parse_constants(text)?);
        }
        let kind = match self.kind {
            Some(Kind::Records) => Some(ImportKind::Records),
            Some(Kind::History) => Some(ImportKind::History),
            None => self.format.is_none().then_some(ImportKind::Records),
        };
        let format = self.format.map(|format| match format {
            Format::HubspotHistory => ImportFormat::HubspotHistory,
            Format::SalesforceHistory => ImportFormat::SalesforceHistory,
        });
        Ok(ImportOptions {
            object: self.object.clone(),
            kind,
            mapping,
            id_property: self.id_property.clone(),
            date_format: self.date_format.clone(),
            time_zone: self.time_zone.clone(),
            delimiter: self.delimiter.clone(),
            encoding: self.encoding.clone(),
            dry_run: self.dry_run,
            format,
            create_options: self.create_options,
        })
    }

    async fn import(
        &self,
        app: &App,
        ctx: &Ctx,
        options: ImportOptions,
    ) -> Result<ImportView, Failure> {
        if app.db.dialect() == Dialect::Sqlite {
            crate::service::jobs::recover(app).await.map_err(explain)?;
        }
        let upload = self.read()?;
        let owner = format!("cli:{}", uuid::Uuid::now_v7());
        let Begun::New(hold) = imports::create_held(app, ctx, options, upload, &owner)
            .await
            .map_err(explain)?
        else {
            return Err(Failure("the import was begun before".into()));
        };
        let id = hold.job.id;
        let bar = tokio::spawn(show(app.clone(), ctx.clone(), id));
        let result = jobs::run(&hold).await;
        bar.abort();
        result.map_err(explain)?;
        if let Some(path) = &self.errors {
            write_errors(app, ctx, id, path).await?;
        }
        imports::get(app, ctx, id).await.map_err(explain)
    }

    fn read(&self) -> Result<Upload, Failure> {
        let unreadable = |error: std::io::Error| {
            Failure(format!("{} cannot be read: {error}", self.file.display()))
        };
        let mut file: Box<dyn Read> = match self.file.as_os_str() == "-" {
            true => Box::new(std::io::stdin().lock()),
            false => Box::new(File::open(&self.file).map_err(unreadable)?),
        };
        let name = self
            .file
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        let mut upload = Upload::new(name, u64::MAX).map_err(Failure::of)?;
        let mut chunk = vec![0; 256 << 10];
        loop {
            match file.read(&mut chunk).map_err(unreadable)? {
                0 => return Ok(upload),
                count => upload.push(&chunk[..count]).map_err(Failure::of)?,
            }
        }
    }
}

/// A progress bar on a terminal, until it is aborted.
async fn show(app: App, ctx: Ctx, id: JobId) {
    if !std::io::stderr().is_terminal() {
        return;
    }
    let bar = ProgressBar::no_length();
    if let Ok(style) =
        ProgressStyle::with_template("{bar:40} {pos}/{len} rows, {per_sec}, {eta} left")
    {
        bar.set_style(style);
    }
    loop {
        tokio::time::sleep(LOOK).await;
        if let Ok(import) = imports::get(&app, &ctx, id).await {
            bar.set_length(import.rows_total.unwrap_or(0));
            bar.set_position(import.rows_read);
        }
    }
}

async fn write_errors(
    app: &App,
    ctx: &Ctx,
    id: JobId,
    path: &std::path::Path,
) -> Result<(), Failure> {
    let unwritable =
        |error: std::io::Error| Failure(format!("{} cannot be written: {error}", path.display()));
    let mut out = BufWriter::new(File::create(path).map_err(unwritable)?);
    let mut rows = pin!(imports::errors_csv(app, ctx, id).await.map_err(explain)?);
    while let Some(text) = rows.try_next().await.map_err(explain)? {
        out.write_all(text.as_bytes()).map_err(unwritable)?;
    }
    out.flush().map_err(unwritable)
}

fn summary(import: &ImportView) -> String {
    let ImportView {
        rows_read,
        created,
        updated,
        unchanged,
        refused,
        ..
    } = import;
    let done = match (import.status.as_str(), import.dry_run) {
        ("succeeded", false) => "Imported",
        ("succeeded", true) => "Would import (dry run)",
        (status, _) => status,
    };
    let counts = format!(
        "{done}: {rows_read} rows read, {created} records created, {updated} updated, {unchanged} unchanged, {refused} rows refused"
    );
    match &import.error {
        Some(error) => format!("{counts}\n{}: {}", error.code, error.message),
        None => format!("{counts} (import {})", import.id),
    }
}
