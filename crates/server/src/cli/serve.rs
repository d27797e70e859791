//! `leadline serve`.

use std::{io::Write, net::SocketAddr};

use clap::Args;

use super::{
    command::{Failure, block_on},
    database::DatabaseArgs,
    demo,
};
use crate::{
    app::App,
    clock::Clock,
    config::{Config, DEFAULTS, Overrides},
    http::server::{Server, stop_signal},
    service::{timelines::threads, workspaces},
};

/// Serve the API and the web app.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Address and port; port 0 takes any free one [default: 127.0.0.1:8080].
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Write a demonstration workspace when there is none.
    #[arg(long)]
    demo: bool,
    /// Print the default settings with a comment on each, and end.
    #[arg(long)]
    print_config: bool,
    #[command(flatten)]
    database: DatabaseArgs,
}

impl Serve {
    pub(super) fn run(self) -> Result<(), Failure> {
        if self.print_config {
            return std::io::stdout()
                .write_all(DEFAULTS.as_bytes())
                .map_err(Failure::of);
        }
        let config = self.database.load(Overrides {
            listen: self.listen,
            demo: self.demo.then_some(true),
            ..Overrides::default()
        })?;
        block_on(serve(config))
    }
}

async fn serve(config: Config) -> Result<(), Failure> {
    threads::start().map_err(Failure::of)?;
    let app = App::open(config, Clock::System)
        .await
        .map_err(Failure::of)?;
    let server = Server::bind(app.clone())
        .await
        .map_err(|error| Failure(format!("cannot listen on {}: {error}", app.config.listen)))?;
    println!("Leadline listens on http://{}", server.address());
    if app.config.demo {
        demo::write(&app).await?;
    }
    announce_setup(&app).await?;
    server.serve(stop_signal()).await.map_err(Failure::of)
}

/// Says how the first sign-up goes, while there has been none.
async fn announce_setup(app: &App) -> Result<(), Failure> {
    let Some(token) = &app.setup_token else {
        return Ok(());
    };
    if !workspaces::exist(app).await.map_err(Failure::of)? {
        eprintln!(
            "Nobody has signed up yet. From another machine the first sign-up needs this set-up token: {}",
            token.reveal()
        );
    }
    Ok(())
}
