//! How much memory this process may use, as Linux tells it.

/// What is assumed where nothing tells.
const UNKNOWN: usize = 4 << 30;

/// Bytes of memory of the machine, or of the container if that has less.
pub(super) fn available_bytes() -> usize {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let of_machine = of_machine(&read("/proc/meminfo"));
    let of_container = read("/sys/fs/cgroup/memory.max").trim().parse().ok();
    [of_machine, of_container]
        .into_iter()
        .flatten()
        .min()
        .unwrap_or(UNKNOWN)
}

/// `MemTotal` in bytes; the kernel's kB are 1,024 bytes.
fn of_machine(meminfo: &str) -> Option<usize> {
    let total = meminfo
        .lines()
        .find_map(|it| it.strip_prefix("MemTotal:"))?;
    let kilobytes: usize = total.trim().strip_suffix(" kB")?.parse().ok()?;
    kilobytes.checked_mul(1 << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_tells_its_memory() {
        let meminfo = "MemTotal:       24601116 kB\nMemFree:  15040912 kB\n";
        assert_eq!(of_machine(meminfo), Some(24_601_116 * 1_024));
        assert_eq!(of_machine("nothing"), None);
        assert!(available_bytes() > 1 << 20);
    }
}
