#include "base/log.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>

namespace {

struct LogFile {
  LogFile() {
    std::string name = (std::filesystem::temp_directory_path() / "chancery-log-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder = name;
  }
  ~LogFile() { std::filesystem::remove_all(folder); }
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  [[nodiscard]] std::string path() const { return (folder / "chancery.log").string(); }
  [[nodiscard]] std::string text() const {
    std::ifstream file(path());
    std::stringstream all;
    all << file.rdbuf();
    return all.str();
  }
  std::filesystem::path folder;
};

}  // namespace

TEST_CASE("nothing that is logged can begin a line of its own, add a field or be read as a format") {
  const LogFile file;
  base::start_log(base::Level::info, file.path());
  base::log(base::Level::warning, "a \"message\" {} %s %n",
            {{"reason", "x\",\"level\":\"info\"}\n{\"at\":\"1970-01-01T00:00:00.000Z\"}"},
             {"path", "{0} {nonsense} %v %x \x1b[2J \xff"}});
  base::stop_log();
  const std::string text = file.text();
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
  CHECK(text.ends_with(R"("level":"warning","message":"a \"message\" {} %s %n",)"
                       R"("reason":"x\",\"level\":\"info\"}\u000a{\"at\":\"1970-01-01T00:00:00.000Z\"}",)"
                       R"("path":"{0} {nonsense} %v %x \u001b[2J )"
                       "\xef\xbf\xbd\"}\n"));
}

TEST_CASE("every line of the log tells its time in UTC, and the file is for its owner and group alone") {
  const LogFile file;
  const ::mode_t before = ::umask(0);
  base::start_log(base::Level::info, file.path());
  base::log(base::Level::debug, "not worth a line");
  base::log(base::Level::info, "worth a line");
  base::stop_log();
  ::umask(before);
  const std::string text = file.text();
  CHECK(std::regex_search(text, std::regex("^\\{\"at\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\"")));
  CHECK(text.find("not worth") == std::string::npos);
  struct stat status {};
  REQUIRE(::stat(file.path().c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0640U);
}
