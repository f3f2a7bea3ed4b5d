/** The last one: nobody says when the browser has taken it, so it is let go when the next is made. */
let offered: string | undefined;

/** Gives the reader a file of this name. */
export function offer(name: string, file: Blob): void {
  if (offered) URL.revokeObjectURL(offered);
  offered = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = offered;
  link.download = name;
  link.click();
}

/** Gives the reader these files as `NAME.zip`. Rejects when the part that makes zips cannot be loaded. */
export async function downloadZip(name: string, files: Readonly<Record<string, string>>): Promise<void> {
  const { zipOf } = await import('./zip.ts');
  offer(`${name}.zip`, zipOf(name, files));
}
