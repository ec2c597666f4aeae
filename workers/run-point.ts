export { runPoint as default } from "../src/sweeps/run-point.ts";
