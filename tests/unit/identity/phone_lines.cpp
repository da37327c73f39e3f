// For phone_peer_test.py: reads lines "country<TAB>typed", prints "canonical<TAB>shown", or "-" for a refused number.
#include <iostream>
#include <string>

#include "identity/identifier/phone_number.hpp"

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    const std::size_t tab = line.find('\t');
    const auto number = identity::parse_phone_number(line.substr(tab + 1), line.substr(0, tab));
    std::cout << (number ? *number + "\t" + identity::format_international(*number) : "-") << "\n";
  }
  return 0;
}
