// One open session with one token: login, objects, signatures. Used by the token's thread alone. For this room only.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "token/module.hpp"
#include "token/token.hpp"

namespace token {

class Session {
 public:
  /// Finds the token among the slots and opens a session. Errors: unavailable (the module, or no such token).
  static base::Result<std::unique_ptr<Session>> open(const Settings& settings);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  base::Result<State> look();
  [[nodiscard]] bool is_logged_in() const { return is_logged_in_; }
  /// Logs out first if somebody is logged in, so that the token judges the PIN. Errors: login_failed, denied.
  base::Result<void> login(const base::Secret& pin);
  void logout();

  base::Result<std::vector<Key>> list_keys();
  base::Result<base::Bytes> sign(const base::Secret& pin, const base::Bytes& key_id,
                                 crypto::SignatureAlgorithm algorithm, const base::Bytes& octets);
  base::Result<Key> generate(crypto::SoftKeyKind kind, const std::string& label);
  base::Result<void> import_certificate(const base::Bytes& key_id, const base::Bytes& der);

  /// Whether a call since the session was opened said that the token or the session is gone.
  [[nodiscard]] bool is_lost() const { return is_lost_; }
  /// Whether a call said that a handle is not valid any more, or that nobody is logged in: worth one more try.
  [[nodiscard]] bool is_stale() const { return is_stale_; }
  void forget_handles();

 private:
  struct KeyHandle {
    CK_OBJECT_HANDLE handle = 0;
    CK_KEY_TYPE type = 0;
    bool asks_each_time = false;
  };
  Session(std::shared_ptr<Module> module, CK_SLOT_ID slot, CK_SESSION_HANDLE session)
      : module_(std::move(module)), slot_(slot), session_(session) {}

  base::Result<void> check(CK_RV value, const char* what);
  base::Result<std::vector<CK_OBJECT_HANDLE>> find_objects(CK_OBJECT_CLASS kind, const base::Bytes* id);
  /// "" if the object lacks it.
  base::Bytes read_attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type);
  base::Bytes read_public_key(CK_OBJECT_HANDLE object);
  base::Result<KeyHandle> find_private_key(const base::Bytes& id);

  std::shared_ptr<Module> module_;
  CK_SLOT_ID slot_;
  CK_SESSION_HANDLE session_;
  bool is_logged_in_ = false;
  bool is_lost_ = false;
  bool is_stale_ = false;
  std::map<base::Bytes, KeyHandle> handles_;
};

}  // namespace token
