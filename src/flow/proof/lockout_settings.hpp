// The consequences of failed proofs.
#pragma once

#include <cstdint>

#include "identity/lockout/lockout.hpp"
#include "identity/lockout/throttling.hpp"

namespace flow {

/// protective: delays for strangers, which do not affect the owner's known devices. classic: a lock of the whole
/// account, as some institutions demand it (S4.7).
enum class LockoutForm : std::uint8_t {
  protective,
  classic
};

struct LockoutSettings {
  LockoutForm form = LockoutForm::protective;
  identity::LockoutPolicy classic;
  identity::ThrottlePolicy throttle;  // of the protective form
  identity::NetworkPolicy network;    // of both forms
};

}  // namespace flow
