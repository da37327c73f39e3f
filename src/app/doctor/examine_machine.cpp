#include "app/doctor/examine_machine.hpp"

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

namespace app {
namespace {

constexpr std::uint64_t mebibyte = std::uint64_t{1024} * 1024;
// What a day of a large house writes, and what one night may write unattended.
constexpr std::uint64_t least_free = 200 * mebibyte;
constexpr std::uint64_t little_free = 2048 * mebibyte;
constexpr std::uint64_t least_files = 1000;
constexpr std::uint64_t spare_handles = 256;  // database, log, outgoing calls

// Of linux/magic.h or, where that has none, of the sources of the kernel.
constexpr long cifs_magic = 0xFF534D42;
constexpr long smb2_magic = 0xFE534D42;
constexpr long fuse_magic = 0x65735546;

std::string in_mib(std::uint64_t octets) {
  return std::to_string(octets / mebibyte) + " MiB";
}

/// What is free where `folder` is, under the names `check`.space, .files and .read_only.
void examine_room(const std::string& folder, const std::string& check, Findings& findings) {
  struct statvfs space {};
  if (::statvfs(folder.c_str(), &space) != 0) {
    findings.fault(check + ".space", "the system does not say how much is free in " + folder,
                   "see whether its disk is mounted");
    return;
  }
  const std::uint64_t free = std::uint64_t{space.f_bavail} * space.f_frsize;
  const std::string said = in_mib(free) + " are free in " + folder;
  const char* const advice =
      "make room, or move the folder to a larger disk; a full disk refuses every change and loses nothing";
  if (free < least_free) {
    findings.fault(check + ".space", said, advice);
  } else if (free < little_free) {
    findings.warning(check + ".space", said, advice);
  } else {
    findings.fine(check + ".space", said);
  }
  if (space.f_files != 0 && space.f_favail < least_files) {
    findings.fault(check + ".files",
                   "the disk of " + folder + " can hold only " + std::to_string(space.f_favail) +
                       " further files, whatever is free",
                   "remove files that are not needed; `df -i` counts them");
  }
  if ((space.f_flag & ST_RDONLY) != 0) {
    findings.fault(check + ".read_only", "the disk of " + folder + " is mounted to be read only",
                   "mount it to be written; after an error of the disk the system does this by itself: see dmesg");
  }
}

/// Whether the embedded database may be on this kind of file system.
void examine_kind(const std::string& folder, Findings& findings) {
  struct statfs kind {};
  if (::statfs(folder.c_str(), &kind) != 0) return;
  const long type = static_cast<long>(kind.f_type);
  if (type == NFS_SUPER_MAGIC || type == cifs_magic || type == smb2_magic || type == fuse_magic) {
    findings.fault("disk.kind", folder + " is on a network file system, whose locks and syncs SQLite cannot rely on",
                   "use a local disk, or PostgreSQL");
  } else if (type == TMPFS_MAGIC) {
    findings.warning("disk.kind", folder + " is in memory: it is lost when the machine restarts", "use a disk");
  }
}

/// A folder of the configuration that may be on another disk than the data folder. "" = there is none.
void examine_further(const std::string& folder, const std::string& check, dev_t data, Findings& findings) {
  struct stat status {};
  if (folder.empty() || ::stat(folder.c_str(), &status) != 0 || status.st_dev == data) return;
  examine_room(folder, check, findings);
}

std::string folder_of(const std::string& file) {
  const auto slash = file.rfind('/');
  return slash == std::string::npos ? std::string() : file.substr(0, slash + 1);
}

}  // namespace

void examine_clock(base::Time now, Findings& findings) {
  const std::string check = "clock.synchronised";
  // No release of this program is older.
  constexpr base::Duration year_2026 = std::chrono::hours(24 * 365 * 56);
  if (now.time_since_epoch() < year_2026) {
    findings.fault("clock.time", "the clock says " + base::to_rfc3339(now), "set it: timedatectl set-ntp true");
    return;
  }
  timex state{};
  const int answer = ::adjtimex(&state);
  if (answer == -1) {
    findings.warning(check, "the system does not say whether the clock is synchronised", "look with: timedatectl");
  } else if (answer == TIME_ERROR || (state.status & STA_UNSYNC) != 0) {
    findings.warning(check,
                     "no time server keeps the clock: codes of authenticator apps, certificates, time stamps and "
                     "several nodes need a right one",
                     "say: timedatectl set-ntp true, or install chrony; in a container the host must do it");
  } else {
    findings.fine(check, "a time server keeps the clock, which is off by at most " +
                             std::to_string(state.maxerror / 1000) + " ms");
  }
}

void examine_disk(const Config& config, Findings& findings) {
  struct stat data {};
  if (::stat(config.data_dir.c_str(), &data) == 0) {  // else examine_files has said that it is not there
    examine_room(config.data_dir, "disk", findings);
    if (config.is_sqlite()) examine_kind(config.data_dir, findings);
  }
  examine_further(config.signing.spool, "disk.spool", data.st_dev, findings);
  examine_further(folder_of(config.log_file), "disk.log", data.st_dev, findings);
}

void examine_memory(const Config& config, Findings& findings) {
  const std::size_t configured = config.server.password.threads;
  const std::uint64_t threads = configured != 0 ? configured : std::max(1U, std::thread::hardware_concurrency());
  const std::uint64_t need = threads * config.settings.password_hash.memory_kib * 1024;
  const auto pages = ::sysconf(_SC_PHYS_PAGES);
  const std::uint64_t memory =
      pages <= 0 ? 0 : static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  if (memory != 0 && need > memory / 4) {
    findings.warning("machine.memory",
                     "password hashes may need " + in_mib(need) + " at once, and the machine has " + in_mib(memory),
                     "set password.workers or password.memory_kib lower, or give the machine more memory");
  } else {
    findings.fine("machine.memory", "password hashes need at most " + in_mib(need) + " of " + in_mib(memory));
  }
}

void examine_handles(const Config& config, std::uint64_t open_files, Findings& findings) {
  const std::string said = "the server may open " + std::to_string(open_files) + " files";
  if (open_files < config.server.limits.connections + spare_handles) {
    findings.warning("machine.handles",
                     said + ", too few for http.connections = " + std::to_string(config.server.limits.connections),
                     "set LimitNOFILE= of the service higher, or http.connections lower");
  } else {
    findings.fine("machine.handles", said);
  }
}

void examine_user(std::uint64_t user, Findings& findings) {
  if (user == 0) {
    findings.warning("server.user",
                     "the server runs as root: who finds a hole in it, or in a library of it, has the whole machine",
                     "run it as a user of its own: the unit of the package does, and the image of the container");
  } else {
    findings.fine("server.user", "the server does not run as root");
  }
}

}  // namespace app
