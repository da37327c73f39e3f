// Secrets that the configuration names by a file: passwords, keys and PINs.
#pragma once

#include <optional>
#include <string>

#include "token/token.hpp"

namespace app {

/// Without the line end that editors put at the end of a file. nullopt: it cannot be read.
std::optional<std::string> read_secret_file(const std::string& file);
/// Takes the PIN from token.pin_file, if there is one. What is wrong with it; a sentence.
std::optional<std::string> read_token_pin(token::Settings& token);

}  // namespace app
