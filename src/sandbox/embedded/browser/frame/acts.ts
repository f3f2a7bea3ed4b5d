import { complaints } from '../../../browser-lines.ts';
import { KEPT } from '../markup.ts';
import type { FrameNavigation, PaneContent } from '../messages.ts';
import type { Line } from './port.ts';
import type { Trust } from './seal.ts';

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const trimmed = (text: string | null | undefined) => (text ?? '').replace(/\s+/g, ' ').trim();

/** What a field is called: its label's text, `aria-label`, `name`. */
function namesOf(field: Field): string[] {
  const labels = [...(field.labels ?? [])].map((label) => {
    const copy = label.cloneNode(true) as Element;
    for (const inner of copy.querySelectorAll('input, select, textarea, button')) inner.remove();
    return trimmed(copy.textContent).replace(/\s*:$/, '');
  });
  return [...labels, trimmed(field.getAttribute('aria-label')), trimmed(field.getAttribute('name'))].filter(
    Boolean,
  );
}

const fieldsOf = () =>
  [...document.querySelectorAll<Field>('input, textarea, select')].filter(
    (field) =>
      !/^(hidden|submit|button|reset|image)$/.test(field.type) &&
      field.checkVisibility({ visibilityProperty: true }),
  );

const CONTROLS =
  'button, input[type=submit], input[type=button], input[type=reset], input[type=image], a[href], [role=button], summary';

/** What can be read on a button or link; nothing where it cannot be seen. */
function textOf(control: HTMLElement): string {
  if (!control.checkVisibility({ visibilityProperty: true })) return '';
  // biome-ignore lint/performance/useDomNodeTextContent: only what can be seen counts
  if (!(control instanceof HTMLInputElement)) return trimmed(control.innerText);
  return trimmed(control.value) || ({ submit: 'Submit', reset: 'Reset' }[control.type] ?? '');
}

function fill(field: Field, value: string): void {
  field.focus();
  if (field instanceof HTMLSelectElement) {
    const option = [...field.options].find((each) => trimmed(each.text) === value || each.value === value);
    if (option) field.value = option.value;
  } else if (field.type === 'checkbox' || field.type === 'radio') {
    (field as HTMLInputElement).checked = !/^(|no|off|false)$/i.test(value);
  } else field.value = value;
  field.dispatchEvent(new InputEvent('input', { bubbles: true, data: value, inputType: 'insertText' }));
  field.dispatchEvent(new Event('change', { bubbles: true }));
}

/** Fills and presses as a person would; what is missing is a complaint. */
function act(fields: [label: string, value: string][], press: string, address: string): string | undefined {
  let form: HTMLFormElement | null = null;
  for (const [label, value] of fields) {
    const there = fieldsOf();
    const field = there.find((each) => namesOf(each).includes(trimmed(label).replace(/\s*:$/, '')));
    if (!field)
      return complaints.noField(label, address, there.map((each) => namesOf(each)[0]).filter(Boolean));
    fill(field, value);
    form = field.form;
  }
  const there = [...document.querySelectorAll<HTMLElement>(CONTROLS)].filter(
    (each) => !(each as HTMLButtonElement).disabled,
  );
  const fitting = there.filter((each) => textOf(each) === trimmed(press));
  const control = fitting.find((each) => form && (each as HTMLButtonElement).form === form) ?? fitting[0];
  if (!control) return complaints.noControl(press, address, there.map(textOf).filter(Boolean));
  control.focus();
  control.click();
  return undefined;
}

/** Links and forms, whoever sets them off, and what the person does. */
export function installActs(line: Line, trust: Trust, content: PaneContent): { listen(): void } {
  const { address, later } = content;
  const go = (to: FrameNavigation) => line.post({ type: 'navigate', to });

  function follow(link: Element): void {
    const text = link.getAttribute(KEPT.address) ?? link.getAttribute('href') ?? '';
    if (text.startsWith('#')) {
      document.getElementById(text.slice(1))?.scrollIntoView();
      return;
    }
    const script = /^\s*javascript:(.*)$/is.exec(text)?.[1];
    if (script === undefined) {
      const url = URL.parse(text, address)?.href;
      if (url) go({ url, method: 'GET', isForm: false });
    } else if (later.scripts) trust.run(decodeURIComponent(script));
  }

  let sending: Promise<void> = Promise.resolve();

  function submit(form: HTMLFormElement, submitter: HTMLElement | null): void {
    sending = send(form, submitter);
  }

  async function send(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
    const attribute = (name: string) =>
      submitter?.getAttribute(`form${name}`) ?? HTMLFormElement.prototype.getAttribute.call(form, name);
    const data = new FormData(form, submitter);
    const url = new URL(attribute('action') || address, address);
    if (attribute('method')?.toLowerCase() !== 'post') {
      url.search = `${new URLSearchParams(textEntries(data))}`;
      return go({ url: url.href, method: 'GET', isForm: true });
    }
    const isMultipart = attribute('enctype')?.toLowerCase() === 'multipart/form-data';
    const encoded = new Response(isMultipart ? data : new URLSearchParams(textEntries(data)));
    const contentType = encoded.headers.get('content-type')?.replace(/;\s*charset=UTF-8$/i, '');
    const body = new Uint8Array(await encoded.arrayBuffer());
    go({ url: url.href, method: 'POST', body, contentType, isForm: true });
  }

  HTMLFormElement.prototype.submit = function () {
    submit(this, null);
  };
  line.on('act', ({ fill, press }) => {
    const complaint = act(fill, press, address);
    // A form is sent in turns of its own; the answer comes after it.
    setTimeout(() => sending.finally(() => line.post({ type: 'acted', complaint })));
  });

  return {
    listen() {
      addEventListener('click', (event) => {
        const link = event
          .composedPath()
          .find((each) => each instanceof Element && each.matches('a[href], area[href]'));
        if (!(link instanceof Element) || event.defaultPrevented) return;
        event.preventDefault();
        follow(link);
      });
      addEventListener('auxclick', (event) => event.preventDefault());
      addEventListener('submit', (event) => {
        if (event.defaultPrevented) return;
        event.preventDefault();
        submit(event.target as HTMLFormElement, event.submitter);
      });
    },
  };
}

const textEntries = (data: FormData): [string, string][] =>
  [...data].map(([name, value]) => [name, typeof value === 'string' ? value : value.name]);
