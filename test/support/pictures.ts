import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Actor, World } from './world.js';

/** Pictures of every kind, made here: left half red, right half blue. */
export async function pictureOf(
  kind: 'jpeg' | 'png' | 'webp' | 'gif' | 'avif',
  { width = 300, height = 200, orientation }: { width?: number; height?: number; orientation?: number } = {},
): Promise<Buffer> {
  const right = await sharp({ create: { width: Math.ceil(width / 2), height, channels: 3, background: '#0000ff' } })
    .png()
    .toBuffer();
  const whole = sharp({ create: { width, height, channels: 3, background: '#ff0000' } }).composite([
    { input: right, gravity: 'east' },
  ]);
  const withExif = whole.withExif({ IFD0: { Copyright: 'sEcReT', ImageDescription: 'sEcReT' } });
  return (orientation ? withExif.withMetadata({ orientation }) : withExif).toFormat(kind).toBuffer();
}

/** A form with one file, as browsers send it. */
export function formOf(
  content: Buffer | string,
  { field = 'file', name = 'me.png', type = 'image/png' } = {},
): FormData {
  const form = new FormData();
  form.append(field, new Blob([new Uint8Array(Buffer.from(content))], { type }), name);
  return form;
}

/** Every file below a folder of the server's data. */
export function filesIn(world: World, folder: string): string[] {
  const root = join(world.app.config.dataDir, folder);
  try {
    return readdirSync(root, { recursive: true })
      .map(String)
      .filter((name) => statSync(join(root, name)).isFile());
  } catch {
    return [];
  }
}

/** Sends a form, or any other body, as somebody. */
export async function upload(
  world: World,
  actor: Actor,
  body: RequestInit['body'],
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${world.app.apiUrl}/users/me/avatar`, {
    method: 'PUT',
    body,
    headers: { authorization: `Bearer ${actor.token}`, ...headers },
  });
  const text = await response.text();
  return { status: response.status, body: JSON.parse(text) as any };
}
