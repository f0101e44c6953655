#include "commands/command.hpp"

int main(int count, char** values) {
  return windtunnel::run_program(std::vector<std::string>(values + 1, values + count));
}
