# windtunnel_flags: what every target of this project is compiled with.
include(CheckCXXSourceCompiles)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_library(windtunnel_flags INTERFACE)
target_compile_options(windtunnel_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
  # A contracted multiplication and addition would round differently from one instruction set to the next.
  -ffp-contract=off
  # Neither changes a result; both let loops with divisions, roots and comparisons become vectors.
  -fno-math-errno -fno-trapping-math)
# Eigen sums in an order that depends on the width of its vectors.
target_compile_definitions(windtunnel_flags INTERFACE EIGEN_DONT_VECTORIZE)

if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # g++ 12 sees overlapping copies inside std::string's operator+ (gcc.gnu.org/PR105651), and with sanitizers
  # uninitialised members inside std::regex (PR105562).
  target_compile_options(windtunnel_flags INTERFACE -Wno-restrict)
  if(WINDTUNNEL_SANITIZE)
    target_compile_options(windtunnel_flags INTERFACE -Wno-maybe-uninitialized)
  endif()
  # Up to a gigabyte g++ does not look for memory it could use again, which takes a seventh of its time.
  target_compile_options(windtunnel_flags INTERFACE "SHELL:--param ggc-min-heapsize=1000000")
endif()

if(WINDTUNNEL_ARCH)
  target_compile_options(windtunnel_flags INTERFACE -march=${WINDTUNNEL_ARCH})
  string(MAKE_C_IDENTIFIER "WINDTUNNEL_AVX512_${WINDTUNNEL_ARCH}" has_avx512)
  set(CMAKE_REQUIRED_FLAGS -march=${WINDTUNNEL_ARCH})
  check_cxx_source_compiles("#ifndef __AVX512F__\n#error\n#endif\nint main() {}" ${has_avx512})
  unset(CMAKE_REQUIRED_FLAGS)
  if(${has_avx512} AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    # g++ takes half vectors on most AVX-512 processors when left alone.
    target_compile_options(windtunnel_flags INTERFACE -mprefer-vector-width=512)
  endif()
endif()

if(WINDTUNNEL_SANITIZE)
  target_compile_options(windtunnel_flags INTERFACE
    -fsanitize=${WINDTUNNEL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(windtunnel_flags INTERFACE -fsanitize=${WINDTUNNEL_SANITIZE})
  # Tests run fewer replications where their bands allow it.
  target_compile_definitions(windtunnel_flags INTERFACE WINDTUNNEL_SANITIZED=1)
endif()
if(WINDTUNNEL_THREADS STREQUAL std)
  target_compile_definitions(windtunnel_flags INTERFACE WINDTUNNEL_STD_THREADS=1)
elseif(NOT WINDTUNNEL_THREADS STREQUAL tbb)
  message(FATAL_ERROR "WINDTUNNEL_THREADS is '${WINDTUNNEL_THREADS}' (needs tbb or std)")
endif()

# Many files compiled at a time may grow by inlining as each of them could alone: loops over lanes need it.
set(windtunnel_lane_options "$<$<CXX_COMPILER_ID:GNU>:SHELL:--param large-unit-insns=1000000>")

# Compiling takes most of the time of a test run. Tests gain little from optimisation, and so does what only reads and
# writes text; in builds whose results are only compared or looked through for memory errors it gains nothing.
set(windtunnel_test_options -O0)
set(windtunnel_json_options -O1)
set(windtunnel_text_options $<$<CONFIG:Release>:-O1>)
if(WINDTUNNEL_SANITIZE OR WINDTUNNEL_PLAIN_TEXT)
  set(windtunnel_text_options -O0)
  set(windtunnel_json_options -O0)
endif()
if(WINDTUNNEL_SANITIZE MATCHES undefined)  # is looked for in the program itself
  list(APPEND windtunnel_test_options -fno-sanitize=undefined)
  list(APPEND windtunnel_json_options -fno-sanitize=undefined)
endif()
