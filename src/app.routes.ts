import type { FastifyInstance } from 'fastify';

interface Route {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

/** The methods that each address offers, for answers 405. */
export class RouteTable {
  private readonly routes = new Map<string, Route>();

  /** Notes every route that is registered from now on. */
  watch(server: FastifyInstance): void {
    server.addHook('onRoute', ({ url, method, config }) => {
      if (url === '*' || url === '/*') return;
      // Fastify adds it for every GET; a route whose answer does not end refuses it itself.
      if (method === 'HEAD' && (config as { isEndless?: boolean } | undefined)?.isEndless) return;
      const route = this.routes.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
      for (const name of [method].flat()) route.methods.add(name);
      this.routes.set(url, route);
    });
  }

  methodsOf(url: string): string[] {
    const path = url.split('?')[0];
    const found = [...this.routes.values()].filter((route) => route.pattern.test(path));
    return [...new Set(found.flatMap((route) => [...route.methods]))].sort();
  }
}

const patternOf = (url: string): RegExp =>
  new RegExp(`^${url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[^/]+/g, '[^/]+')}$`);
