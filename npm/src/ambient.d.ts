// What platforms and clients give; declared here, so that building the package needs none of them.

declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}

declare module 'node:fs/promises' {
  export function readFile(file: URL): Promise<Uint8Array<ArrayBuffer>>;
}

declare module 'astro/assets' {
  export const baseService: object;
}
