import { invalidValue } from "../errors.ts";

/**
 * Bessel functions of the first kind, J_nu(x), for integer and half-integer orders.
 *
 * Three ways, chosen by the argument: the power series for x <= 1; for order < x the forward recurrence
 * J_{n+1} = (2 n/x) J_n - J_{n-1}, stable there, from Hankel's expansions of J_0 and J_1 or from the closed forms of J_{-1/2} and J_{1/2};
 * else the backward recurrence (J. C. P. Miller) from an order found as in Olver (1967), normalised by a sum of squares, which has no
 * cancellation: J_0^2 + 2 sum_k J_k^2 = 1, or sum_k (2k+1) J_{k+1/2}^2 = 2x/pi. Source: NIST DLMF 10.8, 10.17, 10.23, 10.60, 3.6.
 */

export const largestBesselOrder = 6000;

/** From here Hankel's expansions of J_0 and J_1 reach double precision (their smallest term is about e^(-2x)). */
const hankelFrom = 25;
const seriesUpTo = 1;
/** The backward recurrence is scaled down by this power of two before its squares could overflow. */
const scaleLimit = 2 ** 400;
const scaleDown = 2 ** -400;

const pair = new Float64Array(2);
const hankelStart = new Float64Array(2);

/**
 * J_order(x), dimensionless. The error is below 1e-12 sqrt(J^2 + Y^2) for x > order, and below 1e-10 |J| for x <= order while
 * |J| > 1e-200; smaller values may come out as 0.
 * @param order an integer or half-integer in [0, 6000]
 * @param x a number in [0, 1e15]
 * @throws MeanfieldError `invalid-value` outside these ranges
 */
export function besselJ(order: number, x: number): number {
  checkOrders(order, 1);
  checkArgument(x);
  besselPair(order, x, pair);
  return pair[0];
}

/**
 * Writes J_firstOrder(x), J_{firstOrder+1}(x), ... to out[0] ... out[count - 1], each as exact as `besselJ` gives it.
 * @param firstOrder an integer or half-integer; the last order may be at most 6001
 * @param x a number in [0, 1e15]
 * @throws MeanfieldError `invalid-value` outside these ranges, or where `out` is too short
 */
export function besselJSequence(firstOrder: number, count: number, x: number, out: Float64Array): void {
  checkOrders(firstOrder, count);
  checkArgument(x);
  if (!(out.length >= count)) throw invalidValue("out", `an array of at least ${count} numbers`, out.length);
  fillSequence(firstOrder, count, x, out);
}

/** Writes J_order(x) and J_{order+1}(x) to out[0] and out[1]: unchecked and without allocation, for inner loops. */
export function besselPair(order: number, x: number, out: Float64Array): void {
  fillSequence(order, 2, x, out);
}

function fillSequence(firstOrder: number, count: number, x: number, out: Float64Array): void {
  const lastOrder = firstOrder + count - 1;
  const isInteger = Number.isInteger(firstOrder);
  if (x <= seriesUpTo) powerSeries(firstOrder, count, x, out);
  else if (lastOrder <= x && (!isInteger || x >= hankelFrom)) forward(firstOrder, count, x, isInteger, out);
  else backward(firstOrder, count, x, isInteger, out);
}

/** J_nu(x) = (x/2)^nu / Gamma(nu+1) sum_k (-x^2/4)^k / (k! (nu+1)_k); the prefactor is a product, so its relative error is small. */
function powerSeries(firstOrder: number, count: number, x: number, out: Float64Array): void {
  let prefactor = Number.isInteger(firstOrder) ? 1 : Math.sqrt((2 * x) / Math.PI);
  let order = Number.isInteger(firstOrder) ? 0 : 0.5;
  while (order < firstOrder && prefactor > 0) {
    order += 1;
    prefactor *= x / (2 * order);
  }
  const quarter = 0.25 * x * x;
  for (let index = 0; index < count; index += 1) {
    order = firstOrder + index;
    if (index > 0) prefactor *= x / (2 * order);
    let term = 1;
    let sum = 1;
    for (let k = 1; Math.abs(term) > 1e-17; k += 1) {
      term *= -quarter / (k * (order + k));
      sum += term;
    }
    out[index] = prefactor * sum;
  }
}

