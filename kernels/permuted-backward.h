// The backward product in float32 with AVX-512, inside layer-product.h's namespace: the 16 subset sums of half a group are the 16 lanes of one
// register, and a permutation looks them up for 16 particles at once. The same sums in the same order as by tables of 256 rows. It wins where
// table rows would be narrow, as for a bias or in low dimensions.

/// Columns that are worked on together, and particles of one register.
constexpr int permutedStrip = 16;

/// Sixteen lanes: the sums over subsets of four numbers, in ascending order.
INLINE __m512 subsetSums(float x0, float x1, float x2, float x3) {
  __m512 sums = _mm512_setzero_ps();
  sums = _mm512_mask_add_ps(sums, 0xaaaa, sums, _mm512_set1_ps(x0));
  sums = _mm512_mask_add_ps(sums, 0xcccc, sums, _mm512_set1_ps(x1));
  sums = _mm512_mask_add_ps(sums, 0xf0f0, sums, _mm512_set1_ps(x2));
  return _mm512_mask_add_ps(sums, 0xff00, sums, _mm512_set1_ps(x3));
}

/// Adds the groups [group, group + count) to the sums of the particles [from, to), for `columns` columns from `column` on.
template <int count>
static void addPermuted(const BackwardJob<float>& job, int column, int columns, int group, int from, int to) {
  float* table = job.tables;
  for (int c = 0; c < columns; c += 1) {
    for (int half = 0; half < 2 * count; half += 1, table += halfRows) {
      const int point = group * pointGroup + half * halfGroup;
      const float* x = job.rows + size_t(point) * job.rowStride + column + c;
      const float* r = job.weights + point;
      const size_t stride = size_t(job.rowStride);
      _mm512_storeu_ps(table, subsetSums(x[0] * r[0], x[stride] * r[1], x[2 * stride] * r[2], x[3 * stride] * r[3]));
    }
  }
  float* sums = job.sums;
  for (int particle = from; particle < to; particle += permutedStrip, sums += permutedStrip * permutedStrip) {
    __m512i low[count], high[count];
    UNROLL for (int q = 0; q < count; q += 1) {
      const uint8_t* mask = job.mask + size_t(group + q) * job.maskStride + particle;
      // A permutation reads the lowest four bits of each lane.
      low[q] = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i*)mask));
      high[q] = _mm512_srli_epi32(low[q], halfGroup);
    }
    const float* entries = job.tables;
    for (int c = 0; c < columns; c += 1, entries += 2 * count * halfRows) {
      __m512 found[count];
      UNROLL for (int q = 0; q < count; q += 1) {
        const __m512 lower = _mm512_permutexvar_ps(low[q], _mm512_loadu_ps(entries + 2 * q * halfRows));
        found[q] = _mm512_add_ps(lower, _mm512_permutexvar_ps(high[q], _mm512_loadu_ps(entries + (2 * q + 1) * halfRows)));
      }
      float* at = sums + c * permutedStrip;
      __m512 sum = _mm512_loadu_ps(at);
      if constexpr (count >= 4) {
        UNROLL for (int q = 0; q < count; q += 4) {
          sum = _mm512_add_ps(sum, _mm512_add_ps(_mm512_add_ps(found[q], found[q + 1]), _mm512_add_ps(found[q + 2], found[q + 3])));
        }
      } else if constexpr (count == 2) {
        sum = _mm512_add_ps(sum, _mm512_add_ps(found[0], found[1]));
      } else {
        sum = _mm512_add_ps(sum, found[0]);
      }
      _mm512_storeu_ps(at, sum);
    }
  }
}

