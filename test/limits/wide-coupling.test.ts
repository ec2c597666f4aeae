import { describe, expect, it } from "vitest";
import { coupledStart, referenceNetwork, sharedCorrection, wideCoupling } from "../../src/limits/index.ts";
import {
  bottleneck,
  buildNetwork,
  dense,
  firstLayerStarts,
  type NetworkPlan,
  twoLayer,
} from "../../src/networks/index.ts";

const dimension = 3;
const plans: [string, NetworkPlan][] = [
  ["bottleneck", bottleneck({ firstLayerWidth: 7, secondLayerWidth: 3 })],
  ["two-layer", twoLayer({ width: 10 })],
  ["dense", dense({ firstLayerWidth: 5, secondLayerWidth: 4 })],
];

describe.each(plans)("the reference of the %s network", (_name, plan) => {
  const small = buildNetwork(plan, dimension);

  it("has all widths times the factor, and everything else the same", () => {
    const reference = referenceNetwork(wideCoupling({ factor: 4 }), small);
    for (const [name, value] of Object.entries(small.spec)) {
      const isWidth = /width$/i.test(name);
      expect([name, reference.spec[name as keyof typeof reference.spec]]).toEqual([
        name,
        isWidth ? 4 * Number(value) : value,
      ]);
    }
    expect(sharedCorrection(small, reference)).toBe(0.75);
  });

  it.each(firstLayerStarts)(
    "starts with the small network's particles as the first of each layer, and further ones of their own (%s)",
    (start) => {
      const own = buildNetwork({ ...plan, start } as NetworkPlan, dimension);
      const reference = referenceNetwork(wideCoupling({ factor: 3 }), own);
      const from = own.start(5, 2);
      // Anything else than the network's own start shows that particles are copied, not drawn twice.
      for (let index = 0; index < from.buffer.length; index += 1) from.buffer[index] += 100;
      const wide = coupledStart(from, reference, 5, 2);
      const drawn = reference.start(5, 2);
      for (const [index, { name, shape }] of reference.layout.arrays.entries()) {
        const [rows, columns = 1] = own.layout.arrays[index].shape;
        const [allRows, stride = 1] = shape;
        for (let row = 0; row < allRows; row += 1) {
          for (let column = 0; column < stride; column += 1) {
            const isShared = row < rows && column < columns;
            const expected = isShared
              ? from.arrays[name][row * columns + column]
              : drawn.arrays[name][row * stride + column];
            expect(wide.arrays[name][row * stride + column]).toBe(expected);
          }
        }
      }
    },
  );
});

describe("wide coupling", () => {
  it("leaves the two-layer network's reference at f_M = 0, pairs of opposite neurons whole", () => {
    const small = buildNetwork(twoLayer({ width: 6 }), dimension);
    const reference = referenceNetwork(wideCoupling({ factor: 5 }), small);
    const wide = coupledStart(small.start(1), reference, 1, 0);
    const values = new Float64Array(4);
    const points = Float64Array.from({ length: 12 }, (_, index) => Math.sin(index));
    reference.evaluate(wide, points, 4, values);
    expect([...values]).toEqual([0, 0, 0, 0]);
  });

  it("widens single layers by name, and has no common correction where layers differ", () => {
    const small = buildNetwork(dense({ firstLayerWidth: 4, secondLayerWidth: 6 }), dimension);
    const widened = (widths: object) => sharedCorrection(small, referenceNetwork(wideCoupling({ widths }), small));
    expect(widened({ firstLayerWidth: 16 })).toBe(0.75);
    expect(widened({ secondLayerWidth: 12 })).toBe(0.5);
    expect(widened({ firstLayerWidth: 8, secondLayerWidth: 12 })).toBe(0.5);
    expect(widened({ firstLayerWidth: 16, secondLayerWidth: 12 })).toBe(null);
    expect(widened({ firstLayerWidth: 4 })).toBe(null);
    expect(sharedCorrection(small, referenceNetwork(wideCoupling({ factor: 1 }), small))).toBe(null);
  });

  it.each([
    [() => wideCoupling({ factor: 1.5 }), /^limit.factor: expected an integer >= 1, got 1.5/],
    [() => wideCoupling({ factor: 0 }), /^limit.factor: expected an integer >= 1, got 0/],
    [() => wideCoupling({ factor: Number.NaN }), /^limit.factor: expected an integer >= 1, got NaN/],
    [
      () => wideCoupling({} as { factor: number }),
      /^wideCoupling: expected either factor or widths, got \{\}; give one/,
    ],
    [() => wideCoupling({ factor: 2, widths: { width: 4 } }), /^wideCoupling: expected either factor or widths/],
    [
      () => referenceNetwork(wideCoupling({ widths: { firstLayerWidth: 8 } }), buildNetwork(twoLayer({ width: 4 }), 3)),
      /^limit.widths.firstLayerWidth: expected one of width, the two-layer network's widths, got "firstLayerWidth"/,
    ],
    [
      () => referenceNetwork(wideCoupling({ widths: { width: 2 } }), buildNetwork(twoLayer({ width: 4 }), 3)),
      /^limit.widths.width: expected an integer >= 4, the network's own, got 2/,
    ],
    [
      () => referenceNetwork(wideCoupling({ widths: { width: 7 } }), buildNetwork(twoLayer({ width: 4 }), 3)),
      /^width: expected an even integer >= 2, got 7/,
    ],
  ])("refuses what is no reference (%#)", (build, message) => {
    expect(build).toThrow(message);
  });
});
