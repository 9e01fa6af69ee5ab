// "Having trouble?": what an error means and what to do, by its code.
import { HERE } from '../engine-types.ts';
import type { Pictures, Problem } from '../pictures.ts';
import type { Store } from '../store.ts';
import { title } from '../table.ts';

const HELP: Record<string, string> = {
  not_found: 'There is no such picture in the store. Keys are case-sensitive and have no slash at their start. S3 answers 403 for a missing key to who may not list the bucket; Deckle shows it as this.',
  invalid_key: 'The name of the picture cannot be a key: no empty segments, no “..”, no backslashes.',
  invalid_signature: 'This distribution wants signed URLs: the panel “URL” signs with a key of yours, or `deckle sign` does.',
  limit_exceeded: 'The picture, or what is asked of it, is over a limit of the configuration (`limits`): bytes, pixels or memory. It was refused before any work.',
  result_too_large: 'The result is more than a Lambda function may answer, and there is no store to put it in. Ask for a smaller one.',
  not_an_image: 'The file is none of the formats that Deckle reads. What counts is its first bytes, never its name.',
  unsupported_image: 'It is an image, of a kind that Deckle does not decode.',
  corrupt_image: 'The file is damaged so far that nothing of it can be decoded.',
  impossible_edit: 'The edit cannot be done to this picture, for instance a crop outside of it.',
  source_unavailable: 'The store of sources did not answer: look at the bucket’s name and region, its policy for the distribution (OAC), and the origin’s CORS if this page lies on another host.',
  source_timeout: 'The store of sources was too slow.',
  busy: 'The edge has no room for another image at the moment. Ask again.',
  offline: 'There is no network. Drop a picture here: it is made in this browser.',
  unreachable: 'The edge did not answer. Is `make serve` running? A picture that is dropped here is made in this browser all the same.',
};

export function Trouble({ problem, pictures, store }: { problem: Problem; pictures: Pictures; store: Store }) {
  const { parameter } = problem;
  const isLocal = store.asked.key.startsWith(HERE) && problem.code === 'not_found';
  return (
    <div class="trouble" role="alert">
      <h2>{parameter ? title(parameter) : 'Having trouble?'}</h2>
      <p class="message">{problem.message}.</p>
      <p>{isLocal ? 'This picture lay in the browser and is gone with the page that held it. Drop it again.' : HELP[problem.code] ?? (parameter ? 'Nothing was made; the last picture stays.' : '')}</p>
      <p class="quiet">{problem.status && <>{problem.status} · </>}<code>{problem.code}</code></p>
      <div class="pair">
        {parameter && store.asked.params[parameter] !== undefined && <button type="button" class="add" onClick={() => store.change(parameter, undefined)}>Reset {title(parameter)}</button>}
        {store.canUndo && <button type="button" class="add" onClick={store.undo}>Undo</button>}
        {!parameter && pictures.result && <button type="button" class="add" onClick={() => store.go({ ...store.asked })}>Try again</button>}
      </div>
    </div>
  );
}
