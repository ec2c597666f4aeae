import { fontSize, ink } from "./drawing-style.ts";

/** A text at a place given in px from the plot's upper left corner, on its baseline. */
export function textLayer(text: string, x: number, y: number, style: object): object {
  return {
    data: { values: [{}] },
    mark: { type: "text", text, align: "left", baseline: "alphabetic", fontSize, color: ink, ...style },
    encoding: { x: { value: x }, y: { value: y } },
  };
}
