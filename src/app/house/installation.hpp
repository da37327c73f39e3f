// An opened installation: master key, database, signing keys and settings. The server uses it, and a command that works
// without a server. Invariant: a database that was made for a demonstration is opened with `demo = true` only, and no
// other one is.
#pragma once

#include <memory>
#include <string>

#include "crypto/key/master_key.hpp"
#include "flow/house/house.hpp"
#include "flow/house/key_ring.hpp"
#include "flow/proof/network_gate.hpp"
#include "store/engine/store.hpp"

namespace flow {
struct Settings;
class SigningDesk;
class SmsRoute;
class TimestampDesk;
class ValidationDesk;
}  // namespace flow

namespace token {
class Tokens;
}  // namespace token

namespace app {

struct Config;

enum class Purpose : std::uint8_t {
  serve,    // may make the master key and the database
  command,  // uses only an existing installation
  look,     // changes nothing: neither completes what is missing nor what was interrupted
};

class Installation {
 public:
  /// Errors carry a sentence for the operator: unavailable (database locked or unreadable, key missing), conflict
  /// (the database needs a newer program, demonstration or not), invalid_input (wrong key, foreign database).
  static base::Result<std::unique_ptr<Installation>> open(const Config& config, Purpose purpose);
  ~Installation();
  Installation(const Installation&) = delete;
  Installation& operator=(const Installation&) = delete;

  /// Lives as long as the installation; doors keep a reference to it.
  [[nodiscard]] const flow::House& house() const { return house_; }
  [[nodiscard]] store::Store& database() { return *store_; }
  /// Reads the folder of validation policies again. Errors: not_found, invalid_input (a mistake); those before stay.
  base::Result<void> read_policies_again();

 private:
  Installation(const Config& config, std::unique_ptr<store::Store> database, std::unique_ptr<flow::SmsRoute> sms);
  base::Result<void> check_demo_mark(Purpose purpose);
  void use(std::unique_ptr<flow::ValidationDesk> desk);

  std::unique_ptr<store::Store> store_;
  crypto::MasterKey master_;
  flow::KeyRing keys_;
  flow::NetworkGate gate_;
  std::unique_ptr<flow::SmsRoute> sms_;
  std::unique_ptr<token::Tokens> tokens_;
  std::unique_ptr<flow::TimestampDesk> timestamps_;
  std::unique_ptr<flow::ValidationDesk> validation_;
  std::string policy_folder_;  // of validations; "" = there is none
  std::unique_ptr<const flow::Settings> settings_;
  flow::House house_;
  std::unique_ptr<flow::SigningDesk> signing_;  // the last: its threads use the others until they have ended
};

}  // namespace app
