#include "demo/server_program.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>

namespace {

namespace fs = std::filesystem;

/// A build's two folders: `above` and, in it, the folder of chancery-demo.
struct Folders {
  fs::path above = fs::temp_directory_path() / ("chancery-demo-program-" + std::to_string(::getpid()));
  fs::path here = above / "demo";
  Folders() {
    fs::remove_all(above);
    fs::create_directories(here);
  }
  ~Folders() { fs::remove_all(above); }
  Folders(const Folders&) = delete;
  Folders& operator=(const Folders&) = delete;

  static fs::path put(const fs::path& file, fs::perms rights = fs::perms::owner_all) {
    std::ofstream(file) << "#!/bin/sh\n";
    fs::permissions(file, rights);
    return file;
  }
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the server's program is found beside the demonstration, and one folder above it") {
  const Folders folders;
  const auto above = Folders::put(folders.above / "chancery");
  CHECK(demo::find_server_program(folders.here, "").value() == above.string());
  const auto beside = Folders::put(folders.here / "chancery");
  CHECK(demo::find_server_program(folders.here, "").value() == beside.string());
}

TEST_CASE("a folder or a file without the right to run it is not the server's program") {
  const Folders folders;
  fs::create_directory(folders.here / "chancery");
  CHECK_FALSE(demo::find_server_program(folders.here, ""));
  const auto text = Folders::put(folders.above / "chancery", fs::perms::owner_read);
  CHECK_FALSE(demo::find_server_program(folders.here, ""));
  CHECK_FALSE(demo::find_server_program(folders.here, text.string()));
}

TEST_CASE("who has no server's program reads where it was looked for and how to name it") {
  const Folders folders;
  const auto found = demo::find_server_program(folders.here, "");
  REQUIRE_FALSE(found);
  CHECK(found.error().code == base::Code::not_found);
  for (const auto& part :
       {(folders.here / "chancery").string(), (folders.above / "chancery").string(), std::string("--chancery FILE")}) {
    CHECK_MESSAGE(has(found.error().reason, part), found.error().reason);
  }
}

TEST_CASE("a named program is taken, and never another one in its place") {
  const Folders folders;
  Folders::put(folders.here / "chancery");
  const auto named = Folders::put(folders.above / "other");
  CHECK(demo::find_server_program(folders.here, named.string()).value() == named.string());
  const auto missing = demo::find_server_program(folders.here, (folders.above / "none").string());
  REQUIRE_FALSE(missing);
  CHECK(has(missing.error().reason, "none"));
}

TEST_CASE("the file that a command without --config uses is read from the answer of check-config, also after a hint") {
  CHECK(demo::parse_checked_file("with the configuration of the demonstration, /d/a.toml\n/d/a.toml is fine\n") ==
        "/d/a.toml");
  CHECK(demo::parse_checked_file("/etc/chancery/chancery.toml is fine\n") == "/etc/chancery/chancery.toml");
  CHECK(demo::parse_checked_file("/d/a.toml: the key file is missing\n").empty());
}
