// A TCP proxy before the PostgreSQL of the tests, on a port that the system chooses. It counts the connections that
// come and can end each of them at a message of the client, as a faulty proxy does.
#pragma once

#include <memory>
#include <string>

namespace postgres {

class Proxy {
 public:
  /// At which message of the client a connection ends.
  enum class Ends : std::uint8_t {
    never,
    at_first_query,     // the first message after the login, also one that sets the connection up
    at_first_prepared,  // the first prepared statement
  };

  /// `place`: of make_place.
  explicit Proxy(const std::string& place);
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  /// The connection string of the same place through the proxy.
  [[nodiscard]] std::string url() const;
  /// From now on, also for connections that are open.
  void set(Ends ends);
  /// Connections that came since the last call.
  int take_count();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace postgres
