#include "demo/banner.hpp"

#include <doctest/doctest.h>

#include <filesystem>

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE(
    "commands to the demonstration's server begin with program and configuration, as short as they can be typed") {
  const std::string here = std::filesystem::current_path().string();
  const demo::BannerFiles files{"ca.pem", here + "/build/release/chancery", here + "/var/demo/chancery.toml", ""};
  CHECK(demo::make_command_prefix(files) == "build/release/chancery --config var/demo/chancery.toml");
  CHECK(demo::make_command_prefix({"", here + "/chancery", "/srv/demo/chancery.toml", ""}) ==
        "./chancery --config /srv/demo/chancery.toml");
}

TEST_CASE("a folder with blanks and quotes can be pasted into a shell") {
  CHECK(demo::make_command_prefix({"", "/a/chancery", "/my demo's/chancery.toml", ""}) ==
        "/a/chancery --config '/my demo'\\''s/chancery.toml'");
}

TEST_CASE("the terminal shows the configuration, the command and the issuer with TLS") {
  demo::Options options;
  const demo::BannerFiles files{"/d/ca.pem", "/b/chancery", "/d/chancery.toml", "/d/chancery.toml"};
  const std::string plain = demo::make_banner(options, files);
  CHECK(has(plain, "configuration is /d/chancery.toml"));
  CHECK(has(plain, "/b/chancery --config /d/chancery.toml client list"));
  CHECK(has(plain, "http://localhost:8080/"));
  CHECK(has(plain, "https://localhost:8443/"));
  options.https = true;
  const std::string secure = demo::make_banner(options, files);
  CHECK(has(secure, "https://localhost:8443/"));
  CHECK_FALSE(has(secure, "http://localhost:8080/"));
  CHECK(has(secure, "/d/ca.pem"));
}

TEST_CASE("the terminal warns when a command without --config would change another server, or find none") {
  demo::BannerFiles files{"/d/ca.pem", "/b/chancery", "/d/chancery.toml", "/d/chancery.toml"};
  CHECK_FALSE(has(demo::make_banner({}, files), "ATTENTION"));
  files.found_without_option = "/first/chancery.toml";
  const std::string second = demo::make_banner({}, files);
  CHECK(has(second, "changes another server, that of\n/first/chancery.toml."));
  CHECK(has(second, "in each command: --config /d/chancery.toml\n"));
  files.found_without_option = "";
  CHECK(has(demo::make_banner({}, files), "does not find this demonstration"));
}
