import type { Edits } from '../../../progress/index.ts';
import { filingWords } from '../../../text/index.ts';
import { ask } from '../dialogs.tsx';
import { downloadZip } from './download.ts';

const { stale: words, marks, downloadMine, downloadFailed } = filingWords;

/** The lesson's files are not those that were edited. Taking the new ones loses nothing: one's own can be had as a file. */
export function askStale(slug: string, { files, removed = [] }: Edits): Promise<boolean> {
  const save = ({ currentTarget: button }: { currentTarget: HTMLButtonElement }) =>
    downloadZip(`handfast-${slug}-mine`, files).catch(() => {
      button.textContent = downloadFailed;
    });
  return ask({
    title: words.title,
    text: words.text,
    confirm: words.confirm,
    cancel: words.cancel,
    children: (
      <>
        <ul>
          {Object.keys(files).map((path) => (
            <li key={path}>
              <code>{path}</code>
            </li>
          ))}
          {removed.map((path) => (
            <li key={path}>
              <code>{path}</code> ({marks.deleted})
            </li>
          ))}
        </ul>
        {Object.keys(files).length > 0 && (
          <p>
            <button type="button" class="quiet-press" data-download onClick={save}>
              {downloadMine}
            </button>
          </p>
        )}
      </>
    ),
  });
}
