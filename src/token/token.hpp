// Keys on tokens: smart cards, HSMs and their stand-ins, by Cryptoki (PKCS#11 v2.40 and v3.0, OASIS). Each token has
// one thread, because cards do one thing at a time, and a queue of a limited length before it. A session stays open,
// and the handles of keys are kept. A PIN comes with each order and is never stored: a keyed digest of the right one is
// kept for as long as the token stays logged in (Settings::login_lasts after its last use), so that the next order with
// the same PIN need not log in again, and one with another PIN is tried at the token.
//
//   closed ─open─> open ─login─> logged in ─time over, other PIN─> open
//      ^─────────────┴── token removed, session lost: opened again once for the order that met it; said in the log
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "crypto/signing/signature_algorithm.hpp"
#include "crypto/signing/soft_key.hpp"

namespace token {

struct Settings {
  std::string name;    // by which commands and rows name it
  std::string module;  // path of the library of its maker
  std::string serial;  // of the token; "" = by label
  std::string label;   // "" = by serial
  std::size_t queue = 64;
  base::Duration deadline = std::chrono::seconds(30);  // of one order, with its time in the queue
  base::Duration login_lasts = std::chrono::minutes(1);
  std::string pin_file{};  // from which `pin` was read; "" = none
  base::Secret pin{};      // with which the server uses its own keys on it; "" = an operator gives it
};

/// PKCS#11 v3.0 table 6, CKF_USER_PIN_….
enum class PinState : std::uint8_t {
  fine,
  low,        // a wrong one was given lately
  final_try,  // one more wrong one locks it
  locked,
  not_set,
  to_be_changed,
};
/// "fine"
std::string_view name_of(PinState state);

struct State {
  bool is_present = false;
  std::string label;
  std::string serial;
  std::string model;
  std::string manufacturer;
  PinState pin = PinState::fine;
  bool needs_pin = true;
  std::int64_t times_lost = 0;  // since the start of this process
  std::string failure{};        // why it is not present, for operators; "" = it is
};

struct Key {
  base::Bytes id;  // CKA_ID
  std::string label;
  base::Bytes public_key;        // SubjectPublicKeyInfo, DER; "" = it cannot be read
  base::Bytes certificate;       // DER, with the same CKA_ID; "" = none
  bool is_private_seen = false;  // the private key was seen, which needs the PIN
  bool asks_each_time = false;   // CKA_ALWAYS_AUTHENTICATE
};

struct Order {
  base::Bytes key_id;
  crypto::SignatureAlgorithm algorithm;
  std::vector<base::Bytes> octets;  // to be signed; all in this order
  base::Duration most_wait{};       // shorter than the token's deadline; 0 = that one
};

/// All functions are thread-safe and wait for the token, at most its deadline. Errors of all: unavailable (not there,
/// removed, no answer in time, an error of the library), too_many (the queue is full). With a PIN also: login_failed
/// (wrong, or none where the token needs one), denied (locked, not set, or to be changed first; the reason says which).
class Token {
 public:
  explicit Token(Settings settings);
  Token(const Token&) = delete;
  Token& operator=(const Token&) = delete;
  ~Token();

  [[nodiscard]] const Settings& settings() const;
  /// A token that is not there is a state and no error.
  base::Result<State> look();
  /// Certificates and public keys; with a PIN private keys too. At most 200, in the order of their ids.
  base::Result<std::vector<Key>> list_keys(const base::Secret& pin);
  /// Values as crypto::SoftKey::sign gives them: ECDSA in DER. Errors besides: not_found (no such key), invalid_input
  /// (the key cannot do it).
  base::Result<std::vector<base::Bytes>> sign(const base::Secret& pin, Order order);
  /// A new key pair whose private part never leaves the token. Errors besides: invalid_input (the token makes no such
  /// key).
  base::Result<Key> generate(const base::Secret& pin, crypto::SoftKeyKind kind, const std::string& label);
  /// Puts the certificate beside the key; one that is there is replaced. Errors besides: not_found.
  base::Result<void> import_certificate(const base::Secret& pin, const base::Bytes& key_id, const base::Bytes& der);
  /// The PIN with which the server uses its own keys while nobody is beside it: that of the settings, or what an
  /// operator gave. It lies in the memory of this process alone and is stored nowhere. "" = there is none.
  void keep_pin(base::Secret pin);
  [[nodiscard]] base::Secret kept_pin() const;
  /// Whether the token is logged in by this PIN now, so that an order with it is no guess.
  [[nodiscard]] bool is_unlocked_by(const base::Secret& pin) const;

 private:
  class Worker;
  mutable std::mutex pin_mutex_;
  base::Secret kept_pin_;
  std::unique_ptr<Worker> worker_;
};

/// The tokens of the configuration.
class Tokens {
 public:
  explicit Tokens(const std::vector<Settings>& settings);
  /// nullptr: no such token.
  [[nodiscard]] Token* find(std::string_view name) const;
  [[nodiscard]] const std::vector<std::unique_ptr<Token>>& all() const { return tokens_; }

 private:
  std::vector<std::unique_ptr<Token>> tokens_;
};

}  // namespace token
