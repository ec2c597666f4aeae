/** What users see as `datasets`: data that others have measured. */
export { type ByteArray, decodeIdx } from "./idx.ts";
export { type ImageSets, type LabelledImages, type MnistOptions, mnist } from "./mnist.ts";
