import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { type Frame, FrameLog } from './frame-log.js';

interface OpenOptions {
  readonly token: string | null;
  readonly lastEventId?: string;
  /** With `?`. */
  readonly query?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
}

/** A stream of events as browsers read one (HTML, 9.2.6), but for coming back by itself. */
export class TestStream extends FrameLog {
  closed: { cut: boolean } | null = null;
  /** The last `id:` of a block that has ended. */
  lastEventId = '';
  /** The last `retry:`. */
  retryMs: number | null = null;
  comments = 0;
  /** Milliseconds since the epoch at which each `id:` came. */
  readonly idsAt: number[] = [];
  private rest = '';

  private constructor(readonly response: IncomingMessage) {
    super();
    response.setEncoding('utf8');
    response.on('data', (text: string) => this.read(text));
    response.on('error', () => undefined);
    response.on('close', () => {
      this.closed = { cut: !response.complete };
      this.wake();
    });
  }

  /** Opens a stream at the API's address. Rejects with `HTTP <status> <code>` where it is refused. */
  static async open(
    apiUrl: string,
    { token, lastEventId, query = '', method, headers }: OpenOptions,
  ): Promise<TestStream> {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const fields = {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
        ...headers,
      };
      request(`${apiUrl}/events${query}`, { method, headers: fields, agent: false }, resolve).on('error', reject).end();
    });
    if (response.statusCode === 200) return new TestStream(response);
    let body = '';
    for await (const chunk of response) body += String(chunk);
    throw new Error(`HTTP ${response.statusCode} ${body && (JSON.parse(body) as { code: string }).code}`.trim());
  }

  get headers(): IncomingHttpHeaders {
    return this.response.headers;
  }

  /** The end of the answer; `cut`: not as HTTP ends one. */
  closing(): Promise<{ cut: boolean }> {
    return this.until(() => this.closed ?? undefined, 'the end');
  }

  /** Goes away without a word. */
  async close(): Promise<void> {
    this.response.destroy();
    await this.closing();
  }

  private read(text: string): void {
    const blocks = (this.rest + text).split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) this.take(block);
    this.wake();
  }

  private take(block: string): void {
    let [event, data] = ['message', ''];
    // What a browser takes for the end of a line must not stand in a text.
    for (const line of block.split(/\r\n|\n|\r/)) {
      const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
      if (line.startsWith(':')) this.comments++;
      else if (name === 'event') event = value;
      else if (name === 'data') data += `${value}\n`;
      else if (name === 'id') this.noteId(value);
      else if (name === 'retry') this.retryMs = Number(value);
      else throw new Error(`a browser would not know the line ${line.slice(0, 100)}`);
    }
    if (data === '') return;
    const frame = JSON.parse(data) as Frame;
    if (frame.event !== event) throw new Error(`${event} is called ${frame.event} inside`);
    this.frames.push(frame);
  }

  private noteId(id: string): void {
    this.lastEventId = id;
    this.idsAt.push(Date.now());
  }
}
