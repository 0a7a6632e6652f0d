/* The US state codes and their names. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/domain/us_state.h"

#include "inlet/base/compiler.h"

/* In the order of the published documentation, which goes by name. */
#define US_STATE_TABLE(X)                                                                                    \
    X(AL, "Alabama")                                                                                         \
    X(AK, "Alaska")                                                                                          \
    X(AS, "American Samoa")                                                                                  \
    X(AZ, "Arizona")                                                                                         \
    X(AR, "Arkansas")                                                                                        \
    X(AA, "Armed Forces Americas")                                                                           \
    X(AE, "Armed Forces Europe")                                                                             \
    X(AP, "Armed Forces Pacific")                                                                            \
    X(CA, "California")                                                                                      \
    X(CO, "Colorado")                                                                                        \
    X(CT, "Connecticut")                                                                                     \
    X(DE, "Delaware")                                                                                        \
    X(DC, "District of Columbia")                                                                            \
    X(FL, "Florida")                                                                                         \
    X(GA, "Georgia")                                                                                         \
    X(GU, "Guam")                                                                                            \
    X(HI, "Hawaii")                                                                                          \
    X(ID, "Idaho")                                                                                           \
    X(IL, "Illinois")                                                                                        \
    X(IN, "Indiana")                                                                                         \
    X(IA, "Iowa")                                                                                            \
    X(KS, "Kansas")                                                                                          \
    X(KY, "Kentucky")                                                                                        \
    X(LA, "Louisiana")                                                                                       \
    X(ME, "Maine")                                                                                           \
    X(MD, "Maryland")                                                                                        \
    X(MA, "Massachusetts")                                                                                   \
    X(MI, "Michigan")                                                                                        \
    X(MN, "Minnesota")                                                                                       \
    X(MS, "Mississippi")                                                                                     \
    X(MO, "Missouri")                                                                                        \
    X(MT, "Montana")                                                                                         \
    X(NE, "Nebraska")                                                                                        \
    X(NV, "Nevada")                                                                                          \
    X(NH, "New Hampshire")                                                                                   \
    X(NJ, "New Jersey")                                                                                      \
    X(NM, "New Mexico")                                                                                      \
    X(NY, "New York")                                                                                        \
    X(NC, "North Carolina")                                                                                  \
    X(ND, "North Dakota")                                                                                    \
    X(MP, "Northern Mariana Islands")                                                                        \
    X(OH, "Ohio")                                                                                            \
    X(OK, "Oklahoma")                                                                                        \
    X(OR, "Oregon")                                                                                          \
    X(PA, "Pennsylvania")                                                                                    \
    X(PR, "Puerto Rico")                                                                                     \
    X(RI, "Rhode Island")                                                                                    \
    X(SC, "South Carolina")                                                                                  \
    X(SD, "South Dakota")                                                                                    \
    X(TN, "Tennessee")                                                                                       \
    X(TX, "Texas")                                                                                           \
    X(UT, "Utah")                                                                                            \
    X(VT, "Vermont")                                                                                         \
    X(VI, "Virgin Islands")                                                                                  \
    X(VA, "Virginia")                                                                                        \
    X(WA, "Washington")                                                                                      \
    X(WV, "West Virginia")                                                                                   \
    X(WI, "Wisconsin")                                                                                       \
    X(WY, "Wyoming")

#define X(code, name) SLICE_INIT(#code),
static const struct slice codes[] = {{NULL, 0}, US_STATE_TABLE(X)};
#undef X

#define X(code, name) SLICE_INIT(name),
static const struct slice names[] = {{NULL, 0}, US_STATE_TABLE(X)};
#undef X

const struct vocabulary us_states = {codes, ARRAY_LENGTH(codes)};
static const struct vocabulary state_names = {names, ARRAY_LENGTH(names)};

struct slice us_state_name(int state)
{
    return vocabulary_text(&state_names, state);
}
