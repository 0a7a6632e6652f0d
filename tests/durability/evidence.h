/* What the database holds, compared with what a load was told. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_DURABILITY_EVIDENCE_H
#define INLET_TESTS_DURABILITY_EVIDENCE_H

#include "load_client.h"

/*
 * Asks the running server for all leads: each acknowledged one is there exactly once, each one that is there was posted
 * and is complete, of a bulk request all leads are there or none. PAGE_SIZE: leads per answer. Returns how many there are.
 */
size_t evidence_from_server(const struct load *load, size_t page_size);

/*
 * Reads the database itself: it is sound, acknowledged leads are there exactly once, the counter counts them, and every lead
 * that came through the ingestion config has the submission it came with. A file is read while no server runs.
 */
void evidence_from_database(const struct load *load);

#endif
