// Included before the kernels' sources in builds with sanitizers: arrays of the scratch stand apart, and nobody may touch what is between.
#pragma once

#include <stdint.h>

/// Poisons the bytes from `end` to 256 bytes beyond `next`, if they lie in the scratch of the step that is being tested, and returns where
/// the next array starts.
extern "C" uintptr_t leaveRedZone(uintptr_t end, uintptr_t next);

#define MEANFIELD_NEXT_ARRAY(end, next) leaveRedZone(end, next)
