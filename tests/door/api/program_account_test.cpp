// The account behind a personal token is judged alike wherever a program comes in: to sign, to verify and to stamp.
#include <doctest/doctest.h>

#include "base/bytes.hpp"
#include "crypto/digest/digest.hpp"
#include "door/app_fixture.hpp"
#include "flow/certificate/administer_authority.hpp"
#include "flow/house/make_operator.hpp"
#include "flow/registration/api_token.hpp"
#include "flow/timestamp/timestamp_authority.hpp"
#include "store/account/accounts.hpp"
#include "store/account/identifiers.hpp"
#include "store/oauth/api_tokens.hpp"

namespace {

using door::App;
using door::Browser;
using identity::AccountStatus;

struct Site {
  App app;
  identity::Account anna =
      app.house()
          .store.read([](store::Tx& tx) { return store::find_account_by_login(tx, "anna.kowalska", base::now()); })
          .value()
          .value();
  flow::MadeToken token = flow::make_token(flow::TokenKind::personal, base::now());

  Site() {
    token.row.name = "archive";
    token.row.scopes = "sign verify timestamp";
    token.row.account_id = anna.id;
    token.row.tenant_id = anna.tenant_id;
    token.row.expires_at = base::now() + std::chrono::hours(1);
    write([&](store::Tx& tx) { return store::insert_api_token(tx, token.row); });
    // Without an authority nobody who asks for a time stamp is judged.
    const rights::Actor by = flow::make_operator("test");
    flow::RequestFacts facts;
    facts.now = base::now();
    REQUIRE(flow::create_authority(app.house(), by, {"", "Clinic", crypto::KeyKind::ec_p256}, facts));
    REQUIRE(flow::make_timestamp_authority(app.house(), by, {}, facts));
  }
  template <class Work>
  void write(Work work) const {
    REQUIRE(app.house().store.write([&](store::Tx& tx) -> base::Result<void> { return work(tx); }));
  }
  void set_status(AccountStatus status) const {
    write([&](store::Tx& tx) { return store::set_account_status(tx, anna.id, status, base::now(), std::nullopt); });
  }
  void set_locked_until(std::optional<base::Time> until) const {
    identity::LockoutState state;
    state.locked_until = until;
    write([&](store::Tx& tx) { return store::set_failures(tx, anna.id, state); });
  }
  [[nodiscard]] std::optional<base::Time> last_used() const {
    return app.house()
        .store.read([&](store::Tx& tx) { return store::find_api_token(tx, token.row.id); })
        .value()
        .value()
        .last_used_at;
  }
  /// Statuses of the three doors and of RFC 3161.
  [[nodiscard]] std::vector<int> try_all() const {
    std::vector<int> statuses;
    for (const auto& [path, body] :
         {std::pair("/api/v1/sign", std::string(R"({"credential_id":"01900000-0000-7000-8000-000000000000",)"
                                                R"("document":"YQ=="})")),
          std::pair("/api/v1/verify", std::string(R"({"document":"YQ=="})")),
          std::pair("/api/v1/timestamps",
                    R"({"digest":")" + base::to_base64(crypto::sha256("a")) + R"(","algorithm":"sha256"})")}) {
      Browser program(app.port());
      statuses.push_back(program
                             .request("POST", path,
                                      {{"Authorization", "Bearer " + std::string(token.text.reveal())},
                                       {"Content-Type", "application/json"}},
                                      body)
                             .status);
    }
    return statuses;
  }
  [[nodiscard]] bool is_refused_everywhere() const { return try_all() == std::vector<int>{401, 401, 401}; }
  [[nodiscard]] bool is_known_everywhere() const {
    const auto all = try_all();
    return std::none_of(all.begin(), all.end(), [](int status) { return status == 401 || status >= 500; });
  }
};

}  // namespace

TEST_CASE("a program of a locked, suspended or deleted account is refused to sign, to verify and to stamp alike") {
  const Site site;
  CHECK(site.is_known_everywhere());
  site.set_locked_until(base::now() + std::chrono::minutes(10));
  CHECK(site.is_refused_everywhere());
  site.set_locked_until(std::nullopt);
  CHECK(site.is_known_everywhere());
  for (const AccountStatus status :
       {AccountStatus::suspended_admin, AccountStatus::suspended_self, AccountStatus::deleted}) {
    site.set_status(status);
    CHECK(site.is_refused_everywhere());
    site.set_status(AccountStatus::active);
    CHECK(site.is_known_everywhere());
  }
}

TEST_CASE("a personal token notes its last use, and not that of a refused program") {
  const Site site;
  site.set_status(AccountStatus::suspended_admin);
  CHECK(site.is_refused_everywhere());
  CHECK_FALSE(site.last_used());
  site.set_status(AccountStatus::active);
  CHECK(site.is_known_everywhere());
  const auto first = site.last_used();
  REQUIRE(first);
  CHECK(*first > base::now() - std::chrono::minutes(1));
  CHECK(site.is_known_everywhere());
  CHECK(site.last_used() == first);  // once a minute is enough
}
