// The program `chancery`: the server and its command line.
#include <vector>

#include "app/command/command.hpp"

int main(int argc, char** argv) {
  return app::run_command_line(std::vector<std::string>(argv + 1, argv + argc));
}
