#include "crypto/password/password_hash.hpp"

#include <sodium.h>

#include <array>
#include <atomic>
#include <charconv>
#include <optional>
#include <stdexcept>

namespace crypto {
namespace {

constexpr std::uint32_t least_memory_kib = 8;
constexpr std::uint32_t most_memory_kib = 4U * 1024 * 1024;
constexpr std::uint32_t most_passes = 100;
constexpr std::uint32_t most_lanes = 16;

std::atomic<std::uint64_t> computed{0};

// Called before each computation, because nothing else starts libsodium.
void start_sodium() {
  computed.fetch_add(1, std::memory_order_relaxed);
  // Without this call libsodium uses its slow code without vector instructions.
  static const bool started = sodium_init() >= 0;
  if (!started) throw std::runtime_error("libsodium does not start");
}

bool in_range(const HashParameters& parameters) {
  return parameters.memory_kib >= least_memory_kib && parameters.memory_kib <= most_memory_kib &&
         parameters.passes >= 1 && parameters.passes <= most_passes;
}

// Reads a string step by step; after the first mismatch all further steps fail.
struct Reader {
  std::string_view rest;
  bool good = true;

  void word(std::string_view expected) {
    good = good && rest.substr(0, expected.size()) == expected;
    if (good) rest.remove_prefix(expected.size());
  }
  std::uint32_t number() {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
    // One spelling for each number: no leading zero.
    good = good && error == std::errc() && rest.front() != '0';
    if (good) rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    return value;
  }
  // base64 without padding, as the PHC string format has it.
  void base64(std::size_t least, std::size_t most) {
    const auto end = rest.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    const std::size_t size = end == std::string_view::npos ? rest.size() : end;
    good = good && size >= least && size <= most;
    if (good) rest.remove_prefix(size);
  }
};

struct Phc {
  HashParameters parameters;
  std::uint32_t lanes = 1;
};

std::optional<Phc> parse_phc(std::string_view text) {
  if (text.size() >= crypto_pwhash_STRBYTES) return std::nullopt;
  Reader reader{text};
  Phc phc;
  reader.word("$argon2id$v=19$m=");
  phc.parameters.memory_kib = reader.number();
  reader.word(",t=");
  phc.parameters.passes = reader.number();
  reader.word(",p=");
  phc.lanes = reader.number();
  reader.word("$");
  reader.base64(11, 64);
  reader.word("$");
  reader.base64(22, 86);
  if (!reader.good || !reader.rest.empty() || !in_range(phc.parameters) || phc.lanes > most_lanes) return std::nullopt;
  return phc;
}

}  // namespace

base::Result<std::string> hash_password(const base::Secret& password, const HashParameters& parameters) {
  if (!in_range(parameters)) return base::fail(base::Code::invalid_input, "Argon2id parameters out of range");
  start_sodium();
  std::array<char, crypto_pwhash_STRBYTES> out{};
  const std::string_view text = password.reveal();
  if (crypto_pwhash_str_alg(out.data(), text.data(), text.size(), parameters.passes,
                            std::size_t{parameters.memory_kib} * 1024, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return base::fail(base::Code::unavailable, "no memory for Argon2id");
  }
  return std::string(out.data());
}

bool matches(const base::Secret& password, std::string_view phc) {
  // Parsed here first, because libsodium would accept other algorithms and any cost that the string names.
  if (!parse_phc(phc)) return false;
  start_sodium();
  std::array<char, crypto_pwhash_STRBYTES> ended_by_zero{};
  phc.copy(ended_by_zero.data(), ended_by_zero.size() - 1);
  const std::string_view text = password.reveal();
  return crypto_pwhash_str_verify(ended_by_zero.data(), text.data(), text.size()) == 0;
}

bool needs_rehash(std::string_view phc, const HashParameters& parameters) {
  const auto made_with = parse_phc(phc);
  return !made_with || made_with->parameters.memory_kib != parameters.memory_kib ||
         made_with->parameters.passes != parameters.passes || made_with->lanes != 1;
}

std::optional<HashParameters> parameters_of(std::string_view phc) {
  const auto read = parse_phc(phc);
  return read ? std::optional(read->parameters) : std::nullopt;
}

std::string decoy_phc(const HashParameters& parameters) {
  // 16 octets of salt and 32 of hash, all zero: the size of every hash of this program, and of no known password.
  return "$argon2id$v=19$m=" + std::to_string(parameters.memory_kib) + ",t=" + std::to_string(parameters.passes) +
         ",p=1$" + std::string(22, 'A') + "$" + std::string(43, 'A');
}

void do_decoy_work(const base::Secret& password, const HashParameters& parameters) {
  if (matches(password, decoy_phc(parameters))) throw std::logic_error("the decoy has a password");
}

base::Result<base::Bytes> derive_slowly(const base::Secret& password, base::BytesView salt,
                                        const HashParameters& parameters) {
  if (!in_range(parameters) || salt.size() != crypto_pwhash_SALTBYTES) {
    return base::fail(base::Code::invalid_input, "Argon2id parameters or salt out of range");
  }
  start_sodium();
  base::Bytes out(32, '\0');
  const std::string_view text = password.reveal();
  if (crypto_pwhash(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(),
                    reinterpret_cast<const unsigned char*>(salt.data()), parameters.passes,
                    std::size_t{parameters.memory_kib} * 1024, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return base::fail(base::Code::unavailable, "no memory for Argon2id");
  }
  return out;
}

std::uint64_t hashes_computed() {
  return computed.load(std::memory_order_relaxed);
}

}  // namespace crypto
