# cmake --install: program, library, headers, CMake package, JSON schema, shell completions and scenarios.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/windtunnel)
install(TARGETS windtunnel_engine EXPORT windtunnel ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/windtunnel DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
install(EXPORT windtunnel NAMESPACE windtunnel:: FILE windtunnel-targets.cmake DESTINATION ${package_dir})
configure_package_config_file(.cmake/windtunnel-config.cmake.in windtunnel-config.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(windtunnel-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/windtunnel-config.cmake ${PROJECT_BINARY_DIR}/windtunnel-config-version.cmake
  DESTINATION ${package_dir})
install(DIRECTORY scenarios/ DESTINATION ${CMAKE_INSTALL_DATADIR}/windtunnel/scenarios OPTIONAL)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

# Schema and completions are what the program says they are.
function(windtunnel_install_output destination name arguments)
  install(CODE "
    set(file \"${PROJECT_BINARY_DIR}/generated/${name}\")
    execute_process(COMMAND \"${PROJECT_BINARY_DIR}/windtunnel\" ${arguments}
      OUTPUT_FILE \"\${file}\" RESULT_VARIABLE failed)
    if(failed)
      message(FATAL_ERROR \"windtunnel ${arguments} failed: \${failed}\")
    endif()
    file(INSTALL DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${destination}\" TYPE FILE FILES \"\${file}\")")
endfunction()

if(TARGET windtunnel)
  install(TARGETS windtunnel RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  windtunnel_install_output(${CMAKE_INSTALL_DATADIR}/windtunnel scenario.schema.json "schema")
  windtunnel_install_output(${CMAKE_INSTALL_DATADIR}/bash-completion/completions windtunnel "completions bash")
  windtunnel_install_output(${CMAKE_INSTALL_DATADIR}/zsh/site-functions _windtunnel "completions zsh")
endif()
