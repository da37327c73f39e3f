#include "crypto/key/master_key.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "crypto/digest/digest.hpp"

using crypto::MasterKey;

TEST_CASE("the master key is read as hexadecimal and as base64, with white space around") {
  const std::string key(32, '\xfb');
  const std::string hex = base::to_hex(key);
  for (const std::string& text : {hex, "\n " + hex + " \r\n", base::to_base64(key), base::to_base64url(key),
                                  base::to_base64(key).substr(0, 43), base::to_base64url(key) + "="}) {
    const auto read = MasterKey::parse(text);
    REQUIRE(read);
    CHECK(read->to_text().reveal() == hex);
  }
}

TEST_CASE("a master key of another length or alphabet is refused without being repeated") {
  for (const std::string& text :
       {std::string(), std::string("secret"), std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'g'),
        std::string(43, '!'), std::string(44, 'A'), std::string(32, 'a') + " " + std::string(31, 'a')}) {
    const auto read = MasterKey::parse(text);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == base::Code::invalid_input);
    if (text.size() > 1) CHECK(read.error().reason.find(text) == std::string::npos);
  }
}

TEST_CASE("every purpose has its own key, and always the same") {
  const auto master = MasterKey::parse(std::string(64, 'a')).value();
  const auto same = MasterKey::parse(std::string(64, 'a')).value();
  const auto other = MasterKey::parse(std::string(64, 'b')).value();
  CHECK(master.derive("session").size() == 32);
  CHECK(master.derive("session") == same.derive("session"));
  CHECK_FALSE(master.derive("session") == master.derive("audit-seal"));
  CHECK_FALSE(master.derive("session") == other.derive("session"));
  CHECK(master.authenticate("session", "x") == crypto::hmac_sha256(master.derive("session"), "x"));
  // This value must never change, because stored data depends on it.
  CHECK(base::to_hex(master.derive("session").reveal()) ==
        "949a3adb8790ee1ac75bb7f3b857763dcd2a35af53eaaaa5673f2829a23b0c8b");
}

TEST_CASE("what is sealed opens again, of any size, and never looks the same twice") {
  const auto master = MasterKey::make();
  for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 256U, 100'000U}) {
    const auto plain = base::random_bytes(size);
    const auto sealed = master.seal("row", plain, "bound");
    CHECK(sealed.size() == size + 29);
    CHECK(sealed != master.seal("row", plain, "bound"));
    const auto opened = master.open("row", sealed, "bound");
    REQUIRE(opened);
    CHECK(opened->reveal() == plain);
  }
}

TEST_CASE("a sealed value with a single bit changed does not open") {
  const auto master = MasterKey::make();
  const auto sealed = master.seal("row", "attack at dawn", "bound");
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    auto changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    const auto opened = master.open("row", changed, "bound");
    CHECK_FALSE(opened);
  }
  for (std::size_t size = 0; size < sealed.size(); ++size)
    CHECK_FALSE(master.open("row", sealed.substr(0, size), "bound"));
  CHECK_FALSE(master.open("row", sealed + '\0', "bound"));
}

TEST_CASE("a sealed value cannot be moved to another row, purpose or installation") {
  const auto master = MasterKey::make();
  const auto sealed = master.seal("signing-key", "secret", "row 1");
  CHECK(master.open("signing-key", sealed, "row 1"));
  CHECK_FALSE(master.open("signing-key", sealed, "row 2"));
  CHECK_FALSE(master.open("signing-key", sealed, ""));
  CHECK_FALSE(master.open("outbox", sealed, "row 1"));
  const auto foreign = MasterKey::make().open("signing-key", sealed, "row 1");
  REQUIRE_FALSE(foreign);
  CHECK(foreign.error().code == base::Code::invalid_input);
}

TEST_CASE("one master key serves many threads") {
  const auto master = MasterKey::make();
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&wrong, master, t] {
      for (int i = 0; i < 500; ++i) {
        const std::string purpose = "purpose " + std::to_string((i + t) % 20);
        const auto opened = master.open(purpose, master.seal(purpose, "plain", "b"), "b");
        if (!opened || opened->reveal() != "plain") ++wrong;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(wrong == 0);
}
