// The file of a backup or a dump, sealed for whoever has its secret key (docs/decisions/0095):
//
//   CHANCERY SEALED FILE 1⏎
//   {"kind":"backup","schema":35,…}⏎                     one line of JSON, not secret, bound to all that follows
//   24 octets, with which the stream begins
//   pieces: 32 bits with the length (big-endian), then the sealed octets; the last one is marked as such
//
// The plain octets of all pieces are items: one octet with the kind, 32 bits with the length, the octets:
//   M manifest (JSON)   P pages of the database   T a table by its name   R a row of it (store/driver/bulk.hpp)
//   E the end (JSON), always the last one
//
// Invariant: a file that was cut off, altered or put together of others does not open to its end, and nobody but the
// owner can read it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "crypto/key/sealed_stream.hpp"

namespace flow {

/// The key for whom files are sealed, as its file has it: "chancery-backup-public:…", "chancery-backup-secret:…" with
/// base64url. Errors: invalid_input.
std::string print_public_key(base::BytesView public_key);
base::Secret print_secret_key(const crypto::RecipientKeys& keys);
base::Result<base::Bytes> parse_public_key(std::string_view text);
base::Result<crypto::RecipientKeys> parse_secret_key(const base::Secret& text);

struct SealedHead {
  std::string kind;      // backup | dump
  std::string program;   // version
  std::string database;  // sqlite | postgresql
  std::int64_t schema = 0;
  base::Time made_at;
  std::string key;  // by which the owner finds the secret key: 16 hexadecimal digits of the SHA-256 of the public one
};

/// Of one item. The largest value that is stored is a list of revoked certificates, 100,000 entries in 5 MiB.
inline constexpr std::size_t most_sealed_item = std::size_t{64} * 1024 * 1024;

class SealedFileWriter {
 public:
  /// A new file. Errors: already_exists, unavailable, invalid_input (no public key).
  static base::Result<SealedFileWriter> make(const std::string& path, SealedHead head, base::BytesView public_key);
  SealedFileWriter(SealedFileWriter&&) noexcept;
  ~SealedFileWriter();  // an unfinished file is removed
  /// Errors: unavailable (disk full), too_many (more than most_sealed_item).
  base::Result<void> add(char kind, base::BytesView octets);
  /// Adds the end, and makes the file durable. Gives the SHA-256 of the file, hexadecimal. Errors: unavailable.
  base::Result<std::string> finish(base::BytesView end);
  /// With which this process can read the file again.
  [[nodiscard]] const base::Secret& stream_key() const;

 private:
  struct Impl;
  explicit SealedFileWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

class SealedFileReader {
 public:
  /// Errors: not_found, unavailable, invalid_input (no such file, of another version, sealed for another key).
  static base::Result<SealedFileReader> open(const std::string& path, const crypto::RecipientKeys& keys);
  static base::Result<SealedFileReader> open(const std::string& path, const base::Secret& stream_key);
  SealedFileReader(SealedFileReader&&) noexcept;
  ~SealedFileReader();
  [[nodiscard]] const SealedHead& head() const;
  struct Item {
    char kind = 0;
    base::Bytes octets;
  };
  /// The next item; the one of kind E is given only if the file ends behind it as it was written. Errors:
  /// invalid_input (cut off or altered), unavailable.
  base::Result<Item> next();
  /// SHA-256 of the file, hexadecimal; after the item E.
  [[nodiscard]] const std::string& digest() const;

 private:
  struct Impl;
  explicit SealedFileReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace flow
