//! Calls of the command line to the region's own paths, over loopback.

use crate::trouble::Trouble;
use linux::{Running, State};
use serde_json::Value as Json;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The region that runs in a state directory, as the command line talks to it.
pub(crate) struct Client {
    running: Running,
    token: String,
    agent: ureq::Agent,
}

impl Client {
    /// The region that runs here.
    pub(crate) fn of(state: &State) -> Result<Client, Trouble> {
        let running = state.running().ok_or_else(|| Trouble::not_running(state.root()))?;
        let settings = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(30)))
            .http_status_as_error(false)
            .build();
        Ok(Client { running, token: state.token()?, agent: settings.into() })
    }

    /// Its control plane and port.
    pub(crate) fn running(&self) -> &Running {
        &self.running
    }

    /// GET below `/_maquette/`.
    pub(crate) fn get(&self, what: &str) -> Result<Json, Trouble> {
        let call = self.agent.get(self.url(what)).header(endpoint::TOKEN_HEADER, &self.token);
        read(call.call())
    }

    /// POST below `/_maquette/`.
    pub(crate) fn post(&self, what: &str, body: &Json) -> Result<Json, Trouble> {
        let call = self.agent.post(self.url(what)).header(endpoint::TOKEN_HEADER, &self.token);
        read(call.send(body.to_string()))
    }

    /// A call of EC2: a form.
    pub(crate) fn ec2(&self, body: &str) -> Result<String, Trouble> {
        self.signed("ec2", &[("content-type", "application/x-www-form-urlencoded")], body)
    }

    /// A call of a service that speaks JSON: `CertificateManager.ListCertificates`.
    pub(crate) fn json(&self, service: &str, target: &str, body: &Json) -> Result<Json, Trouble> {
        let headers = [("content-type", "application/x-amz-json-1.1"), ("x-amz-target", target)];
        let text = self.signed(service, &headers, &body.to_string())?;
        serde_json::from_str(&text).map_err(Trouble::new)
    }

    /// Signed as the user's environment says, or with the built-in key.
    fn signed(
        &self,
        service: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<String, Trouble> {
        let own = |name: &str, other: &str| std::env::var(name).unwrap_or_else(|_| other.into());
        let (key_id, secret) =
            (own("AWS_ACCESS_KEY_ID", "test"), own("AWS_SECRET_ACCESS_KEY", "test"));
        let region = own("AWS_DEFAULT_REGION", region::zone::HOME);
        let host = format!("127.0.0.1:{}", self.running.port);
        let named = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let mut headers: Vec<(String, String)> = headers.iter().map(named).collect();
        headers.push(("host".to_owned(), host.clone()));
        let request = signature::Request {
            method: "POST",
            path: "/",
            query: "",
            headers: &headers,
            body: body.as_bytes(),
        };
        let token = std::env::var("AWS_SESSION_TOKEN").ok();
        let signer = signature::Signer {
            key_id: &key_id,
            secret: &secret,
            token: token.as_deref(),
            region: &region,
            service,
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(Trouble::new)?;
        let mut call = self.agent.post(format!("http://{host}/"));
        for (name, value) in headers.iter().filter(|(name, _)| name != "host") {
            call = call.header(name, value);
        }
        for (name, value) in signature::sign(&request, &signer, now.as_millis() as i64) {
            call = call.header(name, value);
        }
        let mut answer =
            call.send(body).map_err(|error| Trouble::new(format!("the API: {error}")))?;
        let text = answer.body_mut().read_to_string().map_err(Trouble::new)?;
        match answer.status().is_success() {
            true => Ok(text),
            false => Err(Trouble::new(text)),
        }
    }

    fn url(&self, what: &str) -> String {
        format!("http://127.0.0.1:{}/_maquette/{what}", self.running.port)
    }
}

fn read(result: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Json, Trouble> {
    let mut answer = result.map_err(|error| Trouble::new(format!("the API: {error}")))?;
    let status = answer.status();
    let text = answer.body_mut().read_to_string().map_err(Trouble::new)?;
    let body: Json = serde_json::from_str(&text).unwrap_or(Json::Null);
    match body["error"].as_str() {
        Some(error) => Err(Trouble::new(error)),
        None if status.is_success() || !body.is_null() => Ok(body),
        None => Err(Trouble::new(format!("the API answered {status}"))),
    }
}
