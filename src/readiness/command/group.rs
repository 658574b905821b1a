//! A command with all that it starts: within a time, and gone when this process is.

use std::io;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

/// For so long is waited for a stopped command to be gone.
const STOPPED: Duration = Duration::from_secs(5);

/// How often is looked whether a command has ended.
const PAUSE: Duration = Duration::from_millis(5);

/// A running command, in a group of its own, so that all of it can be stopped, and nothing else.
pub struct Group {
    child: Child,
    begun: Instant,
    #[cfg(unix)]
    watch: Option<watch::Watch>,
}

impl Group {
    /// # Errors
    /// Where it cannot be started.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let child = command.spawn()?;
        Ok(Self {
            #[cfg(unix)]
            watch: watch::Watch::over(&child),
            child,
            begun: Instant::now(),
        })
    }

    /// Whether it ends in time. It is not taken leave of yet: its number, which is that of its group,
    /// stays its own.
    pub fn ends_within(&mut self, limit: Duration) -> bool {
        let mut pause = Duration::from_millis(1);
        loop {
            if has_ended(&mut self.child) {
                return true;
            }
            let left = limit.saturating_sub(self.begun.elapsed());
            if left.is_zero() {
                return false;
            }
            std::thread::sleep(pause.min(left));
            pause = (pause * 2).min(PAUSE);
        }
    }

    /// Stops it, and whatever it started that is still of its group. Gives how it ended; none where
    /// the system does not let go of it, as of one that waits for a lost disk.
    pub fn stop(mut self) -> Option<ExitStatus> {
        kill(&mut self.child);
        // Before the number can become that of others.
        #[cfg(unix)]
        if let Some(watch) = self.watch.take() {
            watch.end();
        }
        let begun = Instant::now();
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) if begun.elapsed() < STOPPED => std::thread::sleep(PAUSE),
                Ok(None) | Err(_) => return None,
            }
        }
    }
}

#[cfg(unix)]
fn has_ended(child: &mut Child) -> bool {
    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    match waitid(WaitId::Pid(Pid::from_child(child)), options) {
        Ok(status) => status.is_some(),
        Err(rustix::io::Errno::INTR) => false,
        // Nobody but this waits for it: there is none to be waited for.
        Err(_) => true,
    }
}

#[cfg(not(unix))]
fn has_ended(child: &mut Child) -> bool {
    !matches!(child.try_wait(), Ok(None))
}

#[cfg(unix)]
fn kill(child: &mut Child) {
    use rustix::process::{Pid, Signal, kill_process_group};
    // Nobody left to be stopped is what is wanted.
    let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
}

#[cfg(not(unix))]
fn kill(child: &mut Child) {
    let _ = child.kill();
}

/// What stops a group when this process ends without doing so: an interrupt at the terminal does not
/// reach groups in the background.
#[cfg(unix)]
mod watch {
    use std::io::{PipeWriter, pipe};
    use std::os::unix::process::CommandExt;
    use std::process::{Child, Command, Stdio};

    /// A shell that waits for the end of a pipe which nobody writes to. The pipe ends with the last
    /// process that holds it: this one.
    pub struct Watch {
        shell: Child,
        held: PipeWriter,
    }

    impl Watch {
        /// None where there is no shell; then nothing watches.
        pub fn over(child: &Child) -> Option<Self> {
            let (reader, held) = pipe().ok()?;
            let shell = Command::new("sh")
                .args(["-c", r#"read -r _; kill -s KILL -- "-$0""#])
                .arg(child.id().to_string())
                .current_dir("/")
                .stdin(reader)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .process_group(0)
                .spawn()
                .ok()?;
            Some(Self { shell, held })
        }

        /// Ends it without stopping anything.
        pub fn end(mut self) {
            // It may be gone already, which is as well.
            let _ = self.shell.kill();
            let _ = self.shell.wait();
            drop(self.held);
        }
    }
}
