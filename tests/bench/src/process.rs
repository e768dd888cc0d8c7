//! What the kernel knows of a process (Linux, proc(5)).

use crate::Failure;

#[cfg(feature = "application")]
/// Processes whose command line holds every one of the words.
pub(crate) fn find(words: &[&str]) -> Vec<u32> {
    std::fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let pid: u32 = entry.file_name().to_string_lossy().parse().ok()?;
            let line = std::fs::read(entry.path().join("cmdline")).ok()?;
            let line = String::from_utf8_lossy(&line).into_owned();
            words.iter().all(|word| line.contains(word)).then_some(pid)
        })
        .collect()
}

/// CPU seconds that a process has used, user and system.
pub(crate) fn cpu_seconds(pid: u32) -> Result<f64, Failure> {
    let fields = stat(pid)?;
    let ticks = |index: usize| {
        fields
            .get(index)
            .and_then(|field| field.parse::<f64>().ok())
            .unwrap_or(0.0)
    };
    // Fields 14 and 15 of proc_pid_stat(5); two were cut off with the name.
    Ok((ticks(11) + ticks(12)) / TICKS)
}

#[cfg(feature = "application")]
/// Milliseconds since the Unix epoch at which a process began, in steps of 10.
pub(crate) fn began_ms(pid: u32) -> Result<f64, Failure> {
    let fields = stat(pid)?;
    let since_boot: f64 = fields
        .get(19)
        .and_then(|field| field.parse().ok())
        .ok_or("no start time")?;
    let boot = std::fs::read_to_string("/proc/stat")?
        .lines()
        .find_map(|line| line.strip_prefix("btime ")?.trim().parse::<f64>().ok())
        .ok_or("no boot time")?;
    Ok((boot + since_boot / TICKS) * 1000.0)
}

/// Clock ticks a second: 100 on every Linux that this runs on.
const TICKS: f64 = 100.0;

fn stat(pid: u32) -> Result<Vec<String>, Failure> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name in brackets may hold anything, so fields are counted from its end.
    let (_, rest) = stat.rsplit_once(") ").ok_or("an unreadable stat")?;
    Ok(rest.split_whitespace().map(str::to_owned).collect())
}

/// Most memory that this process held since it was last asked, in KiB; none where the kernel does not tell.
pub(crate) fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"))?
        .trim()
        .parse()
        .ok()?;
    // See proc(5): 5 sets the peak back to what is held now.
    std::fs::write("/proc/self/clear_refs", "5").ok()?;
    Some(peak)
}
