// What someone pastes: a URL of any dialect, JSON, base64. The wasm says what it means.
import type { Understood } from './engine-types.ts';
import type { Engine } from './engine.ts';
import { base64 } from './query.ts';
import { SERVICES, serviceOf, unsigned } from './services.ts';
import type { Asked } from './store.ts';
import type { Params } from './table.ts';

/** @throws an Error that says what could not be read */
export async function readAny(text: string, mind: Engine, current: Asked): Promise<Asked> {
  const trimmed = text.trim();
  if (trimmed === '') throw new Error('there is nothing to read');
  if (trimmed.startsWith('{')) return readJson(JSON.parse(trimmed), mind, current);
  if (/^[\w+/=\s-]{12,}$/.test(trimmed) && !trimmed.startsWith('/')) {
    const json = fromBase64(trimmed);
    if (json) return readJson(JSON.parse(json), mind, current);
  }
  const url = /^https?:\/\//.test(trimmed) ? new URL(trimmed) : new URL(trimmed.startsWith('/') || trimmed.startsWith('?') ? trimmed : `/${trimmed}`, 'http://x');
  const query = url.search.slice(1).split('&').filter((pair) => !/^(kid|exp|sig)=/.test(pair)).join('&');
  const path = trimmed.startsWith('?') ? `/${current.key.split('/').map(encodeURIComponent).join('/')}` : url.pathname;
  const service = serviceOf(path, query);
  if (service) return understood(await mind.call('understand', unsigned(path), query, '*/*', SERVICES.indexOf(service)), '');
  return understood(await mind.call('understand', path, query, '*/*'), query);
}

async function readJson(json: unknown, mind: Engine, current: Asked): Promise<Asked> {
  const members = json as Record<string, unknown>;
  if (members.key !== undefined || members.edits !== undefined) {
    const body = { ...members, key: members.key ?? current.key };
    return understood(await mind.call('understand', `/${base64(JSON.stringify(body))}`, ''), '');
  }
  const path = `/${current.key.split('/').map(encodeURIComponent).join('/')}`;
  return understood(await mind.call('understand', path, `edits=${encodeURIComponent(base64(JSON.stringify(json)))}`), '');
}

function understood(said: Understood | { error: { message: string } }, query: string): Asked {
  if ('error' in said) throw new Error(said.error.message);
  const params: Params = { ...said.edits };
  // `format=auto` is decided by each viewer, and so is no edit
  if (/(^|&)(format|f|fm|output)=auto(&|$)/.test(query)) params.format = 'auto';
  return { key: said.key, params, ops: opsOf(said) };
}

export function opsOf({ path, original }: { path: string; original: boolean }): string | undefined {
  return original ? undefined : path.split('/')[2]?.split('~').find((token) => /^ops[-_]/.test(token));
}

function fromBase64(text: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(text.replace(/\s/g, '').replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    const json = new TextDecoder().decode(bytes);
    return json.trimStart().startsWith('{') ? json : undefined;
  } catch {
    return undefined;
  }
}
