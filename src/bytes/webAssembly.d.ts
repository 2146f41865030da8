/** The part of the WebAssembly interface that we use. TypeScript has it with a browser's library only. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum: number; shared: true });
    readonly buffer: SharedArrayBuffer;
    /** In pages of 64 KiB. @throws RangeError where there is no room */
    grow(pages: number): number;
  }
  class Instance {
    constructor(module: Module, imports: { env: object });
    readonly exports: object;
  }
}
