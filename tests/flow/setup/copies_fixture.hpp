// A house on a database of its own place, keys of a backup, and what the tests of copies ask of them.
#pragma once

#include <fstream>
#include <sstream>
#include <string>

#include "flow/audit/verify_audit.hpp"
#include "flow/password_fixture.hpp"
#include "flow/setup/back_up.hpp"
#include "flow/setup/settings.hpp"
#include "signing_keys.hpp"
#include "store/engines.hpp"

namespace testing {

inline std::string content_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

inline void write_file(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

struct CopiesFixture : PasswordFixture {
  explicit CopiesFixture(std::string place) : PasswordFixture(place), url(std::move(place)) {
    anna = add_account("anna.kowalska", right, {"user"}, "anna@clinic.example");
  }
  [[nodiscard]] flow::CopyOrder order() const { return {recipient.public_key, "1.2.3", true, false, {}}; }
  [[nodiscard]] flow::MadeCopy back_up(const flow::CopyOrder& order) const {
    auto made = flow::make_backup(*house, operator_actor(), order, facts());
    REQUIRE_MESSAGE(made, base::describe(made.error()));
    return std::move(*made);
  }
  [[nodiscard]] flow::MadeCopy back_up() const { return back_up(order()); }
  [[nodiscard]] flow::RestoreOrder restoring(const std::string& file, const std::string& folder) const {
    return {file, folder, recipient, master, facts()};
  }
  void close() {
    house.reset();
    keys.reset();
    store.reset();
  }
  /// Another database with the same settings and master key.
  void open(const std::string& new_url) {
    close();
    url = new_url;
    auto opened = store::Store::open({.url = new_url}, master);
    REQUIRE_MESSAGE(opened, base::describe(opened.error()));
    store = std::move(*opened);
    keys = std::make_unique<flow::KeyRing>(*store, reuse_keys());
    house = std::make_unique<flow::House>(flow::House{*store, store->master(), *keys, gate, kept_settings->by_topic()});
    REQUIRE(keys->load(now));
  }
  [[nodiscard]] bool is_intact() const {
    const auto report = flow::verify_audit(*house, "");
    return report && report->flaws.empty();
  }

  std::string url;
  base::Id anna;
  crypto::RecipientKeys recipient = crypto::make_recipient();
};

}  // namespace testing