/// Transposes 16 x 16 numbers in registers.
INLINE void transpose(__m512* rows) {
  __m512 t[16];
  UNROLL for (int k = 0; k < 16; k += 2) {
    t[k] = _mm512_unpacklo_ps(rows[k], rows[k + 1]);
    t[k + 1] = _mm512_unpackhi_ps(rows[k], rows[k + 1]);
  }
  UNROLL for (int k = 0; k < 16; k += 4) {
    rows[k] = _mm512_shuffle_ps(t[k], t[k + 2], 0x44);
    rows[k + 1] = _mm512_shuffle_ps(t[k], t[k + 2], 0xee);
    rows[k + 2] = _mm512_shuffle_ps(t[k + 1], t[k + 3], 0x44);
    rows[k + 3] = _mm512_shuffle_ps(t[k + 1], t[k + 3], 0xee);
  }
  UNROLL for (int k = 0; k < 4; k += 1) {
    t[k] = _mm512_shuffle_f32x4(rows[k], rows[k + 4], 0x88);
    t[k + 4] = _mm512_shuffle_f32x4(rows[k], rows[k + 4], 0xdd);
    t[k + 8] = _mm512_shuffle_f32x4(rows[k + 8], rows[k + 12], 0x88);
    t[k + 12] = _mm512_shuffle_f32x4(rows[k + 8], rows[k + 12], 0xdd);
  }
  UNROLL for (int k = 0; k < 4; k += 1) {
    rows[k] = _mm512_shuffle_f32x4(t[k], t[k + 8], 0x88);
    rows[k + 8] = _mm512_shuffle_f32x4(t[k], t[k + 8], 0xdd);
    rows[k + 4] = _mm512_shuffle_f32x4(t[k + 4], t[k + 12], 0x88);
    rows[k + 12] = _mm512_shuffle_f32x4(t[k + 4], t[k + 12], 0xdd);
  }
}

/// Takes the gradient rows of [from, to) into the sums, or puts them back; columns and particles change places.
template <bool isBack>
static void exchangeSums(const BackwardJob<float>& job, int column, int columns, int from, int to) {
  const __mmask16 present = __mmask16((1u << columns) - 1);
  float* sums = job.sums;
  for (int particle = from; particle < to; particle += permutedStrip, sums += permutedStrip * permutedStrip) {
    const int count = least(permutedStrip, to - particle);
    float* row = job.gradient + size_t(particle - job.from) * job.gradientStride + column;
    __m512 block[permutedStrip];
    if constexpr (isBack) {
      UNROLL for (int k = 0; k < permutedStrip; k += 1) block[k] = _mm512_loadu_ps(sums + k * permutedStrip);
      transpose(block);
      for (int k = 0; k < count; k += 1) _mm512_mask_storeu_ps(row + size_t(k) * job.gradientStride, present, block[k]);
    } else {
      for (int k = 0; k < permutedStrip; k += 1) {
        block[k] = k < count ? _mm512_maskz_loadu_ps(present, row + size_t(k) * job.gradientStride) : _mm512_setzero_ps();
      }
      transpose(block);
      UNROLL for (int k = 0; k < permutedStrip; k += 1) _mm512_storeu_ps(sums + k * permutedStrip, block[k]);
    }
  }
}

/// The columns from `firstColumn` on.
static void permutedBackward(const BackwardJob<float>& job, int firstColumn) {
  for (int from = job.from; from < job.to; from += permutedParticles) {
    const int to = least(job.to, from + permutedParticles);
    for (int column = firstColumn; column < job.columns; column += permutedStrip) {
      const int columns = least(permutedStrip, job.columns - column);
      exchangeSums<false>(job, column, columns, from, to);
      int group = 0;
      for (; group + 8 <= job.groups; group += 8) addPermuted<8>(job, column, columns, group, from, to);
      for (; group + 4 <= job.groups; group += 4) addPermuted<4>(job, column, columns, group, from, to);
      for (; group + 2 <= job.groups; group += 2) addPermuted<2>(job, column, columns, group, from, to);
      for (; group < job.groups; group += 1) addPermuted<1>(job, column, columns, group, from, to);
      exchangeSums<true>(job, column, columns, from, to);
    }
  }
}
