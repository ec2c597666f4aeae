import { invalidValue, nearestName } from "../errors.ts";

/**
 * What a default that depends on other parameters is given: the parameters declared before it. Their types are not known to the builder;
 * `never` lets the function use each of them as what its author knows it to be.
 */
export type EarlierParameters = Readonly<Record<string, never>>;

/** One parameter of a scenario. `default` is a value or a function of the parameters declared before it. */
export interface Parameter<Value> {
  readonly type: "integer" | "number" | "choice" | "text" | "boolean" | "numbers";
  readonly unit: string | null;
  readonly min: number | null;
  readonly max: number | null;
  /** True where `min` itself is not allowed. */
  readonly exclusiveMin: boolean;
  readonly exclusiveMax: boolean;
  readonly choices: readonly string[] | null;
  readonly nullable: boolean;
  readonly default: Value | ((others: EarlierParameters) => Value);
  readonly defaultText: string;
  readonly help: string;
  /** What is allowed, in words, such as `an integer in [1, 4096]`. */
  readonly expected: string;
  /** The value itself, typed, or `invalid-value`. A text is read as it is typed on a command line; `none` is null. */
  check(name: string, given: unknown): Value;
}
export type ParameterSet = Readonly<Record<string, Parameter<unknown>>>;
export type ParameterValues<Set extends ParameterSet> = {
  readonly [Name in keyof Set]: Set[Name] extends Parameter<infer Value> ? Value : never;
};

type OrNull<Value, Nullable extends boolean> = Nullable extends true ? Value | null : Value;

/** What every builder takes. */
export interface ParameterOptions<Value, Nullable extends boolean> {
  /** A value, or a function of the parameters declared before this one; a function needs `defaultText`. */
  readonly default: OrNull<Value, Nullable> | ((others: EarlierParameters) => OrNull<Value, Nullable>);
  /** How the default reads, such as `sqrt(dimension)`. */
  readonly defaultText?: string;
  /** One line. */
  readonly help: string;
  /** Unit, or what one unit is, such as `mean-field time`. */
  readonly unit?: string;
  /** True if "no value" (`none` on the command line, null in JSON) is allowed. */
  readonly nullable?: Nullable;
}

export interface NumericOptions<Value, Nullable extends boolean> extends ParameterOptions<Value, Nullable> {
  readonly min?: number;
  readonly max?: number;
  /** True if `min` itself is not allowed. @default false */
  readonly exclusiveMin?: boolean;
  /** True if `max` itself is not allowed. @default false */
  readonly exclusiveMax?: boolean;
}

/** A whole number, at most 2^53 - 1 in size. */
function integer<Nullable extends boolean = false>(
  options: NumericOptions<number, Nullable>,
): Parameter<OrNull<number, Nullable>> {
  const accepts = (value: unknown) => Number.isSafeInteger(value) && isWithin(value, options);
  return build<number, Nullable>("integer", options, accepts, `an integer${rangeText(options)}`, readNumber);
}

/** A finite number. */
function number<Nullable extends boolean = false>(
  options: NumericOptions<number, Nullable>,
): Parameter<OrNull<number, Nullable>> {
  const accepts = (value: unknown) => isWithin(value, options);
  return build<number, Nullable>("number", options, accepts, `a finite number${rangeText(options)}`, readNumber);
}

/** A list of finite numbers, `1,5,20` on the command line; the bounds hold for each of them. */
function numbers<Nullable extends boolean = false>(
  options: NumericOptions<readonly number[], Nullable> & {
    /** True if each number must be larger than the one before. @default false */
    readonly ascending?: boolean;
    /** Fewest numbers allowed. @default 1 */
    readonly minLength?: number;
  },
): Parameter<OrNull<readonly number[], Nullable>> {
  const least = options.minLength ?? 1;
  const isAscending = (list: readonly number[]) => list.every((value, index) => index === 0 || value > list[index - 1]);
  const accepts = (value: unknown) =>
    Array.isArray(value) &&
    value.length >= least &&
    value.every((item) => isWithin(item, options)) &&
    (options.ascending !== true || isAscending(value));
  const expected = `a list of ${least === 1 ? "" : `at least ${least} `}${options.ascending === true ? "ascending " : ""}numbers${rangeText(options)}, such as 1,5,20`;
  return build<readonly number[], Nullable>("numbers", options, accepts, expected, readNumbers);
}

/** One of several words. */
function choice<const Choice extends string, Nullable extends boolean = false>(
  options: ParameterOptions<NoInfer<Choice>, Nullable> & { readonly choices: readonly Choice[] },
): Parameter<OrNull<Choice, Nullable>> {
  const accepts = (value: unknown) => options.choices.some((choice) => choice === value);
  return build<Choice, Nullable>("choice", options, accepts, `one of ${options.choices.join(", ")}`, (text) => text);
}

