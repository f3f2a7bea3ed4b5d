/** The workbench writes its own part of the page. What comes from a program goes in as text, never as markup. */
export function element(name: string, className: string, text: string): HTMLElement {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

export function button(words: string, className: string, press?: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = className;
  made.textContent = words;
  if (press) made.addEventListener('click', press);
  return made;
}
