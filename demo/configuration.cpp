#include "demo/configuration.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/json.hpp"
#include "demo/phone.hpp"
#include "demo/tokens.hpp"

namespace demo {

namespace {

/// A JSON string is a TOML basic string as well.
std::string quote(const std::string& text) {
  return base::to_json_string(text);
}

std::string place(std::uint16_t port) {
  return quote("localhost:" + std::to_string(port));
}

}  // namespace

base::Result<Places> prepare_places(const Options& options) {
  namespace fs = std::filesystem;
  std::error_code wrong;
  const fs::path data = fs::absolute(options.data, wrong).lexically_normal();
  if (!wrong) fs::create_directories(data / "server", wrong);
  if (!wrong) fs::permissions(data, fs::perms::owner_all, wrong);
  if (!wrong) fs::permissions(data / "server", fs::perms::owner_all, wrong);
  if (wrong)
    return base::fail(base::Code::unavailable,
                      "The folder " + options.data + " cannot be used: " + wrong.message() + ".");
  return Places{data, data / "server", data / "chancery.toml", data / "server.log"};
}

base::Result<void> write_configuration(const Places& places, const Options& options, const Equipment& equipment) {
  const Certificates& certificates = equipment.certificates;
  std::ostringstream out;
  out << "# Written by chancery-demo at each start.\n"
      << "issuer = " << quote(options.issuer()) << "\n"
      << "demo = true\n"
      << "administrator = \"helpdesk@clinic.example, +48 22 555 01 00\"\n"
      << "certificate_address = " << quote("http://localhost:" + std::to_string(options.http_port())) << "\n"
      << "data_dir = " << quote(places.server_data) << "\n\n"
      << "[[listener]]\n"
      << "name = \"http\"\n"
      << "address = \"127.0.0.1\"\n"
      << "port = " << options.http_port() << "\n\n"
      << "[[listener]]\n"
      << "name = \"https\"\n"
      << "address = \"127.0.0.1\"\n"
      << "port = " << options.https_port() << "\n"
      << "tls = true\n"
      << "certificate_file = " << quote(certificates.certificate_file) << "\n"
      << "key_file = " << quote(certificates.key_file) << "\n\n"
      << "[[listener]]\n"
      << "name = \"certificate\"\n"
      << "address = \"127.0.0.1\"\n"
      << "port = " << options.certificate_port() << "\n"
      << "tls = true\n"
      << "certificate_file = " << quote(certificates.certificate_file) << "\n"
      << "key_file = " << quote(certificates.key_file) << "\n"
      << "client_certificate = \"optional\"\n\n"
      << "[[listener]]\n"
      << "name = \"connector\"\n"
      << "role = \"connector\"\n"
      << "address = \"127.0.0.1\"\n"
      << "port = " << options.connector_port() << "\n"
      << "tls = true\n"
      << "certificate_file = " << quote(certificates.certificate_file) << "\n"
      << "key_file = " << quote(certificates.key_file) << "\n\n"
      << "[[listener]]\n"
      << "name = \"connector_plain\"\n"
      << "role = \"connector_plain\"\n"
      << "address = \"127.0.0.1\"\n"
      << "port = " << options.connector_plain_port() << "\n\n"
      << "[login]\n"
      << "certificate_origin = " << quote("https://localhost:" + std::to_string(options.certificate_port()))
      << "\n\n"
      // Browsers would keep HSTS for the host "localhost" with all its ports, and the applications speak plain HTTP.
      << "[http]\n"
      << "hsts = false\n\n"
      << "[metrics]\n"
      << "listen = " << quote("127.0.0.1:" + std::to_string(options.metrics_port())) << "\n\n"
      << "[remote]\n"
      // 3000 is where the applications of docs/connect listen.
      << "loopback_http = [" << place(options.portal_port()) << ", " << place(options.laboratory_port()) << ", "
      << place(options.phone_port()) << ", " << place(3000) << "]\n\n"
      << "[mail]\n"
      << "host = \"localhost\"\n"
      << "port = " << options.mail_port() << "\n"
      << "tls = \"none\"\n"
      << "from = \"login@clinic.example\"\n"
      << "from_name = \"Chancery\"\n\n"
      << "[[gateway]]\n"
      << "name = " << quote(gateway_name) << "\n"
      << "preset = \"generic\"\n"
      << "url = " << quote("http://localhost:" + std::to_string(options.phone_port()) + "/messages") << "\n"
      << "id = " << quote(gateway_id) << "\n"
      << "password = " << quote(gateway_password) << "\n"
      << "report_key = " << quote(report_key) << "\n\n"
      << "[reset]\n"
      << "form = " << quote(options.direct_reset ? "direct" : "temporary") << "\n\n"
      << "[lockout]\n"
      // All people of the demonstration share the address of this machine.
      << "network_failures = 1000\n"
      << "form = \"classic\"\n";
  if (!equipment.token_module.empty()) {
    for (const DemoToken& token : demo_tokens()) {
      out << "\n[[token]]\n"
          << "name = " << quote(token.name) << "\n"
          << "module = " << quote(equipment.token_module) << "\n"
          << "label = " << quote(token.label) << "\n";
    }
  }
  std::ofstream file(places.configuration, std::ios::trunc);
  file << out.str();
  file.close();
  if (!file) return base::fail(base::Code::unavailable, "Cannot write " + places.configuration + ".");
  return {};
}

}  // namespace demo