/** A text of at least one character. */
function text<Nullable extends boolean = false>(
  options: ParameterOptions<string, Nullable>,
): Parameter<OrNull<string, Nullable>> {
  const accepts = (value: unknown) => typeof value === "string" && value !== "";
  return build<string, Nullable>("text", options, accepts, "a text", (given) => given);
}

/** `true` or `false`. */
function boolean<Nullable extends boolean = false>(
  options: ParameterOptions<boolean, Nullable>,
): Parameter<OrNull<boolean, Nullable>> {
  const accepts = (value: unknown) => typeof value === "boolean";
  return build<boolean, Nullable>("boolean", options, accepts, "true or false", readBoolean);
}

/** Builders for the parameters of a scenario: each has type, unit, range, default and a line of help. NaN and Infinity are refused by all. */
export const parameter = Object.freeze({ integer, number, numbers, choice, text, boolean });

function build<Value, Nullable extends boolean>(
  type: Parameter<Value>["type"],
  options: ParameterOptions<Value, Nullable> & Partial<NumericOptions<Value, Nullable>>,
  accepts: (value: unknown) => boolean,
  expectedValue: string,
  read: (text: string) => unknown,
): Parameter<OrNull<Value, Nullable>> {
  if (typeof options.default === "function" && options.defaultText === undefined) {
    throw invalidValue(
      "defaultText",
      "a text, since the default is a function",
      undefined,
      "write how the default reads, such as sqrt(dimension)",
    );
  }
  const nullable = options.nullable === true;
  const expected = nullable ? `${expectedValue}, or none` : expectedValue;
  const choices = "choices" in options ? (options.choices as readonly string[]) : null;
  const check = (name: string, given: unknown): OrNull<Value, Nullable> => {
    const isNone = given === null || given === "none";
    if (nullable && isNone) return null as OrNull<Value, Nullable>;
    const value = typeof given === "string" ? read(given.trim()) : given;
    if (accepts(value)) return settled(value) as OrNull<Value, Nullable>;
    const near = choices !== null && typeof given === "string" ? nearestName(given, choices) : null;
    throw invalidValue(name, expected, value, near === null ? undefined : `did you mean ${near}?`);
  };
  if (typeof options.default !== "function") check("default", options.default);
  return Object.freeze({
    type,
    unit: options.unit ?? null,
    min: options.min ?? null,
    max: options.max ?? null,
    exclusiveMin: options.exclusiveMin === true,
    exclusiveMax: options.exclusiveMax === true,
    choices: choices === null ? null : Object.freeze([...choices]),
    nullable,
    default: options.default,
    defaultText: options.defaultText ?? valueText(options.default),
    help: options.help,
    expected,
    check,
  });
}

/** A parameter's value as it is typed on a command line: lists with commas, null as `none`. */
export function valueText(value: unknown): string {
  if (value === null) return "none";
  return Array.isArray(value) ? value.join(",") : String(value);
}

interface Bounds {
  readonly min?: number;
  readonly max?: number;
  readonly exclusiveMin?: boolean;
  readonly exclusiveMax?: boolean;
}

/** Whether `value` is a finite number within the bounds. */
function isWithin(value: unknown, { min = -Infinity, max = Infinity, exclusiveMin, exclusiveMax }: Bounds): boolean {
  if (typeof value !== "number" || !Number.isFinite(value)) return false;
  return (exclusiveMin === true ? value > min : value >= min) && (exclusiveMax === true ? value < max : value <= max);
}

/** ` in (0, 10]`, ` >= 1`, ` < 3`, or nothing. */
function rangeText({ min, max, exclusiveMin, exclusiveMax }: Bounds): string {
  if (min !== undefined && max !== undefined) {
    return ` in ${exclusiveMin === true ? "(" : "["}${min}, ${max}${exclusiveMax === true ? ")" : "]"}`;
  }
  if (min !== undefined) return exclusiveMin === true ? ` > ${min}` : ` >= ${min}`;
  if (max !== undefined) return exclusiveMax === true ? ` < ${max}` : ` <= ${max}`;
  return "";
}

const decimalNumber = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

function readNumber(given: string): unknown {
  return decimalNumber.test(given) ? Number(given) : given;
}

function readNumbers(given: string): unknown {
  return given.split(",").map((part) => readNumber(part.trim()));
}

function readBoolean(given: string): unknown {
  if (given === "true") return true;
  return given === "false" ? false : given;
}

/** The value as it is stored and used: lists frozen, and 0 for -0, which JSON cannot tell apart. */
function settled(value: unknown): unknown {
  if (Array.isArray(value)) return Object.freeze(value.map(settled));
  return value === 0 ? 0 : value;
}
