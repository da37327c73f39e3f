#include "demo/banner.hpp"

#include <filesystem>
#include <sstream>

#include "demo/seeding.hpp"
#include "demo/tokens.hpp"

namespace demo {

namespace {

std::string pad(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text + "  ";
}

std::string shorten(const std::string& file) {
  std::error_code wrong;
  const auto relative = std::filesystem::relative(file, wrong);
  if (wrong || relative.empty() || *relative.begin() == "..") return file;
  // A program's name without a slash would be looked for in PATH.
  return relative.has_parent_path() ? relative.string() : "./" + relative.string();
}

std::string quote_for_shell(const std::string& word) {
  constexpr const char* plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=./:,@%";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace

std::string make_command_prefix(const BannerFiles& files) {
  return quote_for_shell(shorten(files.program)) + " --config " + quote_for_shell(shorten(files.configuration));
}

std::string make_banner(const Options& options, const BannerFiles& files) {
  std::ostringstream out;
  const auto row = [&](const char* what, const std::string& value) { out << "  " << pad(what, 16) << value << "\n"; };
  out << "\nChancery's demonstration runs. Begin at the clinic portal and press \"Log in\".\n\n";
  row("Clinic portal", options.portal() + "/");
  row("Laboratory", options.laboratory() + "/");
  row("Inbox", options.portal() + "/inbox  (mails and text messages)");
  row("Chancery", options.issuer() + "/");
  if (!options.https) row("  with TLS", "https://localhost:" + std::to_string(options.https_port()) + "/");
  row("  its CA", files.authority);
  row("  by certificate", "import " + shorten(options.data + "/demo-anna.p12") + " (password demo) into the browser");
  row("Connector", "https://127.0.0.1:" + std::to_string(options.connector_port()) + "/administration/start.htm");
  row("  without TLS", "http://127.0.0.1:" + std::to_string(options.connector_plain_port()) + "/connector.sds");
  row("Practice", options.portal() + "/practice  (the program of a practice)");
  if (files.has_tokens) {
    std::string cards;
    for (const DemoToken& one : demo_tokens()) {
      cards.append(cards.empty() ? "" : ", ").append(one.label).append(" (PIN ").append(one.pin).append(")");
    }
    row("Cards", cards);
  }
  row("Mail server", "localhost:" + std::to_string(options.mail_port()));
  row("SMS gateway", "http://localhost:" + std::to_string(options.phone_port()) + "/messages");
  out << "\n  " << pad("Account", 16) << pad("Password", 20) << "is\n";
  for (const auto& account : demo_accounts()) {
    out << "  " << pad(account.login, 16) << pad(account.password, 20) << account.is << "\n";
  }
  const std::string prefix = make_command_prefix(files);
  out << "\nThe server's configuration is " << files.configuration << ".\n"
      << "Commands to it begin with\n\n  " << prefix << "\n\n"
      << "for example\n\n  " << prefix << " client list\n";
  if (files.found_without_option.empty()) {
    out << "\nATTENTION: a command without --config does not find this demonstration.\n";
  } else if (files.found_without_option != files.configuration) {
    out << "\nATTENTION: a command without --config changes another server, that of\n"
        << files.found_without_option << ".\n"
        << "Name this demonstration in each command: --config " << quote_for_shell(shorten(files.configuration))
        << "\n";
  }
  out << "\nCtrl-C ends it; the data stay in " << options.data << ".\n" << std::flush;
  return out.str();
}

}  // namespace demo
