// A chain of certificates as one value of a row: DER, one behind the other.
#pragma once

#include <vector>

#include "base/bytes.hpp"

namespace flow {

base::Bytes join_chain(const std::vector<base::Bytes>& certificates);
/// Octets that are no certificate end it.
std::vector<base::Bytes> split_chain(base::BytesView joined);

}  // namespace flow
