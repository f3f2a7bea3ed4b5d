/** The six shapes, and the names that wear them: in prose a person or a service, in `lab.ts` a part in the play. */
const shapes = {
  client: 'client',
  app: 'client',
  server: 'server',
  api: 'server',
  auth: 'auth',
  ana: 'ana',
  victim: 'ana',
  mallory: 'mallory',
  attacker: 'mallory',
  observer: 'observer',
} as const;

export type Shape = (typeof shapes)[keyof typeof shapes];

export function shapeOf(role: string): Shape {
  const shape = (shapes as Record<string, Shape>)[role];
  if (!shape) throw new Error(`Unknown role "${role}". Known roles: ${Object.keys(shapes).join(', ')}.`);
  return shape;
}
