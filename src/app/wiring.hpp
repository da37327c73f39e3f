// The whole server, put together: installation, doors, listeners and background work. The one place where parts
// are connected; each gets only what it names.
//
//   auto server = app::Server::start(config);          // everything runs
//   (*server)->port("http");                           // the port that was really taken
//   flow::… ((*server)->house(), …);                   // the same flows that the doors use
//   (*server)->stop();                                 // or the destructor
//
// Tests start it in the process, on port 0 and with the database "sqlite::memory:".
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "flow/house/house.hpp"
#include "http/router.hpp"
#include "http/server.hpp"

namespace app {

class Background;
struct Config;
class Installation;
class InstallationFigures;
class ListenerCertificates;
class SmsFigures;
class TimestampFigures;

class Server {
 public:
  /// Opens the installation and every listener. With a data folder the control socket is a listener as well.
  /// Errors: those of Installation::open and http::Server::start; reasons are sentences for the operator.
  static base::Result<std::unique_ptr<Server>> start(const Config& config);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port(const std::string& listener) const { return http_->port(listener); }
  /// Name → port of every listener on IP.
  [[nodiscard]] std::map<std::string, std::uint16_t> ports() const;
  [[nodiscard]] const flow::House& house() const;
  [[nodiscard]] const http::Router& router() const { return *router_; }

  /// Reads certificates and opens logs again.
  void reload();
  /// Finishes what runs, ends background work, closes the database.
  void stop();

 private:
  Server();
  base::Result<void> start_http(const Config& config);
  [[nodiscard]] std::uint16_t connector_port(std::uint16_t configured) const;

  std::unique_ptr<Installation> installation_;
  std::unique_ptr<InstallationFigures> figures_;
  std::unique_ptr<SmsFigures> sms_figures_;
  std::unique_ptr<TimestampFigures> timestamp_figures_;
  std::shared_ptr<const http::Router> router_;
  std::unique_ptr<http::Server> http_;
  std::vector<std::string> listeners_;
  std::string connector_;  // name of the connector's listener with TLS; "" = none
  std::unique_ptr<Background> background_;
  std::unique_ptr<ListenerCertificates> certificates_;
};

}  // namespace app
