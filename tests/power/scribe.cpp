// Makes the changes that its arguments name, to test the simulator of power failures itself. Each argument is a step:
//   make:NAME   write:NAME:PLACE:LETTER:COUNT   size:NAME:N   sync:NAME   names   remove:NAME   link:NAME:NAME
//   rename:NAME:NAME
// Files are in the working folder.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

class Scribe {
 public:
  void do_step(const std::vector<std::string>& words) {
    const std::string& verb = words.at(0);
    if (verb == "names") {
      const int folder = ::open(".", O_RDONLY | O_DIRECTORY);
      expect(::fsync(folder) == 0 && ::close(folder) == 0);
      return;
    }
    const std::string& name = words.at(1);
    if (verb == "remove") return expect(::unlink(name.c_str()) == 0);
    if (verb == "link") return expect(::link(name.c_str(), words.at(2).c_str()) == 0);
    if (verb == "rename") return expect(::rename(name.c_str(), words.at(2).c_str()) == 0);
    const int file = find_file(name);
    if (verb == "write") {
      const std::string octets(std::stoul(words.at(4)), words.at(3).at(0));
      expect(::pwrite(file, octets.data(), octets.size(), std::stol(words.at(2))) ==
             static_cast<ssize_t>(octets.size()));
    } else if (verb == "size") {
      expect(::ftruncate(file, std::stol(words.at(2))) == 0);
    } else if (verb == "sync") {
      expect(::fdatasync(file) == 0);
    } else {
      expect(verb == "make");
    }
  }

 private:
  static void expect(bool done) {
    if (!done) throw std::runtime_error("a step failed");
  }
  int find_file(const std::string& name) {
    if (files_.count(name) == 0) files_[name] = ::open(name.c_str(), O_RDWR | O_CREAT, 0600);
    expect(files_[name] >= 0);
    return files_[name];
  }
  std::map<std::string, int> files_;
};

}  // namespace

int main(int argc, char** argv) {
  Scribe scribe;
  for (int i = 1; i < argc; ++i) {
    std::istringstream step(argv[i]);
    std::vector<std::string> words;
    for (std::string word; std::getline(step, word, ':');) words.push_back(word);
    scribe.do_step(words);
  }
  return 0;
}
