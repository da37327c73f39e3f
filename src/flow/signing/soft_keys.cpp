#include "flow/signing/soft_keys.hpp"

#include <chrono>
#include <map>
#include <mutex>
#include <optional>

#include "crypto/digest/hmac.hpp"

namespace flow {
namespace {

using Clock = std::chrono::steady_clock;

// Each takes a few kilobytes with its contexts.
constexpr std::size_t most_keys = 1000;
constexpr std::size_t most_pins = 1000;
constexpr auto pin_lasts = std::chrono::minutes(1);

struct Activation {
  base::Secret pin;
  std::int64_t version = 0;
  base::Time until;
};

struct RightPin {
  base::Secret digest;
  Clock::time_point until;
};

class Memory {
 public:
  std::optional<crypto::SoftKey> find_key(const base::Bytes& spki) {
    const std::lock_guard lock(mutex_);
    const auto found = keys_.find(spki);
    return found == keys_.end() ? std::nullopt : std::optional(found->second);
  }
  void keep_key(const base::Bytes& spki, const crypto::SoftKey& key) {
    const std::lock_guard lock(mutex_);
    if (keys_.size() >= most_keys) keys_.clear();
    keys_.emplace(spki, key);
  }

  bool is_right(const base::Id& id, const base::Secret& pin, const base::Secret& pin_hash) {
    const base::Secret wanted = digest_of(pin, pin_hash);
    const std::lock_guard lock(mutex_);
    const auto found = pins_.find(id);
    return found != pins_.end() && Clock::now() < found->second.until && found->second.digest == wanted;
  }
  base::Secret find_activation(const base::Id& id, std::int64_t version, base::Time now) {
    const std::lock_guard lock(mutex_);
    const auto found = activations_.find(id);
    if (found == activations_.end()) return {};
    if (found->second.version == version && now < found->second.until) return found->second.pin;
    activations_.erase(found);
    return {};
  }
  void note_activation(const base::Id& id, Activation activation) {
    const std::lock_guard lock(mutex_);
    if (activations_.size() >= most_pins) activations_.clear();
    activations_.insert_or_assign(id, std::move(activation));
  }
  void forget_activation(const base::Id& id) {
    const std::lock_guard lock(mutex_);
    activations_.erase(id);
  }

  void note_right(const base::Id& id, const base::Secret& pin, const base::Secret& pin_hash) {
    base::Secret digest = digest_of(pin, pin_hash);
    const std::lock_guard lock(mutex_);
    if (pins_.size() >= most_pins) pins_.clear();
    pins_.insert_or_assign(id, RightPin{std::move(digest), Clock::now() + pin_lasts});
  }
  void forget_right(const base::Id& id) {
    const std::lock_guard lock(mutex_);
    pins_.erase(id);
  }

 private:
  // With the hash, so that a PIN that was changed meanwhile is not the same any more.
  base::Secret digest_of(const base::Secret& pin, const base::Secret& pin_hash) const {
    const base::Secret both(std::string(pin_hash.reveal()) + '\0' + std::string(pin.reveal()));
    return base::Secret(key_.authenticate(both.reveal()));
  }

  const crypto::HmacKey key_{base::Secret(base::random_bytes(32))};
  std::mutex mutex_;
  std::map<base::Bytes, crypto::SoftKey> keys_;
  std::map<base::Id, RightPin> pins_;
  std::map<base::Id, Activation> activations_;
};

Memory& memory() {
  static Memory one;
  return one;
}

}  // namespace

base::Result<crypto::SoftKey> keep_soft_key(const base::Bytes& spki, const base::Secret& pkcs8) {
  if (auto known = memory().find_key(spki)) return std::move(*known);
  auto key = crypto::SoftKey::from_pkcs8(pkcs8);
  if (!key || key->public_key() != spki) {
    return base::fail(base::Code::internal, "a stored key is not that of its credential");
  }
  memory().keep_key(spki, *key);
  return key;
}

bool was_pin_right(const base::Id& credential_id, const base::Secret& pin, const base::Secret& pin_hash) {
  return memory().is_right(credential_id, pin, pin_hash);
}

void note_right_pin(const base::Id& credential_id, const base::Secret& pin, const base::Secret& pin_hash) {
  memory().note_right(credential_id, pin, pin_hash);
}

void forget_right_pin(const base::Id& credential_id) {
  memory().forget_right(credential_id);
}

base::Secret find_activation(const store::SigningCredential& credential, base::Time now) {
  return memory().find_activation(credential.id, credential.version, now);
}

void note_activation(const store::SigningCredential& credential, const base::Secret& pin, base::Time until) {
  memory().note_activation(credential.id, {pin, credential.version, until});
}

void forget_activation(const base::Id& credential_id) {
  memory().forget_activation(credential_id);
}

}  // namespace flow
