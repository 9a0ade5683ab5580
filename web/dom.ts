/** The element of the page with this id. Throws where the page and the code do not fit. */
export function byId<T extends HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element as T;
}

/** What stands in a field of a form. */
export function fieldOf(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name);
  return typeof value === 'string' ? value : '';
}

interface Parts {
  readonly text?: string;
  readonly className?: string;
  readonly children?: readonly Node[];
}

/** A new element. Text goes in as text, never as HTML. */
export function make<K extends keyof HTMLElementTagNameMap>(name: K, parts: Parts = {}): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  if (parts.text !== undefined) element.textContent = parts.text;
  if (parts.className) element.className = parts.className;
  element.append(...(parts.children ?? []));
  return element;
}

/** Puts exactly these children in, in this order, and touches nothing that is in its place already. */
export function arrange(parent: HTMLElement, children: readonly HTMLElement[]): void {
  const wanted = new Set<Element>(children);
  for (const child of Array.from(parent.children)) if (!wanted.has(child)) child.remove();
  children.forEach((child, at) => {
    if (parent.children[at] !== child) parent.insertBefore(child, parent.children[at] ?? null);
  });
}

/** Calls `draw` once a frame at most, however often it is asked for. */
export function oncePerFrame(draw: () => void): () => void {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      draw();
    });
  };
}

/** Runs what a form or button asks for, with its buttons off meanwhile, and shows the refusal in its `.problem`. */
export async function attempt(form: HTMLElement, act: () => Promise<void>): Promise<void> {
  const problem = form.querySelector('.problem');
  const buttons = form.querySelectorAll('button');
  for (const button of buttons) button.disabled = true;
  if (problem) problem.textContent = '';
  try {
    await act();
  } catch (error) {
    if (problem) problem.textContent = messageOf(error);
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

function messageOf(error: unknown): string {
  const { message, fields = [] } = error as { message: string; fields?: readonly { path: string; message: string }[] };
  return fields.length === 0 ? message : fields.map((field) => `${field.path} ${field.message}`).join('; ');
}
