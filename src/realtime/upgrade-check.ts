import { Injectable } from '@nestjs/common';
import proxyAddr from '@fastify/proxy-addr';
import type { IncomingMessage } from 'node:http';
import { AppConfig } from '../config/app-config.js';
import { addressOf, networkOf } from '../limits/network.js';
import { Draining } from './draining.service.js';
import { Connections } from './connections/connections.js';

type Status =
  '400 Bad Request' | '403 Forbidden' | '404 Not Found' | '429 Too Many Requests' | '503 Service Unavailable';

const LOCAL_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Which upgrades become sockets. */
@Injectable()
export class UpgradeCheck {
  private readonly trusted: ((address: string, hop: number) => boolean) | null;

  constructor(
    private readonly config: AppConfig,
    private readonly connections: Connections,
    private readonly draining: Draining,
  ) {
    const { trustProxy } = config.http;
    this.trusted = trustProxy ? proxyAddr.compile(trustProxy.split(',').map((item) => item.trim())) : null;
  }

  /** The HTTP answer that refuses the upgrade, or null. `network`: where it comes from. */
  refusalOf(request: IncomingMessage, path: string, network: string): string | null {
    const status = this.statusOf(request, path, network);
    return status && `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
  }

  /** What the client's address, behind the proxies that are trusted, counts as. */
  networkOf(request: IncomingMessage): string {
    const told = this.trusted ? proxyAddr(request, this.trusted) : undefined;
    return networkOf(addressOf(told, request.socket.remoteAddress));
  }

  private statusOf(request: IncomingMessage, path: string, network: string): Status | null {
    if (request.url?.split('?')[0] !== path) return '404 Not Found';
    if (this.draining.isDraining) return '503 Service Unavailable';
    if (!this.isAllowed(request.headers.origin, request.headers.host)) return '403 Forbidden';
    if (!this.connections.makePlace(network)) return '429 Too Many Requests';
    return null;
  }

  /** No Origin: a native client. Otherwise the own address or one of the allow list. */
  private isAllowed(origin: string | undefined, host: string | undefined): boolean {
    if (origin === undefined) return true;
    const { publicUrl, allowedOrigins } = this.config.http;
    if (allowedOrigins.includes(origin) || origin === publicUrl) return true;
    if (!URL.canParse(origin) || host === undefined || !URL.canParse(`http://${host}`)) return false;
    return sameHost(new URL(origin), host);
  }
}

/** `127.0.0.1` and `localhost` count as one. */
function sameHost(origin: URL, host: string): boolean {
  if (origin.host === host) return true;
  const { hostname, port } = new URL(`http://${host}`);
  return LOCAL_NAMES.has(origin.hostname) && LOCAL_NAMES.has(hostname) && origin.port === port;
}
