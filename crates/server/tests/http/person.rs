//! Someone who sends requests, and the answers they get.

use reqwest::{Client, Method, RequestBuilder, Response, header};
use serde_json::{Value, json};

use crate::app::Place;

/// Someone who sends requests, with a session, with a token, or as a stranger.
#[derive(Clone)]
pub(crate) struct Person {
    /// The account's id; empty for a stranger.
    pub(crate) id: String,
    /// The workspace's id; empty for a stranger.
    pub(crate) workspace: String,
    place: Place,
    http: Client,
    headers: Vec<(String, String)>,
}

/// What came back.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// The request, for messages.
    pub(crate) request: String,
    /// The status.
    pub(crate) code: u16,
    /// The headers.
    pub(crate) headers: header::HeaderMap,
    /// The body.
    pub(crate) text: String,
    /// The body as JSON; null if it is none.
    pub(crate) json: Value,
}

impl Person {
    /// A stranger.
    pub(crate) fn visitor(place: Place) -> Self {
        // The client asks for a TLS provider even where it speaks none; the second of two tests in one process finds it there.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            id: String::new(),
            workspace: String::new(),
            place,
            http: Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
            headers: Vec::new(),
        }
    }

    /// This person with the session that the answer brought.
    pub(crate) fn signed_in(&self, answer: &Answer) -> Self {
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let mut person = self.clone();
        person.headers.retain(|(name, _)| name != "cookie");
        person.headers.push(("cookie".into(), cookie));
        person.id = answer.string("/user/id");
        person.workspace = answer.string("/workspace/id");
        person
    }

    /// A program that holds a token of this person with these scopes.
    pub(crate) async fn token(&self, scopes: &[&str]) -> Self {
        let body = json!({"name": format!("for {scopes:?}"), "scopes": scopes});
        let secret = self
            .post("/tokens", body)
            .await
            .status(201)
            .string("/secret");
        self.with_token(&secret)
    }

    /// A program that holds this token.
    pub(crate) fn with_token(&self, secret: &str) -> Self {
        let mut program = self.clone();
        program.headers.retain(|(name, _)| name != "cookie");
        program.with("authorization", &format!("Bearer {secret}"))
    }

    /// The same, sending one more header with each request.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut person = self.clone();
        person.headers.push((name.into(), value.into()));
        person
    }

    /// The same, knowing a record's version.
    pub(crate) fn knowing(&self, version: i64) -> Self {
        self.with("if-match", &format!("\"{version}\""))
    }

    /// The same, with an idempotency key.
    pub(crate) fn once(&self, key: &str) -> Self {
        self.with("idempotency-key", key)
    }

    /// The same, talking to another node.
    pub(crate) fn moved_to(&self, place: Place) -> Self {
        Self {
            place,
            ..self.clone()
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    /// Sends a request. A path is below `/api/v1` unless it begins with `//`.
    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let body = body.map(|body| body.to_string().into_bytes());
        self.send_bytes(method, path, "application/json", body)
            .await
    }

    /// Sends a request with any body.
    pub(crate) async fn send_bytes(
        &self,
        method: Method,
        path: &str,
        content_type: &str,
        body: Option<Vec<u8>>,
    ) -> Answer {
        let mut request = self.request(method.clone(), path);
        if let Some(body) = body {
            request = request
                .header(header::CONTENT_TYPE, content_type)
                .body(body);
        }
        let response = request.send().await.unwrap();
        let (code, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        Answer {
            request: format!("{method} {path}"),
            code,
            headers,
            json: serde_json::from_str(&text).unwrap_or_default(),
            text,
        }
    }
}

impl Person {
    /// Asks for an answer that goes on.
    pub(crate) async fn open(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let address = self.place.get();
        let url = match path.strip_prefix('/') {
            Some(root) if root.starts_with('/') => format!("http://{address}{root}"),
            _ => format!("http://{address}/api/v1{path}"),
        };
        let request = self.http.request(method, url);
        let headers = self.headers.iter();
        headers.fold(request, |request, (name, value)| {
            request.header(name, value)
        })
    }
}

impl Answer {
    /// Expects a status.
    #[track_caller]
    pub(crate) fn status(self, code: u16) -> Self {
        assert_eq!(self.code, code, "{}: {}", self.request, self.text);
        self
    }

    /// Expects a problem of this status and code.
    #[track_caller]
    pub(crate) fn problem(self, status: u16, code: &str) -> Self {
        assert_eq!(
            (self.code, self.json["code"].as_str()),
            (status, Some(code)),
            "{}: {}",
            self.request,
            self.text
        );
        assert_eq!(
            self.headers[header::CONTENT_TYPE],
            "application/problem+json"
        );
        self
    }

    /// The value at a JSON pointer, null where there is none.
    pub(crate) fn at(&self, pointer: &str) -> &Value {
        self.json.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// The text at a JSON pointer.
    #[track_caller]
    pub(crate) fn string(&self, pointer: &str) -> String {
        let text = self.at(pointer).as_str();
        text.unwrap_or_else(|| panic!("{}: no text at {pointer} of {}", self.request, self.text))
            .to_owned()
    }

    /// The whole number at a JSON pointer.
    #[track_caller]
    pub(crate) fn number(&self, pointer: &str) -> i64 {
        let number = self.at(pointer).as_i64();
        number
            .unwrap_or_else(|| panic!("{}: no number at {pointer} of {}", self.request, self.text))
    }

    /// The list at a JSON pointer.
    #[track_caller]
    pub(crate) fn list(&self, pointer: &str) -> &Vec<Value> {
        let list = self.at(pointer).as_array();
        list.unwrap_or_else(|| panic!("{}: no list at {pointer} of {}", self.request, self.text))
    }

    /// A header's text.
    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value
            .unwrap_or_else(|| panic!("{}: no {name}", self.request))
            .to_str()
            .unwrap()
    }

    /// The pointers and codes of the errors of the input.
    #[track_caller]
    pub(crate) fn errors(&self) -> Vec<(String, String)> {
        let text = |error: &Value, name: &str| error[name].as_str().unwrap().to_owned();
        let errors = self.list("/errors").iter();
        errors
            .map(|error| (text(error, "pointer"), text(error, "code")))
            .collect()
    }

    /// The path of the record that this answer holds.
    #[track_caller]
    pub(crate) fn path(&self) -> String {
        format!("/objects/{}/{}", self.string("/object"), self.string("/id"))
    }
}
