#include "text/catalogue.hpp"

#include <initializer_list>
#include <vector>

namespace text {
namespace {

std::vector<Sentence> join(std::initializer_list<std::span<const Sentence>> tables) {
  std::vector<Sentence> all;
  for (const auto& table : tables) all.insert(all.end(), table.begin(), table.end());
  return all;
}

}  // namespace

std::span<const Sentence> english() {
  static const std::vector<Sentence> all = join({english_pages(), english_messages(), english_own_data(),
                                                 english_account_life(), english_passwords(), english_audit()});
  return all;
}

std::span<const Sentence> german() {
  static const std::vector<Sentence> all = join({german_pages(), german_messages(), german_own_data(),
                                                 german_account_life(), german_passwords(), german_audit()});
  return all;
}

std::span<const Sentence> polish() {
  static const std::vector<Sentence> all = join({polish_pages(), polish_messages(), polish_own_data(),
                                                 polish_account_life(), polish_passwords(), polish_audit()});
  return all;
}

}  // namespace text
