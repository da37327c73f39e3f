// Turns of those who import a key from a file (PKCS#12): opening one may take most of a second
// (crypto/signing/pkcs12_file.hpp), and who made the file has chosen how long. One at a time for each account and two
// on this node, so that nobody keeps the cores busy; more are refused at once. Who has had a turn in the last half
// minute has another one only while nobody has any, so that those who send file after file leave a turn for everybody
// else.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "rights/actor.hpp"

namespace flow {

/// Reason of a refusal, for log and tests: another file is being opened.
inline constexpr std::string_view imports_busy = "imports_busy";
inline constexpr std::size_t most_imports = 2;
inline constexpr base::Duration import_is_recent = std::chrono::seconds(30);

/// Given back at its end.
class ImportTurn {
 public:
  /// Errors: unavailable (imports_busy).
  static base::Result<ImportTurn> take(const rights::Actor& actor, base::Time now);
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
