# The one list of warnings. gcc 12 and clang 14 compile our code and the third-party headers under all of them.
set(INLET_WARNINGS
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wformat=2 -Wundef -Wvla
    -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wcast-qual -Wcast-align -Wwrite-strings
    -Wswitch-enum -Wdouble-promotion -Wnull-dereference -Wimplicit-fallthrough)
if(INLET_WERROR)
    list(APPEND INLET_WARNINGS -Werror)
endif()
