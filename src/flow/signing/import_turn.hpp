// Turns of those who import a key from a file (PKCS#12): opening one costs up to two million rounds of key derivation
// (crypto/signing/pkcs12_file.hpp), and who made the file has chosen how many. One at a time for each who imports and
// two on this node, so that nobody keeps the cores busy; more are refused at once.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "rights/actor.hpp"

namespace flow {

/// Reason of a refusal, for log and tests: another file is being opened.
inline constexpr std::string_view imports_busy = "imports_busy";
inline constexpr std::size_t most_imports = 2;

/// Given back at its end.
class ImportTurn {
 public:
  /// Errors: unavailable (imports_busy).
  static base::Result<ImportTurn> take(const rights::Actor& actor);
  ImportTurn(ImportTurn&& other) noexcept;
  ImportTurn(const ImportTurn&) = delete;
  ImportTurn& operator=(const ImportTurn&) = delete;
  ImportTurn& operator=(ImportTurn&&) = delete;
  ~ImportTurn();

 private:
  explicit ImportTurn(std::string whose) : whose_(std::move(whose)), is_held_(true) {}
  std::string whose_;
  bool is_held_ = false;
};

}  // namespace flow
