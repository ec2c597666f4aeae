// The package's own declarations are out of reach of its `exports` map; these are the functions used here.
declare module "cephes" {
  export function erf(x: number): number;
  export function incbet(a: number, b: number, x: number): number;
  export function incbi(a: number, b: number, probability: number): number;
  export function lgam(x: number): number;
  export function stdtri(degreesOfFreedom: number, probability: number): number;
}
