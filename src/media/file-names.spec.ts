import { describe, expect, it } from 'vitest';
import { NAME_LENGTH, cleanName, withEnding } from './file-names.js';

describe('cleanName', () => {
  it.each([
    ['photo.jpg', 'photo.jpg'],
    ['Grüße aus Köln (2).png', 'Grüße aus Köln (2).png'],
    ['写真.jpg', '写真.jpg'],
    ['../../etc/passwd', 'passwd'],
    ['..\\..\\windows\\system32\\cmd.exe', 'cmd.exe'],
    ['C:\\Users\\me\\a.txt', 'a.txt'],
    ['/etc/shadow', 'shadow'],
    ['a/', 'file'],
    ['..', 'file'],
    ['.', 'file'],
    ['', 'file'],
    ['   ', 'file'],
    ['.htaccess', 'htaccess'],
    ['name. . .', 'name'],
    ['a\r\nSet-Cookie: x=1', 'aSet-Cookie_ x=1'],
    ['a\0b.png', 'ab.png'],
    ['a\u202egpj.exe', 'agpj.exe'],
    ['a\u200b\u2066b\ufeff.png', 'ab.png'],
    ['<script>.html', '_script_.html'],
    ['"quoted".txt', '_quoted_.txt'],
    ['\ud800lone.png', '\ufffdlone.png'],
    ['A\u030angstro\u0308m.txt', 'Ångström.txt'],
  ])('makes of %j the name %j', (given, name) => expect(cleanName(given)).toBe(name));

  it('cuts a long name and keeps its ending', () => {
    const long = cleanName(`${'😀'.repeat(300)}.jpeg`);
    expect([...long]).toHaveLength(NAME_LENGTH);
    expect(long.endsWith('😀.jpeg')).toBe(true);
    expect([...cleanName('x'.repeat(NAME_LENGTH))]).toHaveLength(NAME_LENGTH);
    expect([...cleanName('x'.repeat(NAME_LENGTH + 1))]).toHaveLength(NAME_LENGTH);
  });
});

describe('withEnding', () => {
  it.each([
    ['photo.avif', 'photo.webp'],
    ['photo', 'photo.webp'],
    ['a.b.c', 'a.b.webp'],
  ])('%s becomes %s', (name, expected) => expect(withEnding(name, 'webp')).toBe(expected));
});
