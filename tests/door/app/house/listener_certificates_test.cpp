#include "app/house/listener_certificates.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/wiring.hpp"
#include "crypto/certificate/issue.hpp"
#include "crypto/certificate/server_certificate.hpp"
#include "door/app_fixture.hpp"
#include "flow/certificate/administer_authority.hpp"
#include "flow/house/make_operator.hpp"
#include "unit/http/client.hpp"

using door::App;

namespace {

constexpr auto a_year = std::chrono::hours(24 * 365);

std::string read(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

/// A listener whose file holds key, certificate and chain, as the command issue-server prints them.
struct Place {
  App app;
  test::Folder folder;
  std::string file = folder / "server.pem";
  int reloads = 0;
  bool is_refused = false;

  Place() {
    const auto by = flow::make_operator("test");
    flow::RequestFacts facts;
    facts.now = base::now();
    REQUIRE(flow::create_authority(app.house(), by, {"", "Clinic", crypto::KeyKind::ec_p256}, facts));
    flow::CommandWish wish;
    wish.common_name = "id.example";
    wish.dns_names = {"id.example"};
    const auto made = flow::issue_by_command(app.house(), by, wish, facts);
    REQUIRE(made);
    std::ofstream(file) << made->key->to_pem()->reveal() << crypto::to_pem(made->issued.der)
                        << crypto::to_pem(made->issued.chain.front());
    ::chmod(file.c_str(), 0640);
  }
  app::ListenerCertificates look_after() {
    http::Listener listener;
    listener.name = "https";
    listener.tls = true;
    listener.tls_files = {file, file};
    return {app.house(), {listener}, [this]() -> base::Result<void> {
              ++reloads;
              return {};
            }};
  }
  [[nodiscard]] base::Bytes leaf() const { return crypto::find_leaf(read(file)).value(); }
};

}  // namespace

TEST_CASE("a listener's file gets the next certificate in time, keeps key and mode, and is taken in force") {
  Place f;
  auto certificates = f.look_after();
  const base::Bytes first = f.leaf();
  const std::string key = read(f.file).substr(0, read(f.file).find("-----BEGIN CERTIFICATE"));
  certificates.step(base::now());
  CHECK(f.leaf() == first);
  CHECK(f.reloads == 0);
  certificates.step(base::now() + a_year * 3 / 4);
  CHECK(f.leaf() != first);
  CHECK(f.reloads == 1);
  CHECK(read(f.file).starts_with(key));
  struct stat status {};
  REQUIRE(::stat(f.file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0640);
  certificates.step(base::now() + a_year * 3 / 4);
  CHECK(f.reloads == 1);
  // No file is left beside it.
  const auto files = std::filesystem::directory_iterator(f.folder.path);
  CHECK(std::distance(begin(files), end(files)) == 1);
}

TEST_CASE("what another node has written into a shared file is taken in force") {
  Place f;
  auto one = f.look_after();
  auto two = f.look_after();
  one.step(base::now());
  two.step(base::now());
  one.step(base::now() + a_year * 3 / 4);
  CHECK(f.reloads == 1);
  const base::Bytes renewed = f.leaf();
  two.step(base::now() + a_year * 3 / 4);
  CHECK(f.reloads == 2);
  CHECK(f.leaf() == renewed);
}

TEST_CASE("where the file cannot be replaced nothing is issued, and the one before stays") {
  Place f;
  const std::string real = f.folder / "nowhere";
  std::filesystem::create_directory(real);
  std::filesystem::rename(f.file, real + "/server.pem");
  f.file = real + "/server.pem";
  const base::Bytes first = f.leaf();
  const auto refused = app::replace_file(f.folder / "missing.pem", [&]() -> base::Result<std::string> {
    FAIL("nothing is made for a file that cannot be replaced");
    return std::string();
  });
  CHECK(refused.error().code == base::Code::unavailable);
  const auto failed = app::replace_file(
      f.file, []() -> base::Result<std::string> { return base::fail(base::Code::conflict, "no authority"); });
  CHECK(failed.error().code == base::Code::conflict);
  CHECK(f.leaf() == first);
  const auto files = std::filesystem::directory_iterator(real);
  CHECK(std::distance(begin(files), end(files)) == 1);
}

TEST_CASE("through a link the file that it names is replaced, and the link stays") {
  Place f;
  const std::string link = f.folder / "link.pem";
  std::filesystem::create_symlink(f.file, link);
  REQUIRE(app::replace_file(link, []() -> base::Result<std::string> { return std::string("next"); }));
  CHECK(std::filesystem::is_symlink(link));
  CHECK(read(f.file) == "next");
}
