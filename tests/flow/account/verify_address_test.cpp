#include "flow/account/verify_address.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "flow/account/create_account.hpp"
#include "flow/account/own_data.hpp"
#include "flow/person_fixture.hpp"

using namespace std::chrono_literals;
using flow::Verified;
using testing::PersonFixture;

namespace {

struct Anna : PersonFixture {
  Anna() {
    id = add_person("anna", "old@clinic.example");
    cookie = log_in("anna");
  }
  flow::OwnDataWish wish() {
    flow::OwnDataWish wish;
    wish.login = "anna";
    wish.email = account(id).email;
    wish.version = account(id).version;
    return wish;
  }
  void ask(const std::string& email) {
    flow::OwnDataWish wished = wish();
    wished.email = email;
    const auto done = flow::change_own_data(*house, actor(cookie), wished, facts());
    REQUIRE_MESSAGE(done, base::describe(done.error()));
    REQUIRE(done->flaws.empty());
    REQUIRE(done->code_to_email);
  }
  /// The code of the newest message.
  std::string code() {
    const std::string text = messages().at(0).text;
    const std::size_t at = text.find_first_of("0123456789");
    return text.substr(at, 6);
  }
  base::Result<Verified> confirm(const std::string& typed) {
    return flow::confirm_address(*house, actor(cookie), "email", typed, facts());
  }
  bool finds(const std::string& login) {
    return store->read([&](store::Tx& tx) { return store::find_account_by_login(tx, login, now); }).value().has_value();
  }
  base::Id id;
  std::string cookie;
};

}  // namespace

TEST_CASE("a new address counts when its code came back, until then the old one does, and then the old one is told") {
  Anna f;
  f.ask("new@clinic.example");
  REQUIRE(f.messages().size() == 1);
  CHECK(f.messages()[0].to == "new@clinic.example");
  CHECK(f.account(f.id).email == "old@clinic.example");
  CHECK(f.finds("old@clinic.example"));
  CHECK_FALSE(f.finds("new@clinic.example"));
  f.now += 1s;
  CHECK(f.confirm(f.code()).value() == Verified::yes);
  CHECK(f.account(f.id).email == "new@clinic.example");
  CHECK(f.account(f.id).email_verified);
  CHECK(f.finds("new@clinic.example"));
  CHECK_FALSE(f.finds("old@clinic.example"));
  const auto told = f.messages();
  REQUIRE(told.size() == 2);
  CHECK(told[0].to == "old@clinic.example");
  CHECK(told[0].message == "address_changed");
}

TEST_CASE("a code works once, for ten minutes, and has five tries") {
  Anna f;
  f.ask("new@clinic.example");
  const std::string code = f.code();
  SUBCASE("once") {
    CHECK(f.confirm(code).value() == Verified::yes);
    CHECK(f.confirm(code).value() == Verified::over);
  }
  SUBCASE("in time") {
    SUBCASE("a moment before the end") {
      f.now += 10min - 1ms;
      CHECK(f.confirm(code).value() == Verified::yes);
    }
    SUBCASE("at the end") {
      f.now += 10min;
      CHECK(f.confirm(code).value() == Verified::over);
    }
  }
  SUBCASE("five tries") {
    const std::string wrong = code == "000000" ? "000001" : "000000";
    for (int i = 0; i < 5; ++i) CHECK(f.confirm(wrong).value() == Verified::wrong_code);
    CHECK(f.confirm(code).value() == Verified::over);
    CHECK(f.account(f.id).email == "old@clinic.example");
  }
  SUBCASE("a new code voids the old one") {
    f.now += 1min;
    REQUIRE(flow::send_code_again(*f.house, f.actor(f.cookie), "email", f.facts()));
    const std::string second = f.code();
    if (second != code) CHECK(f.confirm(code).value() == Verified::wrong_code);
    CHECK(f.confirm(second).value() == Verified::yes);
  }
}

TEST_CASE("for a minute after a code no other one is sent, and the first stays valid") {
  Anna f;
  f.ask("new@clinic.example");
  const std::string code = f.code();
  const auto again_at = [&] { return flow::read_own_data(*f.house, f.actor(f.cookie), f.now).value().email.again_at; };
  CHECK(again_at() == f.now + 1min);
  f.now += 1min - 1ms;
  const auto early = flow::send_code_again(*f.house, f.actor(f.cookie), "email", f.facts());
  REQUIRE_FALSE(early);
  CHECK(early.error().code == base::Code::too_many);
  CHECK(f.messages().size() == 1);
  SUBCASE("the code that is on its way works") {
    CHECK(f.confirm(code).value() == Verified::yes);
  }
  SUBCASE("after the minute another one is sent") {
    f.now += 1ms;
    CHECK(flow::send_code_again(*f.house, f.actor(f.cookie), "email", f.facts()));
    CHECK(f.messages().size() == 2);
    CHECK(again_at() == f.now + 1min);
  }
  SUBCASE("another address does not wait for the first one's code") {
    f.ask("other@clinic.example");
    CHECK(f.messages().size() == 2);
  }
}

