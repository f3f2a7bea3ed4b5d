/**
 * How the person at a browser finds what to fill in and what to press: by what can be read on the page. These functions
 * are sent into the page and run there, so each stands for itself.
 */

/** What can be filled in, in the order of the page. */
export const FIELDS =
  'input:not([type=hidden], [type=submit], [type=button], [type=reset], [type=image]), textarea, select';
/** What can be pressed. */
export const BUTTONS =
  'button, a[href], input[type=submit], input[type=button], input[type=reset], input[type=image], [role=button]';

export interface Control {
  /** What the person may call it, best first. None: it cannot be seen, or is disabled. */
  names: string[];
  /** The number of the form it belongs to, or -1. */
  form: number;
}

/** The fields of the page, each by its labels, its `aria-label` and its `name`. */
export function readFields(selector: string): Control[] {
  const clean = (text: string | null) => (text ?? '').replace(/\s+/g, ' ').trim();
  const forms = [...document.forms];
  return [...document.querySelectorAll<HTMLInputElement>(selector)].map((field) => {
    const labels = [...(field.labels ?? [])].map((label) => {
      const words = label.cloneNode(true) as HTMLLabelElement;
      for (const control of words.querySelectorAll('input, textarea, select, button')) control.remove();
      return clean(words.textContent).replace(/\s*:$/, '');
    });
    const names = [...labels, clean(field.getAttribute('aria-label')), clean(field.getAttribute('name'))];
    const isUsable = !field.disabled && field.checkVisibility({ visibilityProperty: true });
    return {
      names: isUsable ? names.filter(Boolean) : [],
      form: field.form === null ? -1 : forms.indexOf(field.form),
    };
  });
}

/** The buttons and links of the page, each by its visible text, or what stands for it. */
export function readButtons(selector: string): Control[] {
  const forms = [...document.forms];
  return [...document.querySelectorAll<HTMLElement>(selector)].map((element) => {
    const { disabled = false, form = null } = element as HTMLButtonElement;
    const isInput = element instanceof HTMLInputElement;
    const usual = isInput && element.type === 'submit' ? 'Submit' : '';
    // biome-ignore lint/performance/useDomNodeTextContent: only what can be seen counts
    const visible = isInput ? element.value || element.alt : element.innerText;
    const text = (element.getAttribute('aria-label') ?? visible).replace(/\s+/g, ' ').trim() || usual;
    const isUsable = !disabled && element.checkVisibility({ visibilityProperty: true });
    return {
      names: isUsable && text !== '' ? [text] : [],
      form: form === null ? -1 : forms.indexOf(form),
    };
  });
}
