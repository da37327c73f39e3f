// Which configuration a command uses that names none, and which files are never used by themselves.
#include "app/config/find_config.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

#include "app/config/demonstration_mark.hpp"
#include "app/config/trusted_file.hpp"

namespace {

namespace fs = std::filesystem;

/// A folder that only its owner can change.
struct Place {
  fs::path path;
  Place() {
    std::string name = (fs::temp_directory_path() / "chancery-config-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Place() { fs::remove_all(path); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  [[nodiscard]] std::string write(const std::string& name, mode_t mode = 0640) const {
    const std::string file = path / name;
    fs::create_directories(fs::path(file).parent_path());
    std::ofstream(file) << "issuer = \"https://login.clinic.example\"\n";
    REQUIRE(::chmod(file.c_str(), mode) == 0);
    return file;
  }
  [[nodiscard]] app::ConfigPlaces places() const {
    return {"", path / "etc/chancery.toml", path / "state/demonstration"};
  }
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string refusal(const app::ConfigPlaces& places, base::Code code) {
  const auto found = app::find_config(places);
  REQUIRE_FALSE(found);
  CHECK(found.error().code == code);
  return found.error().reason;
}

}  // namespace

TEST_CASE("the variable counts before the installation's file, and that before a demonstration's") {
  const Place place;
  auto places = place.places();
  const std::string of_demonstration = place.write("demo/chancery.toml");
  const auto mark = app::DemonstrationMark::set(places.mark_file, of_demonstration);
  REQUIRE(mark);
  const auto last = app::find_config(places);
  REQUIRE(last);
  CHECK(last->file == fs::canonical(of_demonstration));
  CHECK(last->is_demonstration);
  const std::string of_installation = place.write("etc/chancery.toml");
  CHECK(app::find_config(places)->file == of_installation);
  CHECK_FALSE(app::find_config(places)->is_demonstration);
  places.variable = "/somewhere/else.toml";
  CHECK(app::find_config(places)->file == "/somewhere/else.toml");
}

TEST_CASE("without a configuration the sentence names every place, and what to do") {
  const Place place;
  const std::string sentence = refusal(place.places(), base::Code::not_found);
  for (const std::string& part :
       {std::string("--config is not given"), std::string("CHANCERY_CONFIG is not set"),
        place.places().system_file + " does not exist", std::string("no demonstration of yours runs"),
        std::string("name one with --config FILE")}) {
    CAPTURE(part);
    CHECK(has(sentence, part));
  }
  auto of_server = place.places();
  of_server.mark_file.clear();
  CHECK_FALSE(has(refusal(of_server, base::Code::not_found), "demonstration"));
}

TEST_CASE("a file that somebody else can change or replace is refused, and no later place is used in its stead") {
  const Place place;
  const auto places = place.places();
  const auto mark = app::DemonstrationMark::set(places.mark_file, place.write("demo/chancery.toml"));
  REQUIRE(mark);
  const std::string file = place.write("etc/chancery.toml");
  REQUIRE(app::find_config(places));
  for (const mode_t mode : {0660U, 0646U, 0666U}) {
    REQUIRE(::chmod(file.c_str(), mode) == 0);
    const std::string sentence = refusal(places, base::Code::denied);
    CHECK(has(sentence, "others can write to " + fs::canonical(file).string()));
    CHECK(has(sentence, "--config"));
  }
  REQUIRE(::chmod(file.c_str(), 0600) == 0);
  const std::string folder = place.path / "etc";
  for (const mode_t mode : {0770U, 0777U}) {
    REQUIRE(::chmod(folder.c_str(), mode) == 0);
    CHECK(has(refusal(places, base::Code::denied), "others can write to " + fs::canonical(folder).string()));
  }
  REQUIRE(::chmod(folder.c_str(), 01777) == 0);  // only owners remove their files there
  CHECK(app::find_config(places));
  REQUIRE(::chmod(folder.c_str(), 0755) == 0);
  CHECK(app::find_config(places));
  if (::geteuid() == 0) {
    constexpr uid_t nobody = 65534;
    REQUIRE(::chown(file.c_str(), nobody, nobody) == 0);
    CHECK(has(refusal(places, base::Code::denied), "belongs to "));
  }
}

TEST_CASE("a link is judged by the file behind it and by the folder in which it stands") {
  const Place place;
  const auto places = place.places();
  const std::string real = place.write("real/chancery.toml");
  fs::create_directories(place.path / "etc");
  fs::create_symlink(real, places.system_file);
  CHECK(app::find_config(places));
  REQUIRE(::chmod((place.path / "etc").c_str(), 0777) == 0);
  CHECK(has(refusal(places, base::Code::denied), "/etc"));
  REQUIRE(::chmod((place.path / "etc").c_str(), 0755) == 0);
  REQUIRE(::chmod((place.path / "real").c_str(), 0777) == 0);
  CHECK(has(refusal(places, base::Code::denied), "/real"));
}

TEST_CASE("a demonstration is found while it runs, and only the first of two") {
  const Place place;
  const auto places = place.places();
  const std::string first = place.write("first/chancery.toml");
  {
    const auto mark = app::DemonstrationMark::set(places.mark_file, first);
    REQUIRE(mark);
    const auto second = app::DemonstrationMark::set(places.mark_file, place.write("second/chancery.toml"));
    REQUIRE_FALSE(second);
    CHECK(second.error().code == base::Code::conflict);
    CHECK(app::find_config(places)->file == fs::canonical(first));
    struct stat status {};
    REQUIRE(::stat(places.mark_file.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600U);
  }
  CHECK(fs::exists(places.mark_file));
  CHECK(has(refusal(places, base::Code::not_found), "no demonstration of yours runs"));
}

TEST_CASE("a mark that others can write, or that is a link, finds nothing") {
  const Place place;
  const auto places = place.places();
  const auto mark = app::DemonstrationMark::set(places.mark_file, place.write("demo/chancery.toml"));
  REQUIRE(mark);
  REQUIRE(app::find_demonstration(places.mark_file));
  REQUIRE(::chmod(places.mark_file.c_str(), 0622) == 0);
  CHECK_FALSE(app::find_demonstration(places.mark_file));
  REQUIRE(::chmod(places.mark_file.c_str(), 0600) == 0);
  const std::string link = place.path / "link";
  fs::create_symlink(places.mark_file, link);
  CHECK_FALSE(app::find_demonstration(link));
  CHECK_FALSE(app::DemonstrationMark::set(link, place.path / "demo/chancery.toml"));
  CHECK_FALSE(app::find_demonstration(place.path / "none"));
}
