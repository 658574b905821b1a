//! A token goes to the registry that asks for it, and nowhere else.

use std::fs;

use otel_check::registry::{AccessHint, CargoIndex, Index, IndexError, RegistryId};

use crate::loopback::{Fault, Package, Registry, Seen};
use crate::{environment, quick, versions};

struct Private {
    registry: Registry,
    workspace: tempfile::TempDir,
}

impl Private {
    /// A registry `private` that wants the token `secret-1`.
    fn new() -> Self {
        let private = Self::open_to_all();
        private.registry.require_token("secret-1");
        private
    }

    fn open_to_all() -> Self {
        let private = Private {
            registry: Registry::start(),
            workspace: tempfile::tempdir().unwrap(),
        };
        private.registry.publish(Package::new("demo", "1.0.0"));
        private
            .registry
            .name(private.workspace.path(), "private-one");
        private
    }

    fn credentials(&self, text: &str) {
        fs::write(self.registry.cargo_home().join("credentials.toml"), text).unwrap();
    }

    fn look(&self, variables: &[(&str, &str)]) -> Result<Vec<String>, IndexError> {
        let environment = environment(&self.registry, variables);
        let index = CargoIndex::open(self.workspace.path(), environment, quick())?;
        let id = RegistryId::from_source(&self.registry.index()).unwrap();
        let result = index.releases(&id, "demo");
        if let Err(error) = &result {
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("secret"), "{shown}");
        }
        result.map(|releases| versions(&releases))
    }
}

fn with_token(requests: &[Seen]) -> Vec<(&str, u16)> {
    requests
        .iter()
        .filter(|seen| seen.headers.contains_key("authorization"))
        .map(|seen| (seen.path.as_str(), seen.status))
        .collect()
}

#[test]
fn the_token_of_the_credentials_opens_the_index() {
    let private = Private::new();
    private.credentials("[registries.private-one]\ntoken = \"secret-1\"\n");
    assert_eq!(private.look(&[]).unwrap(), ["1.0.0"]);
    let requests = private.registry.take_requests();
    assert_eq!(
        with_token(&requests),
        [("index/config.json", 200), ("index/de/mo/demo", 200)]
    );
    // Asked for nothing before it was known that a token is wanted.
    assert_eq!(
        (requests[0].path.as_str(), requests[0].status),
        ("index/config.json", 401)
    );
}

#[test]
fn the_token_of_the_environment_counts_first() {
    let private = Private::new();
    private.credentials("[registries.private-one]\ntoken = \"secret-0\"\n");
    let token = ("CARGO_REGISTRIES_PRIVATE_ONE_TOKEN", "secret-1");
    assert_eq!(private.look(&[token]).unwrap(), ["1.0.0"]);
}

#[test]
fn a_registry_may_be_known_from_the_environment_alone() {
    let private = Private::new();
    fs::remove_dir_all(private.workspace.path().join(".cargo")).unwrap();
    let index = private.registry.index();
    let variables = [
        ("CARGO_REGISTRIES_OTHER_NAME_INDEX", index.as_str()),
        ("CARGO_REGISTRIES_OTHER_NAME_TOKEN", "secret-1"),
    ];
    assert_eq!(private.look(&variables).unwrap(), ["1.0.0"]);
}

#[test]
fn no_token_is_sent_to_a_registry_that_wants_none() {
    let private = Private::open_to_all();
    private.credentials("[registries.private-one]\ntoken = \"secret-1\"\n");
    assert_eq!(private.look(&[]).unwrap(), ["1.0.0"]);
    let requests = private.registry.take_requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(with_token(&requests), []);
}

#[test]
fn without_a_token_the_error_says_how_to_get_in() {
    let private = Private::new();
    let error = private.look(&[]).unwrap_err();
    let IndexError::Refused { hint, .. } = &error else {
        panic!("{error}")
    };
    let name = Some("private-one".to_owned());
    assert_eq!(*hint, AccessHint::NoToken { name });
    let text = error.to_string();
    assert!(
        text.contains("cargo login --registry private-one"),
        "{text}"
    );
    assert!(
        text.contains("CARGO_REGISTRIES_PRIVATE_ONE_TOKEN"),
        "{text}"
    );
    assert!(!error.is_absence());
}

