// What the page and its workers say to each other.
export interface Job { path: string; query: string; accept?: string; device?: string; preview?: boolean }

export interface Made {
  status: number;
  headers: [string, string][];
  bytes: Uint8Array<ArrayBuffer>;
  /** Canonical path. */
  path?: string;
  milliseconds: number;
  /** What the picture is, where it is one that the engine reads. */
  about?: About;
}

export interface About { format: string; contentType: string; width: number; height: number; alpha: boolean; frames: number; progressive: boolean }
export interface Understood { key: string; bucket: string | null; edits: Record<string, string>; path: string; stored: string; original: boolean }
export interface Refused { error: { code: string; parameter?: string; message: string } }

export interface Calls {
  start(module: WebAssembly.Module, config: string): void;
  /** A picture that lies in the browser alone. */
  give(key: string, bytes: Uint8Array<ArrayBuffer>): About | Refused;
  /** Fetches a picture of the store, unless it is there. */
  load(key: string): { about: About | Refused; bytes: number };
  describe(bytes: Uint8Array<ArrayBuffer>): About | Refused;
  bytesOf(key: string): Uint8Array<ArrayBuffer> | undefined;
  /** Makes a copy small enough to follow a drag, upright, and says how many times smaller it is. */
  shrink(key: string, side: number): { scale: number; about?: About };
  make(job: Job): Made;
  /** `service`: the place in `SERVICES` of the one whose URL it is. */
  understand(path: string, query: string, accept?: string, service?: number): Understood | Refused;
  canonical(path: string, query: string, accept?: string, device?: string): { path: string; stored: string; original: boolean } | Refused;
  memory(): number;
  /** How alike two pictures of one size are: 100 is the same. */
  score(a: Uint8Array<ArrayBuffer>, b: Uint8Array<ArrayBuffer>): number;
  /** A JPEG of so many pixels a side, painted from a picture. */
  huge(key: string, side: number): { key: string; bytes: number; milliseconds: number };
}

export type Call = { [K in keyof Calls]: { id: number; call: K; args: Parameters<Calls[K]> } }[keyof Calls];
export type Reply = { id: number; value?: unknown; error?: { code: string; message: string } };

/** The bucket's name of pictures that never leave the browser. */
export const HERE = 'here/';
/** Copies for previews lie under it. */
export const COPY = 'copy/';
