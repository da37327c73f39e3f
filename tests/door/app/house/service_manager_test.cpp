// The server as a service manager starts it: with listening sockets of sd_listen_fds(3), and told by sd_notify(3).
#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

#include "door/program.hpp"
#include "door/raw_client.hpp"

namespace {

// Opens the sockets as descriptors from 3 on, has what the server says written to the file "told", and becomes the
// server. Each argument before "--" is NAME=tcp|udp/ADDRESS/PORT; PORT_OF_NAME in the configuration becomes the port.
constexpr const char* manager = R"py(
import os, socket, sys
end = sys.argv.index("--")
names, held = [], []
for one in sys.argv[2:end]:
    name, place = one.split("=")
    kind, address, port = place.split("/")
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)
    opened.bind((address, int(port)))
    if kind == "tcp":
        opened.listen(16)
    names.append(name)
    held.append(opened)
folder = sys.argv[1]
config = open(folder + "/chancery.toml").read()
for name, opened in zip(names, held):
    config = config.replace("PORT_OF_" + name.upper(), str(opened.getsockname()[1]))
open(folder + "/chancery.toml", "w").write(config)
words = sys.argv[end + 1:]
ready = 20
os.dup2(int(words[words.index("--ready-fd") + 1]), ready, True)
words[words.index("--ready-fd") + 1] = str(ready)
far = [os.dup(one.fileno()) for one in held]
far = [os.dup2(one, 40 + i, False) for i, one in enumerate(far)]
for i, one in enumerate(far):
    os.dup2(one, 3 + i, True)
os.environ["LISTEN_FDS"] = str(len(far))
os.environ["LISTEN_FDNAMES"] = ":".join(names)
os.environ["LISTEN_PID"] = str(os.getpid())
told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
told.bind(folder + "/notify")
server = os.getpid()
if os.fork() == 0:
    os.close(ready)
    told.settimeout(0.1)
    with open(folder + "/told", "wb", buffering=0) as file:
        while True:
            try:
                file.write(told.recv(4096) + b"\n")
            except TimeoutError:
                if os.getppid() != server:
                    os._exit(0)
os.environ["NOTIFY_SOCKET"] = folder + "/notify"
os.execv(words[0], words)
)py";

struct Service {
  explicit Service(const std::string& listeners) {
    config = folder.write("chancery.toml", "issuer = \"http://127.0.0.1:8080\"\ndemo = true\ndata_dir = \"" +
                                               (folder / "data") + "\"\nmetrics.listen = \"\"\n" + listeners);
    script = folder.write("manager.py", manager);
  }
  door::ServerProcess start(const std::vector<std::string>& sockets) {
    std::vector<std::string> wrapper{"python3", script, folder / ""};
    wrapper.insert(wrapper.end(), sockets.begin(), sockets.end());
    wrapper.emplace_back("--");
    return {config, folder / "log", wrapper};
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    const std::ifstream file(folder / name);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }
  /// What was told, once it is complete; for at most five minutes.
  [[nodiscard]] std::string wait_for_told() const {
    const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(5);
    std::string told = read("told");
    while (!told.ends_with("STOPPING=1\n") && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      told = read("told");
    }
    return told;
  }

  door::Folder folder;
  std::string config;
  std::string script;
};

const std::string http_listener = "[[listener]]\nname = \"http\"\naddress = \"127.0.0.1\"\nport = PORT_OF_HTTP\n";

}  // namespace

TEST_CASE("a listener takes the service manager's socket of its name, and the manager is told of readiness and end") {
  Service service(http_listener);
  auto server = service.start({"http=tcp/127.0.0.1/0"});
  REQUIRE_MESSAGE(server.is_ready(), service.read("log"));
  CHECK(door::Browser(server.port()).get("/healthz").status == 200);
  server.send(SIGTERM);
  CHECK(service.wait_for_told() == "READY=1\nSTOPPING=1\n");
  CHECK(server.wait() == 0);
}

TEST_CASE("a socket that is open elsewhere than its listener says is refused, as is one that no listener has") {
  SUBCASE("another port") {
    Service service("[[listener]]\nname = \"http\"\naddress = \"127.0.0.1\"\nport = 1\n");
    CHECK_FALSE(service.start({"http=tcp/127.0.0.1/0"}).is_ready());
    CHECK(service.read("log").find("and its [[listener]] says 127.0.0.1 port 1; correct one of them") !=
          std::string::npos);
  }
  SUBCASE("another address") {
    Service service(http_listener);
    CHECK_FALSE(service.start({"http=tcp/0.0.0.0/0"}).is_ready());
    CHECK(service.read("log").find("is open on 0.0.0.0 port") != std::string::npos);
  }
  SUBCASE("no listener of that name") {
    Service service("[[listener]]\nname = \"http\"\naddress = \"127.0.0.1\"\nport = 0\n");
    CHECK_FALSE(service.start({"https=tcp/127.0.0.1/0"}).is_ready());
    CHECK(service.read("log").find("socket \\\"https\\\" belongs to no [[listener]]") != std::string::npos);
  }
  SUBCASE("two of one name") {
    Service service(http_listener);
    CHECK_FALSE(service.start({"http=tcp/127.0.0.1/0", "http=tcp/127.0.0.1/0"}).is_ready());
    CHECK(service.read("log").find("exists twice") != std::string::npos);
  }
  SUBCASE("no TCP socket that listens") {
    Service service(http_listener);
    CHECK_FALSE(service.start({"http=udp/127.0.0.1/0"}).is_ready());
    CHECK(service.read("log").find("does not listen for TCP connections") != std::string::npos);
  }
}
