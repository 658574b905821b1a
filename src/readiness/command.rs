//! Runs the command of a criterion: without a shell, within a time, and with what it printed.
//!
//! Whatever a command does, this comes back: one that hangs is stopped with everything that it started,
//! one that leaves something behind does not keep anybody waiting, and of what is printed the end alone
//! is kept. None goes on when this process has ended, in whatever way.

mod group;

use std::collections::VecDeque;
use std::io::{PipeReader, Read, pipe};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use camino::Utf8Path;
use sha2::{Digest, Sha256};

use super::model::{Ended, Run};

pub use group::Group;

/// Of the output, so much is kept.
pub const KEPT_BYTES: usize = 16 * 1024;

/// For so long after its end is waited for what it printed, where others hold the pipe.
const GRACE: Duration = Duration::from_millis(500);

/// Runs the words in a folder, with nothing on standard input and both streams in one pipe, so that
/// they stand in the order in which they were written.
pub fn run(words: &[String], folder: &Utf8Path, seconds: u64) -> Run {
    let not_started = |because: String| {
        let ended = Ended::NotStarted { because };
        Gathered::default().end(ended)
    };
    let Some((program, arguments)) = words.split_first() else {
        return not_started("it has no words".into());
    };
    let (mut group, reader) = match start(program, arguments, folder) {
        Ok(started) => started,
        Err(error) => return not_started(error.to_string()),
    };
    let gathered = Arc::new(Shared::default());
    let into = Arc::clone(&gathered);
    // Where somebody holds the pipe for ever, the reader waits for ever, and nobody for it.
    std::thread::spawn(move || into.read(reader));
    let in_time = group.ends_within(Duration::from_secs(seconds));
    if in_time {
        gathered.wait(GRACE);
    }
    let status = group.stop();
    gathered.wait(GRACE);
    let ended = match (in_time, status) {
        (false, _) => Ended::TimedOut { seconds },
        (true, Some(status)) => ended(status),
        (true, None) => Ended::NotStarted {
            because: "the system does not say how it ended".into(),
        },
    };
    gathered.lock().end(ended)
}

fn start(
    program: &str,
    arguments: &[String],
    folder: &Utf8Path,
) -> std::io::Result<(Group, PipeReader)> {
    let (reader, writer) = pipe()?;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer);
    // The command holds the writing ends until it is gone.
    Ok((Group::start(&mut command)?, reader))
}

fn ended(status: ExitStatus) -> Ended {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return Ended::Signal { signal };
    }
    match status.code() {
        Some(code) => Ended::Exit { code },
        None => Ended::NotStarted {
            because: "the system does not say how it ended".into(),
        },
    }
}

/// What was printed until now, and whether that is all.
#[derive(Default)]
struct Shared {
    gathered: Mutex<Gathered>,
    done: Condvar,
}

#[derive(Default)]
struct Gathered {
    /// The end of it, twice as much as is kept at most.
    tail: VecDeque<u8>,
    bytes: u64,
    hasher: Sha256,
    is_all: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Gathered> {
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, mut reader: PipeReader) {
        let mut buffer = [0; 64 * 1024];
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => self.lock().add(&buffer[..count]),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
        self.lock().is_all = true;
        self.done.notify_all();
    }

    /// Waits until all is read, but no longer than that.
    fn wait(&self, limit: Duration) {
        let waits = |gathered: &mut Gathered| !gathered.is_all;
        let _woken = self.done.wait_timeout_while(self.lock(), limit, waits);
    }
}

impl Gathered {
    fn add(&mut self, bytes: &[u8]) {
        self.bytes = self
            .bytes
            .saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        self.hasher.update(bytes);
        let end = &bytes[bytes.len().saturating_sub(KEPT_BYTES)..];
        self.tail.extend(end);
        let surplus = self.tail.len().saturating_sub(KEPT_BYTES);
        self.tail.drain(..surplus);
    }

    fn end(&self, ended: Ended) -> Run {
        let tail: Vec<u8> = self.tail.iter().copied().collect();
        let sha256 = self.hasher.clone().finalize();
        Run {
            ended,
            output: text(&tail, self.bytes > tail.len() as u64),
            bytes: self.bytes,
            sha256: sha256.iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }
}

/// The end of an output as text, no longer than is kept; `cut` says whether something stood before it.
fn text(tail: &[u8], cut: bool) -> String {
    // Half a character at the cut is no character of the output.
    let half = tail.iter().take_while(|byte| **byte & 0xc0 == 0x80).count();
    let start = if cut && half < 4 { half } else { 0 };
    let text = String::from_utf8_lossy(&tail[start..]);
    // What is no text takes more room written out.
    let surplus = text.len().saturating_sub(KEPT_BYTES);
    let start = text.ceil_char_boundary(surplus);
    text[start..].to_owned()
}

#[cfg(test)]
#[path = "command/tests.rs"]
mod tests;
