// The clinic's smart cards, played by SoftHSM: Anna's card and the clinic's. Their folder is in the data folder, and
// the server finds it by the variable SOFTHSM2_CONF. Invariant: a card that is there is not changed.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "demo/configuration.hpp"

namespace demo {

struct DemoToken {
  std::string name;  // in the configuration
  std::string label;
  std::string pin;
};
/// Anna's first, then the clinic's.
const std::vector<DemoToken>& demo_tokens();

/// Makes what is missing and sets the variable for this process and its children. Gives the module of SoftHSM; "" = it
/// is not installed, and the clinic has no cards. Errors: unavailable.
base::Result<std::string> prepare_tokens(const Places& places);

}  // namespace demo
