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

/// How much less of a processor than others a thread gets that wants all of it.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

/// Linux has a priority for each thread.
#[cfg(target_os = "linux")]
fn give_way() {
    if let Err(error) = rustix::process::setpriority_process(None, NICE) {
        tracing::warn!(%error, "questions cannot give way to writes");
    }
}

#[cfg(not(target_os = "linux"))]
fn give_way() {}
