import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A source file of ours, parsed. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

const isOurs = (path: string): boolean => /\.tsx?$/.test(path) && !path.endsWith('.spec.ts') && !path.endsWith('.d.ts');

/** Every source file below the folders, tests left out. */
export function sourcesIn(...folders: string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((path) => isOurs(path) && !path.includes('node_modules'))
      .sort((a, b) => a.localeCompare(b))
      .map((path) => {
        const text = readFileSync(path, 'utf8');
        return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true) };
      }),
  );
}

/** Every node of a tree. */
export function nodesOf(tree: ts.Node): ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return nodes;
}
