//! Listens, serves, and stops gracefully: first /readyz says so, then no new connections are taken and requests under way end.

use std::{io, net::SocketAddr, time::Duration};

use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;

use super::router;
use crate::{app::App, jobs, service::accounts};

/// How often what ended long ago is removed.
const SWEPT_EVERY: Duration = Duration::from_secs(3600);

/// How often timelines are written to files, and how long that may take at a stop.
const SNAPSHOTS_EVERY: Duration = Duration::from_secs(15 * 60);
const SNAPSHOTS_AT_STOP: Duration = Duration::from_secs(10);

/// A server that listens and does not serve yet.
pub struct Server {
    app: App,
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Takes the configured address.
    ///
    /// # Errors
    /// If it cannot be had.
    pub async fn bind(app: App) -> io::Result<Self> {
        let listener = TcpListener::bind(app.config.listen).await?;
        let address = listener.local_addr()?;
        Ok(Self {
            app,
            listener,
            address,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` ends, and then until the requests under way have ended or had their time.
    ///
    /// # Errors
    /// If the listener fails.
    pub async fn serve(self, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let Self { app, listener, .. } = self;
        let service = router::router(&app).into_make_service_with_connect_info::<SocketAddr>();
        let stopping = app.stopping.clone();
        let begin_to_stop = {
            let app = app.clone();
            async move {
                stop.await;
                app.refuse_new_work();
                tokio::time::sleep(Duration::from_millis(app.config.stop_delay_ms)).await;
                app.stopping.cancel();
            }
        };
        let sweeping = tokio::spawn(sweep_hourly(app.clone()));
        let snapshots = tokio::spawn(write_snapshots(app.clone()));
        let serving = axum::serve(
            listener.tap_io(|connection| {
                if let Err(error) = connection.set_nodelay(true) {
                    tracing::debug!(%error, "TCP_NODELAY could not be set");
                }
            }),
            service,
        )
        .with_graceful_shutdown(begin_to_stop);
        let last_moment = async {
            stopping.cancelled().await;
            tokio::time::sleep(Duration::from_secs(app.config.stop_timeout_seconds)).await;
        };
        let workers = tokio::spawn(jobs::work(app.clone()));
        let result = tokio::select! {
            result = serving => result,
            () = last_moment => {
                tracing::warn!("requests that took too long were cut off");
                Ok(())
            }
        };
        sweeping.abort();
        snapshots.abort();
        app.stopping.cancel();
        // What a worker is at ends with its present step.
        workers.await.map_err(io::Error::other)?;
        let last_snapshots = app.timelines.write_snapshots(&app);
        if tokio::time::timeout(SNAPSHOTS_AT_STOP, last_snapshots)
            .await
            .is_err()
        {
            tracing::warn!("not all timelines were written to files in time");
        }
        result
    }
}

/// Removes what ended long ago, now and then, until the server stops.
async fn sweep_hourly(app: App) {
    loop {
        if let Err(error) = accounts::sweep(&app).await {
            tracing::warn!(%error, "what ended long ago was not removed");
        }
        tokio::time::sleep(SWEPT_EVERY).await;
    }
}

/// Writes timelines to files now and then, so that they are there after a crash too.
async fn write_snapshots(app: App) {
    loop {
        tokio::time::sleep(SNAPSHOTS_EVERY).await;
        app.timelines.write_snapshots(&app).await;
    }
}

/// Ends when the process is told to stop (SIGTERM, SIGINT).
pub async fn stop_signal() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
