import { SocketAddress, isIP, isIPv6 } from 'node:net';

const WITH_PORT = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/;
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/;

/**
 * The address of a client as a proxy tells it, without a port; the peer's own where that is none. What a header says is
 * any text of up to 16 KiB, and would be kept with the login and as a key of every rate. A socket that is gone has none.
 */
export function addressOf(told: string | undefined, peer: string | undefined): string {
  const [, six, four] = WITH_PORT.exec(told ?? '') ?? [];
  const address = withoutZone(six ?? four ?? told ?? '');
  return isIP(address) === 0 ? withoutZone(peer ?? '') : address;
}

/** The zone of a link-local address says nothing about who it is, and may be any text. */
const withoutZone = (address: string): string => address.split('%')[0];

/**
 * What an address, as `addressOf` gives it, counts as where things are counted by address: an IPv6 one as its network of
 * 64 bits, since whoever has one has them all, and an IPv4 one in the dress of IPv6 as itself.
 */
export function networkOf(address: string): string {
  // The check of an IPv6 address is a long one, and most are none.
  if (!address.includes(':') || !isIPv6(address)) return address;
  const plain = new SocketAddress({ family: 'ipv6', address }).address;
  return MAPPED.exec(plain)?.[1] ?? `${groupsOf(plain).slice(0, 4).join(':')}::/64`;
}

/** The eight groups, those that `::` stands for too. */
function groupsOf(address: string): string[] {
  const [first, last = []] = address.split('::').map((part) => part.split(':').filter(Boolean));
  return [...first, ...Array<string>(Math.max(8 - first.length - last.length, 0)).fill('0'), ...last];
}
