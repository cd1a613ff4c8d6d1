# Starts Wine once before the tests. The first program in a prefix brings up Wine's server and services, which live on and would
# hold on to ctest's pipe: their output goes to a file.
execute_process(COMMAND ${PROGRAM} OUTPUT_FILE ${LOG} ERROR_FILE ${LOG} RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "Wine did not run the test program (${status}): see ${LOG}")
endif()
