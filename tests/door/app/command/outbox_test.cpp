// The outbox on the command line: what waits or failed, tried again or given up.
#include <doctest/doctest.h>

#include "door/app/site.hpp"
#include "door/raw_client.hpp"

namespace {

using door::has;
using door::Site;

}  // namespace

TEST_CASE("messages that wait are listed without their texts, and can be given up once") {
  const Site site;
  const door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  CHECK(site.run({"message", "list"}).out == "id\tcreated_at\tkind\tmessage\tto\tstate\terror\n");
  REQUIRE(
      site.run({"account", "create", "anna", "--email", "anna@clinic.example", "--verified", "--no-password"}).status ==
      0);
  REQUIRE(site.run({"account", "create", "jan", "--email", "jan@clinic.example", "--verified", "--password-stdin"},
                   "Meadow-Violet-2026\n")
              .status == 0);
  // The person is told of a suspension; without a mail server the message waits.
  REQUIRE(site.run({"account", "suspend", "jan"}).status == 0);
  const auto rows = site.read({"message", "list", "--state", "pending"}).as_array();
  REQUIRE_FALSE(rows.empty());
  const std::string id(rows.front().at("id").as_string());
  CHECK(rows.front().at("kind").as_string() == "mail");
  const std::string all = site.run({"message", "list"}).out;
  CHECK(has(all, id + "\t"));
  CHECK_FALSE(has(all, "jan@clinic.example"));  // shown in part
  CHECK(site.run({"message", "retry", id}).out == "message " + id + " is sent again\n");
  CHECK(site.run({"message", "drop", id}).out == "message " + id + " will not be sent\n");
  CHECK(site.read({"message", "list", "--state", "dropped"}).as_array().size() == 1);
  const auto again = site.run({"message", "drop", id});
  CHECK(again.status == 1);
  CHECK(has(again.err, "chancery: "));
  CHECK(site.run({"message", "retry", "nothing"}).status == 1);
  CHECK(site.run({"message", "list", "--state", "lost"}).status == 1);
  CHECK(has(site.run({"audit", "export"}).out, id));
}

TEST_CASE("a limit of short messages that cannot be is refused with what it may be") {
  const Site site;
  const door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  for (const char* wrong : {"0", "61", "-1"}) {
    CAPTURE(wrong);
    const auto refused = site.run({"sms", "limits", "set", "--window", wrong});
    CHECK(refused.status == 1);
    CHECK(refused.err == "chancery: --window is 1 to 60 minutes\n");
  }
  CHECK(site.run({"sms", "limits", "set", "--per-number", "5001", "--per-day", "-1"}).err ==
        "chancery: --per-number is 0 (no limit) to 5000, --per-day is 0 (no limit) to 1000000\n");
  CHECK(site.run({"sms", "limits", "set", "--window", "60"}).status == 0);
  CHECK(site.read({"sms", "limits", "show"}).at("window").as_int64() == 60);
}
