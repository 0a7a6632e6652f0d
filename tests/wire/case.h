/* Cases of the wire tests: text files of what is sent and what has to come back. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_WIRE_CASE_H
#define INLET_TESTS_WIRE_CASE_H

#include "inlet/base/buffer.h"

/*
 * One directive per line; # begins a comment line. TEXT knows \r \n \t \\ and \xHH.
 *
 *   case NAME          a new connection
 *   on tight           to the server with hardly any memory, and a lane that is always full
 *   send TEXT          bytes; adjacent sends and repeats leave in one write
 *   repeat N TEXT      N times TEXT
 *   half               no more will be sent
 *   pause MS
 *   drip N MS TEXT     N times TEXT, MS apart, until the server has closed
 *   expect STATUS TEXT an answer; without TEXT its body is not compared
 *   head STATUS        an answer without body, whatever its length says
 *   header NAME: VALUE the last answer has it
 *   absent NAME        the last answer does not have it
 *   raw TEXT           exactly these bytes
 *   refused            it ends with a 4xx of the library's own, if anything, and with no other answer
 *   open               nothing more comes, and the connection stays
 *   closed [MS]        nothing more comes, and the connection ends (within MS)
 */
struct ports {
    unsigned normal, tight;
};

/* Runs the cases of a file. Returns how many there were; WHY gets a line per failure. */
size_t case_run_file(const char *path, const struct ports *ports, struct buffer *why);

#endif
