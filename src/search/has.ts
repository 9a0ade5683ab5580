/** What a message may have. */
export const HAS = ['file', 'image', 'link'] as const;
export type Has = (typeof HAS)[number];

const LINK = /\bhttps?:\/\/[^\s/]/i;

/** What a message has: `file` is any attachment, `image` one that is a picture, `link` an address in its text. */
export function hasOf(text: string, payload: Readonly<Record<string, unknown>> | null): Has[] {
  const has: Has[] = LINK.test(text) ? ['link'] : [];
  const attachments = payload?.attachments;
  if (!Array.isArray(attachments) || attachments.length === 0) return has;
  has.push('file');
  if (attachments.some(isImage)) has.push('image');
  return has;
}

function isImage(attachment: unknown): boolean {
  const { mediaType } = (attachment ?? {}) as { mediaType?: unknown };
  return typeof mediaType === 'string' && mediaType.startsWith('image/');
}
