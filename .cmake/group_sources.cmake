# Most of the time of compiling goes to the same few headers, so many files are compiled at a time.

# Types and constants of headers.
set(windtunnel_header_names "")
file(GLOB_RECURSE headers include/*.hpp sim/*.hpp tests/*.hpp)
foreach(header ${headers})
  file(READ ${header} text)
  string(REGEX MATCHALL "\n(struct|class|enum class|inline constexpr [a-z0-9_:*& ]+) [A-Za-z0-9_]+" names "${text}")
  list(TRANSFORM names REPLACE "^.* " "")
  list(APPEND windtunnel_header_names ${names})
endforeach()

# windtunnel_group_sources(TARGET SOURCE...): compiles many of the sources at a time. Sources that give one name to
# different things of their own are kept apart, sources that use a name of a header for something else, or have
# pragmas, from all others; names may still hide each other.
function(windtunnel_group_sources target)
  if(NOT WINDTUNNEL_GROUP_SOURCES)
    return()
  endif()
  set(most 24)
  set(groups 0)
  foreach(source ${ARGN})
    # A definition begins its line, and its name stands before the bases, the first bracket or the value.
    file(READ ${source} text)
    if(text MATCHES "\n#pragma GCC ")
      continue()
    endif()
    string(REGEX REPLACE "[][;]" "=" text "${text}")
    string(REGEX MATCHALL "\n[A-Za-z][A-Za-z0-9_:<>,&* ]*[({=]" names "${text}")
    list(FILTER names EXCLUDE REGEX "^\n(namespace |using namespace |TEST_CASE)")
    list(TRANSFORM names REPLACE "( final)? : .*" "{")
    list(TRANSFORM names REPLACE "^.*[^A-Za-z0-9_:]([A-Za-z0-9_:]+) *.$" "\\1")

    set(own_names ${names})
    list(REMOVE_ITEM own_names ${windtunnel_header_names})
    if(NOT "${own_names}" STREQUAL "${names}")
      continue()
    endif()
    set(group 0)
    while(group LESS groups)
      set(others ${names_${group}})
      list(REMOVE_ITEM others ${names} "")
      list(LENGTH sources_${group} length)
      if(length LESS most AND "${others}" STREQUAL "${names_${group}}")
        break()
      endif()
      math(EXPR group "${group} + 1")
    endwhile()
    if(group EQUAL groups)
      math(EXPR groups "${groups} + 1")
    endif()
    list(APPEND sources_${group} ${source})
    list(APPEND names_${group} ${names})
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${group})
  endforeach()
  set_target_properties(${target} PROPERTIES
    UNITY_BUILD ON UNITY_BUILD_MODE GROUP
    UNITY_BUILD_CODE_BEFORE_INCLUDE "#pragma GCC diagnostic ignored \"-Wshadow\"")
endfunction()

# windtunnel_precompile(TARGET PRIVATE HEADER...|REUSE_FROM OTHER): reads once what most sources of a target include.
function(windtunnel_precompile target)
  if(WINDTUNNEL_GROUP_SOURCES)
    target_precompile_headers(${target} ${ARGN})
  endif()
endfunction()

set(windtunnel_common_headers <algorithm> <cmath> <functional> <map> <memory> <optional> <span> <string> <vector>)
set(windtunnel_text_headers ${windtunnel_common_headers} <fmt/format.h> <nlohmann/json.hpp>)
