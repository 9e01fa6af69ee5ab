// Overlays and texts as values: a name, then items joined by commas; several joined by `;`.
export interface Laid { name: string; items: Record<string, string> }

const escape = (text: string): string => text.replace(/[%,;]/g, (c) => encodeURIComponent(c)).replaceAll('\n', '%0A');
const unescape = (text: string): string => text.replace(/%(2C|3B|25|0A)/gi, (c) => decodeURIComponent(c));
const PLACE = /^(centre|center|top|bottom|left|right|(top|bottom)-(left|right))$/;

export function read(value = ''): Laid[] {
  if (value === '') return [];
  return value.split(';').map((text) => {
    const [name = '', ...rest] = text.split(',');
    const items: Record<string, string> = {};
    for (const item of rest) {
      const at = item.indexOf(':');
      if (at > 0) items[item.slice(0, at)] = item.slice(at + 1);
      else if (item === 'tile') items.tile = '1';
      else if (PLACE.test(item)) items.place = item;
      else items.blend = item;
    }
    return { name: unescape(name), items };
  });
}

export const join = (list: Laid[]): string => list.map(({ name, items }) => {
  const { place, blend, tile, ...named } = items;
  return [escape(name), place, ...Object.entries(named).map(([item, value]) => `${item}:${value}`), blend, tile && 'tile'].filter(Boolean).join(',');
}).join(';');
