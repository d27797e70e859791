//! A PostgreSQL URL: what libpq understands beyond the driver, and the TLS it asks for.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::Config;
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::DbError;

/// How to reach a server.
pub(super) struct Target {
    /// The driver's settings.
    pub(super) config: Config,
    /// How to encrypt; `None`: not at all.
    pub(super) tls: Option<MakeRustlsConnect>,
}

/// Reads a URL. TLS is used for `sslmode` `require`, `verify-ca` and `verify-full`, and the server's certificate and name are verified for all
/// three: against the public authorities, or those in the file that `sslrootcert` names.
pub(super) fn parse(url: &str) -> Result<Target, DbError> {
    let (main, options) = url.split_once('?').unwrap_or((url, ""));
    let mut roots_file = None;
    let mut kept = Vec::new();
    for option in options.split('&').filter(|option| !option.is_empty()) {
        match option.split_once('=') {
            Some(("sslrootcert", path)) => roots_file = Some(path),
            Some(("sslmode", "verify-ca" | "verify-full")) => kept.push("sslmode=require"),
            _ => kept.push(option),
        }
    }
    let mut config: Config = format!("{main}?{}", kept.join("&"))
        .parse()
        .map_err(|_| DbError::Other("the database URL cannot be parsed".to_owned()))?;
    let tls = match config.get_ssl_mode() {
        SslMode::Require => Some(tls(roots_file.map(Path::new))?),
        // Only when asked for: a server's self-signed certificate must not make local use fail.
        _ => {
            config.ssl_mode(SslMode::Disable);
            None
        }
    };
    Ok(Target { config, tls })
}

fn tls(roots_file: Option<&Path>) -> Result<MakeRustlsConnect, DbError> {
    let mut roots = RootCertStore::empty();
    match roots_file {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(path) => {
            let unreadable = || DbError::Other(format!("{} holds no certificates", path.display()));
            for certificate in CertificateDer::pem_file_iter(path).map_err(|_| unreadable())? {
                roots
                    .add(certificate.map_err(|_| unreadable())?)
                    .map_err(|_| unreadable())?;
            }
        }
    }
    let config =
        ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| DbError::Other(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls_is_used_when_the_url_asks_for_it() {
        for (url, wanted) in [
            ("postgres://ann@db/x", false),
            ("postgres://ann@db/x?sslmode=disable", false),
            (
                "postgres://ann@db/x?sslmode=prefer&connect_timeout=3",
                false,
            ),
            ("postgres://ann@db/x?sslmode=require", true),
            (
                "postgres://ann@db/x?application_name=y&sslmode=verify-full",
                true,
            ),
        ] {
            assert_eq!(parse(url).unwrap().tls.is_some(), wanted, "{url}");
        }
    }

    #[test]
    fn a_file_without_certificates_is_refused() {
        let url = "postgres://ann@db/x?sslmode=verify-full&sslrootcert=/nowhere/ca.pem";
        assert!(matches!(parse(url), Err(DbError::Other(_))));
        assert!(matches!(
            parse("postgres://ann@db/x?sslmode=sometimes"),
            Err(DbError::Other(_))
        ));
    }
}
