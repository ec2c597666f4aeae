import { expect, it } from "vitest";
import { fastestRounds } from "../../bench/rounds.ts";

it("takes rounds in turns and keeps each contender's fastest, a repetition's seconds", async () => {
  const order: string[] = [];
  const contender = (name: string, seconds: readonly number[]) => {
    let call = 0;
    return {
      name,
      round(repeat: number) {
        order.push(name);
        const second = seconds[Math.min(call, seconds.length - 1)];
        call += 1;
        return repeat * second;
      },
    };
  };
  const best = await fastestRounds([contender("a", [0.5, 0.4, 0.3, 0.35]), contender("b", [0.2, 0.2, 0.25, 0.1])], {
    rounds: 3,
  });
  expect(best.get("a")).toBeCloseTo(0.3, 12);
  expect(best.get("b")).toBeCloseTo(0.1, 12);
  expect(order.slice(2)).toEqual(["a", "b", "a", "b", "a", "b"]);
});

it("repeats short work until a round is long enough", async () => {
  const repeats: number[] = [];
  const best = await fastestRounds(
    [
      {
        name: "short",
        round(repeat) {
          repeats.push(repeat);
          return repeat * 1e-5;
        },
      },
    ],
    { roundSeconds: 0.02, rounds: 2 },
  );
  expect(best.get("short")).toBeCloseTo(1e-5, 12);
  expect(repeats.at(-1)).toBe(2000);
});
