import { SocketAddress, isIPv6 } from 'node:net';

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/;

/**
 * What an address counts as where things are counted by address: an IPv6 one as its network of 64 bits, since whoever
 * has one has them all, and an IPv4 one in the dress of IPv6 as itself.
 */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  // The zone of a link-local address says nothing about who it is.
  const plain = new SocketAddress({ family: 'ipv6', address: address.split('%')[0] }).address;
  return MAPPED.exec(plain)?.[1] ?? `${groupsOf(plain).slice(0, 4).join(':')}::/64`;
}

/** The eight groups, those that `::` stands for too. */
function groupsOf(address: string): string[] {
  const [first, last = []] = address.split('::').map((part) => part.split(':').filter(Boolean));
  return [...first, ...Array<string>(Math.max(8 - first.length - last.length, 0)).fill('0'), ...last];
}
