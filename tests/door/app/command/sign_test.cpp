// Signing files by command.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "base/bytes.hpp"
#include "door/app/site.hpp"
#include "door/raw_client.hpp"

namespace {

using door::has;
using door::Site;
using Words = std::vector<std::string>;
namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Desk {
  Desk() {
    fs::create_directories(folder);
    {
      // The first start makes the master key.
      const door::ServerProcess first(site.config, site.log);
      REQUIRE(first.is_ready());
    }
    site.create("anna");
    REQUIRE(site.run({"authority", "create", "--name", "Clinic"}).status == 0);
    seal = make({"--activation", "none"});
    with_pin = make({"--activation", "pin", "--pin-stdin"}, "274831\n");
  }
  ~Desk() {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  [[nodiscard]] std::string make(Words more, const std::string& input = {}) const {
    Words command{"credential", "create", "--seal", "--label", "Seal", "--issue", "--json"};
    command.insert(command.end(), more.begin(), more.end());
    const auto made = site.run(command, input);
    REQUIRE_MESSAGE(made.status == 0, made.err);
    return std::string(boost::json::parse(made.out).as_object().at("id").as_string());
  }
  std::string write(const std::string& name, const std::string& octets) const {
    const fs::path path = fs::path(folder) / name;
    std::ofstream(path, std::ios::binary) << octets;
    return path.string();
  }
  [[nodiscard]] bool is_there(const std::string& name) const { return fs::exists(fs::path(folder) / name); }

  Site site;
  std::string folder = (fs::temp_directory_path() / ("chancery-sign-" + base::to_hex(base::random_bytes(8)))).string();
  std::string seal;
  std::string with_pin;
};

}  // namespace

TEST_CASE("files are signed one after the other, with and without a running server, and nothing is replaced") {
  const Desk desk;
  const std::string letter = desk.write("letter.txt", "a letter");
  const std::string order = desk.write("order.xml", "<order/>");
  const std::string broken = desk.write("broken.xml", "<order");
  const auto alone = desk.site.run({"sign", letter, "--credential", desk.seal});
  CHECK_MESSAGE(alone.status == 0, alone.err);
  CHECK(desk.is_there("letter.txt.p7s"));
  const std::string before = read_file(desk.folder + "/letter.txt.p7s");
  const door::ServerProcess server(desk.site.config, desk.site.log);
  const auto again = desk.site.run({"sign", letter, "--credential", desk.seal});
  CHECK(again.status == 1);
  CHECK(has(again.err, "is there already"));
  CHECK(read_file(desk.folder + "/letter.txt.p7s") == before);
  const auto several = desk.site.run({"sign", broken, order, "--credential", desk.seal, "--format", "xades"});
  CHECK(several.status == 1);
  CHECK(has(several.err, "xml_malformed"));
  CHECK(has(several.out, "[2/2]"));
  CHECK(has(read_file(desk.folder + "/order-signed.xml"), "<ds:Signature"));
  CHECK_FALSE(desk.is_there("broken-signed.xml"));
}

TEST_CASE("a PIN comes from standard input for all files, and a wrong one signs nothing") {
  const Desk desk;
  const std::string one = desk.write("one.txt", "1");
  const std::string two = desk.write("two.txt", "2");
  const auto wrong = desk.site.run({"sign", one, two, "--credential", desk.with_pin, "--pin-stdin"}, "000111\n");
  CHECK(wrong.status == 1);
  CHECK(has(wrong.err, "The PIN is wrong"));
  CHECK_FALSE(desk.is_there("one.txt.p7s"));
  const auto missing = desk.site.run({"sign", one, "--credential", desk.with_pin});
  CHECK(has(missing.err, "Please enter the PIN"));
  const auto right =
      desk.site.run({"sign", one, two, "--credential", desk.with_pin, "--pin-stdin", "--json"}, "274831\n");
  CHECK_MESSAGE(right.status == 0, right.err);
  CHECK(has(right.out, R"("result":"two.txt.p7s")"));
  CHECK(desk.is_there("one.txt.p7s"));
  CHECK(desk.is_there("two.txt.p7s"));
}

TEST_CASE("what cannot be signed by command is refused with a sentence") {
  const Desk desk;
  const std::string letter = desk.write("letter.txt", "a letter");
  const auto refused = [&](Words more) {
    Words command{"sign", letter};
    command.insert(command.end(), more.begin(), more.end());
    const auto finished = desk.site.run(command);
    CHECK(finished.status == 1);
    CHECK(finished.out.empty());
    return finished.err;
  };
  CHECK(has(refused({"--credential", "x"}), "there is no credential"));
  CHECK_FALSE(refused({"--credential", "01900000-0000-7000-8000-000000000000"}).empty());
  CHECK(has(refused({"--credential", desk.seal, "--level", "LTA"}), "cannot be made yet"));
  CHECK(
      has(refused({"--credential", desk.seal, "--format", "pades", "--packaging", "enveloped"}), "cannot be made yet"));
  CHECK_FALSE(refused({"--credential", desk.seal, "--out", desk.folder + "/missing"}).empty());
  CHECK_FALSE(desk.is_there("letter.txt.p7s"));
}
