import { dynamics, networks, numerics, type RunContext, type SimulationRecord } from "meanfield";
import { limitTimes, problemIn } from "./limit-times.ts";
import { initialAlpha, type Start, type Values } from "./parameters.ts";

/** Records stand this close together, as a fraction of the limit's time, from `window[0]` to `window[1]` times it. */
const spacing = 0.02;
const window = [0.6, 1.6] as const;

export type NetworkTime = {
  readonly dimension: number;
  readonly width: number;
  readonly limitTime: number | null;
  /** Mean over starts with its 95 % interval; null where some start did not reach the accuracy in 1.6 times the limit's time. */
  readonly time: number | null;
  readonly low: number | null;
  readonly high: number | null;
};

/** When networks of finite width reach the accuracy, by gradient descent on fresh directions with the radius exact, beside the limit's time. */
export async function measureNetwork(
  context: RunContext<Values>,
  dimension: number,
  start: Start,
): Promise<NetworkTime> {
  const { parameters: values } = context;
  const [limitTime] = limitTimes(values, dimension, start, [values.networkAccuracy]);
  const width = wholeFrames(values.width, dimension);
  const nothing = { dimension, width, limitTime, time: null, low: null, high: null };
  if (limitTime === null) return nothing;
  const times: number[] = [];
  for (let replica = 0; replica < values.replicas; replica += 1) {
    const options = { ...networkOptions(values, dimension, start, limitTime), replica };
    const { records } = await context.simulate(options, `replica-${replica}`);
    const time = crossingOf(records, values.networkAccuracy);
    if (time === null) return nothing;
    times.push(time);
    context.progress((replica + 1) / values.replicas);
  }
  const { value, low, high } = numerics.meanWithInterval(times);
  return { ...nothing, time: value, low, high };
}

export function networkOptions(values: Values, dimension: number, start: Start, limitTime: number) {
  const { stepSize, precision } = values;
  const steps = Math.max(1, Math.ceil((window[1] * limitTime) / stepSize));
  const records = Math.round((window[1] - window[0]) / spacing);
  const recordTimes = Array.from({ length: records + 1 }, (_, index) =>
    Math.round((limitTime * (window[0] + index * spacing)) / stepSize),
  );
  return {
    problem: problemIn(dimension, values),
    network: networks.bottleneck({
      firstLayerWidth: wholeFrames(values.width, dimension),
      secondLayerWidth: 1,
      secondLayerStart: "equal",
      initialAlpha: initialAlpha(start, dimension),
      initialV: values.initialV,
      initialB: values.initialB,
    }),
    dynamics: dynamics.gradientDescent({ stepSize, steps }),
    recordTimes: [0, ...new Set(recordTimes.filter((at) => at > 0 && at <= steps))].map((at) => at * stepSize),
    stopWhen: { accurate: ({ loss }: SimulationRecord) => loss <= values.networkAccuracy },
    precision,
  };
}

/** Where log loss, linear between records, crosses the level first; null if it never does. */
function crossingOf(records: readonly SimulationRecord[], level: number): number | null {
  const after = records.findIndex(({ loss }) => loss <= level);
  if (after < 1) return null;
  const [from, to] = [records[after - 1], records[after]];
  const fraction = Math.log(from.loss / level) / Math.log(from.loss / to.loss);
  return from.time + fraction * (to.time - from.time);
}

function wholeFrames(count: number, dimension: number): number {
  return 2 * dimension * Math.ceil(count / (2 * dimension));
}