#[test]
fn a_wrong_token_is_named_as_such() {
    let private = Private::new();
    private.credentials("[registries.private-one]\ntoken = \"secret-9\"\n");
    let error = private.look(&[]).unwrap_err();
    assert!(
        matches!(
            &error,
            IndexError::Refused {
                hint: AccessHint::Rejected { .. },
                status: 401,
                ..
            }
        ),
        "{error}"
    );
    // A token that no longer opens the entry either.
    private.registry.fail(
        "index/config.json",
        Fault::Body(br#"{"dl":"x","auth-required":true}"#.to_vec()),
    );
    let error = private.look(&[]).unwrap_err();
    assert!(
        matches!(
            &error,
            IndexError::Refused {
                hint: AccessHint::Rejected { .. },
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn a_credential_provider_is_not_run_and_the_error_says_so() {
    let private = Private::new();
    private.credentials(
        "[registries.private-one]\ntoken = \"secret-1\"\n\
         credential-provider = [\"my-vault\", \"--fast\"]\n",
    );
    let error = private.look(&[]).unwrap_err();
    assert!(error.to_string().contains("`my-vault --fast`"), "{error}");
    private.credentials("[registry]\nglobal-credential-providers = [\"cargo:wincred\"]\n");
    let error = private.look(&[]).unwrap_err();
    assert!(error.to_string().contains("cargo:wincred"), "{error}");
    private.credentials(
        "[registry]\nglobal-credential-providers = [\"cargo:token\", \"cargo:wincred\"]\n\
         [registries.private-one]\ntoken = \"secret-1\"\n",
    );
    assert_eq!(private.look(&[]).unwrap(), ["1.0.0"]);
}

#[test]
fn a_redirect_does_not_take_the_token_along() {
    let private = Private::new();
    private.credentials("[registries.private-one]\ntoken = \"secret-1\"\n");
    let elsewhere = Registry::start();
    elsewhere.publish(Package::new("demo", "6.6.6"));
    let target = format!("{}index/de/mo/demo", elsewhere.root());
    private.registry.fail_crate("demo", Fault::Redirect(target));
    assert_eq!(private.look(&[]).unwrap(), ["6.6.6"]);
    let requests = elsewhere.take_requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(with_token(&requests), []);
}

#[test]
fn cargo_itself_gets_in_with_the_same_token() {
    let private = Private::new();
    private.credentials("[registries.private-one]\ntoken = \"secret-1\"\n");
    let dir = private.workspace.path();
    private.registry.configure(
        dir,
        "[registry]\nglobal-credential-providers = [\"cargo:token\"]",
    );
    fs::create_dir(dir.join("src")).unwrap();
    fs::write(dir.join("src/lib.rs"), "").unwrap();
    fs::write(
        dir.join("Cargo.toml"),
        "[package]\nname = \"user\"\nversion = \"0.0.0\"\n\
         [dependencies]\ndemo = { version = \"1\", registry = \"private-one\" }\n",
    )
    .unwrap();
    let out = private.registry.cargo(dir).arg("fetch").output().unwrap();
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    private.registry.take_requests();
    // Cargo's cache now says that a token is wanted, so it is sent at once.
    private.registry.publish(Package::new("fresh", "1.0.0"));
    let index = CargoIndex::open(dir, environment(&private.registry, &[]), quick()).unwrap();
    let id = RegistryId::from_source(&private.registry.index()).unwrap();
    assert_eq!(versions(&index.releases(&id, "fresh").unwrap()), ["1.0.0"]);
    let requests = private.registry.take_requests();
    assert_eq!(with_token(&requests), [("index/fr/es/fresh", 200)]);
    assert_eq!(requests.len(), 1);
}
