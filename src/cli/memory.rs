//! How much memory there is: the machine's, or what the container or the process may have of it.

use std::fs;
use std::path::Path;

/// In bytes; without limit where nobody says.
pub(super) fn installed() -> u64 {
    least(&|path| fs::read_to_string(path).ok())
}

/// A file's text, if it is there.
type Read<'a> = &'a dyn Fn(&Path) -> Option<String>;

fn least(read: Read<'_>) -> u64 {
    let all = machine(read).into_iter().chain(groups(read)).chain(process(read));
    all.min().unwrap_or(u64::MAX)
}

fn machine(read: Read<'_>) -> Option<u64> {
    let kibibytes = first(&read(Path::new("/proc/meminfo"))?, "MemTotal:")?;
    Some(kibibytes.saturating_mul(1024))
}

/// The limits of the control groups that the process is in: its own, and all those around it. A container may see its own group as
/// the root, whatever that is called outside.
fn groups(read: Read<'_>) -> Vec<u64> {
    let listed = read(Path::new("/proc/self/cgroup")).unwrap_or_else(|| "0::/".into());
    let own = listed.lines().filter_map(|line| {
        let (controllers, path) = line.split_once(':')?.1.split_once(':')?;
        let (root, file) = match controllers {
            "" => ("/sys/fs/cgroup", "memory.max"),
            one if one.split(',').any(|controller| controller == "memory") => {
                ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
            }
            _ => return None,
        };
        Some((Path::new(path.trim_start_matches('/')), Path::new(root), file))
    });
    let around = own.flat_map(|(path, root, file)| path.ancestors().map(move |group| root.join(group).join(file)));
    around.filter_map(|file| read(&file)?.trim().parse().ok()).collect()
}

/// What `ulimit` says: address space, of which more is taken than memory, and data.
fn process(read: Read<'_>) -> Vec<u64> {
    let limits = read(Path::new("/proc/self/limits")).unwrap_or_default();
    ["Max address space", "Max data size"].into_iter().filter_map(|name| first(&limits, name)).collect()
}

/// The number that follows this name at the beginning of a line; none if there is no limit.
fn first(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> u64 {
        least(&|path| files.iter().find(|file| Path::new(file.0) == path).map(|file| file.1.to_owned()))
    }

    #[test]
    fn the_least_of_all_limits_counts() {
        let machine = ("/proc/meminfo", "MemTotal:  1024 kB\nMemFree:  1 kB\n");
        assert_eq!(found(&[]), u64::MAX);
        assert_eq!(found(&[machine]), 1 << 20);
        // A container that sees its own group only; a group within groups; the first version.
        let root = ("/sys/fs/cgroup/memory.max", "4096\n");
        assert_eq!(found(&[machine, root]), 4096);
        let nested = ("/proc/self/cgroup", "0::/a/b/c\n");
        let groups = [("/sys/fs/cgroup/a/b/c/memory.max", "max\n"), ("/sys/fs/cgroup/a/memory.max", "8192\n")];
        assert_eq!(found(&[machine, nested, groups[0], groups[1]]), 8192);
        let old = ("/proc/self/cgroup", "4:cpu:/x\n3:hugetlb,memory:/docker/1\n0::/\n");
        let own = ("/sys/fs/cgroup/memory/docker/1/memory.limit_in_bytes", "9223372036854771712\n");
        assert_eq!(found(&[machine, old, own]), 1 << 20);
        assert_eq!(found(&[machine, old, ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "2048\n")]), 2048);
        let limits = "Max data size  unlimited  unlimited  bytes\nMax address space  512  1024  bytes\n";
        assert_eq!(found(&[machine, root, ("/proc/self/limits", limits)]), 512);
    }
}
