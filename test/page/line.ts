import type { WebSocketRoute } from 'playwright-core';
import type { Visitor } from './browser.js';

/** Somebody's way to the server, socket and requests alike, which can be cut. */
export class Line {
  private isCut = false;
  private readonly sockets: WebSocketRoute[] = [];

  /** Puts itself between the page and the server, and loads the page anew. */
  static async of({ page }: Visitor): Promise<Line> {
    const line = new Line();
    await page.routeWebSocket(/\/ws$/, (socket) => {
      if (line.isCut) return void socket.close();
      line.sockets.push(socket);
      socket.connectToServer();
    });
    await page.route(/\/api\/v1\//, (route) => (line.isCut ? route.abort('internetdisconnected') : route.continue()));
    await page.reload();
    return line;
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets.splice(0)) void socket.close();
  }

  mend(): void {
    this.isCut = false;
  }
}
