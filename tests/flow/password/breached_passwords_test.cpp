// The file of breached passwords: found where it is, refused when it cannot be judged (ASVS 5.0 6.2.12).
#include "flow/password/breached_passwords.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/bytes.hpp"
#include "crypto/digest/digest.hpp"
#include "flow/password/breached_settings.hpp"
#include "flow/password/find_policy.hpp"
#include "flow/password_fixture.hpp"

using Fixture = testing::PasswordFixture;
using Kind = identity::PasswordFlaw::Kind;

namespace {

bool has(const flow::ChangeJudgement& judgement, Kind kind) {
  return std::any_of(judgement.flaws.begin(), judgement.flaws.end(),
                     [&](const auto& flaw) { return flaw.kind == kind; });
}

class ListFile {
 public:
  ListFile() {
    std::string name = (std::filesystem::temp_directory_path() / "chancery-breached-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
  }
  ~ListFile() { std::filesystem::remove_all(folder_); }
  ListFile(const ListFile&) = delete;
  ListFile& operator=(const ListFile&) = delete;

  std::string write(const std::string& text) const {
    const std::string path = (folder_ / "list.txt").string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

 private:
  std::filesystem::path folder_;
};

std::string hash_of(const std::string& password) {
  std::string hash = base::to_hex(crypto::sha1(password));
  for (char& c : hash) c = c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
  return hash;
}

std::vector<std::string> sorted_hashes(int count) {
  std::vector<std::string> hashes;
  for (int i = 0; i < count; ++i) hashes.push_back(hash_of("stolen-" + std::to_string(i)));
  std::sort(hashes.begin(), hashes.end());
  return hashes;
}

std::string lines_of(const std::vector<std::string>& hashes, const std::string& end) {
  std::string text;
  for (std::size_t i = 0; i < hashes.size(); ++i) text += hashes[i] + ":" + std::to_string(i * i * 7919 + 1) + end;
  return text;
}

}  // namespace

TEST_CASE("each password of the file is found, from the first line to the last, and no other") {
  const ListFile list;
  Fixture f;
  const std::vector<std::string> ends{"\n", "\r\n"};
  for (const std::string& end : ends) {
    for (const int count : {1, 2, 3, 1000}) {
      INFO(count);
      std::string text = lines_of(sorted_hashes(count), end);
      if (count == 3) text.erase(text.size() - end.size());  // the last line may have no end
      f.settings.breached.file = list.write(text);
      CHECK(flow::check_breached_file(f.settings.breached.file));
      for (int i = 0; i < count; ++i) {
        CHECK(flow::is_breached(*f.house, "stolen-" + std::to_string(i)).value());
        CHECK_FALSE(flow::is_breached(*f.house, "kept-" + std::to_string(i)).value());
      }
    }
  }
  CHECK(hash_of("password") == "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8");
}

TEST_CASE("a stolen password is refused as a new one, on the page that previews it as well") {
  const ListFile list;
  Fixture f;
  f.add_account("anna.kowalska", Fixture::right);
  const auto who = f.visitor_of(Fixture::right);
  const std::string stolen = "Granite-Sparrow-8";
  CHECK(f.check(who, Fixture::right, stolen)->judgement.is_fine());
  f.settings.breached.file = list.write(hash_of(stolen) + ":3\n");
  CHECK(has(f.check(who, Fixture::right, stolen)->judgement, Kind::breached));
  CHECK(f.check(who, Fixture::right, "Granite-Sparrow-9")->judgement.is_fine());
  const auto preview = flow::preview_password(*f.house, who, stolen, f.now);
  REQUIRE(preview);
  CHECK(preview->flaws == std::vector<identity::PasswordFlaw>{{Kind::breached, 0, 0}});
}

TEST_CASE("while the file cannot be judged, no password is set") {
  const ListFile list;
  Fixture f;
  f.add_account("anna.kowalska", Fixture::right);
  const auto who = f.visitor_of(Fixture::right);
  for (const std::string& file :
       {std::string("/nowhere/list.txt"), list.write("password\nqwertz\n"), std::string("/")}) {
    INFO(file);
    f.settings.breached.file = file;
    CHECK(f.check(who, Fixture::right, "Granite-Sparrow-8").error().code == base::Code::unavailable);
  }
}

TEST_CASE("a file that is missing, empty, of another format or not sorted is found before the start") {
  const ListFile list;
  const auto reason = [](const std::string& file) {
    const auto checked = flow::check_breached_file(file);
    return checked ? std::string("fine") : checked.error().reason;
  };
  CHECK(reason("/nowhere/list.txt").find("cannot be read") != std::string::npos);
  CHECK(reason("/").find("not a file") != std::string::npos);
  CHECK(reason(list.write("")).find("empty") != std::string::npos);
  CHECK(reason(list.write("password:1\n")).find("HASH:COUNT") != std::string::npos);
  CHECK(reason(list.write(hash_of("a") + "\n")).find("HASH:COUNT") != std::string::npos);
  CHECK(reason(list.write(lines_of({hash_of("a"), "B0399D2029F64D445BD131FFAA399A42D2F8E7DC0"}, "\n")))
            .find("HASH:COUNT") != std::string::npos);
  auto hashes = sorted_hashes(1000);
  std::reverse(hashes.begin(), hashes.end());
  CHECK(reason(list.write(lines_of(hashes, "\n"))).find("not sorted") != std::string::npos);
}
