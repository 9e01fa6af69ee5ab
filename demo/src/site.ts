// What the edge that serves this page says of itself: `site.json` beside it. Without one the page does with a key that is typed in.
export interface Site {
  keys: { key: string; bytes: number }[];
  /** Of `deckle.json`, what a page may know. */
  config: { presets?: Record<string, string>; styles?: Record<string, string>; dialects?: string[]; sih?: { sourceBuckets?: string[] }; devices?: Record<string, number>; [name: string]: unknown };
  edge: string;
  /** Whether the configuration is the edge's: then the bytes made here are the edge's. */
  isKnown?: boolean;
  /** Where the derived images of a key are listed, if anywhere. */
  derived?: string;
}

export async function readSite(): Promise<Site> {
  try {
    const answer = await fetch('/demo/site.json');
    if (answer.ok && answer.headers.get('content-type')?.includes('json')) return { ...(await answer.json()), isKnown: true };
  } catch {
    // no network: what is dropped is made all the same
  }
  return { keys: [], config: {}, edge: 'the edge' };
}

/** What the wasm is told, so that it reads URLs of every dialect, and writes AWS's so that they share images with native ones. */
export function readingConfig(site: Site): string {
  const sih = { metadata: 'strip', orientation: 'apply', smartCrop: 'attention', ...site.config.sih };
  const { variants: _, ...config } = site.config;
  return JSON.stringify({ ...config, dialects: ['native', 'sih', 'thumbor'], sih: { ...sih, sourceBuckets: site.config.sih?.sourceBuckets ?? ['deckle-source'] } });
}
