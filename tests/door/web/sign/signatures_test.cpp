// The pages of an administrator about signatures: credentials, seals, tokens and time stamps.
#include <doctest/doctest.h>

#include "crypto/signing/soft_key.hpp"
#include "door/settings_fixture.hpp"
#include "flow/certificate/administer_authority.hpp"
#include "flow/house/make_operator.hpp"
#include "flow/timestamp/get_timestamp.hpp"
#include "flow/timestamp/issue_timestamp.hpp"
#include "flow/timestamp/timestamp_authority.hpp"

namespace {

using door::Browser;
using door::has;
using door::Reply;
using door::SettingsDesk;

constexpr const char* page = "/admin/signatures";
using Typed = std::vector<std::pair<std::string, std::string>>;

void make_authority(const SettingsDesk& f) {
  flow::RequestFacts facts;
  facts.now = base::now();
  REQUIRE(flow::create_authority(f.app.house(), flow::make_operator("test"), {"", "Clinic", crypto::KeyKind::ec_p256},
                                 facts));
}

Typed seal(const std::string& label = "Seal of the clinic") {
  return {{"owner", "seal"}, {"label", label}, {"activation", "none"}, {"key", "ec-p256"}, {"issue", "yes"}};
}

}  // namespace

TEST_CASE("an administrator makes a seal, suspends, restores, renews and revokes it, each after a question") {
  SettingsDesk f;
  make_authority(f);
  const Reply empty = f.ada.get(page);
  CHECK(has(empty.body, "There is no key that signs."));
  CHECK(has(empty.body, "Time stamps"));
  const Reply made = f.ada.submit(empty.form("/admin/signatures/new"), seal());
  REQUIRE(made.status == 303);
  const std::string one = made.location().substr(0, made.location().find('?'));
  const Reply shown = f.ada.get(one);
  CHECK(has(shown.body, "Seal of the clinic"));
  CHECK(has(shown.body, "usable"));
  const auto act = [&](const std::string& name, const Typed& typed = {}) {
    const Reply question = f.ada.follow(f.ada.submit(f.ada.get(one).form(one + "/" + name), typed));
    CAPTURE(name);
    CHECK(has(question.body, "Seal of the clinic”?"));
    return f.ada.follow(f.ada.submit(question.form(one + "/" + name), {{"reason", "asked"}}));
  };
  CHECK(has(act("suspend").body, "It was suspended."));
  CHECK(has(act("restore").body, "It was restored."));
  CHECK(f.ada.submit(f.ada.get(one).form(one + "/renew"), {}).location() == one + "?done=renewed");
  const Reply request = f.ada.submit(f.ada.get(one).form(one + "/request"), {});
  CHECK(request.status == 200);
  CHECK(request.header("content-type") == "application/pkcs10");
  CHECK(has(act("revoke", {{"why", "superseded"}}).body, "It was revoked."));
  CHECK(f.ada.get(one).form(one + "/renew").action.empty());
  CHECK(has(act("delete").body, "The key was deleted."));
  CHECK(f.ada.get(one).status == 404);
  CHECK(f.app.events("credential_change").size() == 7);
}

TEST_CASE("the list names the person whose key it is, and a key without a certificate is deleted and not revoked") {
  SettingsDesk f;
  const Reply made = f.ada.submit(f.ada.get(page).form("/admin/signatures/new"), {{"owner", "account"},
                                                                                  {"account", "jan.nowak"},
                                                                                  {"label", "Card of 2026"},
                                                                                  {"activation", "password"},
                                                                                  {"key", "ec-p256"}});
  REQUIRE(made.status == 303);
  const std::string one = made.location().substr(0, made.location().find('?'));
  const Reply listed = f.ada.get(page);
  CHECK(has(listed.body, ">Jan Nowak<"));
  CHECK_FALSE(has(listed.body, ">a person</td>"));
  const Reply shown = f.ada.get(one);
  CHECK(has(shown.body, ">Jan Nowak<"));
  CHECK(shown.form(one + "/revoke").action.empty());
  CHECK_FALSE(shown.form(one + "/delete").action.empty());
}

TEST_CASE("what cannot be a key that signs is refused with a sentence, and the form stays") {
  SettingsDesk f;
  const auto send = [&](const Typed& typed) {
    return f.ada.submit(f.ada.get(page).form("/admin/signatures/new"), typed);
  };
  CHECK(has(send(seal()).body, "There is no own authority"));
  make_authority(f);
  CHECK(has(send({{"owner", "account"},
                  {"account", "nobody.at.all"},
                  {"label", "x"},
                  {"activation", "password"},
                  {"key", "ec-p256"}})
                .body,
            "There is no such person."));
  for (const Typed& wrong :
       {seal(""), seal("two\nlines"),
        Typed{
            {"owner", "account"}, {"account", "jan.nowak"}, {"label", "x"}, {"activation", "none"}, {"key", "ec-p256"}},
        Typed{{"owner", "account"},
              {"account", "jan.nowak"},
              {"label", "x"},
              {"activation", "pin"},
              {"pin", "111111"},
              {"key", "ec-p256"}},
        Typed{{"owner", "seal"}, {"label", "x"}, {"activation", "none"}, {"key", "des"}}}) {
    const Reply refused = send(wrong);
    CHECK(refused.status == 422);
    CHECK(has(refused.body, "Please check name, PIN and what unlocks the key."));
  }
  CHECK(f.ada.get(std::string(page) + "/x").status == 404);
  CHECK(f.app.events("credential_change").empty());
}

TEST_CASE("without the permission there is no page of signatures, and every form is refused") {
  SettingsDesk f;
  Browser jan(f.app.port());
  door::log_in_jan(jan);
  CHECK(jan.get(page).status == 403);
  CHECK_FALSE(has(jan.get("/account").body, "href=\"/admin/signatures\""));
  for (const char* form : {"/new", "/import"}) {
    CHECK(f.force(jan, "jan.nowak", std::string(page) + form, seal()).status == 403);
  }
  CHECK(f.app.events("credential_change").empty());
}

TEST_CASE("the page of time stamps shows clock, numbers, limits, days and sources to who may manage authorities") {
  SettingsDesk f;
  const std::string stamps = std::string(page) + "/timestamps";
  CHECK(has(f.ada.get(page).body, "href=\"/admin/signatures/timestamps\""));
  const Reply empty = f.ada.get(stamps);
  CHECK(empty.status == 200);
  CHECK(has(empty.body, "There is no authority for time stamps yet."));
  CHECK(has(empty.body, "Nothing was stamped since the start."));
  make_authority(f);
  flow::RequestFacts facts;
  facts.now = base::now();
  REQUIRE(flow::make_timestamp_authority(f.app.house(), flow::make_operator("test"), {}, facts));
  REQUIRE(flow::get_timestamp(f.app.house(), "text", crypto::DigestKind::sha256, flow::read_clocks(), facts));
  const Reply shown = f.ada.get(stamps);
  CHECK(has(shown.body, base::to_rfc3339(facts.now).substr(0, 10)));
  CHECK(has(shown.body, "may be stamped"));
  CHECK(has(shown.body, "own authority"));
  CHECK(has(shown.body, "gave a time stamp"));
  CHECK(has(shown.body, "600000"));
  Browser jan(f.app.port());
  door::log_in_jan(jan);
  CHECK(jan.get(stamps).status == 403);
}
