/** WebAssembly's code, compiled; null where it needs SIMD and there is none (processors before SSE4.1). */
export function compiledWithSimd(code: Uint8Array): WebAssembly.Module | null {
  try {
    return new WebAssembly.Module(code);
  } catch (error) {
    if (error instanceof Error && error.name === 'CompileError') return null;
    throw error;
  }
}
