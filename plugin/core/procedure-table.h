/* What the tables of procedures are written with. */
#pragma once

#include "core/procedures.h"

#define TRUTH(name_, title_, fallback_)                                                  \
  {                                                                                      \
    .kind = SMEAR_ARG_BOOLEAN, .name = name_, .title = title_, .maximum = 1,             \
    .fallback = fallback_                                                                \
  }
#define NUMBER(name_, title_, minimum_, maximum_, fallback_)                             \
  {                                                                                      \
    .kind = SMEAR_ARG_DOUBLE, .name = name_, .title = title_, .minimum = minimum_,       \
    .maximum = maximum_, .fallback = fallback_                                           \
  }
#define INTEGER(name_, title_, minimum_, maximum_, fallback_)                            \
  {                                                                                      \
    .kind = SMEAR_ARG_INT, .name = name_, .title = title_, .minimum = minimum_,          \
    .maximum = maximum_, .fallback = fallback_                                           \
  }
#define TEXT(name_, title_)                                                              \
  {                                                                                      \
    .kind = SMEAR_ARG_STRING, .name = name_, .title = title_, .text = ""                 \
  }
#define TEXT_OF_ONE_IMAGE(name_, title_)                                                 \
  {                                                                                      \
    .kind = SMEAR_ARG_STRING, .name = name_, .title = title_, .text = "",                \
    .of_one_image = TRUE                                                                 \
  }
#define CHOICE(name_, title_, choices_)                                                  \
  {                                                                                      \
    .kind = SMEAR_ARG_CHOICE, .name = name_, .title = title_, .text = "",                \
    .choices = choices_                                                                  \
  }
#define RESULT(kind_, name_, title_)                                                     \
  {                                                                                      \
    .kind = kind_, .name = name_, .title = title_                                        \
  }
#define END                                                                              \
  {                                                                                      \
    .name = NULL                                                                         \
  }
