// Pages to take screenshots of, of this project's own text and of numbers.

import { chance } from './drawings.mjs';

const escape = (text) => text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]);
const page = (style, body) => `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><style>*{box-sizing:border-box}body{margin:0;font:15px/1.5 sans-serif}${style}</style>${body}`;
const range = (count) => [...Array(count).keys()];

/** Pages by their names. */
export function PAGES(prose, code) {
  const next = chance(99);
  const words = prose.replace(/[`*#|\[\]()-]/g, ' ').split(/\s+/);
  const some = (from, count) => escape(words.slice(from, from + count).join(' '));
  const coloured = escape(code).replace(/\b(fn|let|mut|pub|use|match|if|else|for|in|const|Some|None|Ok|Err)\b/g, '<b>$1</b>').replace(/(\/\/.*)/g, '<i>$1</i>');
  const card = (i) => `<div class="c"><small>${some(i * 40, 2)}</small><h2>${(next() * 9000).toFixed(0)}</h2><svg viewBox="0 0 100 30"><polyline fill="none" stroke="#2f6fed" stroke-width="1.5" points="${range(20).map((x) => `${x * 5},${(28 - next() * 26).toFixed(1)}`).join(' ')}"/></svg></div>`;
  return {
    article: page('body{max-width:720px;padding:24px;margin:auto;font-family:serif;font-size:18px}', `<h1>${some(100, 5)}</h1>${range(8).map((i) => `<p>${some(120 + i * 90, 90)}</p>`).join('')}`),
    code: page('pre{font:13px/1.45 monospace;margin:0;padding:12px}b{color:#7c3aed}i{color:#6b8e23}', `<pre>${coloured}</pre>`),
    dark: page('body{background:#1e1e1e;color:#d4d4d4}pre{font:13px/1.45 monospace;margin:0;padding:12px}b{color:#569cd6}i{color:#6a9955}', `<pre>${coloured}</pre>`),
    dashboard: page('body{background:#f3f4f8;padding:16px}.g{display:grid;grid-template-columns:repeat(auto-fill,minmax(170px,1fr));gap:12px}.c{background:#fff;border-radius:10px;padding:12px;box-shadow:0 1px 4px #0002}h2{margin:2px 0}small{color:#667}', `<h1>Overview</h1><div class="g">${range(24).map(card).join('')}</div>`),
    table: page('table{border-collapse:collapse;font-size:12px;width:100%}td,th{border:1px solid #ddd;padding:3px 6px;text-align:right}tr:nth-child(even){background:#f6f9ff}th{background:#dfe8f7}', `<table>${range(40).map((row) => `<tr>${range(10).map((column) => (row && column ? `<td>${(next() * 1e5).toFixed(2)}</td>` : `<th>${String.fromCharCode(65 + column)}${row}</th>`)).join('')}</tr>`).join('')}</table>`),
    chat: page('body{background:#e5ddd5;padding:16px}.m{background:#fff;border-radius:9px;padding:8px 12px;margin:8px 0;max-width:60%}.m:nth-child(odd){background:#d9fdd3;margin-left:auto}', range(14).map((i) => `<div class="m">${some(i * 31, 8 + Math.floor(next() * 24))}</div>`).join('')),
    form: page('body{padding:28px;background:#fff}label{display:block;margin:12px 0 4px;font-weight:bold}input,select{width:320px;padding:8px;border:1px solid #aab}button{margin-top:20px;padding:10px 24px;background:#d62828;color:#fff;border:0;border-radius:6px}', `<h1 style="color:#d62828">Sign up</h1>${range(6).map((i) => `<label>${some(i * 17, 2)}</label><input value="${some(i * 23, 3)}">`).join('')}<br><button>Continue</button><p style="color:#00c">${some(400, 30)}</p>`),
    terminal: page('body{background:#000;color:#0f0;padding:8px}pre{font:12px/1.3 monospace;white-space:pre-wrap}', `<pre>${range(60).map((i) => `[${(i * 0.731).toFixed(3)}] ${some(i * 11, 11)}`).join('\n')}</pre>`),
  };
}
