// What failed proofs lead to.
#pragma once

#include <cstdint>

#include "identity/lockout/lockout.hpp"
#include "identity/lockout/throttling.hpp"

namespace flow {

/// Delays for strangers that leave the owner's known devices alone, or the lock of the whole account as the manuals of
/// some institutions demand it (S4.7).
enum class LockoutForm : std::uint8_t {
  protective,
  classic
};

struct LockoutSettings {
  LockoutForm form = LockoutForm::protective;
  identity::LockoutPolicy classic;
  identity::ThrottlePolicy throttle;  // of the protective form
  identity::NetworkPolicy network;    // of the protective form
};

}  // namespace flow
