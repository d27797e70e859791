//! The threads that answer questions together: one for each processor, and the last to get one.

/// Starts them. Questions take all processors for a while; a write or the read of one record, which takes none for long, goes before.
///
/// # Errors
/// If they run already, or the system refuses them.
pub fn start() -> Result<(), rayon::ThreadPoolBuildError> {
    rayon::ThreadPoolBuilder::new()
        .thread_name(|number| format!("timelines-{number}"))
        .start_handler(|_| give_way())
        .build_global()
}

/// How much nicer than the rest of the server they are: who is nicer by five gets about a quarter while both want all of a processor.
#[cfg(target_os = "linux")]
const NICER: i32 = 5;

/// Linux has a priority for each thread.
#[cfg(target_os = "linux")]
fn give_way() {
    use rustix::process::{getpriority_process, setpriority_process};
    let nicer = getpriority_process(None).map(|nice| nice + NICER);
    if let Err(error) = nicer.and_then(|nice| setpriority_process(None, nice)) {
        tracing::warn!(%error, "questions cannot give way to writes");
    }
}

#[cfg(not(target_os = "linux"))]
fn give_way() {}
