#include "app/config/secret_file.hpp"

#include <fstream>
#include <sstream>

namespace app {

std::optional<std::string> read_secret_file(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::stringstream text;
  if (!stream || !(text << stream.rdbuf())) return std::nullopt;
  std::string secret = text.str();
  while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r')) secret.pop_back();
  return secret;
}

std::optional<std::string> read_token_pin(token::Settings& token) {
  if (token.pin_file.empty()) return std::nullopt;
  auto read = read_secret_file(token.pin_file);
  if (!read || read->empty()) {
    return "token \"" + token.name + "\": the file " + token.pin_file + " cannot be read, or is empty";
  }
  token.pin = base::Secret(std::move(*read));
  return std::nullopt;
}

}  // namespace app
