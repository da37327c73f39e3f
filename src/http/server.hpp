// The HTTP/1.1 server: listeners, connections, lanes, pipeline. Doors know only message.hpp and router.hpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "http/router.hpp"

namespace http {

struct Limits {
  std::size_t header_bytes = 16 * 1024;         // request line and headers together → 431
  std::size_t header_count = 100;               // → 431
  std::size_t connections = 10'000;             // all together; further ones wait in the kernel's queue (admission.hpp)
  std::size_t connections_per_ip = 500;         // further ones are closed at once; loopback counts as well
  std::size_t small_body = 16 * 1024;           // octets; larger bodies share `large_bodies`
  std::size_t large_bodies = 64 * 1024 * 1024;  // octets of all that are received and sent at one time; more → 503
  /// What is larger is written to a file, in pieces of this size (Route::stored_limit).
  std::size_t piece_of_body = 256 * 1024;
  std::size_t stored_bodies = std::size_t{2} * 1024 * 1024 * 1024;  // octets of all such files together; more → 503
  /// Octets in a second that a body must have in the long run which takes longer than `body`.
  std::size_t slowest_body = 128 * 1024;
  std::size_t pipelined = 32;  // requests of one connection that are read ahead
  std::chrono::milliseconds handshake{10'000};
  std::chrono::milliseconds header{10'000};  // from the first octet of a request to the end of its header; also the
                                             // longest time that a new connection may send nothing
  std::chrono::milliseconds body{30'000};
  std::chrono::milliseconds write{30'000};  // one response
  std::chrono::milliseconds idle{75'000};   // between requests
  std::chrono::milliseconds linger{2'000};  // after an early refusal the rest is read for so long
  std::chrono::milliseconds drain{20'000};  // graceful shutdown: time for running requests to finish
};

struct TlsFiles {
  std::string certificate_file;  // PEM chain
  std::string key_file;          // PEM
};

/// Whether TLS asks for a certificate of the client. TLS proves possession of its key only. The door decides, from
/// Request::client_certificate, which authority it accepts.
enum class ClientCertificate : std::uint8_t {
  none,
  optional,
  required
};

struct Listener {
  std::string name;        // for the log and Request::listener
  std::string address;     // "127.0.0.1", "::", or an absolute path of a Unix socket (mode 0600)
  std::uint16_t port = 0;  // 0 = any free one; see Server::port()
  bool tls = false;
  TlsFiles tls_files;
  ClientCertificate client_certificate = ClientCertificate::none;
  bool reserved = false;  // for the operator: its connections do not count in Limits::connections
  Role role = Role::ordinary;
  /// Only connections that name one of these hosts (SNI, RFC 6066 §3) are asked for a certificate; none: what
  /// `client_certificate` says counts for every connection. Lower-case.
  std::vector<std::string> certificate_hosts{};
};
/// Whether a connection of the listener may have a certificate of the client. The connector and the listener for
/// certificates ask and never demand, so that a page can say what is missing.
bool may_have_certificate(const Listener& listener);

struct LaneOptions {
  std::size_t threads = 4;
  std::size_t queue = 256;
};

/// Lets handlers of routes with `deferred` share a commit. Their thread continues with the next request, and the
/// response is sent when the commit is durable.
class Sharing {
 public:
  virtual ~Sharing() = default;
  /// Called once, on any thread. False: the commit has failed, and 503 must be sent instead of the response.
  using Told = std::function<void(bool done)>;
  /// The commit that a response waits for.
  class Pending {
   public:
    virtual ~Pending() = default;
    virtual void when_over(Told told) = 0;
  };
  /// Calls `handle`; nullptr: its response need not wait.
  virtual std::unique_ptr<Pending> call(const std::function<void()>& handle) = 0;
  /// Asks for the pending commits, because a thread has no further request. Does not wait.
  virtual void flush() = 0;
};

class BodyStore;  // stored_body.hpp

struct ServerOptions {
  std::vector<Listener> listeners;
  Limits limits;
  std::size_t io_threads = 1;
  LaneOptions work{16, 1024};
  LaneOptions password{2, 64};
  LaneOptions report{10, 64};                // two reports read, and eight wait for a connection (store::Options)
  std::vector<std::string> trusted_proxies;  // addresses or CIDR ranges whose X-Forwarded-For/-Proto count
  std::string access_log;                    // file; "-" = standard output; "" = none
  bool hsts = true;                          // on TLS listeners
  /// A request without TLS, neither here nor at a trusted proxy, gets 421 unless its route is `plain` or it comes
  /// through a Unix socket.
  bool tls_only = false;
  /// The listener that serves GET /metrics, and otherwise only health and readiness; "" = none.
  std::string metrics_listener;
  std::function<bool()> is_ready;    // for /readyz; called on a worker
  std::shared_ptr<Sharing> sharing;  // nullptr: no route is deferred
  /// Where large bodies are kept; nullptr: they are refused.
  std::shared_ptr<BodyStore> body_store{};
};

class Server {
 public:
  /// `router` must be complete: it is never changed while the server runs.
  Server(ServerOptions options, std::shared_ptr<const Router> router);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Opens every listener and starts the threads. Errors: unavailable (port in use, no such address; says
  /// which), invalid_input (certificate or key unreadable or not belonging together).
  base::Result<void> start();
  /// The port on which a listener is open.
  [[nodiscard]] std::uint16_t port(const std::string& listener) const;
  /// Whether the host (of a Host header without its port, an IPv6 address without brackets) is one of the listener's:
  /// in its certificate, the address at which it is open, or this machine itself (loopback).
  [[nodiscard]] bool is_host_of(const std::string& listener, const std::string& host) const;
  /// Reads the certificates again; open connections keep the old ones. Errors: invalid_input (as start); then the old
  /// ones stay in use.
  base::Result<void> reload_certificates();
  /// Opens the access log again under its name (after log rotation).
  void reopen_access_log();
  /// Stops accepting, lets running requests finish (Limits::drain), closes idle connections, joins threads.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace http
