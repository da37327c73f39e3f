// The part of examine_machine.hpp that opens connections.
#include <unistd.h>

#include "app/config/config_rules.hpp"
#include "app/config/sms_config.hpp"
#include "app/doctor/examine_machine.hpp"
#include "http/listen_socket.hpp"
#include "remote/reach.hpp"

namespace app {
namespace {

constexpr std::uint16_t first_free_port = 1024;

/// As the server itself would, and closed again.
base::Result<void> try_to_listen(const http::Listener& listener) {
  ASSIGN_OR_RETURN(const auto socket, http::ListenSocket::open(listener));
  (void)socket;
  return {};
}

void examine_mail(const Config& config, Findings& findings) {
  if (config.mail.server.host.empty()) return;  // examine_settings has said so
  const std::string place = config.mail.server.host + ":" + std::to_string(config.mail.server.port);
  remote::SmtpOptions options = smtp_options(config);
  options.connect_time = std::chrono::seconds(5);
  options.total_time = std::chrono::seconds(10);
  const auto client = remote::SmtpClient::make(std::move(options));
  if (!client) {
    findings.fault("mail.server", client.error().reason, "mend the settings under [mail]");
    return;
  }
  const remote::SmtpOutcome outcome = client->greet();
  if (outcome.kind == remote::SmtpOutcome::Kind::accepted) {
    findings.fine("mail.server", place + " takes messages from here");
    return;
  }
  findings.fault(
      "mail.server", place + ": " + outcome.reason,
      outcome.code == 535
          ? "mail.login or mail.password is wrong"
          : "look at mail.host, mail.port, mail.tls and mail.ca_file; messages wait in the outbox meanwhile");
}

void examine_gateways(const Config& config, Findings& findings) {
  for (const courier::SmsGateway& gateway : list_gateways(config)) {
    const std::string check = "sms." + gateway.name;
    remote::HttpOptions options = sms_options(config);
    options.connect_time = std::chrono::seconds(5);
    options.total_time = std::chrono::seconds(5);
    const auto client = remote::HttpClient::make(std::move(options));
    remote::HttpRequest request;
    request.method = remote::HttpRequest::Method::connect;
    request.url = gateway.url;
    const auto answer = client ? client->send(request) : tl::unexpected(client.error());
    if (answer) {
      findings.fine(check, "the gateway can be reached");
    } else {
      findings.fault(
          check, answer.error().reason,
          "look at the gateway's url, at remote.ca_file, and at sms.networks for a gateway of an inner network");
    }
  }
}

}  // namespace

void examine_ports(const Config& config, bool is_running, Findings& findings) {
  std::vector<http::Listener> listeners = config.server.listeners;
  if (const auto metrics = make_metrics_listener(config.metrics_listen)) listeners.push_back(*metrics);
  for (const http::Listener& listener : listeners) {
    if (listener.port == 0) continue;
    const std::string check = "port." + listener.name;
    const std::string place = listener.address + " port " + std::to_string(listener.port);
    const auto reached = is_running ? remote::reach(listener.address, listener.port) : try_to_listen(listener);
    if (reached) {
      findings.fine(check, place + (is_running ? " answers" : " is free"));
    } else if (is_running) {
      findings.fault(check, place + " does not answer: " + reached.error().reason,
                     "if the configuration was changed, restart the server; look for its reasons in the log");
    } else if (listener.port < first_free_port && ::geteuid() != 0) {
      findings.warning(check, place + " is only for root, and for services with CAP_NET_BIND_SERVICE",
                       "the service of the package has the right; by hand, take a port above 1023");
    } else {
      findings.fault(check, reached.error().reason,
                     "`ss -ltnp` shows which program has the port; an address must be one of this machine");
    }
  }
}

void examine_servers(const Config& config, Findings& findings) {
  examine_mail(config, findings);
  examine_gateways(config, findings);
}

}  // namespace app
