//! Someone who uses a server.

use reqwest::{Method, RequestBuilder, Response, multipart};
use serde_json::{Value, json};

use crate::binary::Server;

/// Everyone's password.
pub(crate) const PASSWORD: &str = "violet kettle drum";

/// Someone with a token.
#[derive(Clone)]
pub(crate) struct Client {
    url: String,
    token: String,
    http: reqwest::Client,
}

impl Client {
    /// Signs up as the first on a server: the owner of a workspace.
    pub(crate) async fn sign_up(server: &Server, workspace: &str) -> Self {
        let body = json!({"workspaceName": workspace, "name": "Ann", "email": "ann@example.com", "password": PASSWORD});
        Self::stranger(server).begin("/auth/signup", &body).await
    }

    /// Signs in.
    pub(crate) async fn sign_in(server: &Server, email: &str, password: &str) -> Self {
        let body = json!({"email": email, "password": password});
        Self::stranger(server).begin("/auth/login", &body).await
    }

    /// Someone without a token.
    pub(crate) fn stranger(server: &Server) -> Self {
        // The second of two tests in one process finds it there.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            url: server.url.clone(),
            token: String::new(),
            http: reqwest::Client::new(),
        }
    }

    /// The same at another server on the same data, or on a copy of it.
    pub(crate) fn moved_to(&self, server: &Server) -> Self {
        Self {
            url: server.url.clone(),
            ..self.clone()
        }
    }

    async fn begin(&self, path: &str, body: &Value) -> Self {
        let answer = self
            .request(Method::POST, path)
            .json(body)
            .send()
            .await
            .unwrap();
        assert!(
            answer.status().is_success(),
            "{}",
            answer.text().await.unwrap()
        );
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let body = json!({"name": "test", "scopes": ["read", "write", "schema", "admin"]});
        let request = self
            .request(Method::POST, "/tokens")
            .header("cookie", cookie);
        let token = json_of(request.json(&body).send().await.unwrap()).await;
        Self {
            token: token["secret"].as_str().unwrap().to_owned(),
            ..self.clone()
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        json_of(self.request(Method::GET, path).send().await.unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        json_of(
            self.request(Method::POST, path)
                .json(&body)
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Value {
        let request = self.request(Method::PATCH, path).json(&body);
        json_of(request.send().await.unwrap()).await
    }

    /// Makes a lead; `None` when the server is gone before the answer came.
    pub(crate) async fn create_lead(&self, name: &str) -> Option<Value> {
        let body = json!({"properties": {"name": name, "email": format!("{name}@example.com")}});
        let request = self.request(Method::POST, "/objects/leads").json(&body);
        Some(json_of(request.send().await.ok()?).await)
    }

    /// Uploads a file to be imported.
    pub(crate) async fn upload(&self, file: &str, options: &Value) -> Value {
        let form = multipart::Form::new()
            .text("options", options.to_string())
            .part(
                "file",
                multipart::Part::text(file.to_owned()).file_name("rows.csv"),
            );
        let request = self.request(Method::POST, "/imports").multipart(form);
        json_of(request.send().await.unwrap()).await
    }

    /// The ids of all change sets, in the order of their commits.
    pub(crate) async fn feed(&self) -> Vec<String> {
        let mut ids = Vec::new();
        let mut path = "/changes?limit=1000".to_owned();
        loop {
            let page = self.get(&path).await;
            let sets = page["results"].as_array().unwrap().iter();
            ids.extend(sets.map(|set| set["id"].as_str().unwrap().to_owned()));
            let Some(after) = page["paging"]["next"]["after"].as_str() else {
                return ids;
            };
            path = format!("/changes?limit=1000&after={after}");
        }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url));
        match self.token.as_str() {
            "" => request,
            token => request.bearer_auth(token),
        }
    }
}

async fn json_of(response: Response) -> Value {
    let status = response.status();
    let text = response.text().await.unwrap();
    assert!(status.is_success(), "{status}: {text}");
    serde_json::from_str(&text).unwrap_or_default()
}
