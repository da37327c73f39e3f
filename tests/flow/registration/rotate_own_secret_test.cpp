// A client changes its own secret: which of its secrets may, and what the refusal says.
#include "flow/registration/rotate_own_secret.hpp"

#include <doctest/doctest.h>

#include "flow/client/administer_clients.hpp"
#include "flow/oidc_fixture.hpp"

using namespace std::chrono_literals;

namespace {

struct Rotating : testing::OidcFixture {
  std::optional<flow::OwnSecret> rotate(const std::string& secret) {
    auto made =
        flow::rotate_own_secret(*house, {flow::ClientMethod::basic, "portal", base::Secret(secret), {}}, true, facts());
    REQUIRE_MESSAGE(made, base::describe(made.error()));
    return std::move(*made);
  }
  /// Of an administrator, who lets the one before count for a day.
  std::string replace_secret() {
    const auto made = flow::rotate_client_secret(*house, operator_actor(), "portal", {{}, 24h}, facts());
    REQUIRE(made);
    return std::string(made->reveal());
  }
  bool counts(const std::string& secret) {
    return store
        ->write([&](store::Tx& tx) {
          return flow::authenticate_client(*house, tx, {flow::ClientMethod::basic, "portal", base::Secret(secret), {}},
                                           now);
        })
        .value()
        .reason.empty();
  }
};

}  // namespace

TEST_CASE("the secret before the newest one still counts, and cannot make a new one") {
  Rotating f;
  const std::string newest = f.replace_secret();
  const auto before = f.find_client("portal");
  REQUIRE(f.counts("portal-secret"));
  CHECK_FALSE(f.rotate("portal-secret"));
  CHECK(f.find_client("portal").version == before.version);
  CHECK(f.counts(newest));
  const auto refusal = f.events("token_refusal").front();
  CHECK(refusal.client == "portal");
  CHECK(refusal.outcome == "failure");
  CHECK(refusal.data.find("older_secret") != std::string::npos);
  const auto made = f.rotate(newest);
  REQUIRE(made);
  CHECK(f.counts(std::string(made->secret.reveal())));
  CHECK_FALSE(f.counts("portal-secret"));
}

TEST_CASE("a secret that was rotated does not rotate again, and its end does not move") {
  Rotating f;
  const auto made = f.rotate("portal-secret");
  REQUIRE(made);
  f.now += 23h;
  CHECK_FALSE(f.rotate("portal-secret"));
  f.now += 1h;
  CHECK_FALSE(f.counts("portal-secret"));
  CHECK(f.counts(std::string(made->secret.reveal())));
}
