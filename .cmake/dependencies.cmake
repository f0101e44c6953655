# Finds every library, or fails once with the install line of each package manager.

set(missing "")
macro(windtunnel_need package)
  find_package(${package} ${ARGN} QUIET)
  if(NOT ${package}_FOUND)
    list(APPEND missing ${package})
  endif()
endmacro()

find_package(Threads REQUIRED)
windtunnel_need(TBB)
windtunnel_need(Eigen3 3.4 NO_MODULE)
windtunnel_need(nlohmann_json 3.11)
windtunnel_need(CLI11)
windtunnel_need(fmt)
find_path(XXHASH_INCLUDE_DIR xxhash.h)
if(NOT XXHASH_INCLUDE_DIR)
  list(APPEND missing xxHash)
endif()
if(WINDTUNNEL_TESTS)
  windtunnel_need(Catch2)
  windtunnel_need(Boost 1.74 CONFIG)
endif()
if(WINDTUNNEL_BENCHMARKS)
  windtunnel_need(benchmark)
endif()

if(missing)
  list(JOIN missing ", " missing)
  message(FATAL_ERROR
    "Libraries not found: ${missing}. All that windtunnel needs comes with one of\n"
    "  apt:   apt-get install libtbb-dev libeigen3-dev nlohmann-json3-dev libcli11-dev libfmt-dev "
    "libxxhash-dev catch2 libboost-dev libbenchmark-dev\n"
    "  brew:  brew install tbb eigen nlohmann-json cli11 fmt xxhash catch2 boost google-benchmark\n"
    "  vcpkg: vcpkg install tbb eigen3 nlohmann-json cli11 fmt xxhash catch2 boost-math benchmark\n")
endif()

# Header use only: XXH_INLINE_ALL keeps the hash inside the one file that includes it. A scenario is short, and
# g++ 12 warns of its own AVX-512 header in the vector variant (gcc.gnu.org/PR105593).
add_library(windtunnel_xxhash INTERFACE)
target_include_directories(windtunnel_xxhash SYSTEM INTERFACE ${XXHASH_INCLUDE_DIR})
target_compile_definitions(windtunnel_xxhash INTERFACE XXH_INLINE_ALL XXH_VECTOR=XXH_SCALAR)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # What ccache asks for beside precompiled headers; whatever else it has been told stays.
  execute_process(COMMAND ${CCACHE_PROGRAM} --get-config sloppiness
    OUTPUT_VARIABLE sloppiness OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    "CCACHE_SLOPPINESS=pch_defines,time_macros,${sloppiness}" ${CCACHE_PROGRAM})
endif()
