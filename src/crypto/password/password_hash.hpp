// Argon2id by libsodium (RFC 9106), kept as PHC strings: $argon2id$v=19$m=…,t=…,p=1$salt$hash.
// The caller limits the length of the password. Hashing runs on the password lane only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace crypto {

struct HashParameters {
  std::uint32_t memory_kib = 19 * 1024;
  std::uint32_t passes = 2;
  // Parallelism is 1: libsodium computes no other.
};

/// PHC string of a new random salt. Errors: unavailable (no memory), invalid_input (parameters out of range:
/// m from 8 KiB to 4 GiB, t from 1 to 100).
base::Result<std::string> hash_password(const base::Secret& password, const HashParameters& parameters);
/// Whether `password` is the one that was hashed. A PHC string that cannot be read is "no".
bool matches(const base::Secret& password, std::string_view phc);
/// Whether the string was made with other parameters than these.
bool needs_rehash(std::string_view phc, const HashParameters& parameters);
/// The parameters of a PHC string that matches() can read.
std::optional<HashParameters> parameters_of(std::string_view phc);
/// The hash to compare with when the account does not exist; no password matches it.
std::string decoy_phc(const HashParameters& parameters);
/// The work of matches() for an account that does not exist: matches() with decoy_phc().
void do_decoy_work(const base::Secret& password, const HashParameters& parameters);

/// 32 octets of Argon2id with the caller's salt. Equal passwords give equal octets, and each guess costs as much as for
/// a password hash. `salt`: 16 octets. Errors: unavailable (no memory), invalid_input (parameters or salt out of
/// range).
base::Result<base::Bytes> derive_slowly(const base::Secret& password, base::BytesView salt,
                                        const HashParameters& parameters);

/// Argon2id computations of this process since its start, the decoys included: for metrics, and for tests that compare
/// the work of all refusals.
std::uint64_t hashes_computed();

}  // namespace crypto
