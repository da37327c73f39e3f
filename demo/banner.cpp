#include "demo/banner.hpp"

#include <sstream>

#include "demo/seeding.hpp"

namespace demo {

namespace {

std::string pad(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text + "  ";
}

}  // namespace

std::string make_banner(const Options& options, const std::string& authority_file) {
  std::ostringstream out;
  const auto row = [&](const char* what, const std::string& value) { out << "  " << pad(what, 16) << value << "\n"; };
  out << "\nChancery's demonstration runs. Begin at the clinic portal and press \"Log in\".\n\n";
  row("Clinic portal", options.portal() + "/");
  row("Laboratory", options.laboratory() + "/");
  row("Inbox", options.portal() + "/inbox  (mails and text messages)");
  row("Chancery", options.issuer() + "/");
  row("  with TLS", "https://localhost:" + std::to_string(options.https_port()) + "/");
  row("  its CA", authority_file);
  row("Mail server", "localhost:" + std::to_string(options.mail_port()));
  row("SMS gateway", "http://localhost:" + std::to_string(options.phone_port()) + "/messages");
  out << "\n  " << pad("Account", 16) << pad("Password", 20) << "is\n";
  for (const auto& account : demo_accounts()) {
    out << "  " << pad(account.login, 16) << pad(account.password, 20) << account.is << "\n";
  }
  out << "\nCtrl-C ends it; the data stay in " << options.data << ".\n" << std::flush;
  return out.str();
}

}  // namespace demo
