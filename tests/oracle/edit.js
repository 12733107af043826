// The oracle's own way to make a patch's edit: on a tree, by plain recursion. It knows nothing of text.
'use strict';

const { parse, normal, difference, isNode, LISTS, HEADS } = require('./tree.js');

// A metavariable is `$x`, a run is `$$$x`; `...` is a run that is named by its turn.
function slice(diff, marker) {
  let turn = 0;
  const kept = diff.split('\n').filter((line) => line[0] === ' ' || line[0] === marker);
  return kept
    .map((line) => line.slice(1).replace(/\$\.\.\.(\w+)/g, '$$$$$$$1').replace(/\.\.\.(?![\w$])/g, () => `$$$_${turn++}`))
    .join('\n');
}

// Code in which a slice is read that is no program by itself, and where in its one statement the slice is.
const FRAMES = [
  ['', '', null],
  ['(', '\n)', null],
  ['function*f(){for(;;){', '\n}}', (made) => made.body.body[0].body.body],
  ['async function f(){', '\n}', (made) => made.body.body],
  ['class a extends a{m(){', '\n}}', (made) => made.body.body[0].value.body.body],
  ['class a extends a{constructor(){', '\n}}', (made) => made.body.body[0].value.body.body],
];

function read(acorn, code) {
  let problem = null;
  for (const [before, after, part] of FRAMES) {
    try {
      const tree = normal(parse(acorn, before + code + after));
      return part ? part(tree.body[0]) : tree.body;
    } catch (error) {
      problem = problem || error;
    }
  }
  throw problem;
}

// A pattern: one expression, or a list of statements.
function pattern(acorn, code, asStatements) {
  const body = read(acorn, code);
  const [first] = body;
  const bare = body.length === 1 && first.type === 'ExpressionStatement' && !/;\s*$/.test(code);
  return { expression: bare && !asStatements ? first.expression : null, statements: body };
}

function compile(acorn, diff) {
  const [minus, plus] = [slice(diff, '-'), slice(diff, '+')];
  const [one, other] = [pattern(acorn, minus), pattern(acorn, plus)];
  const both = Boolean(one.expression) === Boolean(other.expression);
  return both ? { minus: one, plus: other } : { minus: pattern(acorn, minus, true), plus: pattern(acorn, plus, true) };
}

const META = /^\$[A-Za-z]\w*$/;
const NO_VALUE = /Statement$|Declaration$|^(SpreadElement|RestElement|Super|Import)$/;
const RUN = /^\$\$\$\w+$/;

const RUNS = { ExpressionStatement: 'expression', Property: 'value', ImportSpecifier: 'local', ExportSpecifier: 'local' };

function runOf(node) {
  if (!node) return null;
  const field = RUNS[node.type];
  const inner = field ? node[field] : node;
  return inner && inner.type === 'Identifier' && RUN.test(inner.name) ? inner.name : null;
}

const metaOf = (node) => (node && (node.type === 'Identifier' || node.type === 'Key') && META.test(node.name) ? node.name : null);
const isStatement = (node) => isNode(node) && /Statement$|Declaration$/.test(node.type);
const same = (one, other) => difference(one, other) === null;

// What a pattern need not say: `export` before a declaration, and what a class extends.
const DECLARED = /^(Function|Class|Variable)Declaration$/;
const EXPORTED = /^Export(Named|Default)Declaration$/;
const CLASS = /^Class(Declaration|Expression)$/;
const idOf = (made) => (made.type === 'VariableDeclaration' ? made.declarations[0].id : made.id);
const isDefault = (node) => node.type === 'ExportDefaultDeclaration';
const exportOf = (item, env) =>
  (env['%exports'] || []).find(([made, node]) => isDefault(node) || same(idOf(made) ?? null, idOf(item) ?? null));

// `env` with what makes the pattern the node, or null.
function match(p, n, env) {
  if (Array.isArray(p)) return Array.isArray(n) ? matchList(p, n, env) : null;
  if (!isNode(p)) return p === n || (typeof p === 'object' && typeof n === 'object' && same(p, n)) ? env : null;
  const name = metaOf(p);
  if (name) {
    if (!isNode(n) || (p.type === 'Key') !== (n.type === 'Key') || NO_VALUE.test(n.type)) return null;
    if (name in env) return same(env[name], n) ? env : null;
    return { ...env, [name]: n };
  }
  if (isNode(n) && DECLARED.test(p.type) && EXPORTED.test(n.type) && n.declaration) {
    const next = match(p, n.declaration, env);
    return next && { ...next, '%exports': [...(next['%exports'] || []), [p, n]] };
  }
  if (!isNode(n) || p.type !== n.type) return null;
  for (const field of new Set([...Object.keys(p), ...Object.keys(n)])) {
    if (field === 'superClass' && CLASS.test(p.type) && p.superClass === null && n.superClass) {
      env = { ...env, '%extends': n.superClass };
      continue;
    }
    if (field === 'type' || field === 'directive' || (field === 'id' && p.type === 'FunctionExpression')) continue;
    env = match(p[field] ?? null, n[field] ?? null, env);
    if (env === null) return null;
  }
  return env;
}

