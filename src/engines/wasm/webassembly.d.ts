/** What this room uses of WebAssembly's JavaScript interface; the language's own library of types has it for browsers alone. */
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: SharedArrayBuffer;
  }
  interface Global {
    value: number;
  }
  interface Instance {
    readonly exports: Readonly<Record<string, unknown>>;
  }
  interface CompileError extends Error {}

  const Module: new (bytes: Uint8Array) => Module;
  const Memory: new (descriptor: { initial: number; maximum: number; shared: true }) => Memory;
  const Instance: new (module: Module, imports: Record<string, Record<string, Memory>>) => Instance;
  const CompileError: new () => CompileError;
}
