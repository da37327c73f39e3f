#include "demo/options.hpp"

#include <charconv>

namespace demo {

namespace {

constexpr int highest_offset = 443;

std::string local(std::uint16_t port) {
  return "http://localhost:" + std::to_string(port);
}

base::Result<std::uint16_t> parse_port_base(const std::string& text) {
  int value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, wrong] = std::from_chars(text.data(), end, value);
  if (wrong != std::errc() || stop != end || value < 1000 || value > 65535 - highest_offset) {
    return base::fail(base::Code::invalid_input, "--port-base takes a number from 1000 to " +
                                                     std::to_string(65535 - highest_offset) + ", not \"" + text +
                                                     "\".");
  }
  return static_cast<std::uint16_t>(value);
}

}  // namespace

std::vector<std::uint16_t> Options::ports() const {
  return {http_port(),        https_port(), portal_port(), laboratory_port(), metrics_port(),
          certificate_port(), mail_port(),  phone_port(),  connector_port(),  connector_plain_port()};
}

std::string Options::issuer() const {
  return https ? "https://localhost:" + std::to_string(https_port()) : local(http_port());
}
std::string Options::portal() const {
  return local(portal_port());
}
std::string Options::laboratory() const {
  return local(laboratory_port());
}

base::Result<Options> parse_options(const std::vector<std::string>& arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::string name = arguments[i];
    if (name == "--help" || name == "-h") {
      options.help = true;
      continue;
    }
    if (name == "--https") {
      options.https = true;
      continue;
    }
    if (name == "--direct-reset") {
      options.direct_reset = true;
      continue;
    }
    if (name.starts_with("--https=") || name.starts_with("--direct-reset=")) {
      return base::fail(base::Code::invalid_input, name.substr(0, name.find('=')) + " takes no value; see --help.");
    }
    std::string value;
    if (const auto equals = name.find('='); equals != std::string::npos) {
      value = name.substr(equals + 1);
      name.resize(equals);
    } else if (i + 1 < arguments.size()) {
      value = arguments[++i];
    }
    if (name != "--data" && name != "--port-base" && name != "--chancery") {
      return base::fail(base::Code::invalid_input, "There is no option \"" + name + "\"; see --help.");
    }
    if (value.empty()) return base::fail(base::Code::invalid_input, name + " needs a value; see --help.");
    if (name == "--data") {
      options.data = value;
    } else if (name == "--chancery") {
      options.chancery = value;
    } else {
      ASSIGN_OR_RETURN(options.port_base, parse_port_base(value));
    }
  }
  return options;
}

std::string usage() {
  return "chancery-demo: a small clinic around a real Chancery server.\n\n"
         "  --data DIR       where its data are kept between starts (default var/demo)\n"
         "  --port-base N    first port (default 8000): N+80 HTTP, N+443 HTTPS, N+90 the portal,\n"
         "                   N+91 the laboratory, N+95 figures, N+25 the mailbox, N+26 the phone\n"
         "  --https          the issuer is https://localhost:(N+443), with a certificate of the demonstration's own "
         "CA\n"
         "  --direct-reset   the link of a reset asks for the new password; without it a temporary one is sent\n"
         "  --chancery FILE  the server's program (default: chancery beside this program, or one folder above)\n"
         "  --help           this text\n";
}

}  // namespace demo
