#include "app/doctor/server_eyes.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/command/control.hpp"

namespace app {
namespace {

/// The groups that the running server has, those that its unit gives (SupplementaryGroups=) among them. Empty = none
/// runs.
std::vector<gid_t> groups_of_running(const std::string& data_dir, uid_t user) {
  std::vector<gid_t> groups;
  const auto process = find_server_process(data_dir + "/control.sock");
  if (!process) return groups;
  std::ifstream status("/proc/" + std::to_string(*process) + "/status");
  bool is_of_user = false;
  for (std::string line; std::getline(status, line);) {
    std::istringstream words(line);
    std::string key;
    words >> key;
    if (uid_t id = 0; key == "Uid:" && words >> id) is_of_user = id == user;
    if (key != "Groups:" || !is_of_user) continue;
    for (gid_t group = 0; words >> group;) groups.push_back(group);
  }
  return groups;
}

bool take_groups(const passwd* entry, gid_t group, const std::vector<gid_t>& of_server) {
  if (!of_server.empty()) return ::setgroups(of_server.size(), of_server.data()) == 0;
  return (entry != nullptr ? ::initgroups(entry->pw_name, group) : ::setgroups(1, &group)) == 0;
}

}  // namespace

ServerEyes::ServerEyes(const std::string& data_dir) {
  struct stat folder {};
  if (::geteuid() != 0 || ::stat(data_dir.c_str(), &folder) != 0 || folder.st_uid == 0) return;
  own_group_ = ::getegid();
  own_groups_.resize(static_cast<std::size_t>(std::max(0, ::getgroups(0, nullptr))));
  if (!own_groups_.empty() && ::getgroups(static_cast<int>(own_groups_.size()), own_groups_.data()) < 0) return;
  const passwd* const entry = ::getpwuid(folder.st_uid);
  const gid_t group = entry != nullptr ? entry->pw_gid : folder.st_gid;
  const bool has_groups =
      take_groups(entry, group, groups_of_running(data_dir, folder.st_uid)) && ::setegid(group) == 0;
  if (has_groups && ::seteuid(folder.st_uid) == 0) {
    user_ = name_of_user(folder.st_uid);
    return;
  }
  // A container may lack the right; then root's own eyes must do.
  (void)!::setegid(own_group_);
  (void)!::setgroups(own_groups_.size(), own_groups_.data());
}

ServerEyes::~ServerEyes() {
  if (user_.empty()) return;
  const bool is_back =
      ::seteuid(0) == 0 && ::setegid(own_group_) == 0 && ::setgroups(own_groups_.size(), own_groups_.data()) == 0;
  if (!is_back) std::abort();
}

bool is_possible(const std::string& path, int mode) {
  return ::faccessat(AT_FDCWD, path.c_str(), mode, AT_EACCESS) == 0;
}

bool folder_can_be_made(const std::string& path) {
  std::error_code error;
  std::filesystem::path at = std::filesystem::absolute(path, error);
  while (!is_possible(at.string(), F_OK) && at.has_relative_path()) at = at.parent_path();
  return std::filesystem::is_directory(at, error) && is_possible(at.string(), W_OK);
}

}  // namespace app