function forward(firstOrder: number, count: number, x: number, isInteger: boolean, out: Float64Array): void {
  let order: number;
  if (isInteger) {
    hankelZeroAndOne(x, hankelStart);
    order = 0;
  } else {
    const amplitude = Math.sqrt(2 / (Math.PI * x));
    hankelStart[0] = amplitude * Math.cos(x);
    hankelStart[1] = amplitude * Math.sin(x);
    order = -0.5;
  }
  let current = hankelStart[0];
  let next = hankelStart[1];
  while (order < firstOrder) {
    order += 1;
    // A division, not a product with 1/x: one rounded inverse would shift the phase by order * 1e-16 in the same direction every time.
    const after = ((2 * order) / x) * next - current;
    current = next;
    next = after;
  }
  out[0] = current;
  if (count > 1) out[1] = next;
  for (let index = 2; index < count; index += 1) {
    out[index] = ((2 * (firstOrder + index - 1)) / x) * out[index - 1] - out[index - 2];
  }
}

/** J_0(x) and J_1(x) for x >= 25 by Hankel's expansion; the phases x - pi/4, x - 3pi/4 by the addition theorem, exact for any x. */
function hankelZeroAndOne(x: number, out: Float64Array): void {
  const sine = Math.sin(x);
  const cosine = Math.cos(x);
  const amplitude = 1 / Math.sqrt(Math.PI * x);
  const inverse = 1 / (8 * x);
  for (let order = 0; order <= 1; order += 1) {
    const mu = 4 * order;
    let even = 1;
    let odd = 0;
    let term = 1;
    for (let k = 1; Math.abs(term) > 1e-18; k += 1) {
      term *= ((mu - (2 * k - 1) ** 2) * inverse) / k;
      // Signs of P and Q: + - - + in k mod 4 = 0 1 2 3, with Q subtracted.
      if (k % 4 === 1) odd += term;
      else if (k % 4 === 2) even -= term;
      else if (k % 4 === 3) odd -= term;
      else even += term;
    }
    out[order] =
      order === 0
        ? amplitude * (even * (cosine + sine) - odd * (sine - cosine))
        : amplitude * (even * (sine - cosine) + odd * (sine + cosine));
  }
}

function backward(firstOrder: number, count: number, x: number, isInteger: boolean, out: Float64Array): void {
  const lastOrder = firstOrder + count - 1;
  const lowest = isInteger ? 0 : 0.5;
  let order = startOrder(Math.max(lastOrder, Math.floor(x) + lowest), x);
  let above = 0;
  let current = 1;
  let sum = 0;
  while (true) {
    if (order <= lastOrder && order >= firstOrder) out[order - firstOrder] = current;
    sum += (isInteger ? (order === 0 ? 1 : 2) : 2 * order) * current * current;
    if (order === lowest) break;
    const below = ((2 * order) / x) * current - above;
    above = current;
    current = below;
    order -= 1;
    if (Math.abs(current) > scaleLimit) {
      current *= scaleDown;
      above *= scaleDown;
      sum *= scaleDown * scaleDown;
      for (let stored = Math.max(0, order + 1 - firstOrder); stored < count; stored += 1) out[stored] *= scaleDown;
    }
  }
  const norm = Math.sqrt((isInteger ? 1 : (2 * x) / Math.PI) / sum);
  for (let index = 0; index < count; index += 1) out[index] *= norm;
}

/**
 * An order from which the backward recurrence may start with the next value set to 0: there the growing solution p, with p = 0 at
 * `from` - 1 and 1 at `from`, has passed 1e10, and the relative truncation error is about 1/p^2 (Olver 1967).
 */
function startOrder(from: number, x: number): number {
  let before = 0;
  let growing = 1;
  let order = from;
  while (!(Math.abs(growing) > 1e10)) {
    const after = ((2 * order) / x) * growing - before;
    before = growing;
    growing = after;
    order += 1;
  }
  return order;
}

function checkOrders(firstOrder: number, count: number): void {
  const isAllowed = Number.isInteger(2 * firstOrder) && firstOrder >= 0 && firstOrder <= largestBesselOrder;
  if (!isAllowed) throw invalidValue("order", `an integer or half-integer in [0, ${largestBesselOrder}]`, firstOrder);
  const most = Math.floor(largestBesselOrder + 2 - firstOrder);
  if (!(Number.isInteger(count) && count >= 1 && count <= most)) {
    throw invalidValue("count", `an integer in [1, ${most}]`, count);
  }
}

function checkArgument(x: number): void {
  if (!(x >= 0 && x <= 1e15)) throw invalidValue("x", "a number in [0, 1e15]", x);
}
