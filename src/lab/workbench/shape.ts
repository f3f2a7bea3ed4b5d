import type { Role } from '../../lesson/index.ts';

/** The shape that a role of `lab.ts` wears; the page holds the drawings under `shape-…`. */
const shapes: Record<Role, string> = {
  server: 'server',
  client: 'client',
  auth: 'auth',
  victim: 'ana',
  attacker: 'mallory',
  observer: 'observer',
};

export const shapeOf = (role: Role): string => shapes[role];

/** A process's name with its role's shape before it, as the build draws it too. */
export function sourceElement(process: string, role: Role): HTMLElement {
  const shape = shapeOf(role);
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'shape');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#shape-${shape}`);
  svg.append(use);
  const source = document.createElement('span');
  source.className = 'source';
  source.dataset.role = shape;
  source.append(svg, ` ${process}`);
  return source;
}