TEST_CASE("a code may be typed with blanks and hyphens between its digits, and with nothing else") {
  Anna f;
  f.ask("new@clinic.example");
  const std::string code = f.code();
  const std::string first = code.substr(0, 3);
  const std::string last = code.substr(3);
  for (const std::string& wrong : {first + "x" + last, code + "1", std::string("   "), std::string("-")})
    CHECK(f.confirm(wrong).value() == Verified::wrong_code);
  std::string typed;
  SUBCASE("blanks") {
    typed = " " + first + " " + last + " ";
  }
  SUBCASE("a hyphen") {
    typed = first + "-" + last;
  }
  SUBCASE("a no-break space, as it is copied from a page") {
    typed = first + "\u00A0" + last;
  }
  CHECK(f.confirm(typed).value() == Verified::yes);
}

TEST_CASE("the same code from fifty browsers at once has one effect") {
  Anna f;
  f.ask("new@clinic.example");
  const std::string code = f.code();
  const rights::Actor actor = f.actor(f.cookie);
  std::atomic<int> effects{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 50; ++i) {
      threads.emplace_back([&] {
        const auto done = flow::confirm_address(*f.house, actor, "email", code, f.facts());
        if (done && *done == Verified::yes) ++effects;
      });
    }
  }
  CHECK(effects == 1);
}

TEST_CASE("who proves an address first has it; a wish for it claims nothing") {
  Anna f;
  f.ask("shared@clinic.example");
  const std::string code = f.code();
  f.add_person("jan", "shared@clinic.example");
  CHECK(f.confirm(code).value() == Verified::taken);
  CHECK(f.account(f.id).email == "old@clinic.example");
}

TEST_CASE("one person's code is worth nothing to another") {
  Anna f;
  f.ask("new@clinic.example");
  const std::string code = f.code();
  f.add_person("jan", "jan@clinic.example");
  const std::string jan = f.log_in("jan");
  CHECK(flow::confirm_address(*f.house, f.actor(jan), "email", code, f.facts()).value() == Verified::over);
  CHECK(f.confirm(code).value() == Verified::yes);
}

TEST_CASE("codes cannot be had without end, and not to one address from many accounts") {
  Anna f;
  f.ask("new@clinic.example");
  int sent = 1;
  for (int i = 0; i < 20; ++i) {
    f.now += 1min;
    const auto again = flow::send_code_again(*f.house, f.actor(f.log_in("anna")), "email", f.facts());
    if (again)
      ++sent;
    else
      CHECK(again.error().code == base::Code::too_many);
  }
  CHECK(sent == 6);
  f.now += 61min;
  const std::string later = f.log_in("anna");
  CHECK(flow::send_code_again(*f.house, f.actor(later), "email", f.facts()));
}

TEST_CASE("a change that was dropped leaves the old address, and its code is void") {
  Anna f;
  f.ask("new@clinic.example");
  const std::string code = f.code();
  REQUIRE(flow::drop_pending_address(*f.house, f.actor(f.cookie), "email", f.facts()));
  CHECK(f.confirm(code).value() == Verified::over);
  CHECK(f.account(f.id).email == "old@clinic.example");
}

TEST_CASE("only the two channels are dropped or confirmed, by employees, and dropping nothing leaves no record") {
  Anna f;
  const std::string long_name(5000, 'x');
  CHECK(flow::drop_pending_address(*f.house, f.actor(f.cookie), long_name, f.facts()).error().code ==
        base::Code::not_found);
  CHECK(flow::confirm_address(*f.house, f.actor(f.cookie), "login", "000000", f.facts()).error().code ==
        base::Code::not_found);
  CHECK(flow::drop_pending_address(*f.house, f.actor(f.cookie), "phone", f.facts()));
  CHECK(f.events("account_change").empty());
  flow::NewAccount wished = f.PersonFixture::wish("jan");
  wished.kind = identity::AccountKind::recipient;
  wished.email = "jan@mail.example";
  f.create(wished);
  const rights::Actor jan = f.actor(f.log_in("jan"));
  CHECK(flow::drop_pending_address(*f.house, jan, "email", f.facts()).error().code == base::Code::denied);
  CHECK(flow::confirm_address(*f.house, jan, "email", "000000", f.facts()).error().code == base::Code::denied);
  CHECK(flow::send_code_again(*f.house, jan, "email", f.facts()).error().code == base::Code::denied);
}
