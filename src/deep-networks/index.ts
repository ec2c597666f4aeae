export {
  type DeepStart,
  deepStarts,
  type FullyConnectedOptions,
  type FullyConnectedSpec,
  fullyConnected,
  layerSizes,
} from "./fully-connected.ts";
export { checkParameters, type DeepLayer, type DeepParameters, startParameters } from "./parameters.ts";
