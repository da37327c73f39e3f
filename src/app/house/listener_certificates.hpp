// Renews the certificates of TLS listeners that the own authority has issued, in their files, and takes them in force
// without a restart. Each node looks after its own files. Several nodes may also share a file: what another node has
// written is taken in force by all.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "app/house/worker.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "http/server.hpp"

namespace app {

/// `content` instead of the file, durably: after a power failure there is the old one or the new one. Mode and, if
/// possible, owner stay. `make`: called when it is sure that the folder takes a new file. Errors: unavailable (says
/// why), those of `make`.
base::Result<void> replace_file(const std::string& path, const std::function<base::Result<std::string>()>& make);

/// Its thread runs from start() to the destructor.
class ListenerCertificates {
 public:
  /// `reload` takes the files in force; http::Server::reload_certificates.
  ListenerCertificates(const flow::House& house, const std::vector<http::Listener>& listeners,
                       std::function<base::Result<void>()> reload);
  void start();
  /// One look at every file, and how long to wait until the next one.
  base::Duration step(base::Time now);

 private:
  void look_at(const std::string& file, base::Time now);
  void take_in_force(const std::string& file, const std::string& sha256);
  void complain(const std::string& file, const std::string& reason, base::Time now);

  flow::House house_;
  std::set<std::string> files_;
  std::function<base::Result<void>()> reload_;
  std::map<std::string, std::string> in_force_;      // SHA-256 by file
  std::map<std::string, base::Time> complained_at_;  // by file
  std::unique_ptr<Worker> worker_;
};

}  // namespace app
