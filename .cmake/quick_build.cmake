# Most of the time of compiling goes to the same few headers. Quick builds, whose results are only compared, compile
# many files at a time; the others compile the largest of the headers beforehand.

set(windtunnel_large_headers <algorithm> <functional> <map> <optional> <string> <vector>
  <fmt/format.h> <nlohmann/json.hpp>)

# windtunnel_group_sources(TARGET SOURCE...): compiles many of the sources at a time. Sources that give one name to
# different things of their own are kept apart; a name may still hide that of another source.
function(windtunnel_group_sources target)
  set(most 12)
  set(groups 0)
  foreach(source ${ARGN})
    # A definition begins its line, and its name stands before the first bracket or the value.
    file(READ ${source} text)
    string(REGEX REPLACE "[][;]" "=" text "${text}")
    string(REGEX MATCHALL "\n[A-Za-z][A-Za-z0-9_:<>,&* ]*[({=]" names "${text}")
    list(FILTER names EXCLUDE REGEX "^\n(namespace|using|TEST_CASE)[ (]")
    list(TRANSFORM names REPLACE "^.*[^A-Za-z0-9_:]([A-Za-z0-9_:]+) *.$" "\\1")

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

# windtunnel_compile_text(TARGET HEADERS...): for what only reads and writes text, which gains nothing from more than
# the first step of optimisation.
#   HEADERS  as target_precompile_headers takes them
function(windtunnel_compile_text target)
  if(WINDTUNNEL_QUICK_BUILD)
    target_compile_options(${target} PRIVATE -O0)
  else()
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
    target_precompile_headers(${target} ${ARGN})
  endif()
endfunction()