function matchList(p, n, env, i = 0, j = 0) {
  if (i === p.length) return j === n.length ? env : null;
  const run = runOf(p[i]);
  if (!run) {
    if (j === n.length) return null;
    const next = match(p[i], n[j], env);
    return next && matchList(p, n, next, i + 1, j + 1);
  }
  const ofBraces = p[i].type === 'ImportSpecifier'; // a default or a namespace is not in them
  for (let end = j; end <= n.length && !(ofBraces && end > j && n[end - 1].type !== p[i].type); end++) {
    const next = matchList(p, n, { ...env, [run]: n.slice(j, end) }, i + 1, end);
    if (next) return next;
  }
  return null;
}

const CHAIN = Symbol.for('chain'); // on the outermost node of `a?.b.c`
const chained = (node, like) => (like[CHAIN] ? { ...node, [CHAIN]: true } : node);
const isHead = (node, field) => field === HEADS[node.type];

// A chain that has come to stand where another would go on from it keeps its end.
const headed = (node, old) => (node[CHAIN] && !(old && old[CHAIN]) ? { type: 'Chain', expression: node } : node);

// The plus slice with `env` filled in; `inner` is applied to what the metavariables stood for.
function fill(p, env, inner, head = false) {
  if (Array.isArray(p)) return p.flatMap((item) => (runOf(item) ? inner(env[runOf(item)]) : [declared(item, env, inner)]));
  if (!isNode(p)) return p;
  const name = metaOf(p);
  if (name) {
    const node = inner(env[name]);
    return head ? headed(node) : node;
  }
  const found = chained({ type: p.type }, p);
  if (p.type === 'FunctionExpression' && p.id === null) found[Symbol.for('named')] = true;
  for (const field of Object.keys(p)) {
    if (field !== 'type') found[field] = fill(p[field], env, inner, isHead(p, field));
  }
  if (CLASS.test(p.type) && p.superClass === null && env['%extends']) found.superClass = inner(env['%extends']);
  return tidy(found);
}

// An item of a list; a declaration keeps the `export` that it had.
function declared(item, env, inner) {
  const found = fill(item, env, inner);
  const twin = isNode(item) && DECLARED.test(item.type) ? exportOf(item, env) : null;
  return twin ? { ...twin[1], declaration: found } : found;
}

// Directives stay in front.
function tidy(node) {
  const field = LISTS[node.type];
  if (!field) return node;
  const isDirective = (item) => item.directive !== undefined;
  return { ...node, [field]: [...node[field].filter(isDirective), ...node[field].filter((item) => !isDirective(item))] };
}

// The tree with every match replaced, and how many there were. With `nested`, matches inside matches too.
function edit(patch, tree, nested) {
  let count = 0;
  const { minus, plus } = patch;
  const size = minus.statements.length;

  const below = (node) => {
    if (Array.isArray(node)) return node.some(isStatement) && !minus.expression ? rewriteList(node) : node.map(below);
    return isNode(node) ? rewrite(node) : node;
  };
  const inner = (node) => (nested ? below(node) : node);

  function rewriteList(list) {
    const found = [];
    for (let at = 0; at < list.length; ) {
      const env = at + size <= list.length ? matchList(minus.statements, list.slice(at, at + size), {}) : null;
      if (env) {
        count++;
        found.push(...fill(plus.statements, env, inner));
        at += size;
      } else found.push(below(list[at++]));
    }
    return found;
  }

  function rewrite(node) {
    const env = minus.expression && node.type !== 'Key' ? match(minus.expression, node, {}) : null;
    if (!env) return around(node);
    count++;
    return fill(plus.expression, env, inner);
  }

  // A node that stays, for its own part: so does the function that is a method.
  function around(node) {
    const found = chained({ type: node.type }, node);
    for (const field of Object.keys(node)) {
      if (field === 'type') continue;
      const method = field === 'value' && (node.type === 'MethodDefinition' || node.method || (node.kind ?? 'init') !== 'init');
      found[field] = method ? around(node[field]) : below(node[field]);
      if (isHead(node, field)) found[field] = headed(found[field], node[field]);
    }
    return tidy(found);
  }
  return { tree: rewrite(tree), count };
}

module.exports = { compile, edit, match };
