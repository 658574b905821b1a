//! Chromium without a window, driven by its driver over the loopback interface.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;

use serde_json::{Value, json};

/// What keeps Chromium from asking anybody for anything of its own.
const FLAGS: [&str; 10] = [
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--hide-scrollbars",
];

/// A browser with one page; it ends with the value.
pub struct Browser {
    driver: Child,
    session: String,
}

/// Whether Chromium and its driver are here; said once.
static ABSENT: LazyLock<Option<String>> = LazyLock::new(|| {
    let absent = ["chromedriver", "chromium"].into_iter().find(|name| {
        let run = Command::new(name).arg("--version").output();
        !run.is_ok_and(|output| output.status.success())
    })?;
    let reason = format!("skipped: there is no `{absent}`");
    eprintln!("{reason}");
    Some(reason)
});

impl Browser {
    /// None where there is no Chromium.
    pub fn start() -> Option<Self> {
        if ABSENT.is_some() {
            return None;
        }
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| {
            let line = line.ok()?;
            let port = line.split_once("successfully on port ")?.1;
            Some(port.trim_end_matches('.').to_owned())
        });
        let port = port.expect("the driver says on which port it listens");
        // Nobody waits for what else it says.
        std::thread::spawn(move || lines.for_each(drop));
        let mut browser = Self {
            driver,
            session: format!("http://127.0.0.1:{port}/session"),
        };
        let mut flags = FLAGS.to_vec();
        // In containers the sandbox has nothing to stand on.
        flags.push("--no-sandbox");
        let options = json!({ "args": flags });
        let logs = json!({ "browser": "ALL", "performance": "ALL" });
        let session = browser.post(
            "",
            &json!({ "capabilities": { "alwaysMatch": {
                "browserName": "chrome",
                "goog:chromeOptions": options,
                "goog:loggingPrefs": logs,
            }}}),
        );
        let id = session["sessionId"].as_str().unwrap().to_owned();
        browser.session = format!("{}/{id}", browser.session);
        Some(browser)
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .build()
            .new_agent();
        let answer = agent
            .post(format!("{}{path}", self.session))
            .header("content-type", "application/json")
            .send(body.to_string());
        let text = answer.unwrap().body_mut().read_to_string().unwrap();
        let mut answer: Value = serde_json::from_str(&text).unwrap();
        let value = answer["value"].take();
        assert!(value.get("error").is_none(), "{path} {body}: {value}");
        value
    }

    /// A command of Chromium's own protocol.
    pub fn command(&self, name: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": name, "params": parameters });
        self.post("/goog/cdp/execute", &body)
    }

    pub fn open(&self, url: &str) {
        self.post("/url", &json!({ "url": url }));
    }

    /// What a function body returns in the page. Code that the page's policy forbids runs all the
    /// same, since it does not come from the page.
    pub fn run(&self, script: &str) -> Value {
        let body = json!({ "script": script, "args": [] });
        self.post("/execute/sync", &body)
    }

    pub fn count(&self, selector: &str) -> u64 {
        let script = format!(
            "return document.querySelectorAll({}).length",
            json!(selector)
        );
        self.run(&script).as_u64().unwrap()
    }

    /// The size of the window, as that of a phone or of a screen.
    pub fn size(&self, width: u32, height: u32, phone: bool) {
        let size = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone,
        });
        self.command("Emulation.setDeviceMetricsOverride", size);
    }

    /// Addresses that were asked for since the last call.
    pub fn requests(&self) -> Vec<String> {
        let mut found = Vec::new();
        for event in self.log("performance") {
            let event: Value = serde_json::from_str(event["message"].as_str().unwrap()).unwrap();
            let message = &event["message"];
            if message["method"] == "Network.requestWillBeSent" {
                let url = &message["params"]["request"]["url"];
                found.push(url.as_str().unwrap().to_owned());
            }
        }
        found
    }

    /// What the console says since the last call: errors, refusals of the policy, warnings.
    pub fn console(&self) -> Vec<String> {
        let log = self.log("browser").into_iter();
        log.map(|entry| entry["message"].to_string()).collect()
    }

    fn log(&self, kind: &str) -> Vec<Value> {
        let log = self.post("/se/log", &json!({ "type": kind }));
        log.as_array().unwrap().clone()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It closes its window first; whatever is left then goes with it.
        let _ = ureq::delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
