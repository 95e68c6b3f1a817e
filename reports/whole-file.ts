import { open, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** The file is there whole, on disk, or not at all: a reader never sees half of it. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}.draft`);
  const file = await open(draft, 'w');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  await syncFolder(dirname(path));
}

/** Makes a rename in the folder survive a crash of the machine. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
