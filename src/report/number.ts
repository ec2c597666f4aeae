/** How a number is written: `plain` for terminals and files (4.9e-6), `typeset` for pages and plots (4.9×10⁻⁶). */
export type NumberStyle = "plain" | "typeset";

/** Below this size, and from `largestFixed` on, numbers are written with a power of ten. */
const smallestFixed = 1e-3;
const largestFixed = 1e6;

/**
 * A number with `significant` digits (1 to 17, default 4), trailing zeros left out. Integers below a million keep all their digits;
 * what is smaller than 0.001 or not below a million gets a power of ten; null and NaN are a dash.
 */
export function formatNumber(value: number | null, significant = 4, style: NumberStyle = "plain"): string {
  if (value === null || Number.isNaN(value)) return "–";
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return withMinus(value > 0 ? "∞" : "-∞", style);
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < largestFixed) return withMinus(String(value), style);
  const rounded = Number(value.toPrecision(significant));
  const roundedSize = Math.abs(rounded);
  if (roundedSize >= smallestFixed && roundedSize < largestFixed) {
    return withMinus(String(size >= 10 ** significant ? Math.round(value) : rounded), style);
  }
  const [mantissa, exponent] = value.toExponential(significant - 1).split("e");
  return withPower(String(Number(mantissa)), Number(exponent), style);
}

/**
 * A measured value with its standard error: two digits of the error, the value to the same place.
 * `formatMeasured(0.15234, 0.00123)` is `0.1523 ± 0.0012`, `formatMeasured(4.9e-6, 1.2e-7)` is `(4.90 ± 0.12)e-6`.
 * An error of 0 marks an exact number and is not shown; neither is one that is null or not finite.
 */
export function formatMeasured(value: number | null, error: number | null, style: NumberStyle = "plain"): string {
  if (value === null || !Number.isFinite(value)) return formatNumber(value, 4, style);
  if (error === null || !Number.isFinite(error) || error === 0) return formatNumber(value, 4, style);
  const { exponent, decimals } = placesFor(Math.max(Math.abs(value), Math.abs(error)), Math.abs(error));
  const text = `${fixed(value, exponent, decimals, style)} ± ${fixed(Math.abs(error), exponent, decimals, style)}`;
  return exponent === 0 ? text : withPower(`(${text})`, exponent, style);
}

/**
 * A value with its interval, to two digits of the interval's half width: `-0.982 [-1.041, -0.923]`. A bound that is null stands open
 * (`≥ 0.91`, when there is no upper one); without both, the value alone; without a value, the interval alone.
 */
export function formatInterval(
  value: number | null,
  low: number | null,
  high: number | null,
  style: NumberStyle = "plain",
): string {
  if (low === null && high === null) return formatNumber(value, 4, style);
  if (low === null || high === null || !(high > low) || !Number.isFinite(high - low)) {
    const shown = value === null ? "" : formatNumber(value, 4, style);
    if (low !== null && high !== null && low === high && low === value) return shown;
    const bounds =
      low === null
        ? `≤ ${formatNumber(high, 4, style)}`
        : high === null
          ? `≥ ${formatNumber(low, 4, style)}`
          : `[${formatNumber(low, 4, style)}, ${formatNumber(high, 4, style)}]`;
    if (shown === "") return bounds;
    return bounds.startsWith("[") ? `${shown} ${bounds}` : `${shown} (${bounds})`;
  }
  const largest = Math.max(Math.abs(low), Math.abs(high), Math.abs(value ?? 0));
  const { exponent, decimals } = placesFor(largest, (high - low) / 2);
  const show = (number: number) => fixed(number, exponent, decimals, style);
  const interval = `[${show(low)}, ${show(high)}]`;
  const text = value === null ? interval : `${show(value)} ${interval}`;
  if (exponent === 0) return text;
  return withPower(value === null ? interval : `(${text})`, exponent, style);
}

/** A duration as people say it: `0.42 s`, `12.3 s`, `4 min 10 s`, `2 h 5 min`. */
export function formatDuration(seconds: number): string {
  if (!(seconds >= 0) || !Number.isFinite(seconds)) return "–";
  if (seconds < 59.95) return `${formatNumber(Number(seconds.toPrecision(3)), 3)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `10⁻³` and, with a factor other than 1, `2×10⁻³`. */
export function powerOfTen(exponent: number, factor = 1): string {
  const power = `10${superscript(exponent)}`;
  return factor === 1 ? power : `${factor}×${power}`;
}

/** The decimal exponent of a finite, non-zero number, exact also where log10 rounds. */
export function exponentOf(value: number): number {
  return Number(value.toExponential().split("e")[1]);
}

/** Decimal places that show two digits of `error`, relative to the power of ten that the pair is written with. */
function placesFor(largest: number, error: number): { readonly exponent: number; readonly decimals: number } {
  const needsPower = largest < smallestFixed || largest >= largestFixed;
  const exponent = needsPower ? exponentOf(largest) : 0;
  // toPrecision first: 0.0996 shows as 0.10, whose second digit stands one place higher.
  const lastPlace = exponentOf(Number(error.toPrecision(2))) - 1;
  return { exponent, decimals: exponent - lastPlace };
}

function fixed(value: number, exponent: number, decimals: number, style: NumberStyle): string {
  // Through the text, not by division: 10 ** -320 has lost its digits.
  const [digits, power] = value.toExponential().split("e");
  const scaled = Number(`${digits}e${Number(power) - exponent}`);
  if (decimals >= 0) return withMinus(withoutNegativeZero(scaled.toFixed(Math.min(decimals, 17))), style);
  const unit = 10 ** -decimals;
  return withMinus(withoutNegativeZero(String(Math.round(scaled / unit) * unit)), style);
}

function withoutNegativeZero(text: string): string {
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
}

function withPower(mantissa: string, exponent: number, style: NumberStyle): string {
  return style === "plain" ? `${mantissa}e${exponent}` : `${withMinus(mantissa, style)}×10${superscript(exponent)}`;
}

function withMinus(text: string, style: NumberStyle): string {
  return style === "plain" ? text : text.replace(/^-/, "−");
}

function superscript(exponent: number): string {
  return Array.from(String(exponent), (digit) => (digit === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)])).join("");
}
