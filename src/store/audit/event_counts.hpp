// How many events this process has appended, by type and outcome, for metrics. A transaction that was rolled back
// afterwards counts too: the figures are for watching, and the log itself is the truth.
#pragma once

#include <cstdint>
#include <string_view>

namespace store {

/// `type`: of the vocabulary; another one counts nothing.
void count_event(std::string_view type, bool has_failed);
/// Since the start of this process; 0 for a type that the vocabulary does not have.
std::uint64_t events_counted(std::string_view type, bool has_failed);

}  // namespace store
