# Windows x64 from Linux: Debian's gcc-mingw-w64-x86-64 builds, Wine runs the tests.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)
set(CMAKE_FIND_ROOT_PATH /usr/x86_64-w64-mingw32)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)

# No DLL but Windows's own beside what is built.
foreach(kind EXE SHARED MODULE)
  set(CMAKE_${kind}_LINKER_FLAGS_INIT "-static-libgcc")
endforeach()

# Debian puts Wine's 64-bit loader on no PATH.
if(NOT CMAKE_CROSSCOMPILING_EMULATOR)
  find_program(APC_WINE NAMES wine64 wine PATHS /usr/lib/wine)
  if(APC_WINE)
    set(CMAKE_CROSSCOMPILING_EMULATOR ${APC_WINE})
  endif()
endif()
