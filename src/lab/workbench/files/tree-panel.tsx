import { effect, type Signal, signal, useSignal } from '@preact/signals';
import { render } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { keepSetting, settingOf } from '../../../progress/index.ts';
import { filingWords } from '../../../text/index.ts';
import { element } from '../elements.ts';
import { downloadZip } from './download.ts';
import { nameFault } from './file-names.ts';
import type { LabFiles } from './files.ts';
import { Tree } from './tree.tsx';

const words = filingWords;

/** The tree of all files, beside the one that is shown, and its button, in the place of the list that the page came with. */
export function openTreePanel(root: HTMLElement, slug: string, files: LabFiles): void {
  const isOpen = signal(settingOf('tree'));
  const panel = element('section', 'tree-panel', '');
  panel.id = 'all-files';
  panel.setAttribute('aria-label', words.tree);
  root.querySelector('.sheets')?.before(panel);
  /** Where there is no room beside it, the tree lies over the file, and makes way for the one that is opened. */
  const opened = (path: string) => {
    const isOver = panel.offsetWidth === panel.parentElement?.clientWidth;
    if (isOver) isOpen.value = false;
    files.show(path, isOver);
  };
  render(<Panel files={files} slug={slug} onOpen={opened} />, panel);

  const button = element('button', 'quiet-press', words.tree) as HTMLButtonElement;
  button.type = 'button';
  button.dataset.tree = '';
  button.setAttribute('aria-controls', panel.id);
  button.addEventListener('click', () => {
    isOpen.value = !isOpen.value;
    keepSetting('tree', isOpen.value || undefined);
  });
  replaceList(root, button);
  effect(() => {
    panel.hidden = !isOpen.value;
    button.setAttribute('aria-expanded', String(isOpen.value));
  });
}

function replaceList(root: HTMLElement, button: HTMLElement): void {
  const list = root.querySelector('.more') as HTMLElement;
  const hadFocus = list.contains(document.activeElement);
  list.replaceWith(button);
  if (hadFocus) button.focus();
}

interface PanelOptions {
  files: LabFiles;
  slug: string;
  onOpen(path: string): void;
}

function Panel({ files, slug, onOpen }: PanelOptions) {
  const isNaming = useSignal(false);
  const failure = useSignal('');
  const create = useRef<HTMLButtonElement>(null);
  const save = () => {
    failure.value = '';
    downloadZip(`handfast-${slug}`, files.all).catch(() => {
      failure.value = words.downloadFailed;
    });
  };
  const end = () => {
    isNaming.value = false;
    create.current?.focus();
  };
  return (
    <>
      <div class="tree-acts">
        {files.set.canCreate && (
          <button
            ref={create}
            type="button"
            class="quiet-press"
            aria-expanded={isNaming.value}
            data-create
            onClick={() => {
              isNaming.value = !isNaming.value;
            }}
          >
            {words.create}
          </button>
        )}
        <button
          type="button"
          class="quiet-press"
          aria-label={words.downloadLab}
          title={words.downloadLab}
          data-download
          onClick={save}
        >
          {words.download}
        </button>
      </div>
      <p class="tree-fault" role="status">
        {failure.value}
      </p>
      {isNaming.value && <Naming files={files} isNaming={isNaming} onCancel={end} />}
      <Tree files={files} onOpen={onOpen} />
    </>
  );
}

interface NamingOptions {
  files: LabFiles;
  isNaming: Signal<boolean>;
  onCancel(): void;
}

/** Asks for the path of a new file, and says what is wrong with it. */
function Naming({ files, isNaming, onCancel }: NamingOptions) {
  const fault = useSignal('');
  const field = useRef<HTMLInputElement>(null);
  // In the same turn as the press: what is typed next goes into the field, and is no single key.
  useLayoutEffect(() => field.current?.focus(), []);
  const submit = (event: Event) => {
    event.preventDefault();
    const path = field.current?.value.trim() ?? '';
    const found = nameFault(path, files.set.paths);
    if (!found) {
      isNaming.value = false;
      files.create(path);
      return;
    }
    fault.value = words.nameFaults[found.expected](found.came);
    field.current?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onCancel();
  };
  return (
    <form class="naming" noValidate onSubmit={submit} onKeyDown={onKey}>
      <label for="new-file">{words.createName}</label>
      <input
        ref={field}
        id="new-file"
        type="text"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        placeholder={words.createHint}
        aria-invalid={fault.value !== ''}
        aria-describedby="new-file-fault"
      />
      <p id="new-file-fault" class="tree-fault" role="alert">
        {fault.value}
      </p>
      <p class="tree-acts">
        <button type="submit" class="quiet-press">
          {words.createConfirm}
        </button>
        <button type="button" class="quiet-press" onClick={onCancel}>
          {words.cancel}
        </button>
      </p>
    </form>
  );
}
