import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { type SourceFile, nodesOf, sourcesIn } from '../support/sources.js';

/** What the linter cannot tell apart: constructors may have more parameters than functions. */
const LIMITS = { parameters: 3, dependencies: 6, publicMethods: 15 };

const sources = sourcesIn('src', 'sdk', 'web', 'conformance').filter(({ path }) => !path.includes('/migrations/'));
/** One method a route, and one for each thing that a client does (ADR 11). */
const MIRRORS_OF_THE_API = ['sdk/client.ts', 'sdk/rest.ts'];

const placeOf = ({ path, tree }: SourceFile, node: ts.Node): string =>
  `${path}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;

const isPublic = (member: ts.ClassElement): boolean =>
  ts.isMethodDeclaration(member) &&
  !ts.isPrivateIdentifier(member.name) &&
  !member.modifiers?.some(
    ({ kind }) => kind === ts.SyntaxKind.PrivateKeyword || kind === ts.SyntaxKind.ProtectedKeyword,
  );

/** A callback's parameters are the choice of who calls it. */
const isCallback = (node: ts.Node): boolean => ts.isCallExpression(node.parent);

/** A handler of Nest takes what its decorators give it: those are not choices of a caller. */
const isDecorated = (parameter: ts.ParameterDeclaration): boolean => (ts.getDecorators(parameter) ?? []).length > 0;

function offenders(isTooLarge: (node: ts.Node) => boolean): string[] {
  return sources.flatMap((source) =>
    nodesOf(source.tree)
      .filter(isTooLarge)
      .map((node) => placeOf(source, node)),
  );
}

describe('sizes', () => {
  it('keep constructors to six dependencies', () => {
    expect(
      offenders((node) => ts.isConstructorDeclaration(node) && node.parameters.length > LIMITS.dependencies),
    ).toEqual([]);
  });

  it('keep functions to three parameters', () => {
    const isTooLarge = (node: ts.Node) =>
      ts.isFunctionLike(node) &&
      !ts.isConstructorDeclaration(node) &&
      !ts.isConstructSignatureDeclaration(node) &&
      !isCallback(node) &&
      node.parameters.filter((parameter) => !isDecorated(parameter)).length > LIMITS.parameters;
    expect(offenders(isTooLarge)).toEqual([]);
  });

  it('keep classes to fifteen public methods', () => {
    const isTooLarge = (node: ts.Node) =>
      ts.isClassDeclaration(node) && node.members.filter(isPublic).length > LIMITS.publicMethods;
    const found = offenders(isTooLarge).map((place) => place.split(':')[0]);
    expect(found).toEqual(MIRRORS_OF_THE_API);
  });

  it('would see a function that is too large', () => {
    const tree = ts.createSourceFile('x.ts', 'function f(a, b, c, d) {}', ts.ScriptTarget.ES2023, true);
    const found = nodesOf(tree).filter((node) => ts.isFunctionLike(node) && node.parameters.length > LIMITS.parameters);
    expect(found).toHaveLength(1);
  });
});

describe('words that are not used', () => {
  const findings = (pattern: RegExp) => sources.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

  it.each([
    ['forwardRef', /\bforwardRef\b/],
    ['TODO', /\b(TODO|FIXME|XXX)\b/],
    ['enum', /^\s*(export )?(const )?enum /m],
  ])('%s', (_, pattern) => {
    expect(findings(pattern)).toEqual([]);
  });
});
