import { laws, limits, targets } from "meanfield";

const limit = limits.createBottleneckLimit({
  law: laws.buildLaw(laws.heavyTailed({ dimension: 10 })),
  target: targets.buildTarget(targets.hinge()),
  secondLayerWidth: 1,
});
const start = limits.bottleneckState({ alpha: 1, v: [-0.1], b: [0.1] });
const times = [1, 5, 20, 60];

for (const [index, y] of limits.solveLimit(limit, start, times).entries()) {
  const [alpha, v, b] = y;
  console.log(
    `t=${times[index]}: alpha ${alpha.toFixed(4)}, v ${v.toFixed(4)}, b ${b.toFixed(4)}, loss ${limit.loss(y).toExponential(3)}`,
  );
}
