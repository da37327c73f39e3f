// Errors as values. A `Result` cannot be dropped; an `Error` has a protocol-neutral code for doors and a
// reason for log and audit. The reason has no path to a response: doors look at `code` only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace base {

enum class Code : std::uint8_t {
  invalid_input,   // the input is wrong; to repeat the same request does not help
  not_found,       // what is named does not exist, or the actor may not know that it does
  already_exists,  // a value that must be unique is in use
  denied,          // the actor may not do this
  login_failed,    // every failed proof of identity, whatever the reason
  expired,         // it was valid once
  too_many,        // a limit was exceeded; try later
  conflict,        // another request changed it meanwhile
  unavailable,     // another system that is needed does not answer; try later
  internal,        // a bug of this program
};

/// Name of a code as in the enumerator, for log and audit.
std::string_view name_of(Code code);

struct Error {
  Code code = Code::internal;
  std::string reason;  // for log and audit only
  const char* file = "";
  int line = 0;
};

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
  using value_type = T;
};

template <>
class [[nodiscard]] Result<void> : public tl::expected<void, Error> {
 public:
  using tl::expected<void, Error>::expected;
  using value_type = void;
};

/// An error as return value of a function that gives a Result. Source position is the caller's.
inline tl::unexpected<Error> fail(Code code, std::string reason, const char* file = __builtin_FILE(),
                                  int line = __builtin_LINE()) {
  return tl::unexpected<Error>(Error{code, std::move(reason), file, line});
}

/// Passes the error of another Result on.
template <class T>
tl::unexpected<Error> pass_on(Result<T>&& failed) {
  return tl::unexpected<Error>(std::move(failed).error());
}

/// "code: reason (file:line)", for the log.
std::string describe(const Error& error);

}  // namespace base

#define CHANCERY_CONCAT_(a, b) a##b
#define CHANCERY_CONCAT(a, b) CHANCERY_CONCAT_(a, b)

// Use them as statements of their own, because g++ 12 and clang 14 leak temporaries inside a larger expression.
#define ASSIGN_OR_RETURN_(tmp, decl, expr)                                  \
  auto tmp = (expr);                                                        \
  if (!tmp) return ::tl::unexpected<::base::Error>(std::move(tmp).error()); \
  decl = std::move(*tmp)
#define ASSIGN_OR_RETURN(decl, expr) ASSIGN_OR_RETURN_(CHANCERY_CONCAT(result_, __LINE__), decl, expr)

#define RETURN_IF_ERROR(expr)                                                                       \
  do {                                                                                              \
    auto result_of_step = (expr);                                                                   \
    if (!result_of_step) return ::tl::unexpected<::base::Error>(std::move(result_of_step).error()); \
  } while (false)
