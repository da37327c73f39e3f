// The machine: its clock, disk, memory and limits, and the servers that ours needs.
#pragma once

#include "app/config/config.hpp"
#include "app/doctor/finding.hpp"

namespace app {

void examine_clock(base::Time now, Findings& findings);
/// The disks of the data folder, of documents that wait to be signed and of the log: what is free, and whether the
/// embedded database may be where it is.
void examine_disk(const Config& config, Findings& findings);
/// Memory for password hashes.
void examine_memory(const Config& config, Findings& findings);
/// Handles of files for connections. `open_files`: what the server may open.
void examine_handles(const Config& config, std::uint64_t open_files, Findings& findings);
/// Each listener: whether it answers, or, if no server runs, whether its port is free.
void examine_ports(const Config& config, bool is_running, Findings& findings);
/// Whether the address that is in every token leads to a server that names it, with a certificate that counts here.
/// Only for a server that runs. Waits a few seconds.
void examine_issuer(const Config& config, Findings& findings);
/// `user`: as whom the server runs.
void examine_user(std::uint64_t user, Findings& findings);
/// Greets the mail server with TLS and password, sends nothing, and opens a connection to each SMS gateway. Waits for
/// each a few seconds.
void examine_servers(const Config& config, Findings& findings);

}  // namespace app
