import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { type SourceFile, nodesOf, sourcesIn } from '../support/sources.js';

/** What opens a transaction, or a connection, beside the unit of work. */
const TRANSACTIONS = new Set([
  'transaction',
  'startTransaction',
  'commitTransaction',
  'rollbackTransaction',
  'createQueryRunner',
]);
/** What opens a transaction of its own inside a unit of work. */
const SAVES = new Set(['save', 'remove', 'softRemove', 'recover']);
/** All that a repository or a data source for reading is asked. */
const READING = /^(find|count|exist|query$|createQueryBuilder$)/;
const READERS = new Set(['Repository', 'DataSource']);
const INJECTIONS = new Set(['InjectRepository', 'InjectDataSource']);

/** What holds an injected repository or data source, such as `this.users`. */
function readersOf(tree: ts.SourceFile): Set<string> {
  const parameters = nodesOf(tree).filter(ts.isParameter);
  const ours = parameters.filter(({ type }) => type && ts.isTypeReferenceNode(type) && READERS.has(nameOf(type)));
  return new Set(ours.map(({ name }) => `this.${name.getText()}`));
}

const nameOf = (type: ts.TypeReferenceNode): string => type.typeName.getText();

/** Why a call writes past `UnitOfWork`, or null. */
function faultOf(call: ts.CallExpression, readers: Set<string>): string | null {
  const callee = call.expression;
  const first = call.arguments[0]?.getText() ?? '';
  if (ts.isIdentifier(callee) && INJECTIONS.has(callee.text)) {
    return call.arguments.at(-1)?.getText() === 'READS' ? null : 'reads with the connection that writes';
  }
  if (!ts.isPropertyAccessExpression(callee)) return null;
  const method = callee.name.text;
  const owner = callee.expression.getText();
  if (TRANSACTIONS.has(method)) return 'opens a transaction';
  if (SAVES.has(method) && /\b(manager|getRepository\(.*\))$/s.test(owner)) return 'opens a transaction of its own';
  if (!readers.has(owner)) return null;
  if (!READING.test(method)) return `writes with ${owner}`;
  return method === 'query' && !/^[`']\s*(SELECT|WITH)\b/.test(first) ? `may write with ${owner}` : null;
}

const planted = (text: string): SourceFile => {
  const path = 'src/users/c.ts';
  return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true) };
};

function faultsOf({ path, tree }: SourceFile): string[] {
  const readers = readersOf(tree);
  const calls = nodesOf(tree).filter(ts.isCallExpression);
  return calls.flatMap((call) => {
    const fault = faultOf(call, readers);
    return fault ? [`${path}:${tree.getLineAndCharacterOfPosition(call.getStart()).line + 1} ${fault}`] : [];
  });
}

describe('writes', () => {
  it('go through the unit of work alone', () => {
    const sources = sourcesIn('src').filter(({ path }) => !path.startsWith('src/database/'));
    expect(sources.flatMap(faultsOf)).toEqual([]);
  });

  it.each([
    ['tx.manager.save(User, user);', 'opens a transaction of its own'],
    ['tx.manager.getRepository(User).remove(user);', 'opens a transaction of its own'],
    ['await this.source.transaction(work);', 'opens a transaction'],
    ['const runner = this.source.createQueryRunner();', 'opens a transaction'],
    ['await this.users.insert(user);', 'writes with this.users'],
    ['await this.users.softRemove(user);', 'writes with this.users'],
    ["await this.source.query('DELETE FROM users');", 'may write with this.source'],
    ['await this.source.query(sql);', 'may write with this.source'],
  ])('would be found past it: %s', (statement, fault) => {
    const text = `class C {
      constructor(private readonly users: Repository<User>, private readonly source: DataSource) {}
      async m() { ${statement} }
    }`;
    expect(faultsOf(planted(text))).toEqual([`src/users/c.ts:3 ${fault}`]);
  });

  it('would be found where a repository of the writing connection is injected', () => {
    const text = 'class C { constructor(@InjectRepository(User) private readonly users: Repository<User>) {} }';
    expect(faultsOf(planted(text))).toEqual(['src/users/c.ts:1 reads with the connection that writes']);
  });

  it('of units of work, and reads, are let through', () => {
    const text = `class C {
      constructor(@InjectRepository(User, READS) private readonly users: Repository<User>) {}
      async m() { await tx.manager.update(User, {}, {}); await this.users.findOneBy({}); await this.log.save(tx, []); }
    }`;
    expect(faultsOf(planted(text))).toEqual([]);
  });
});
