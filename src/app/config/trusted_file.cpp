#include "app/config/trusted_file.hpp"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace app {
namespace {

namespace fs = std::filesystem;

std::string name_of_owner(uid_t owner) {
  const passwd* const entry = ::getpwuid(owner);
  return entry != nullptr ? entry->pw_name : "user " + std::to_string(owner);
}

std::string find_flaw(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {};
  if (status.st_uid != 0 && status.st_uid != ::geteuid())
    return path.string() + " belongs to " + name_of_owner(status.st_uid);
  const bool is_sticky = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
  const bool is_open = (status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
  return is_open && !is_sticky ? "others can write to " + path.string() : std::string();
}

std::string find_flaw_up_to_root(fs::path path) {
  for (;;) {
    std::string flaw = find_flaw(path);
    if (!flaw.empty() || !path.has_relative_path()) return flaw;
    path = path.parent_path();
  }
}

}  // namespace

std::string find_stranger(const std::string& file) {
  std::error_code error;
  const fs::path named = fs::absolute(file, error);
  const fs::path real = fs::canonical(named, error);
  if (error) return {};
  // A link can be replaced by those who can write to the folder in which it stands.
  const fs::path folder = fs::canonical(named.parent_path(), error);
  if (error) return {};
  std::string flaw = find_flaw_up_to_root(folder);
  return flaw.empty() ? find_flaw_up_to_root(real) : flaw;
}

}  // namespace app
