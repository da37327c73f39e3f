// A house with a person who is logged in, and what waits in the outbox for people.
#pragma once

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "flow/account/create_account.hpp"
#include "flow/house_fixture.hpp"
#include "flow/login/login_password.hpp"
#include "flow/outbox/message_item.hpp"
#include "flow/session/choose_context.hpp"
#include "flow/session/find_visitor.hpp"
#include "store/account/accounts.hpp"
#include "store/message/outbox.hpp"

namespace testing {

class PersonFixture : public HouseFixture {
 public:
  static constexpr const char* password = "Meadow-Violet-2026";

  using HouseFixture::HouseFixture;

  [[nodiscard]] flow::NewAccount wish(const std::string& login) const {
    flow::NewAccount wished;
    wished.login = login;
    wished.given_name = "Anna";
    wished.family_name = "Kowalska";
    wished.trusted_addresses = true;
    wished.password = base::Secret(password);
    wished.must_change = false;
    return wished;
  }
  base::Id create(const flow::NewAccount& wished) {
    auto id = flow::create_account(*house, operator_actor(), wished, facts());
    REQUIRE_MESSAGE(id, base::describe(id.error()));
    return *id;
  }
  base::Id add_person(const std::string& login, const std::string& email, const std::string& phone = {}) {
    flow::NewAccount wished = wish(login);
    wished.email = email;
    wished.phone = phone;
    return create(wished);
  }

  std::string log_in(const std::string& login) {
    const auto done = flow::login_password(*house, {login, base::Secret(password)}, facts());
    REQUIRE(done);
    return std::string(done->session_cookie.reveal());
  }
  /// The actor as the next request of this browser finds it.
  rights::Actor actor(const std::string& cookie) {
    auto visitor = flow::find_visitor(*house, cookie, facts());
    REQUIRE(visitor);
    REQUIRE(visitor->actor);
    return *visitor->actor;
  }
  identity::Account account(const base::Id& id) {
    return store->read([&](store::Tx& tx) { return store::find_account(tx, id); }).value().value();
  }

  std::vector<store::OutboxItem> outbox() {
    return store->read([&](store::Tx& tx) { return store::list_outbox(tx, 1000); }).value();
  }
  /// Messages that wait, newest first.
  std::vector<flow::MessageItem> messages() {
    std::vector<flow::MessageItem> found;
    for (const auto& item : outbox()) {
      if (item.state == "pending" && (item.kind == "mail" || item.kind == "sms"))
        found.push_back(flow::parse_payload(item.payload).value());
    }
    return found;
  }
};

}  // namespace testing
