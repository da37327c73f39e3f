// Ids of somebody else in the fields of forms: they name nothing, and nothing happens to their owner.
#include <doctest/doctest.h>

#include <regex>
#include <set>

#include "app/config/config.hpp"
#include "browser/csrf.hpp"
#include "door/app_fixture.hpp"
#include "flow/account/search_accounts.hpp"
#include "flow/admin/change_account.hpp"
#include "flow/certificate_pem.hpp"
#include "flow/house/make_operator.hpp"
#include "flow/session/find_visitor.hpp"
#include "store/account/identifiers.hpp"
#include "store/engine/store.hpp"
#include "store/session/devices.hpp"
#include "store/session/sessions.hpp"

namespace {

using door::App;
using door::Browser;
using door::Reply;

struct Scene {
  Scene() {
    door::log_in_jan(jan);
    door::log_in_anna(anna);
    App::log_in(piotr, "piotr.wisniewski", "Forest-Amber-2026");
    id_of_jan = find("jan.nowak");
    REQUIRE(flow::add_certificate_for(app.house(), flow::make_operator("test"), id_of_jan.to_string(), certificate_pem,
                                      {"127.0.0.1", "test", "test", base::now()}));
    session =
        of_jan<rights::Session>([&](store::Tx& tx) { return store::list_sessions(tx, id_of_jan); }).id.to_string();
    device = of_jan<store::Device>([&](store::Tx& tx) { return store::list_devices(tx, id_of_jan); }).id.to_string();
    fingerprint =
        of_jan<store::Certificate>([&](store::Tx& tx) { return store::list_certificates(tx, id_of_jan); }).fingerprint;
  }
  template <class T, class Read>
  T of_jan(Read&& read) {
    const auto all = app.house().store.read(read);
    REQUIRE(all);
    REQUIRE(all->size() == 1);
    return all->front();
  }
  [[nodiscard]] base::Id find(const std::string& login) const {
    const auto found = flow::find_named_account(app.house(), flow::make_operator("test"), login, base::now());
    REQUIRE(found);
    return found->id;
  }
  Reply send(Browser& browser, const std::string& path, Browser::Headers fields) {
    const auto visitor = flow::find_visitor(app.house(), browser.cookies.at("chancery_session"),
                                            {"127.0.0.1", "test", "test", base::now()}, false);
    REQUIRE(visitor);
    fields.emplace_back("csrf", browser::make_csrf(app.house(), visitor->session()->id.to_string(), path));
    fields.emplace_back("reason", "asked");
    return browser.post(path, fields);
  }
  /// Everything of Jan's is as it was.
  void check_untouched() {
    CHECK(of_jan<rights::Session>([&](store::Tx& tx) { return store::list_sessions(tx, id_of_jan); }).id.to_string() ==
          session);
    const auto there = of_jan<store::Device>([&](store::Tx& tx) { return store::list_devices(tx, id_of_jan); });
    CHECK(there.id.to_string() == device);
    CHECK(there.name.empty());
    CHECK(of_jan<store::Certificate>([&](store::Tx& tx) {
            return store::list_certificates(tx, id_of_jan);
          }).fingerprint == fingerprint);
    CHECK(jan.get("/account").status == 200);
  }
  App app{[](app::Config& config) { door::set(config, "login.proof", "1h"); }};
  Browser jan{app.port()};
  Browser anna{app.port()};
  Browser piotr{app.port()};
  base::Id id_of_jan;
  std::string session;
  std::string device;
  std::string fingerprint;
};

}  // namespace

TEST_CASE("a session, a device or a certificate of somebody else is none in the forms of the own account") {
  Scene f;
  CHECK(f.send(f.piotr, "/account/sessions/end", {{"session", f.session}}).location() !=
        "/account/sessions?said=ended");
  f.send(f.piotr, "/account/sessions/name", {{"device", f.device}, {"name", "mine"}});
  f.send(f.piotr, "/account/sessions/forget", {{"device", f.device}});
  f.send(f.piotr, "/account/data/certificate/remove", {{"fingerprint", f.fingerprint}, {"confirmed", "yes"}});
  f.check_untouched();
  CHECK(f.app.events("session_end").empty());
  CHECK(f.app.events("account_change").size() == 1);  // the certificate that the operator gave him
}

TEST_CASE("a session or certificate of another account than that of the path is none for an administrator") {
  Scene f;
  const std::string path = "/admin/accounts/" + f.find("piotr.wisniewski").to_string();
  CHECK(f.send(f.anna, path + "/session", {{"session", f.session}}).status == 409);
  CHECK(f.send(f.anna, path + "/certificate/remove", {{"fingerprint", f.fingerprint}}).status == 404);
  f.check_untouched();
  CHECK(f.app.events("session_end").empty());
}

TEST_CASE("the forms of the pages name objects by these fields and by no others") {
  // A new field with an id needs a case above, or a row in rights_matrix_test.
  const std::set<std::string> known{"session", "device", "fingerprint", "attempt", "id", "token"};
  Scene f;
  const std::regex hidden(R"x(name="([^"]+)" value="([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64})")x");
  std::set<std::string> found;
  for (const http::Route* route : f.app.server->router().routes()) {
    if (route->method != http::Method::get) continue;
    std::string path = route->pattern;
    if (const std::size_t at = path.find("{id}"); at != std::string::npos) path.replace(at, 4, f.id_of_jan.to_string());
    for (Browser* browser : {&f.jan, &f.anna, &f.piotr}) {
      const Reply reply = browser->get(path);
      for (std::sregex_iterator it(reply.body.begin(), reply.body.end(), hidden); it != std::sregex_iterator(); ++it) {
        found.insert((*it)[1].str());
      }
    }
  }
  CHECK(found.contains("session"));
  for (const std::string& name : found) CHECK_MESSAGE(known.contains(name), name);
}
