//! `--memory`: how much of it rows may take while they wait, in words as in `4GB`, and what of the machine's is taken where
//! nobody says.

use std::fs;

/// What `4GB`, `512MiB`, `2g` or a number of bytes mean; units are powers of 1,024.
pub(super) fn size(text: &str) -> Result<u64, String> {
    let expected = || "expected a size such as `4GB`, `512MB` or a number of bytes".to_owned();
    let digits = text.trim().len() - text.trim().trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.trim().split_at(digits);
    let shift = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        "t" | "tb" | "tib" => 40,
        _ => return Err(expected()),
    };
    let number: u64 = number.parse().map_err(|_| expected())?;
    number.checked_mul(1 << shift).ok_or_else(expected)
}

/// A third of what the machine has, or of what this process may take of it; `None` where the machine does not tell.
pub(super) fn a_third() -> Option<u64> {
    let read = |path: &str| fs::read_to_string(path).ok();
    let machine = read("/proc/meminfo").and_then(|text| total(&text));
    let group = read("/sys/fs/cgroup/memory.max").and_then(|text| text.trim().parse().ok());
    machine.into_iter().chain(group).min().map(|bytes| bytes / 3)
}

/// `MemTotal` of `/proc/meminfo`, in bytes.
fn total(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1 << 10)
}

#[cfg(test)]
mod tests {
    use super::{size, total};

    #[test]
    fn sizes_have_units_of_1024() {
        assert_eq!(size("4GB"), Ok(4 << 30));
        assert_eq!(size(" 512 mib "), Ok(512 << 20));
        assert_eq!(size("1000"), Ok(1_000));
        assert!(
            ["", "GB", "4 parsecs", "-1", "1.5GB", "99999999999999T"].iter().all(|text| size(text).is_err())
        );
    }

    #[test]
    fn the_machine_tells_its_memory() {
        assert_eq!(total("MemTotal:       24689432 kB\nMemFree: 1 kB\n"), Some(24_689_432 << 10));
        assert_eq!(total("MemFree: 1 kB\n"), None);
    }
}
