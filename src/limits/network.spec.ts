import { describe, expect, it } from 'vitest';
import { addressOf, networkOf } from './network.js';

describe('networkOf', () => {
  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['203.0.113.7', '203.0.113.7'],
    ['no address', 'no address'],
    ['', ''],
  ])('counts %s as %s', (address, network) => expect(networkOf(address)).toBe(network));
});

describe('addressOf', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8::1', '2001:db8::1'],
    ['203.0.113.7:1234', '203.0.113.7'],
    [`fe80::1%${'x'.repeat(1000)}`, 'fe80::1'],
    ['[2001:db8::1]:1234', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['203.0.113.7.example', '127.0.0.1'],
    ['203.0.113.256', '127.0.0.1'],
    ['unknown', '127.0.0.1'],
    ['x'.repeat(16_000), '127.0.0.1'],
    ['', '127.0.0.1'],
    [undefined, '127.0.0.1'],
  ])('takes %s for %s', (told, address) => expect(addressOf(told, '127.0.0.1')).toBe(address));

  it('has nothing to say of a socket that is gone', () => expect(addressOf(undefined, undefined)).toBe(''));
});
