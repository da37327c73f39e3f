#include "store/postgres.hpp"

#include <fcntl.h>
#include <libpq-fe.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace postgres {
namespace {

namespace fs = std::filesystem;

// PostgreSQL refuses to run as root. It ends together with its parent (setpriv --pdeathsig), also when the parent was
// killed.
std::vector<std::string> as_its_user(std::vector<std::string> command) {
  std::vector<std::string> all{"setpriv", "--pdeathsig", "QUIT"};
  if (::geteuid() == 0) {
    all.insert(all.end(), {"--reuid=postgres", "--regid=postgres", "--init-groups"});
  }
  all.insert(all.end(), command.begin(), command.end());
  return all;
}

pid_t start(const std::vector<std::string>& command, const std::string& folder, const std::string& log) {
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(out, 1);
    ::dup2(out, 2);
    if (::chdir(folder.c_str()) == 0) ::execvp(argv[0], argv.data());
    ::_exit(127);
  }
  return child;
}

int wait_for(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

class Server {
 public:
  Server() {
    const fs::path programs = find_programs();
    std::string name = (fs::temp_directory_path() / "chancery-pg-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder for PostgreSQL");
    folder_ = name;
    if (::geteuid() == 0) {
      const passwd* user = ::getpwnam("postgres");
      if (user == nullptr) throw std::runtime_error("there is no user postgres to run PostgreSQL as");
      if (::chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0) throw std::runtime_error("chown failed");
    }
    const std::string data = folder_ / "data";
    const std::string log = folder_ / "log";
    const int made = wait_for(start(as_its_user({programs / "initdb", "-D", data, "-A", "trust", "-U", "chancery", "-E",
                                                 "UTF8", "--locale=C.UTF-8", "--no-sync"}),
                                    folder_, log));
    if (made != 0) fail("initdb failed", log);
    server_ = start(as_its_user({programs / "postgres", "-D", data, "-k", folder_, "-c", "listen_addresses=", "-c",
                                 "max_connections=300", "-c", "shared_buffers=64MB", "-c", "fsync=off"}),
                    folder_, log);
    while (PQping(conninfo().c_str()) != PQPING_OK) {
      int status = 0;
      if (::waitpid(server_, &status, WNOHANG) == server_) {
        server_ = -1;
        fail("PostgreSQL did not start", log);
      }
      ::poll(nullptr, 0, 20);  // between two questions; there is nothing to wait on
    }
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() {
    if (owner_ != ::getpid()) return;  // a forked child of the test leaves it running
    if (server_ > 0) {
      ::kill(server_, SIGQUIT);
      wait_for(server_);
    }
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  [[nodiscard]] std::string conninfo() const { return "host=" + folder_.string() + " user=chancery dbname=postgres"; }

 private:
  static fs::path find_programs() {
    for (const char* place :
         {"/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/17/bin"}) {
      if (fs::exists(fs::path(place) / "initdb")) return place;
    }
    throw std::runtime_error("PostgreSQL is not installed: tools/install-deps.sh");
  }
  static void fail(const std::string& what, const std::string& log) {
    std::ostringstream words;
    words << what << ":\n" << std::ifstream(log).rdbuf();
    throw std::runtime_error(words.str());
  }

  fs::path folder_;
  pid_t server_ = -1;
  pid_t owner_ = ::getpid();
};

Server& server() {
  static Server instance;
  return instance;
}

using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

Answer run(const std::string& place, const std::string& sql) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> conn(PQconnectdb(place.c_str()), &PQfinish);
  if (PQstatus(conn.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(conn.get()));
  Answer answer(PQexec(conn.get(), sql.c_str()), &PQclear);
  const ExecStatusType status = PQresultStatus(answer.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) throw std::runtime_error(PQerrorMessage(conn.get()));
  return answer;
}

}  // namespace

std::string make_place() {
  static std::atomic<int> count{0};
  const std::string schema = "place_" + std::to_string(++count);
  execute(server().conninfo(), "CREATE SCHEMA " + schema);
  return server().conninfo() + " options=-csearch_path=" + schema;
}

std::string server_place() {
  return server().conninfo();
}

std::string url_of(const std::string& place) {
  std::map<std::string, std::string> words;  // those that come later win, as in libpq
  std::stringstream rest(place);
  for (std::string word; rest >> word;) {
    const auto cut = word.find('=');
    words[word.substr(0, cut)] = word.substr(cut + 1);
  }
  std::string url = "postgresql:///" + words["dbname"] + "?host=" + words["host"] + "&user=" + words["user"];
  const std::string& options = words["options"];
  if (!options.empty()) url += "&options=-csearch_path%3D" + options.substr(options.find('=') + 1);
  return url;
}

void execute(const std::string& place, const std::string& sql) {
  run(place, sql);
}

std::string ask(const std::string& place, const std::string& sql) {
  const Answer answer = run(place, sql);
  return PQntuples(answer.get()) == 0 ? "" : PQgetvalue(answer.get(), 0, 0);
}

}  // namespace postgres
