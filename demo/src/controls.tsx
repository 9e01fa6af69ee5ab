// All controls, made from the table; those that are set are chips above them.
import { useState } from 'preact/hooks';
import { Field } from './fields/field.tsx';
import type { Pictures } from './pictures.ts';
import type { Site } from './site.ts';
import type { Store } from './store.ts';
import { GROUPS, title } from './table.ts';

export function Controls({ store, pictures, site, place }: { store: Store; pictures: Pictures; site: Site; place(): void }) {
  const [search, setSearch] = useState('');
  const { params, ops } = store.asked;
  const set = Object.keys(params);
  const wanted = search.trim().toLowerCase();
  const matches = (row: { name: string; doc: string; aliases: string[] }) => [row.name, title(row.name), row.doc, ...row.aliases].some((text) => text.toLowerCase().includes(wanted));
  const keys = site.keys.map(({ key }) => key).filter((key) => /\.(jpe?g|png|webp|gif|avif|svg)$/i.test(key));
  return (
    <aside class="controls" id="edits" aria-label="Edits">
      <div class="controls-head">
        <input type="search" class="box" placeholder="Find an edit" aria-label="Find an edit" value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
        <button type="button" class="quiet-button" disabled={set.length === 0 && !ops} onClick={() => store.go({ key: store.asked.key, params: {} })}>Reset all</button>
      </div>
      <ul class="chips" aria-label="Edits that are set">
        {set.map((name) => (
          <li key={name}><button type="button" class="chip is-on" aria-label={`Remove ${title(name)}`} onClick={() => store.change(name, undefined)}>{title(name)} <span aria-hidden="true">×</span></button></li>
        ))}
        {ops && <li><button type="button" class="chip is-on" title={ops} onClick={() => store.go({ key: store.asked.key, params })}>Beyond the native dialect <span aria-hidden="true">×</span></button></li>}
        {set.length === 0 && !ops && <li class="quiet">No edits: this is the original.</li>}
      </ul>
      {GROUPS.map((group, index) => {
        const rows = wanted ? group.rows.filter(matches) : group.rows;
        if (rows.length === 0) return null;
        const count = group.rows.filter((row) => params[row.name] !== undefined).length;
        return (
          <details class="group" key={group.title} open={wanted !== '' || index === 0 || count > 0 || undefined}>
            <summary><h2>{group.title}</h2>{count > 0 && <span class="count" aria-label={`${count} set`}>{count}</span>}</summary>
            <div class="fields">
              {count > 0 && <button type="button" class="quiet-button group-reset" onClick={() => store.set(Object.fromEntries(Object.entries(params).filter(([name]) => !group.rows.some((row) => row.name === name))))}>Reset {group.title.toLowerCase()}</button>}
              {rows.map((row) => (
                <Field key={row.name} row={row} value={params[row.name]} keys={keys} presets={Object.keys(site.config.presets ?? {})} place={place}
                  set={(value) => store.change(row.name, value)} drag={(is) => store.drag(is)}
                  error={pictures.problem?.parameter === row.name ? pictures.problem.message : undefined} />
              ))}
            </div>
          </details>
        );
      })}
    </aside>
  );
}
