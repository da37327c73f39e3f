#include "flow/house_fixture.hpp"

#include "flow/event_words.hpp"
#include "flow/setup/prepare_installation.hpp"
#include "flow/setup/settings.hpp"
#include "signing_keys.hpp"
#include "store/account/search_terms.hpp"

namespace testing {

ChangeableSettings::ChangeableSettings(flow::Settings& settings)
    : site(settings.site),
      audit(settings.audit),
      session(settings.session),
      lockout(settings.lockout),
      proof(settings.proof),
      factor(settings.factor),
      password_hash(settings.password_hash),
      breached(settings.breached),
      reset(settings.reset),
      attempt(settings.attempt),
      token(settings.token) {}

HouseFixture::HouseFixture(const std::string& url)
    : kept_settings(std::make_unique<flow::Settings>()), settings(*kept_settings) {
  store::Options options;
  options.url = url;
  auto opened = store::Store::open(options, master);
  REQUIRE_MESSAGE(opened, base::describe(opened.error()));
  store = std::move(*opened);
  keys = std::make_unique<flow::KeyRing>(*store, reuse_keys());
  settings.site.issuer = "http://localhost:8080";
  settings.site.demo = true;
  settings.password_hash = {8, 1};
  house = std::make_unique<flow::House>(flow::House{*store, store->master(), *keys, gate, kept_settings->by_topic()});
  REQUIRE(flow::prepare_installation(*house, now));
  REQUIRE(keys->load(now));
}

// Whatever a test of a flow did: its events hold what their kind may hold, and every account is found by what it has
// now and by nothing that it had before.
HouseFixture::~HouseFixture() {
  if (!store) return;
  const auto visit = [](const audit::Event& event) -> base::Result<void> {
    CHECK_MESSAGE(find_misfit(event).empty(), find_misfit(event));
    return {};
  };
  CHECK(store->read([&](store::Tx& tx) { return store::for_each_event(tx, 1, visit); }));
  const auto checked = store->read([](store::Tx& tx) { return store::check_some_terms(tx, base::Id(), 100'000); });
  REQUIRE(checked);
  CHECK_MESSAGE(checked->differing.empty(), checked->differing.size(), " accounts have other terms than their data");
}

}  // namespace testing
