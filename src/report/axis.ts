import type { Axis } from "../scenario/index.ts";
import { exponentOf, formatNumber, powerOfTen } from "./number.ts";

/** An axis with its range and its ticks settled; nothing is left to the drawing library, so that labels never crowd. */
export interface ScaledAxis {
  readonly label: string;
  readonly scale: "linear" | "log";
  readonly domain: readonly [number, number];
  readonly ticks: readonly Tick[];
  /** Places of the small ticks without labels between those of a log axis. */
  readonly minorTicks: readonly number[];
}

export interface Tick {
  readonly value: number;
  readonly label: string;
}

const mostLabels = 7;
/** Smaller numbers lose digits as they are divided: a linear axis shows them as zero. */
const smallestSize = 1e-300;

/**
 * The axis over `values` (finite; positive on a log axis; may be empty), with `padding` (fraction of the range, in the axis's own scale) free
 * at both ends. Log ticks are decades, every second or third where they would be more than seven, and 1-2-5 where seven labels are enough for it.
 */
export function scaledAxis({ label, scale }: Axis, values: readonly number[], padding: number): ScaledAxis {
  const domain = scale === "log" ? logDomain(values, padding) : linearDomain(values, padding);
  const ticks = scale === "log" ? logTicks(domain) : linearTicks(domain);
  return { label, scale, domain, ticks, minorTicks: scale === "log" ? minorTicks(domain, ticks) : [] };
}

function linearDomain(values: readonly number[], padding: number): [number, number] {
  if (values.length === 0) return [0, 1];
  const [low, high] = extent(values);
  const size = Math.max(Math.abs(low), Math.abs(high));
  // What differs only by rounding is one value: no label could tell its ends apart.
  if (!(high / 2 - low / 2 > size * 1e-9) || size < smallestSize) {
    const half = size < smallestSize ? 1 : size * 0.1;
    return [low - half, high + half];
  }
  const space = (high / 2 - low / 2) * 2 * padding;
  return [low - space, high + space];
}

function logDomain(values: readonly number[], padding: number): [number, number] {
  if (values.length === 0) return [1, 10];
  const [low, high] = extent(values);
  const factor = low === high ? 2 : Math.exp((Math.log(high) - Math.log(low)) * padding);
  return [Math.max(low / factor, Number.MIN_VALUE), Math.min(high * factor, Number.MAX_VALUE)];
}

function extent(values: readonly number[]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

function linearTicks([low, high]: readonly [number, number]): Tick[] {
  const step = niceStep((high / 2 - low / 2) / 3);
  const values: number[] = [];
  for (let place = Math.ceil(low / step - 1e-9); place * step <= high + step * 1e-9; place += 1) {
    values.push(Number((place * step).toPrecision(12)));
  }
  const largest = Math.max(...values.map(Math.abs));
  const needsPower = largest < 2e-3 || largest >= 1e5;
  const decimals = Math.max(0, -exponentOf(step));
  return values.map((value) => ({
    value,
    label: needsPower ? formatNumber(value, 6, "typeset") : value.toFixed(Math.min(decimals, 12)).replace("-", "−"),
  }));
}

/** The smallest of 1, 2, 5 times a power of ten that is at least `least`. */
function niceStep(least: number): number {
  const exponent = exponentOf(least);
  for (const factor of [1, 2, 5]) {
    const step = Number(`${factor}e${exponent}`);
    if (step >= least) return step;
  }
  return Number(`1e${exponent + 1}`);
}

function logTicks([low, high]: readonly [number, number]): Tick[] {
  const decades = Math.log10(high) - Math.log10(low);
  const fine = decades < 4 ? mantissaTicks([1, 2, 5], low, high) : [];
  if (fine.length >= 3 && fine.length <= mostLabels) return labelled(fine);
  if (decades >= 2) {
    const whole = mantissaTicks([1], low, high);
    const stride = Math.ceil(whole.length / mostLabels);
    return labelled(whole.filter(([, exponent]) => exponent % stride === 0));
  }
  const finest = mantissaTicks([1, 2, 3, 4, 5, 6, 7, 8, 9], low, high);
  return finest.length >= 3 ? labelled(finest) : linearTicks([low, high]);
}

const mostMinorTicks = 60;

/** All of 1 to 9 times a power of ten that have no label; over very many decades, where they would run together, the decades alone. */
function minorTicks([low, high]: readonly [number, number], ticks: readonly Tick[]): number[] {
  const isLabelled = ([factor, exponent]: readonly [number, number]) =>
    ticks.some(({ value }) => value === Number(`${factor}e${exponent}`));
  const all = [mantissaTicks([1, 2, 3, 4, 5, 6, 7, 8, 9], low, high), mantissaTicks([1], low, high)]
    .map((found) => found.filter((tick) => !isLabelled(tick)))
    .find((found) => found.length <= mostMinorTicks);
  return (all ?? []).map(([factor, exponent]) => Number(`${factor}e${exponent}`));
}

function mantissaTicks(factors: readonly number[], low: number, high: number): [number, number][] {
  const found: [number, number][] = [];
  for (let exponent = exponentOf(low); exponent <= exponentOf(high); exponent += 1) {
    for (const factor of factors) {
      const value = Number(`${factor}e${exponent}`);
      if (value >= low && value <= high) found.push([factor, exponent]);
    }
  }
  return found;
}

/** Decimals where all of them stay short, powers of ten otherwise: never a mixture on one axis. */
function labelled(ticks: readonly (readonly [number, number])[]): Tick[] {
  const short = ticks.every(([, exponent]) => exponent >= -3 && exponent <= 3);
  return ticks.map(([factor, exponent]) => {
    const value = Number(`${factor}e${exponent}`);
    return { value, label: short ? String(value) : powerOfTen(exponent, factor) };
  });
}
