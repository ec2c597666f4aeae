export { runMatrixShare as default } from "../src/neural-kernels/matrices/crew.ts";
