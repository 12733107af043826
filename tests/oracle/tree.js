// Acorn's tree in the shape in which two spellings of the same code are equal: what the patch language calls equal, and
// nothing else. Values hold no positions.
'use strict';

const NOT_CODE = new Set(['type', 'start', 'end', 'raw', 'expression', 'shorthand', 'sourceType', 'loc', 'range']);
const BODIES = new Set(['IfStatement', 'ForStatement', 'ForInStatement', 'ForOfStatement', 'WhileStatement', 'DoWhileStatement', 'WithStatement']);
const KEYED = new Set(['Property', 'MethodDefinition', 'PropertyDefinition']);
const HEADS = { MemberExpression: 'object', CallExpression: 'callee' };
const LISTS = { Program: 'body', BlockStatement: 'body', SwitchCase: 'consequent', StaticBlock: 'body' };

const isNode = (value) => value !== null && typeof value === 'object' && typeof value.type === 'string';

// As a script where it is one; `like` is a tree whose goal is kept.
function parse(acorn, text, like) {
  const read = (isScript) =>
    acorn.parse(text, {
      ecmaVersion: 'latest',
      allowHashBang: true,
      sourceType: isScript ? 'script' : 'module',
      allowReturnOutsideFunction: isScript,
    });
  if (like) return read(like.sourceType === 'script');
  try {
    return read(true);
  } catch {
    return read(false);
  }
}

// One statement of the source, as the statements that it stands for.
function statements(list) {
  return list.flatMap((node) => {
    if (node.type === 'EmptyStatement') return [];
    if (node.type === 'VariableDeclaration') {
      return node.declarations.map((one) => normal({ ...node, declarations: [one] }));
    }
    if (node.type === 'ExportNamedDeclaration' && node.declaration && node.declaration.type === 'VariableDeclaration') {
      const made = node.declaration;
      return made.declarations.map((one) => normal({ ...node, declaration: { ...made, declarations: [one] } }));
    }
    if (node.type === 'ExpressionStatement' && node.expression.type === 'SequenceExpression') {
      return node.expression.expressions.map((expression) => normal({ type: 'ExpressionStatement', expression }));
    }
    return [normal(node)];
  });
}

const key = (node) => ({ type: 'Key', name: String(node.type === 'Literal' ? node.value : node.name) });

function field(node, name, value) {
  if (LISTS[node.type] === name) return statements(value);
  if (BODIES.has(node.type) && ['body', 'consequent', 'alternate'].includes(name) && value && value.type !== 'BlockStatement') {
    return { type: 'BlockStatement', body: statements([value]) };
  }
  if (KEYED.has(node.type) && name === 'key' && !node.computed && value.type !== 'PrivateIdentifier') return key(value);
  if (Array.isArray(value)) return value.map((item) => (isNode(item) ? normal(item) : item));
  if (isNode(value)) return normal(value, HEADS[node.type] === name);
  return value instanceof RegExp ? String(value) : typeof value === 'bigint' ? `${value}n` : value;
}

function normal(node, isHead = false) {
  if (node.type === 'ChainExpression') {
    const inner = { ...normal(node.expression), [Symbol.for('chain')]: true };
    return isHead ? { type: 'Chain', expression: inner } : inner; // `(a?.b).c` is not `a?.b.c`
  }
  if (node.type === 'MemberExpression') {
    const { property } = node;
    const named = node.computed ? property.type === 'Literal' && typeof property.value === 'string' : property.type === 'Identifier';
    if (named) {
      return { type: node.type, object: normal(node.object, true), property: key(property), computed: false, optional: node.optional };
    }
  }
  const found = { type: node.type };
  for (const name of Object.keys(node)) {
    if (name === 'expression' && isNode(node[name])) found[name] = normal(node[name]);
    else if (!NOT_CODE.has(name)) found[name] = field(node, name, node[name]);
  }
  if (node.type === 'Literal' && typeof node.value === 'number') found.value = String(node.value);
  return found;
}

// Where two trees first differ, as a path, or null.
function difference(one, other, path = '') {
  if (one === other || (one === undefined && other === undefined)) return null;
  if (one === null || other === null || typeof one !== 'object' || typeof other !== 'object') {
    return `${path}: ${JSON.stringify(one)?.slice(0, 60)} against ${JSON.stringify(other)?.slice(0, 60)}`;
  }
  if (Array.isArray(one) && one.length !== other.length) return `${path}: ${one.length} against ${other.length}`;
  for (const name of new Set([...Object.keys(one), ...Object.keys(other)])) {
    if (name === 'id' && one[Symbol.for('named')]) continue; // a function expression keeps the name that it had
    const found = difference(one[name], other[name], `${path}.${name}`);
    if (found) return found;
  }
  return null;
}

module.exports = { parse, normal, difference, isNode, LISTS, HEADS };
