import { describe, expect, it } from 'vitest';
import { pastedFiles } from './pasted-files.js';

/** The names of the files that a paste is taken to bring. */
function namesOf(types: readonly string[], names: readonly string[], text = ''): readonly string[] {
  const files = names.map((name) => ({ name }) as File);
  return pastedFiles({ types, files, getData: (type) => (type === 'text/plain' ? text : '') }).map(({ name }) => name);
}

describe('the files of a paste', () => {
  it('are a picture that was copied, also with the page it is from', () => {
    expect(namesOf(['Files'], ['image.png'])).toEqual(['image.png']);
    expect(namesOf(['text/html', 'Files'], ['image.png'])).toEqual(['image.png']);
  });

  it('are none where cells or words bring a picture of themselves', () => {
    expect(namesOf(['text/plain', 'text/html', 'text/rtf', 'Files'], ['image.png'], 'one\ttwo\r\n')).toEqual([]);
    expect(namesOf(['text/plain'], [], 'words')).toEqual([]);
  });

  it('are those that were copied with their names', () => {
    const names = ['a b.txt', 'c.png'];
    expect(namesOf(['text/plain', 'Files'], names, 'a b.txt\nc.png')).toEqual(names);
    expect(namesOf(['text/plain', 'Files'], names, 'a b.txt and c.png')).toEqual([]);
  });
});
