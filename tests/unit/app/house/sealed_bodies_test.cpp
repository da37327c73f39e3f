// Bodies of requests in sealed files without a name.
#include "app/house/sealed_bodies.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

namespace {

namespace fs = std::filesystem;

struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "chancery-bodies-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string spool() const { return (path / "spool").string(); }
  fs::path path;
};

/// The descriptors of this process that are files in `folder`, also without a name.
std::vector<int> files_in(const std::string& folder) {
  std::vector<int> found;
  for (const auto& one : fs::directory_iterator("/proc/self/fd")) {
    std::error_code failed;
    const fs::path target = fs::read_symlink(one.path(), failed);
    if (!failed && target.string().starts_with(folder + "/")) found.push_back(std::stoi(one.path().filename()));
  }
  return found;
}

base::Bytes octets_of(std::size_t size) {
  base::Bytes octets(size, '\0');
  for (std::size_t i = 0; i < size; ++i) octets[i] = static_cast<char>((i * 7 + i / 251) % 256);
  return octets;
}

std::unique_ptr<http::BodyFile> open_in(const std::string& folder) {
  auto file = app::SealedBodies(folder).open();
  REQUIRE_MESSAGE(file, base::describe(file.error()));
  return std::move(*file);
}

}  // namespace

TEST_CASE("a body is read as it was written, from any octet to any other, in whichever pieces it came") {
  const Folder folder;
  constexpr std::size_t block = 65'536;
  for (const std::size_t size : {std::size_t{1}, block - 1, block, block + 1, 3 * block, 3 * block + 777}) {
    const base::Bytes octets = octets_of(size);
    for (const std::size_t piece : {std::size_t{1000}, block, block + 1, size}) {
      const auto file = open_in(folder.spool());
      for (std::size_t at = 0; at < size; at += piece) {
        REQUIRE(file->append(base::BytesView(octets).substr(at, piece)));
      }
      REQUIRE(file->finish());
      CHECK(*file->read(0, size + 5) == octets);
      for (const std::size_t at : {std::size_t{0}, size / 2, block - 1, block, size - 1, size}) {
        for (const std::size_t most : {std::size_t{1}, std::size_t{5}, block, size}) {
          CHECK(*file->read(at, most) == (at < size ? octets.substr(at, most) : base::Bytes()));
        }
      }
    }
  }
}

TEST_CASE("nothing of a body lies open on the disk, no name leads to it, and it is gone at its end") {
  const Folder folder;
  const std::string mark = "a secret of the person";
  base::Bytes octets;
  while (octets.size() < 200'000) octets += mark;
  {
    const auto file = open_in(folder.spool());
    REQUIRE(file->append(octets));
    REQUIRE(file->finish());
    CHECK(fs::is_empty(folder.spool()));
    struct stat facts {};
    REQUIRE(::stat(folder.spool().c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777) == 0700);
    const auto open_files = files_in(folder.spool());
    REQUIRE(open_files.size() == 1);
    REQUIRE(::fstat(open_files.front(), &facts) == 0);
    CHECK(facts.st_nlink == 0);
    base::Bytes written(static_cast<std::size_t>(facts.st_size), '\0');
    REQUIRE(::pread(open_files.front(), written.data(), written.size(), 0) == facts.st_size);
    CHECK(written.size() > octets.size());
    CHECK(written.find(mark.substr(0, 8)) == base::Bytes::npos);
  }
  CHECK(files_in(folder.spool()).empty());
}

TEST_CASE("a stored body that was altered, or whose blocks were exchanged, does not open") {
  const Folder folder;
  const base::Bytes octets = octets_of(200'000);
  const auto file = open_in(folder.spool());
  REQUIRE(file->append(octets));
  REQUIRE(file->finish());
  const int handle = files_in(folder.spool()).front();
  char one = 0;
  REQUIRE(::pread(handle, &one, 1, 70'000) == 1);
  const char other = static_cast<char>(one ^ 1);
  REQUIRE(::pwrite(handle, &other, 1, 70'000) == 1);
  CHECK(file->read(0, 60'000).has_value());
  CHECK_FALSE(file->read(65'536, 10));
  REQUIRE(::pwrite(handle, &one, 1, 70'000) == 1);
  CHECK(file->read(65'536, 10).has_value());
  // All blocks but the last have one length.
  constexpr std::size_t sealed = 65'536 + 29;
  base::Bytes first(sealed, '\0');
  REQUIRE(::pread(handle, first.data(), sealed, 0) == static_cast<ssize_t>(sealed));
  REQUIRE(::pwrite(handle, first.data(), sealed, static_cast<off_t>(sealed)) == static_cast<ssize_t>(sealed));
  CHECK_FALSE(file->read(65'536, 10));
  REQUIRE(::ftruncate(handle, 1000) == 0);
  CHECK_FALSE(file->read(0, 10));
}

TEST_CASE("two bodies have two keys") {
  const Folder folder;
  const base::Bytes octets = octets_of(1000);
  const auto one = open_in(folder.spool());
  const auto two = open_in(folder.spool());
  for (const auto* file : {&one, &two}) {
    REQUIRE((*file)->append(octets));
    REQUIRE((*file)->finish());
  }
  const auto handles = files_in(folder.spool());
  REQUIRE(handles.size() == 2);
  std::array<char, 1029> sealed{};
  REQUIRE(::pread(handles[0], sealed.data(), sealed.size(), 0) == static_cast<ssize_t>(sealed.size()));
  REQUIRE(::pwrite(handles[1], sealed.data(), sealed.size(), 0) == static_cast<ssize_t>(sealed.size()));
  CHECK(one->read(0, 1).has_value() != two->read(0, 1).has_value());
}

TEST_CASE("a full disk is told as what it is") {
  const Folder folder;
  const auto file = open_in(folder.spool());
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  ::getrlimit(RLIMIT_FSIZE, &old);
  rlimit small = old;
  small.rlim_cur = 100'000;
  ::setrlimit(RLIMIT_FSIZE, &small);
  const auto appended = file->append(octets_of(300'000));
  ::setrlimit(RLIMIT_FSIZE, &old);
  REQUIRE_FALSE(appended);
  CHECK(appended.error().code == base::Code::unavailable);
  CHECK(appended.error().reason == http::disk_full);
}

TEST_CASE("a folder that cannot be made is no full disk") {
  const Folder folder;
  std::ofstream(folder.spool()) << "a file";
  const auto file = app::SealedBodies(folder.spool()).open();
  REQUIRE_FALSE(file);
  CHECK(file.error().code == base::Code::unavailable);
  CHECK(file.error().reason != http::disk_full);
}
