// The part of examine_machine.hpp that opens connections.
#include <unistd.h>

#include <boost/json.hpp>

#include "app/config/config_rules.hpp"
#include "app/config/origin_host.hpp"
#include "app/config/sms_config.hpp"
#include "app/doctor/examine_machine.hpp"
#include "base/ip_address.hpp"
#include "http/listen_socket.hpp"
#include "remote/reach.hpp"

namespace app {
namespace {

constexpr std::uint16_t first_free_port = 1024;
constexpr int misdirected = 421;  // the pipeline's answer to plain HTTP

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

/// The value of "issuer" in what answers at the place of the discovery document, "" = it is none.
std::string issuer_in(const remote::HttpResponse& answer) {
  boost::system::error_code wrong;
  const boost::json::value document = boost::json::parse(answer.body, wrong);
  const boost::json::object* const object = wrong ? nullptr : document.if_object();
  const boost::json::value* const issuer = object == nullptr ? nullptr : object->if_contains("issuer");
  return answer.status == 200 && issuer != nullptr && issuer->is_string() ? std::string(issuer->get_string())
                                                                          : std::string();
}

base::Result<remote::HttpResponse> ask_for_discovery(const Config& config) {
  const std::string& issuer = config.settings.site.issuer;
  remote::HttpOptions options;
  options.connect_time = std::chrono::seconds(5);
  options.total_time = std::chrono::seconds(5);
  options.ca_file = config.remote_ca_file;
  // The operator has chosen this address, and the own host is often one of an inner network.
  options.allowed_networks = {"0.0.0.0/0", "::/0"};
  if (issuer.starts_with("http://")) {
    const std::string authority = issuer.substr(7);
    const bool has_port =
        authority.find(':', authority.find(']') == std::string::npos ? 0 : authority.find(']')) != std::string::npos;
    options.loopback_http = {has_port ? authority : authority + ":80"};
  }
  ASSIGN_OR_RETURN(const auto client, remote::HttpClient::make(std::move(options)));
  remote::HttpRequest request;
  request.url = issuer + "/.well-known/openid-configuration";
  return client.send(request);
}

}  // namespace

void examine_issuer(const Config& config, Findings& findings) {
  const std::string& issuer = config.settings.site.issuer;
  // A demonstration on a name of a network speaks plain HTTP, which our client does only with this machine.
  if (!issuer.starts_with("https://") && !base::is_loopback_host(host_of(issuer))) return;
  const auto answer = ask_for_discovery(config);
  if (!answer) {
    // A network need not lead back to its own public address, so that this alone does not say that people cannot come.
    findings.warning("issuer.reached", issuer + " cannot be reached from here: " + answer.error().reason,
                     "look at the name, at the firewall and at the proxy before the server; a certificate that this "
                     "machine does not trust is named here too: remote.ca_file names an authority of your own");
    return;
  }
  const std::string named = issuer_in(*answer);
  if (answer->status == misdirected) {
    findings.fault("issuer.reached",
                   "at " + issuer + " a server of Chancery answers that the request did not come over TLS",
                   "list the proxy's address, as this server sees it, in http.trusted_proxies, and let the proxy set "
                   "X-Forwarded-Proto");
  } else if (named.empty()) {
    findings.fault("issuer.reached",
                   "something else answers at " + issuer + ": status " + std::to_string(answer->status) +
                       " and no discovery document",
                   "let the name, or the proxy, lead to this server; the proxy must pass on every path");
  } else if (named != issuer) {
    findings.fault("issuer.reached", "at " + issuer + " a server answers whose issuer is " + named,
                   "every token names the issuer, and applications compare it: let the name lead to this server, or "
                   "restart it if issuer was changed");
  } else {
    findings.fine("issuer.reached", issuer + " answers with this issuer");
  }
}

void examine_ports(const Config& config, bool is_running, Findings& findings) {
  std::vector<http::Listener> listeners = config.server.listeners;
  if (const auto metrics = make_metrics_listener(config.metrics_listen)) listeners.push_back(*metrics);
  for (const http::Listener& listener : listeners) {
    if (listener.port == 0) continue;
    const std::string check = "port." + listener.name;
    const std::string place = listener.address + " port " + std::to_string(listener.port);
    const auto look = [&]() -> base::Result<void> {
      if (!is_running) return try_to_listen(listener);
      RETURN_IF_ERROR(remote::reach(listener.address, listener.port));
      return {};
    };
    const auto reached = look();
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
