#include "identity/password/password_strength.hpp"

#include <zxcvbn.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "identity/spelling/comparison_form.hpp"

namespace identity {
namespace {
constexpr std::size_t longest_estimated = 64;  // the work grows with the square and more
constexpr std::size_t most_known_words = 40;
}  // namespace

double estimate_strength(std::string_view password, const std::vector<std::string>& known) {
  std::size_t looked_at = std::min(password.size(), 4 * longest_estimated);
  while (looked_at < password.size() && (static_cast<unsigned char>(password[looked_at]) & 0xc0U) == 0x80) ++looked_at;
  std::string octets = estimation_form(password.substr(0, looked_at));
  if (octets.size() > longest_estimated) octets.resize(longest_estimated);
  std::vector<std::string> words;
  for (const std::string& word : known) {
    if (words.size() == most_known_words) break;
    std::string form = estimation_form(comparison_form(word));
    if (form.size() >= 3 && form.size() <= longest_estimated) words.push_back(std::move(form));
  }
  std::vector<const char*> pointers;
  pointers.reserve(words.size() + 1);
  for (const std::string& word : words) pointers.push_back(word.c_str());
  pointers.push_back(nullptr);
  const double bits = ZxcvbnMatch(octets.c_str(), pointers.data(), nullptr);
  ::explicit_bzero(octets.data(), octets.size());
  return bits;
}

std::int64_t score_of(double bits) {
  constexpr std::array<double, 4> guesses{1e3, 1e6, 1e8, 1e10};
  return std::count_if(guesses.begin(), guesses.end(), [bits](double g) { return bits >= std::log2(g); });
}

}  // namespace identity
