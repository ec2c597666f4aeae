import { activations, neuralKernels } from "meanfield";

// Four hidden layers of ReLU in the NTK parametrisation; inputs with |x|^2 = d have variance 1.
const deep = neuralKernels.fullyConnected({
  activation: activations.relu(),
  hiddenLayers: 4,
  weightVariance: 2,
  biasVariance: 0.01,
});
const kernel = neuralKernels.kernelEvaluator(deep);
for (const cosine of [1, 0, -1]) {
  const { nngp, ntk } = kernel.pair(cosine);
  console.log(`cosine ${cosine}: NNGP ${nngp.toFixed(4)}, NTK ${ntk?.toFixed(4)}`);
}

// One hidden layer with nearly the same tangent kernel: its Hermite coefficients.
const fit = neuralKernels.fitKernelCoefficients({ target: (cosine) => kernel.pair(cosine).ntk ?? Number.NaN });
const designed = neuralKernels.activationForKernel({ coefficients: fit.coefficients, signs: [1, 1, -1, -1, 1, 1] });
console.log("phi =", designed.coefficients.map((b, k) => `${b.toFixed(3)} h${k}`).join(" + "));

// Eigenvalues on the sphere decay alike at every depth.
for (const weightLayers of [2, 3, 5]) {
  const network = neuralKernels.fullyConnected({
    activation: activations.relu(),
    weightLayers,
    normalization: "unit-sphere",
  });
  const spectrum = neuralKernels.sphereSpectrum({
    kernel: neuralKernels.ntkKernel(network),
    dimension: 3,
    degree: 200,
  });
  const slope = neuralKernels.decayExponents(spectrum).even?.slope.value.toFixed(3);
  console.log(`L = ${weightLayers}: mu_20 ${spectrum.raw[20].toExponential(2)}, mu_k ~ k^${slope}`);
}
