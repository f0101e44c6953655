#include "commands/command.hpp"
#include "commands/freed_memory.hpp"
#include "commands/interrupt.hpp"

int main(int count, char** values) {
  windtunnel::die_quietly_of_broken_pipes();
  windtunnel::survive_full_files();
  windtunnel::keep_freed_memory();
  return windtunnel::run_program(std::vector<std::string>(values + 1, values + count));
}
