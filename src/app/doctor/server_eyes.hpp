// What the server can see: the doctor is run as root, who can read and write everything, and the server is not.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace app {

/// While one lives, this process reaches files with the rights of the owner of the data folder, as whom the server
/// runs, and what it makes belongs to that user. Nothing changes if this process is not root, if root owns the folder,
/// or if there is none.
class ServerEyes {
 public:
  explicit ServerEyes(const std::string& data_dir);
  ~ServerEyes();
  ServerEyes(const ServerEyes&) = delete;
  ServerEyes& operator=(const ServerEyes&) = delete;

  /// Name of that user, "" = this process sees with its own rights.
  [[nodiscard]] const std::string& user() const { return user_; }

 private:
  std::string user_;
  gid_t own_group_ = 0;
  std::vector<gid_t> own_groups_;
};

/// Whether this process, with the rights that it has at the moment, can do `mode` of access(2).
bool is_possible(const std::string& path, int mode);
/// Whether it can write into the folder, or make it, with the folders above it that are missing.
bool folder_can_be_made(const std::string& path);

}  // namespace app
