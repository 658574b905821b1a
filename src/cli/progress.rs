//! A spinner on standard error for work that takes over a second.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::output::Output;

/// How long work may take before it is worth a word.
const PATIENCE: Duration = Duration::from_secs(1);

/// Shown from the second second on, while it lives.
pub struct Progress {
    done: std::sync::mpsc::Sender<()>,
}

impl Progress {
    /// Starts waiting. Nothing is shown where standard error is no terminal, or with `--quiet`.
    pub fn start(output: &Output, message: &'static str) -> Self {
        let (done, stopped) = std::sync::mpsc::channel();
        if output.shows_progress() {
            std::thread::spawn(move || {
                if stopped.recv_timeout(PATIENCE) != Err(std::sync::mpsc::RecvTimeoutError::Timeout)
                {
                    return;
                }
                let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
                bar.set_style(ProgressStyle::default_spinner());
                bar.set_message(message);
                bar.enable_steady_tick(Duration::from_millis(100));
                // Ends when it is told to, or when whoever could tell it is gone.
                let _ = stopped.recv();
                bar.finish_and_clear();
            });
        }
        Self { done }
    }

    /// Takes it away.
    pub fn stop(self) {
        // It may never have been shown.
        let _ = self.done.send(());
        std::thread::yield_now();
    }
}
