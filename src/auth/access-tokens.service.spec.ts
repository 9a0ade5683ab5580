import { JwtService } from '@nestjs/jwt';
import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Principal } from '../access/principal.js';
import { newId } from '../common/id.js';
import type { AppConfig } from '../config/app-config.js';
import { Clock } from '../common/clock.js';
import { CheckedTokens } from './checked-tokens.js';
import { AccessTokens, ExpiredToken, TOKEN_RULES } from './access-tokens.service.js';

const secret = createSecretKey(Buffer.alloc(32, 1));
const { algorithm, issuer, audience } = TOKEN_RULES;
const jwt = new JwtService({
  secret: secret as unknown as Buffer,
  signOptions: { algorithm, issuer, audience },
  verifyOptions: { algorithms: [algorithm], issuer, audience },
});
const tokens = new AccessTokens({ auth: { accessSeconds: 900 } } as AppConfig, jwt, new CheckedTokens(new Clock()));
const ann = Principal.user(newId(), newId(), 'user');
const NOW = Math.floor(Date.now() / 1000) * 1000;
const claims = { sub: ann.userId, sid: ann.sessionId, role: 'user', typ: 'access' };

const partOf = (token: string, part: number) => JSON.parse(Buffer.from(token.split('.')[part], 'base64url').toString());
const forge = (over: object, options: object = { expiresIn: 60 }) => jwt.sign({ ...claims, ...over }, options);

function refusalOf(token: string): unknown {
  try {
    return tokens.verify(token);
  } catch (error) {
    return error;
  }
}

describe('AccessTokens', () => {
  it('signs who it is for, until when, and nothing of the account', () => {
    const token = tokens.sign(ann, { at: NOW, counter: 3 });
    expect(partOf(token, 0)).toEqual({ alg: 'HS256', typ: 'JWT' });
    expect(partOf(token, 1)).toEqual({
      ...claims,
      iss: 'parley',
      aud: 'parley',
      iat: NOW / 1000,
      exp: NOW / 1000 + 900,
      jti: `${ann.sessionId}.3`,
    });
    expect(tokens.verify(token)).toEqual({ principal: ann, expiresAt: NOW + 900_000 });
  });

  it('signs the same token for the same pair, and another one for the next of the same second', () => {
    const token = tokens.sign(ann, { at: NOW, counter: 3 });
    expect(tokens.sign(ann, { at: NOW, counter: 3 })).toBe(token);
    expect(tokens.sign(ann, { at: NOW, counter: 4 })).not.toBe(token);
  });

  it('says of an expired token that it was good once', () => {
    expect(refusalOf(tokens.sign(ann, { at: NOW - 901_000, counter: 1 }))).toBeInstanceOf(ExpiredToken);
  });

  it('takes tokens that were made without a jti', () => {
    expect(tokens.verify(forge({})).principal).toEqual(ann);
  });

  const other = new JwtService({
    secret: 'another secret of thirty-two bytes and more',
    signOptions: { issuer, audience },
  });
  const good = tokens.sign(ann, { at: NOW, counter: 1 });
  const [head, body, signature] = good.split('.');
  const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
  it.each([
    ['nothing', ''],
    ['nonsense', 'a.b.c'],
    ['one without an end', forge({}, {})],
    ['one of another kind', forge({ typ: 'refresh' })],
    ['one without a kind', forge({ typ: undefined })],
    ['one without a login', forge({ sid: undefined })],
    ['one whose login is no text', forge({ sid: { id: 1 } })],
    ['one of an unknown role', forge({ role: 'system' })],
    ['one of another issuer', forge({}, { expiresIn: 60, issuer: 'elsewhere' })],
    ['one for another audience', forge({}, { expiresIn: 60, audience: 'elsewhere' })],
    ['one of another algorithm', forge({}, { expiresIn: 60, algorithm: 'HS512' })],
    ['one of another key', other.sign(claims, { expiresIn: 60 })],
    ['one that is not signed', `${none}.${body}.`],
    ['one without its signature', `${head}.${body}.`],
    ['one with a changed body', `${head}.${body.slice(0, -2)}AA.${signature}`],
    ['one that begins later', forge({ nbf: NOW / 1000 + 600 })],
  ])('refuses %s', (_, token) => {
    const error = refusalOf(token);
    expect(error).toMatchObject({ code: 'UNAUTHORIZED' });
    expect(error).not.toBeInstanceOf(ExpiredToken);
  });
});
