#include "app/config/origin_host.hpp"

namespace app {

std::string host_of(const std::string& origin) {
  const std::size_t begin = origin.find("://");
  if (begin == std::string::npos) return {};
  const std::string authority = origin.substr(begin + 3, origin.find('/', begin + 3) - begin - 3);
  return authority.starts_with('[') ? authority.substr(1, authority.find(']') - 1)
                                    : authority.substr(0, authority.find(':'));
}

}  // namespace app
