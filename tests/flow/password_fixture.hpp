// A house with accounts that have a mailbox, and what the tests of passwords do in it.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "flow/house_fixture.hpp"
#include "flow/login/login_password.hpp"
#include "flow/message/deliver_outbox.hpp"
#include "flow/message/notify_lockout.hpp"
#include "flow/outbox/message_item.hpp"
#include "flow/password/change_password.hpp"
#include "flow/password/reset_password.hpp"
#include "flow/proof/lockout_settings.hpp"
#include "flow/proof/throttle_login.hpp"
#include "flow/session/find_visitor.hpp"
#include "store/account/accounts.hpp"
#include "store/message/outbox.hpp"
#include "store/password/policies.hpp"
#include "store/session/sessions.hpp"
#include "store/tenant/tenants.hpp"

namespace testing {

class PasswordFixture : public HouseFixture {
 public:
  static constexpr const char* right = "Meadow-Violet-2026";
  static constexpr const char* other = "Granite-Sparrow-7";

  PasswordFixture() : PasswordFixture("sqlite::memory:") {}
  explicit PasswordFixture(const std::string& url) : HouseFixture(url) {
    settings.lockout.form = flow::LockoutForm::classic;
  }

  base::Result<flow::LoginDone> log_in(const std::string& password, const std::string& login = "anna.kowalska") {
    return flow::login_password(*house, {login, base::Secret(password)}, facts());
  }
  flow::Visitor visitor(const base::Secret& cookie) {
    return flow::find_visitor(*house, cookie.reveal(), facts()).value();
  }
  flow::Visitor visitor_of(const std::string& password, const std::string& login = "anna.kowalska") {
    const auto done = log_in(password, login);
    REQUIRE_MESSAGE(done, base::describe(done.error()));
    return visitor(done->session_cookie);
  }
  static flow::ChangeWish wish(const std::string& old_password, const std::string& new_password) {
    return {base::Secret(old_password), base::Secret(new_password), base::Secret(new_password)};
  }
  base::Result<flow::CheckedChange> check(const flow::Visitor& who, const std::string& old_password,
                                          const std::string& new_password) {
    return flow::check_change(*house, who, wish(old_password, new_password), facts());
  }
  /// Old to new, confirmed; the new session's cookie.
  base::Secret change(const flow::Visitor& who, const std::string& old_password, const std::string& new_password) {
    const auto checked = check(who, old_password, new_password);
    REQUIRE_MESSAGE(checked, base::describe(checked.error()));
    REQUIRE(checked->judgement.is_fine());
    const auto done = flow::confirm_change(*house, who, checked->ticket, facts());
    REQUIRE_MESSAGE(done, base::describe(done.error()));
    return done->session_cookie;
  }
  /// Changes the policy that is bound to the tenant.
  template <class F>
  void change_policy(F alter) {
    REQUIRE(store->write([&](store::Tx& tx) -> base::Result<void> {
      ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
      ASSIGN_OR_RETURN(const auto policies, store::list_policies(tx, tenant.id));
      identity::PasswordPolicy policy = policies.front().policy;
      alter(policy);
      return store::update_policy(tx, policies.front().id, policy, now);
    }));
  }

  void ask(const std::string& login, const std::string& attempt = {}) {
    REQUIRE(flow::ask_for_reset(*house, {login, attempt, text::Language::en}, facts()));
  }
  /// Runs the worker; mails and messages are kept in `sent`, the newest last.
  void deliver() {
    flow::Deliverers deliverers;
    std::mutex mutex;  // deliveries run side by side
    const auto keep = [this, &mutex](const store::OutboxItem& item, base::Time) {
      const std::lock_guard lock(mutex);
      sent.push_back(flow::parse_payload(item.payload).value());
      return courier::delivered();
    };
    deliverers.emplace("mail", keep);
    deliverers.emplace("sms", keep);
    deliverers.emplace("logout", [](const store::OutboxItem&, base::Time) { return courier::delivered(); });
    deliverers.emplace("reset", flow::make_reset_deliverer(*house));
    deliverers.emplace(flow::lockout_item_kind, flow::make_lockout_deliverer(*house));
    for (int round = 0; round < 4; ++round) REQUIRE(flow::deliver_outbox(*house, deliverers, now));
  }
  std::size_t count_sent(const std::string& message) const {
    std::size_t count = 0;
    for (const auto& item : sent) count += item.message == message ? 1U : 0U;
    return count;
  }
  const flow::MessageItem& last(const std::string& message) const {
    for (auto item = sent.rbegin(); item != sent.rend(); ++item) {
      if (item->message == message) return *item;
    }
    FAIL("no message ", message);
    return sent.front();
  }
  std::string token_in(const flow::MessageItem& item) const { return item.link.substr(item.link.find("token=") + 6); }
  /// The link of a reset that was asked for and sent.
  std::string get_token(const std::string& login = "anna.kowalska") {
    ask(login);
    deliver();
    return token_in(last("reset_link"));
  }
  /// The temporary password of the newest message: the paragraph that has it alone.
  std::string temporary_password() {
    deliver();
    const std::string& text = last("temporary_password").text;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find("\n\n", at), text.size());
      const std::string paragraph = text.substr(at, end - at);
      if (paragraph.find(' ') == std::string::npos && paragraph.find('-') != std::string::npos) return paragraph;
      at = end + 2;
    }
    FAIL("no password in ", text);
    return {};
  }

  std::vector<flow::MessageItem> sent;
};

}  // namespace testing
