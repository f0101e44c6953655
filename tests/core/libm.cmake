# Fails when an object of LIBRARY calls a function of libm whose bits depend on the processor.
execute_process(COMMAND ${NM} -u ${LIBRARY} OUTPUT_VARIABLE symbols RESULT_VARIABLE failed)
if(failed OR NOT symbols MATCHES " U ")
  message(FATAL_ERROR "${NM} -u ${LIBRARY}: no symbols")
endif()
string(REGEX MATCHALL
  " U (exp|exp2|expm1|log|log2|log10|log1p|pow|cbrt|hypot|a?sin|a?cos|a?tan|sincos|atan2|a?sinh|a?cosh|a?tanh|erfc?|[tl]gamma)[fl]?(_r)?\n"
  found "${symbols}")
if(found)
  message(FATAL_ERROR "the library calls ${found}")
endif()
