import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldedText, isBigEmoji, textParts } from './text-parts.js';

const kinds = (text: string) => textParts(text).map(({ kind, text: shown }) => `${kind}:${shown}`);

describe('textParts', () => {
  it('finds addresses of the web, and nothing else that could be followed', () => {
    expect(kinds('see https://a.example/x?y=1#z.')).toEqual(['text:see ', 'link:https://a.example/x?y=1#z', 'text:.']);
    expect(kinds('javascript:alert(1) ftp://a.example data:text/html,x')).toHaveLength(1);
    expect(kinds('https://')).toEqual(['text:https://']);
  });

  it('leaves brackets and Chinese around an address outside', () => {
    expect(kinds('(https://a.example/b_(c))')).toEqual(['text:(', 'link:https://a.example/b_(c)', 'text:)']);
    expect(kinds('看https://a.example/好的。')).toEqual(['text:看', 'link:https://a.example/', 'text:好的。']);
  });

  it('does not let a mark of direction into an address', () => {
    expect(kinds('https://a.example/\u202egpj.exe')[0]).toBe('link:https://a.example/');
  });

  it('shows code as it stands, with no link in it', () => {
    expect(kinds('run `npm i https://a.example` now')).toEqual([
      'text:run ',
      'code:npm i https://a.example',
      'text: now',
    ]);
    expect(kinds('```ts\nconst a = `b`;\n```\nend')).toEqual(['block:const a = `b`;', 'text:\nend']);
    expect(kinds('``` open')).toEqual(['text:``` open']);
  });

  it('marks who is spoken to, the longest name first', () => {
    const mentions = [
      { name: 'Ann', isMe: false },
      { name: 'Ann Lee (x)', isMe: true },
    ];
    expect(textParts('@Ann Lee (x), @ann!', mentions)).toEqual([
      { kind: 'mention', text: '@Ann Lee (x)', isMe: true },
      { kind: 'text', text: ', ' },
      { kind: 'mention', text: '@ann', isMe: false },
      { kind: 'text', text: '!' },
    ]);
  });

  it('takes names of any signs', () => {
    const name = 'a-b/c.d*e+f?g(h)[i]{j}|k^l$m\\n';
    expect(textParts(`@${name}`, [{ name, isMe: true }])).toEqual([{ kind: 'mention', text: `@${name}`, isMe: true }]);
  });

  it('loses nothing of a text without code', () => {
    assert(
      property(string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const plain = text.replaceAll('`', '');
        expect(
          textParts(plain)
            .map((part) => part.text)
            .join(''),
        ).toBe(plain);
      }),
    );
  });

  it('takes a long text of half-open things in one go', () => {
    for (const text of ['`'.repeat(16_000), '@'.repeat(16_000), 'https://('.repeat(1_700), '('.repeat(16_000)]) {
      expect(textParts(text, [{ name: 'a', isMe: false }]).length).toBeGreaterThan(0);
    }
  });
});

describe('isBigEmoji', () => {
  it.each(['🙂', '👨‍👩‍👧‍👦 🎉', '🇩🇪', '👍🏽👍🏽', '❤️', '3️⃣'])('is true of %s', (text) => expect(isBigEmoji(text)).toBe(true));
  it.each(['', ' ', 'ok 🙂', '3', '#', '🙂'.repeat(7), '©'])('is false of "%s"', (text) =>
    expect(isBigEmoji(text)).toBe(false),
  );
});

describe('foldedText', () => {
  const most = { characters: 100, lines: 3 };

  it('leaves a short text alone', () => expect(foldedText('a b', most)).toBe('a b'));

  it('ends a long one at a word, and never within a character', () => {
    expect(foldedText('word '.repeat(100), most)).toBe('word '.repeat(20).trimEnd());
    expect(foldedText('🙂'.repeat(300), most)).toBe('🙂'.repeat(100));
  });

  it('leaves a block of code a block', () => {
    expect(foldedText('```\n1\n2\n3\n4\n```', most)).toBe('```\n1\n2\n```');
  });

  it('does not stand for empty lines', () => expect(foldedText(`a${'\n'.repeat(50)}b`, most)).toBe('a'));

  it('shows only some lines', () => expect(foldedText('1\n2\n3\n4\n5', most)).toBe('1\n2\n3'));
});
