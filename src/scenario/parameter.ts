// The builders on zod come here; these types are the contract.

/** One parameter of a scenario. `default` is a value or a function of the parameters declared before it. */
export interface Parameter<Value> {
  readonly type: "integer" | "number" | "choice" | "text" | "boolean" | "numbers";
  readonly unit: string | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly choices: readonly string[] | null;
  readonly nullable: boolean;
  readonly default: Value | ((others: Readonly<Record<string, never>>) => Value);
  readonly defaultText: string;
  readonly help: string;
}
export type ParameterSet = Readonly<Record<string, Parameter<unknown>>>;
export type ParameterValues<Set extends ParameterSet> = {
  readonly [Name in keyof Set]: Set[Name] extends Parameter<infer Value> ? Value : never;
};
