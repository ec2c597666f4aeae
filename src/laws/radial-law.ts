import { invalidValue } from "../errors.ts";
import { fillUniform } from "../numerics/random/distributions.ts";
import type { StreamKey } from "../numerics/random/key.ts";
import type { Law, LawSpec, LawStreams, RadialDistribution, RadialRule, RadialTable, SampleRange } from "./law.ts";
import { checkRange, sampleDirections } from "./sample-directions.ts";

/** What a file of this room writes down about the radius of its law; `radialDistribution` adds checks, sampling and the Gauss rule. */
export interface RadialParts {
  readonly upper: number;
  readonly mean: number;
  readonly secondMoment: number;
  /** Density at radius > 0. */
  pdf(radius: number): number;
  moments(radius: number, out: Float64Array, offset: number): void;
  readonly tables: readonly RadialTable[] | null;
  /** P(r <= radius) for radius > 0. */
  cdf(radius: number): number;
  /** The smallest radius with cdf >= probability in [0, 1]. */
  quantile(probability: number): number;
  /**
   * A radius from one uniform draw of attempt 0. A law that has to reject takes its further draws at the same position from attempts 1, 2, ...;
   * without it, the quantile of the uniform.
   */
  readonly draw?: DrawRadius;
  rule(breaks: readonly number[], nodesPerPanel: number): RadialRule;
}

export type DrawRadius = (
  uniform: number,
  position: number,
  stream: StreamKey,
  step: number,
  replica: number,
) => number;

/** The public face of a radius: arguments checked once, and batches drawn from counters. */
export function radialDistribution(parts: RadialParts): RadialDistribution {
  const draw = radiusDrawer(parts);
  return Object.freeze({
    upper: parts.upper,
    mean: parts.mean,
    secondMoment: parts.secondMoment,
    moments: parts.moments,
    tables: parts.tables,
    pdf: (radius: number) => (isInside(radius, parts.upper) ? parts.pdf(radius) : 0),
    cdf: (radius: number) => (isInside(radius, parts.upper) ? parts.cdf(radius) : radius > 0 ? 1 : 0),
    quantile(probability: number): number {
      if (!(probability >= 0 && probability <= 1)) throw invalidValue("probability", "a number in [0, 1]", probability);
      return parts.quantile(probability);
    },
    sample(out: Float64Array, range: SampleRange, stream: StreamKey): void {
      checkRange(range, 1, out);
      drawRadii(draw, out, range.first, range.count, range, stream);
    },
    rule(breaks: readonly number[], nodesPerPanel: number): RadialRule {
      for (const place of breaks) if (Number.isNaN(place)) throw invalidValue("breaks", "numbers", breaks);
      if (!(Number.isInteger(nodesPerPanel) && nodesPerPanel >= 1 && nodesPerPanel <= 256)) {
        throw invalidValue("nodesPerPanel", "an integer in [1, 256]", nodesPerPanel);
      }
      return parts.rule(breaks, nodesPerPanel);
    },
  });
}

/** A law x = r u: unit vectors from the stream `directions`, radii from the stream `radii` at position = number of the sample. */
export function radialLaw(spec: LawSpec, parts: RadialParts): Law {
  const draw = radiusDrawer(parts);
  const { dimension } = spec;
  return Object.freeze({
    spec,
    dimension,
    radius: radialDistribution(parts),
    sample(out: Float64Array, range: SampleRange, streams: LawStreams): void {
      sampleDirections(out, range, dimension, streams.directions);
      for (let start = 0; start < range.count; start += radiusChunk.length) {
        const rows = Math.min(radiusChunk.length, range.count - start);
        drawRadii(draw, radiusChunk, range.first + start, rows, range, streams.radii);
        for (let row = 0; row < rows; row += 1) {
          const end = (start + row + 1) * dimension;
          for (let at = end - dimension; at < end; at += 1) out[at] *= radiusChunk[row];
        }
      }
    },
  });
}

/** How a radius is drawn: the law's own way, or the inverse of its distribution function. */
export function radiusDrawer(parts: RadialParts): DrawRadius {
  return parts.draw ?? ((uniform) => parts.quantile(uniform));
}

const radiusChunk = new Float64Array(1024);

function drawRadii(
  draw: DrawRadius,
  out: Float64Array,
  first: number,
  count: number,
  range: SampleRange,
  stream: StreamKey,
): void {
  const { step, replica } = range;
  fillUniform(out, 0, count, first, stream, 0, step, replica);
  for (let index = 0; index < count; index += 1) out[index] = draw(out[index], first + index, stream, step, replica);
}

function isInside(radius: number, upper: number): boolean {
  if (Number.isNaN(radius)) throw invalidValue("radius", "a number", radius);
  return radius > 0 && radius <= upper && radius < Infinity;
}
